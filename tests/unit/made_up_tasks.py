"""The tables of ARGMINN on made-up tasks, simulated ones or peaks."""

import json
from pathlib import Path

import matplotlib.image
import numpy as np
import pandas as pd
from made_up_run import SCRIPT

from cisformula import match_table
from cisformula.argminn import goals
from cisformula.pwm import Motif, write_meme
from cisformula.sequence import encode
from cisformula.site import task_page, task_tables

NETWORKS = ["argminn", "cnn", "cnn_overlap", "explainn"]
FIGURES = ["argminn_scheme", "argminn_motifs", "argminn_syntax", "attention_map", "instance_accuracy", "designs"]
SUMMARIES = ["task_truth", "network_performance", "gc_robustness", "site_variants"]
SIZE = (60, 40)
"""Width and height of the made-up figures, in pixels."""


def interval(name: str, value: float, low: float, high: float) -> dict:
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def motif(name: str, word: str) -> Motif:
    return Motif(name, name, 0.94 * np.eye(4)[encode(word)] + 0.015, 100.0)


class MadeUpTasks:
    """Files of some tasks in ``folder``, which is that of all of them; simulated tasks or peaks."""

    def __init__(self, folder: Path, tasks: list[str], match: str, sentence: str, simulated: bool = True):
        self.folder, self.tasks, self.match, self.sentence = folder, tasks, match, sentence
        self.files: dict[str, list[str]] = {}
        for number in range(len(tasks)):
            self._task(number, simulated)
            (self._truth if simulated else self._regions)(number)

    def table(self, number: int, name: str, rows: list[dict] | pd.DataFrame) -> None:
        path = self.path(number, f"{name}.tsv")
        pd.DataFrame(rows).to_csv(path, sep="\t", index=False)
        self.files.setdefault(name, []).append(str(path))

    def path(self, number: int, name: str) -> Path:
        path = self.folder / f"task_{number}" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path

    def figure(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        matplotlib.image.imsave(path, np.zeros(SIZE[::-1]))
        return path

    def _task(self, number: int, simulated: bool) -> None:
        accuracy = {"argminn": 0.912, "cnn": 0.861, "cnn_overlap": 0.859, "explainn": 0.909}
        accuracy |= {"oracle": 0.934} if simulated else {}
        self.table(
            number,
            "performance",
            [
                {"network": network, "n": 20_000}
                | interval("accuracy", value, value - 0.004, value + 0.003)
                | interval("auroc", 0.971, 0.969, 0.973)
                | interval("auprc", 0.968, 0.966, 0.970)
                for network, value in accuracy.items()
            ],
        )
        for network in NETWORKS:
            restarts = [{"restart": 0, "validation_accuracy": 0.811}, {"restart": 1, "validation_accuracy": 0.907}]
            path = self.path(number, f"{network}.json")
            path.write_text(json.dumps({"restart": 1, "restarts": restarts}))
            self.files.setdefault("chosen", []).append(str(path))
        filters = {"filter": [0, 1, 2], "nsites": [12, 3456, 99], "information_bits": [9.0, 12.5, 1.0]}
        filters["loss_rise"] = [0.0125, 1.5, 0.25]
        filters |= {"passed": [True, True, False], "consensus": ["CCGGAAGT", "TGACGTCA", "A"]}
        filters |= {"match": [self.match, self.match, ""], "match_q": [0.31, 2.5e-7, np.nan]}
        self.table(number, "filters", filters)
        rows = [
            ("F1", self.match, 0, 1e-9, 2e-9, 2.5e-7, 8, "TGACGTCA", "TCACTTCC", "-"),
            ("F0", self.match, 0, 0.1, 0.2, 0.31, 8, "CCGGAAGT", "GGAAGTGA", "+"),
        ]
        match_table.write(self.path(number, "matches.tsv"), pd.DataFrame(rows, columns=match_table.COLUMNS))
        self.files.setdefault("matches", []).append(str(self.path(number, "matches.tsv")))
        motifs = [motif("F0", "CCGGAAGT"), motif("F1", "TGACGTCA"), motif("F2", "A")]
        write_meme(self.path(number, "motifs.meme"), motifs)
        self.files.setdefault("motifs", []).append(str(self.path(number, "motifs.meme")))
        self.table(number, "rules", [{"first": "A", "second": "B", "sentence": self.sentence}])
        arrangement = {"configuration": self.match, "n": 77, **interval("share", 0.77, 0.7, 0.83)}
        self.table(number, "configurations", [arrangement])
        row = {"n_used": 3, "n_passed": 2, "n_matched": 1, "n_planted": 2, "n_found": 1, "redundancy": 1.0}
        self.table(
            number,
            "scores",
            [
                {"method": "argminn", **row, "match_score": 4.25},
                {"method": "modisco", **row, "n_passed": 14, "match_score": 2.5},
            ],
        )
        designs = [("rules", 0.875, 0.9), ("shuffled", 0.031, np.nan)]
        self.table(
            number,
            "design",
            [
                {"method": method, "n": 120, "logit": 1.5, "difference": 2.5, "difference_low": 2.0}
                | {"difference_high": 3.0, "oracle_median": 7.5, "judge_median": 0.25}
                | {"predicted_bound": bound, "predicted_low": bound - 0.02, "predicted_high": bound + 0.02}
                | interval("attended", attended, attended - 0.05, attended + 0.05)
                for method, bound, attended in designs
            ],
        )
        for figure in FIGURES:
            self.files.setdefault("figures", []).append(str(self.figure(f"task_{number}/figures/{figure}.png")))

    def _truth(self, number: int) -> None:
        """What a simulated task has beside."""
        write_meme(self.path(number, "planted.meme"), [motif("SPI1", "GGAAGTGA"), motif("CTCF", "CCACCAGG")])
        self.files.setdefault("planted", []).append(str(self.path(number, "planted.meme")))
        planned = {"set": ["test", "test", "reading"], "label": [1, 0, 1], "planned": 1.0, "share": [1.0, 1.0, 0.5]}
        self.table(number, "planned", {**planned, "configuration": ["SPI1(+)", "background", "of another set"]})
        calls = {"n_calls": 4321, "n_truth": 10_000, "n_sequences": 10_000, "hits_per_sequence": 0.43}
        calls |= {"hits_low": 0.42, "hits_high": 0.44}
        calls |= interval("precision", 0.953, 0.948, 0.958) | interval("recall", 0.412, 0.402, 0.422)
        self.table(number, "instances", [{"method": method, **calls} for method in ("argminn", "fimo_argminn")])
        gap = {"first": "SPI1", "second": "CTCF", "orientation": "same", "gap": 4, "n_planted": 206}
        gap |= {"n_called": 128, "within_1": 1.0, "called_gap": 4.0, "is_mode": True}
        self.table(number, "gaps", [gap | interval("exact", 0.992, 0.957, 0.999)])
        levels = [{"gc": gc, "accuracy": 0.5 + gc / 4} for gc in (0.05, 0.25, 0.5, 0.75, 0.95)]
        self.table(number, "gc", [{"network": "cnn", **level} for level in levels])
        variants = {"network": "argminn", "score": "delta_logit", "n_breaking": 308, "n_matched": 308}
        variants |= interval("auroc", 0.901, 0.89, 0.91) | interval("auprc", 0.887, 0.87, 0.9)
        self.table(number, "variants", [variants])

    def _regions(self, number: int) -> None:
        """What peaks have beside."""
        names = [*("train", "train", "train", "validation", "reading"), *("test", "test", "test")]
        chromosomes = ["chr10", "chr2", SCRIPT, "chr3", "chr2", "chr1", "chr1", "chr1"]
        self.table(number, "regions", {"set": names, "label": [1, 0, 1, 1, 1, 1, 1, 0], "chrom": chromosomes})

    def page(self, dataset: str, verdict: pd.DataFrame | None = None) -> Path:
        """Write the page."""
        tables = task_tables.read(self.files, self.tasks, NETWORKS)
        path = self.folder / "page.html"
        summaries = [self.figure(f"../figures/{name}.png") for name in SUMMARIES]
        path.write_text(task_page.render(dataset, tables, summaries, verdict, self.folder), encoding="utf-8")
        return path


def verdict_of(accuracy: float) -> pd.DataFrame:
    rows = [
        ("accuracy", "SPI1", "accuracy", accuracy, accuracy - 0.004, accuracy + 0.003, ">= 0.898"),
        ("motifs", "SPI1", "motifs that passed", 2, np.nan, np.nan, "<= 4"),
        ("motifs", "SPI1", "share of them that match a planted one", 0.5, np.nan, np.nan, ">= 1"),
    ]
    return pd.DataFrame(rows, columns=goals.COLUMNS[:-1]).assign(passed=[accuracy >= 0.898, True, False])
