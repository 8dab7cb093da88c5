"""CPU time and memory of every step of the grammar stage, against the number of genes and of motifs.

    python benchmarks/grammar_cost.py results/human tests/real/human.yaml

Takes genes, or motifs of the formula, from a finished run at random and runs the scripts of the stage on what is left,
each in a process of its own on one core. Training and reading of the networks, the moving of sites in their input and
the figures are not run again: what they took in the run itself is listed below. Writes
benchmarks/results/grammar_cost.tsv and draws it.
"""

import os
import resource
import runpy
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace

import numpy as np
import pandas as pd
import yaml
from one_core import ONE_CORE

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import pwm
from cisformula.config import fill_defaults
from cisformula.figures import style

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).parent / "results" / "grammar_cost"
GENES, MOTIFS = (1500, 3000, 6000), (50, 100, 200)
LIMIT_S, LIMIT_GB = 600, 6
NAMED = 6
"""Steps with a line of their own in the figure."""

INPUTS = {
    "genes": "expression/genes.tsv",
    "sequences": "expression/sequences.npy",
    "families": "splits/families.tsv",
    "formula": "formula/formula.tsv",
    "motifs": "formula/formula.meme",
    "formula_sites": "formula/sites.parquet",
    "features": "grammar/weighted_features.parquet",
    "predictions": "grammar/predictions.tsv",
    "track": "grammar/track.npy",
    "nodes": "grammar/nodes.tsv",
    "sites": "grammar/sites.parquet",
    "shuffled": "grammar/shuffled_sites.parquet",
    "pairs": "grammar/pairs.tsv.gz",
    "thresholds": "grammar/thresholds.tsv",
    "rules": "grammar/spacing.tsv",
    "groups": "grammar/groups.tsv",
    "enrichment": "grammar/group_motifs.tsv",
}
"""What scripts call their inputs, but for those in :data:`STEPS`."""
FORMULA_SITES = {"sites": "formula/sites.parquet"}
STEPS = {
    "node_sites": (FORMULA_SITES, {"nodes": "nodes.tsv", "sites": "sites.parquet"}),
    "shuffled_sites": ({}, {"sequences": "shuffled_sequences.npy", "sites": "shuffled_sites.parquet"}),
    "group_genes": (
        {},
        {
            "groups": "groups.tsv",
            "choice": "group_choice.tsv",
            "summary": "group_summary.tsv",
            "tests": "group_tests.tsv",
            "pairs": "group_pairs.tsv",
        },
    ),
    "group_enrichment": (FORMULA_SITES, {"motifs": "group_motifs.tsv", "balance": "group_balance.tsv"}),
    "motif_roles": (FORMULA_SITES, {"roles": "motif_roles.tsv"}),
    "cooccurrence": ({}, {"pairs": "pairs.tsv.gz", "thresholds": "thresholds.tsv"}),
    "motif_communities": (
        {},
        {"communities": "communities.tsv", "summary": "community_summary.tsv", "modularity": "modularity.tsv"},
    ),
    "find_spacing": (
        {},
        {"rules": "spacing.tsv", "pairs": "spacing_pairs.tsv.gz", "histograms": "spacing_histograms.parquet"},
    ),
    "spacing_expression": ({}, "spacing_expression.tsv"),
    "motif_positions": ({}, {"positions": "positions.tsv", "profiles": "position_profiles.parquet"}),
    "control_labels": ({}, "control_labels.tsv"),
    "control_sites": ({}, "control_sites.tsv"),
    "control_positions": ({"shuffled": "grammar/shuffled_sequences.npy"}, "control_positions.tsv"),
}
"""The steps in order: inputs that are called otherwise, and outputs."""
IN_THE_RUN = {
    "training of the networks": "train_contextual_regression_positional_*",
    "reading of weighted features": "read_weighted_features_*",
    "motifs of the networks": "grammar_motifs",
    "their matches": "compare_features",
    "weighted features": "weighted_features",
    "moving of sites": "relocate_sites",
}
"""Steps measured in the run, and their files of Snakemake's benchmarks."""


