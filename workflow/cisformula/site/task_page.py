"""The page of ARGMINN's tasks, simulated ones or a user's peaks, in one file that opens from disk."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..argminn import goals, published
from ..argminn.filter_motifs import SIGNIFICANT, filter_id
from ..argminn.tasks import find_task
from ..figures.argminn_motifs import label_of as method_name
from ..figures.designs import label_of as design_name
from ..figures.instance_accuracy import NAMES as CALLERS
from ..figures.network_performance import CEILING, name_of
from ..pwm import Motif
from . import images, logos, rendering, standalone, task_downloads, task_findings
from .task_tables import TaskTables
from .verdict import Sentence

SCRIPTS = ["data.js", "table.js"]
N_CONFIGURATIONS = 8
"""Most frequent arrangements that are shown."""
GC_SHOWN = (0.05, 0.25, 0.5, 0.75, 0.95)
PEAK_SETS = {
    "train": "training",
    "validation": "choice of epoch and restart",
    "reading": "reading of filters and syntax",
    "test": "the numbers of this page",
}
"""What each set of windows is for."""
CAPTIONS = {
    "task_truth": "Planted motifs and configurations. Boxes are sites, drawn to scale; a tip shows the strand, two "
    "tips that either is as likely. A grey bar stands for every number of bases that a gap may have.",
    "network_performance": "Accuracy, auROC and auPRC on test sequences, with 95 % intervals. Lines: best possible.",
    "gc_robustness": "Networks trained on background of 50 % GC, tested on backgrounds of other GC contents; bands "
    "are 95 % intervals.",
    "site_variants": "How well the change of a network’s prediction tells variants that break planted sites from the "
    "same substitutions elsewhere, with 95 % intervals.",
    "argminn_scheme": "How the network reads the bound test sequence with the highest logit: what its filters see, "
    "where its memory looks in every layer, and what it concludes.",
    "argminn_motifs": "Motifs of the filters that passed, each above the motif that it matches best, with the number "
    "of windows that it is counted from.",
    "instance_accuracy": "Called instances against planted sites: precision and recall of the top calls, of all calls "
    "as a point with its 95 % interval, and how many calls a sequence has.",
    "argminn_syntax": "Pairs of instances at each gap (bars) and what the places of either motif alone lead to expect "
    "(line). Gaps of a rule are darker.",
    "attention_map": "Activations of filters that passed (up) and the highest attention (down) along the bound test "
    "sequences with the highest logits, and attention by position.",
    "designs": "Sequences made from the rules beside controls on the same backgrounds, and test sequences. Boxes: "
    "quartiles, whiskers from the 5th to the 95th percentile.",
}
"""Figures and what is seen on them."""


class Picture(NamedTuple):
    """A figure that the page holds; width and height in pixels of a page, ``full`` and ``pdf`` relative addresses."""

    name: str
    source: str
    width: int
    height: int
    caption: str
    full: str
    pdf: str


class Network(NamedTuple):
    """A network on a task: its row of the table, what was published of it, and accuracy on validation by restart."""

    name: str
    row: dict
    published: published.Scores | None
    restarts: list[dict]
    chosen: int | None


class Passed(NamedTuple):
    """A filter that passed: its row of the table, its logo, and that of the planted motif it matches, as it lies."""

    id: str
    row: dict
    logo: str
    match_logo: str | None
    matched: bool


class Aim(NamedTuple):
    """A goal with its measures, and whether all of them reached it."""

    text: str
    passed: bool
    rows: list[dict]


class Task(NamedTuple):
    """A task as the page shows it; what it does not have is empty."""

    name: str
    anchor: str
    description: str
    findings: list[Sentence]
    planned: list[dict]
    sets: list[dict]
    networks: list[Network]
    passed: list[Passed]
    missing: list[str]
    methods: list[dict]
    callers: list[dict]
    rules: list[str]
    gaps: list[dict]
    configurations: list[dict]
    gc: list[dict]
    variants: list[dict]
    designs: list[dict]
    pictures: dict[str, Picture]
    files: list[task_downloads.Download]


def render(
    dataset: str, tasks: Sequence[TaskTables], figures: Sequence[Path], verdict: pd.DataFrame | None, folder: Path
) -> str:
    """The page as HTML.

    Parameters
    ----------
    dataset : str
    tasks : sequence of TaskTables
        Either all simulated or none.
    figures : sequence of Path
        PNG files of all tasks together.
    verdict : pd.DataFrame or None
        From :func:`cisformula.argminn.goals.grade`; of simulated tasks.
    folder : Path
        Where the page will lie, for links to the files of the run.
    """
    template = rendering.environment().get_template("tasks.html.j2")
    is_simulated = all(task.is_simulated for task in tasks)
    return template.render(
        dataset=dataset,
        up="",
        is_simulated=is_simulated,
        tasks=[describe(task, number, folder) for number, task in enumerate(tasks, 1)],
        aims=aims(verdict) if verdict is not None else [],
        n_paper_tasks=sum(task.name in goals.PUBLISHED_TASKS for task in tasks),
        pictures={picture.name: picture for picture in (picture_of(path, folder) for path in figures)},
        peaks_published=[] if is_simulated else published.PEAKS.items(),
        letters=logos.letter_definitions(),
        significant=SIGNIFICANT,
        gc_levels=GC_SHOWN,
        network_name=name_of,
        **standalone.assets(SCRIPTS),
    )


def describe(task: TaskTables, number: int, folder: Path) -> Task:
    """All that the page says of a task."""
    return Task(
        name=task.name,
        anchor=f"task-{number}",
        description=find_task(task.name).description if task.is_simulated else "",
        findings=task_findings.findings(task),
        planned=_planned(task),
        sets=_sets(task),
        networks=networks(task),
        passed=passed_filters(task),
        missing=_missing(task),
        methods=_methods(task),
        callers=_callers(task),
        rules=task.rules["sentence"].tolist(),
        gaps=_records(task.gaps),
        configurations=_records(task.configurations.head(N_CONFIGURATIONS)),
        gc=gc_rows(task.gc),
        variants=_variants(task),
        designs=[row | {"name": design_name(row["method"])} for row in _records(task.design)],
        pictures={name: picture_of(path, folder) for name, path in task.figures.items()},
        files=task_downloads.of_task(task.name, task.is_simulated),
    )


def aims(verdict: pd.DataFrame) -> list[Aim]:
    """The goals whose tasks were run, in their order; one is reached if every measure of it is."""
    found = []
    for aim, text in goals.AIMS.items():
        rows = _records(verdict[verdict["aim"] == aim])
        if rows:
            found.append(Aim(text, all(_is_true(row["passed"]) for row in rows), rows))
    return found


def networks(task: TaskTables) -> list[Network]:
    """The networks in the order of their table, the ceiling last."""
    reported = published.PERFORMANCE.get(task.name, {}) if task.is_simulated else {}
    rows = []
    for row in _records(task.performance):
        card = task.chosen.get(row["network"], {})
        rows.append(
            Network(
                name=name_of(row["network"]) if row["network"] != CEILING else "Best possible",
                row=row,
                published=reported.get(row["network"]),
                restarts=card.get("restarts", []),
                chosen=card.get("restart"),
            )
        )
    return rows


def passed_filters(task: TaskTables) -> list[Passed]:
    """Filters that passed, those counted from most windows first."""
    table = task.filters[task.filters["passed"].map(_is_true)]
    rows = []
    for row in _records(table.sort_values(["nsites", "filter"], ascending=[False, True])):
        name = filter_id(int(row["filter"]))
        matched = bool(row["match"]) and row["match_q"] < SIGNIFICANT
        planted = _planted_as_it_lies(task, name, row["match"]) if matched else None
        rows.append(
            Passed(name, row, logos.inline(task.motifs[name]), logos.inline(planted) if planted else None, matched)
        )
    return rows


def _planted_as_it_lies(task: TaskTables, name: str, match: str) -> Motif | None:
    """The planted motif that a filter's motif matches, on the strand on which it does."""
    planted = (task.planted or {}).get(match)
    if planted is None:
        return None
    best = task.matches[task.matches["Query_ID"] == name].iloc[0]
    return planted.reverse_complement() if best["Orientation"] == "-" else planted