def subsample(run: Path, folder: Path, n_genes: int | None, n_motifs: int | None) -> tuple[int, int]:
    """Write a run of fewer genes or motifs, drawn at random; returns how many of each it has."""
    for name in ("expression", "splits", "formula", "grammar"):
        (folder / name).mkdir()
    rng = np.random.default_rng(1)
    genes = pd.read_csv(run / INPUTS["genes"], sep="\t", dtype=str, keep_default_na=False)
    formula = pd.read_csv(run / INPUTS["formula"], sep="\t", dtype=str, keep_default_na=False)
    rows = np.sort(rng.permutation(len(genes))[:n_genes])
    columns = np.sort(rng.permutation(len(formula))[:n_motifs])
    for name in ("genes", "families", "predictions"):
        table = pd.read_csv(run / INPUTS[name], sep="\t", dtype=str, keep_default_na=False)
        table.iloc[rows].to_csv(folder / INPUTS[name], sep="\t", index=False)
    for name in ("sequences", "track"):
        np.save(folder / INPUTS[name], np.load(run / INPUTS[name], mmap_mode="r")[rows])
    pd.read_parquet(run / INPUTS["features"]).iloc[rows].to_parquet(folder / INPUTS["features"])
    formula.iloc[columns].to_csv(folder / INPUTS["formula"], sep="\t", index=False)
    motifs = pwm.read_meme(run / INPUTS["motifs"])
    pwm.write_meme(folder / INPUTS["motifs"], [motifs[column] for column in columns])
    sites = pd.read_parquet(run / INPUTS["formula_sites"])
    kept = sites["gene_id"].isin(genes["gene_id"].iloc[rows]) & sites["motif"].isin(formula["motif"].iloc[columns])
    sites[kept].to_parquet(folder / INPUTS["formula_sites"], index=False)
    return len(rows), len(columns)


def parameters(config: dict, step: str) -> dict:
    """Parameters of all steps by the names that scripts know them by."""
    grammar = config["grammar"]
    return {
        **{name: grammar[name] for name in ("n_groups", "max_distance", "gc_strata", "min_fold", "min_promoters")},
        "shuffles": grammar["shuffles"],
        "similarity": grammar["node_similarity"],
        "max_similarity": grammar["edge_max_similarity"],
        "pair_fdr": grammar["pair_fdr"],
        "fdr": grammar["pair_fdr" if step == "cooccurrence" else "fdr"],
        "min_overlap": config["motifs"]["min_overlap"],
        "p_value": config["sites"]["p_value"],
        "background": config["sites"]["background"],
        "both_strands": config["hits"]["both_strands"],
        "upstream": config["promoters"]["upstream"],
        "downstream": config["promoters"]["downstream"],
        "seed": config["seed"],
    }


def measure(step: str, folder: Path, configfile: str) -> None:
    """Run the script of one step and print CPU seconds and the largest memory in GB."""
    config = yaml.safe_load((ROOT / "config" / "config.yaml").read_text())
    for key, value in yaml.safe_load(Path(configfile).read_text()).items():
        config[key] = {**config.get(key, {}), **value} if isinstance(value, dict) else value
    fill_defaults(config)
    renamed, made = STEPS[step]
    inputs = {name: str(folder / path) for name, path in {**INPUTS, **renamed}.items()}
    inputs["elements"] = str(ROOT / "resources" / "core_promoter.tsv")
    made = {"table": made} if isinstance(made, str) else made
    outputs = {name: str(folder / "grammar" / path) for name, path in made.items()}
    job = SimpleNamespace(
        input=SimpleNamespace(**inputs),
        output=SimpleNamespace(**outputs) if "table" not in outputs else [outputs["table"]],
        params=SimpleNamespace(**parameters(config, step)),
        log=[str(folder / f"{step}.log")],
    )
    sys.path.insert(0, str(ROOT / "workflow" / "scripts"))
    runpy.run_path(str(ROOT / "workflow" / "scripts" / f"{step}.py"), init_globals={"snakemake": job})
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(f"{sum(usage[:2]):.1f}\t{usage.ru_maxrss * 1024 / 1e9:.2f}")