def _missing(task: TaskTables) -> list[str]:
    """Planted motifs that no filter that passed matches."""
    found = {passed.row["match"] for passed in passed_filters(task) if passed.matched}
    return [name for name in task.planted or {} if name not in found]


def _planned(task: TaskTables) -> list[dict]:
    """Configurations of the test set."""
    return [] if task.planned is None else _records(task.planned[task.planned["set"] == "test"])


def _sets(task: TaskTables) -> list[dict]:
    """Windows and chromosomes of each set of a task of peaks."""
    if task.regions is None:
        return []
    rows = []
    for name, use in PEAK_SETS.items():
        own = task.regions[task.regions["set"] == name]
        counts = {label: int((own["label"] == label).sum()) for label in (1, 0)}
        chromosomes = sorted(own["chrom"].unique(), key=_natural)
        rows.append({"use": use, "bound": counts[1], "unbound": counts[0], "chromosomes": chromosomes})
    return rows


def _natural(name: str) -> list[tuple[int, str]]:
    """Sorts chr2 before chr10."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]


def _methods(task: TaskTables) -> list[dict]:
    """Motifs by method, with how many passed in the published work."""
    reported = published.PASSED.get(task.name, {}) if task.is_simulated else {}
    return [
        row
        | {
            "name": method_name(row["method"]),
            "published": reported.get(row["method"]),
        }
        for row in _records(task.scores)
    ]


def _callers(task: TaskTables) -> list[dict]:
    """Instances by method, with precision and recall of the published work."""
    reported = published.INSTANCES.get(task.name, {})
    return [
        row | {"name": CALLERS.get(row["method"], row["method"]), "published": reported.get(row["method"])}
        for row in _records(task.instances)
    ]


def gc_rows(table: pd.DataFrame | None) -> list[dict]:
    """Accuracy of each network at :data:`GC_SHOWN`, and its median and lowest over all GC contents."""
    if table is None:
        return []
    rows = []
    for network, own in table.groupby("network", sort=False):
        accuracy = own.set_index(own["gc"].round(2))["accuracy"]
        shown = [accuracy.get(level) for level in GC_SHOWN]
        rows.append({"name": name_of(network), "median": float(np.median(accuracy)), "shown": shown})
    return rows


def picture_of(path: Path, folder: Path) -> Picture:
    """A figure, held by the page."""
    name, full = Path(path).stem, Path(os.path.relpath(path, folder))
    pdf = full.with_suffix(".pdf").as_posix()
    width, height = images.page_size(path)
    return Picture(name, images.data_address(path), width, height, CAPTIONS[name], full.as_posix(), pdf)


def _variants(task: TaskTables) -> list[dict]:
    rows = [row | {"name": name_of(row["network"])} for row in _records(task.variants)]
    return sorted(rows, key=lambda row: row["score"])


def _records(table: pd.DataFrame | None) -> list[dict]:
    return [] if table is None else table.to_dict("records")


def _is_true(value: object) -> bool:
    """Whether a field of a table says so, read as a truth value or as text."""
    return str(value) == "True"