def in_the_run(run: Path) -> list[tuple]:
    """What the steps of :data:`IN_THE_RUN` took, by Snakemake's own account; memory is the largest of their jobs."""
    figures = {
        "figures": [path.stem for path in (run / "benchmarks").glob("figure_*") if path.stem in grammar_figures()]
    }
    rows = []
    for step, patterns in {**{name: [pattern] for name, pattern in IN_THE_RUN.items()}, **figures}.items():
        files = [path for pattern in patterns for path in sorted((run / "benchmarks").glob(f"{pattern}.tsv"))]
        if files:
            jobs = pd.concat([pd.read_csv(path, sep="\t", na_values="-") for path in files])
            rows.append((step, len(files), jobs["cpu_time"].sum(), jobs["max_rss"].max() * 2**20 / 1e9))
    return rows


def grammar_figures() -> set[str]:
    """Names of the rules that draw the stage."""
    rules = (path.read_text() for path in (ROOT / "workflow" / "rules").glob("grammar_*.smk"))
    return {line[5:-1] for text in rules for line in text.splitlines() if line.startswith("rule figure_")}


def draw(table: pd.DataFrame) -> None:
    """CPU seconds against genes and against motifs, all steps and the longest ones."""
    most = table["genes"].max(), table["motifs"].max()
    full = table[(table["genes"] == most[0]) & (table["motifs"] == most[1])]
    steps = full.sort_values("cpu_s", ascending=False)["step"].head(NAMED).tolist()
    figure, panels = style.panels(2, width=4.2, height=3.4)
    for axes, along, other, value in zip(panels, ("genes", "motifs"), ("motifs", "genes"), most[::-1], strict=True):
        part = table[table[other] == value].pivot(index=along, columns="step", values="cpu_s")
        axes.plot(part.index, part.sum(axis=1), color=style.BLACK, marker="o", lw=2, label="all steps")
        for step, color in zip(steps, style.PALETTE, strict=False):
            axes.plot(part.index, part[step], color=color, marker="o", ms=3, lw=1.2, label=step)
        axes.set_xlabel(f"{along}, with {value:,} {other}")
        axes.set_ylabel("CPU seconds")
        axes.set_xlim(left=0)
        axes.set_ylim(bottom=0)
    panels[0].legend(fontsize=7, frameon=False, loc="upper left")
    style.save(figure, RESULTS.with_suffix(".pdf"), RESULTS.with_suffix(".png"))


def main(results: str, configfile: str) -> None:
    """Measure all sizes, the full one first."""
    run, rows = Path(results), []
    sizes = [(None, None), *((n, None) for n in GENES), *((None, n) for n in MOTIFS)]
    print("genes\tmotifs\tstep\tcpu_s\tmemory_gb")
    for n_genes, n_motifs in sizes:
        with TemporaryDirectory() as name:
            size = subsample(run, Path(name), n_genes, n_motifs)
            for step in STEPS:
                command = [sys.executable, __file__, step, name, configfile]
                environment = {**os.environ, **ONE_CORE}
                said = subprocess.run(command, check=True, env=environment, stdout=subprocess.PIPE, text=True).stdout
                rows.append((*size, step, *map(float, said.split())))
                print(*rows[-1], sep="\t", flush=True)
        table = pd.DataFrame(rows, columns=["genes", "motifs", "step", "cpu_s", "memory_gb"])
        table.to_csv(RESULTS.with_suffix(".tsv"), sep="\t", index=False)
    draw(table)
    full = table[table["genes"].eq(table["genes"].max()) & table["motifs"].eq(table["motifs"].max())]
    seconds, memory = full["cpu_s"].sum(), full["memory_gb"].max()
    verdict = "below" if seconds < LIMIT_S and memory < LIMIT_GB else "not below"
    print(f"all steps: {seconds:.0f} CPU s, {memory:.1f} GB: {verdict} {LIMIT_S} s and {LIMIT_GB} GB")
    print("\nin the run itself\nstep\tjobs\tcpu_s\tmemory_gb")
    for step, jobs, seconds, memory in in_the_run(run):
        print(f"{step}\t{jobs}\t{seconds:.0f}\t{memory:.2f}")


if __name__ == "__main__":
    if len(sys.argv) == 4:
        measure(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
    else:
        main(*sys.argv[1:])
