"""CPU time and memory of our way and of the published notebook's (Liu & Wang 2022) on the same work.

    python benchmarks/notebook_way.py results/human           # a quarter of an hour
    python benchmarks/notebook_way.py results/demo --small    # a trial in two minutes, which writes no table

Takes the promoters, expression and hits of a finished run. Training: ten runs in one process, as the workflow trains
them, with as many epochs, batches and genes for the notebook's graph as for our network, the published one and the
default; making a graph counts on either side. Selection: recursive feature elimination with a
regression tree, on all genes, as published. Counting: a plain Python loop over promoters, motifs and positions, which
is nobody's way but a measure that needs no other program (the notebook called FIMO; ``motif_engines.py`` measures it
where it is installed). The loop runs on some promoters, where its counts must equal ours, and is extrapolated to all;
it uses our score matrices, whose making counts on our side alone.

Every side of a comparison runs in a process of its own on one core, one after the other; reading and imports do not
count. Writes benchmarks/results/notebook_way.tsv.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from one_core import ONE_CORE, cpu_seconds, peak_mb

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from cisformula import candidates, gene_table, hits, pwm  # noqa: E402  (the library has to be found first)

TABLE = ROOT / "benchmarks" / "results" / "notebook_way.tsv"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3"}
SEED = 1
"""Of the genes that are drawn, and of the first training; the others follow."""
HELD_OUT = 1000 / 18377
"""Share of the genes that the notebook validates on, and of those it tests on."""
P_VALUE = 1e-4
READING = "graded"
LOOP = "count by a loop"

Work = Callable[[], object]
"""What is measured, once everything it needs is read and imported."""


class Size(NamedTuple):
    """How much of the run is worked on: genes (None: all), trainings and their epochs, promoters of the plain loop."""

    genes: int | None
    trainings: int
    epochs: int
    looped: int


FULL, SMALL = Size(None, 10, 20, 100), Size(1000, 2, 2, 5)


class Genes(NamedTuple):
    """The genes worked on: rows of the run's tables, encoded promoters, standardised expression."""

    rows: np.ndarray
    codes: np.ndarray
    target: np.ndarray


def read_genes(run: Path, size: Size) -> Genes:
    """The genes of a run, or some of them drawn at random."""
    target = gene_table.read(run / "expression" / "genes.tsv")["target"].to_numpy()
    rows = np.sort(np.random.default_rng(SEED).permutation(len(target))[: size.genes])
    return Genes(rows, np.load(run / "expression" / "sequences.npy")[rows], target[rows])


def draw_roles(n_genes: int, seed: int) -> np.ndarray:
    """Random roles of genes in training, in the proportions of the notebook."""
    part = np.random.default_rng(seed).permutation(n_genes) / n_genes
    return np.select([part < HELD_OUT, part < 2 * HELD_OUT], ["validation", "test"], "train")


def known_motifs(run: Path) -> list[pwm.Motif]:
    """The run's database of motifs."""
    return pwm.read_meme(run / "motifs" / "database.meme")


def read_features(run: Path, genes: Genes) -> np.ndarray:
    """Hits of every learned and known motif in every promoter, shape (genes, motifs)."""
    files = [
        candidates.HitFile.of(run / "hits" / READING / f"{name}.npz", pwm.read_meme(run / "motifs" / f"{name}.meme"))
        for name in ("learned", "database")
    ]
    return candidates.read_hits(files, in_bins=False)[:, :, 0][genes.rows].astype(np.float64)


def trainings(train: Callable[[np.ndarray, int], object], n_genes: int, size: Size) -> Work:
    """One training after the other, each with roles of genes and a seed of its own."""

    def work() -> None:
        for seed in range(SEED, SEED + size.trainings):
            train(draw_roles(n_genes, seed), seed)

    return work


def our_training(network: str) -> Callable[[Path, Size], Work]:
    """Trainings of one of our networks, of the notebook's number and width of filters."""

    def prepare(run: Path, size: Size) -> Work:
        from notebook_graph import BATCH, FILTERS, WIDTH

        from cisformula import training

        training.use_threads(1)
        genes = read_genes(run, size)
        endless = {"epochs": size.epochs, "patience": size.epochs}
        settings = training.Settings(network, FILTERS, WIDTH, **endless, batch_size=BATCH)

        def train(roles: np.ndarray, seed: int) -> object:
            return training.train(genes.codes, genes.target, roles, seed, settings)

        return trainings(train, len(genes.rows), size)

    return prepare


def notebook_training(run: Path, size: Size) -> Work:
    """Trainings of the notebook's graph."""
    import notebook_graph

    genes = read_genes(run, size)

    def train(roles: np.ndarray, seed: int) -> object:
        return notebook_graph.train(genes.codes, genes.target, roles, seed, size.epochs)

    return trainings(train, len(genes.rows), size)


def our_counting(run: Path, size: Size) -> Work:
    """Hits of every known motif in every promoter."""
    genes, motifs = read_genes(run, size), known_motifs(run)
    return lambda: hits.count_hits(genes.codes, motifs, P_VALUE)


def looped_counting(run: Path, size: Size) -> Work:
    """The same in some promoters, one window at a time; the counts must be ours."""
    codes, motifs = read_genes(run, size).codes[: size.looped], known_motifs(run)
    ours = hits.count_hits(codes, motifs, P_VALUE).toarray()
    # Made before the clock starts, as they cost the same for any number of promoters.
    scanned = [scan_table(motif) for motif in motifs]

    def work() -> None:
        if not np.array_equal(count_by_loop(codes, scanned), ours):
            sys.exit("the counts of the loop differ from ours")

    return work


class ScanTable(NamedTuple):
    """Scores of each position and base of a motif, of both strands, and the lowest score of a hit."""

    strands: list[list[list[int]]]
    threshold: int


def scan_table(motif: pwm.Motif) -> ScanTable:
    """The integer scores of a motif as plain lists, with a hopeless fifth base for unknown ones."""
    matrix = hits.score_matrix(motif, np.array([P_VALUE]))
    padded = [
        np.pad(each.scores, ((0, 0), (0, 1)), constant_values=-1_000_000)
        for each in (matrix, matrix.reverse_complement())
    ]
    return ScanTable([scores.tolist() for scores in padded], int(matrix.thresholds[0]))


def count_by_loop(codes: np.ndarray, tables: list[ScanTable]) -> np.ndarray:
    """Windows that are a hit on either strand, shape (promoters, motifs)."""
    counts = np.zeros((len(codes), len(tables)), dtype=np.int32)
    for row, promoter in enumerate(codes.tolist()):
        for column, (strands, threshold) in enumerate(tables):
            width = len(strands[0])
            for start in range(len(promoter) - width + 1):
                window = promoter[start : start + width]
                counts[row, column] += any(window_score(scores, window) >= threshold for scores in strands)
    return counts


def window_score(scores: list[list[int]], window: list[int]) -> int:
    """Sum of the scores of the bases of a window."""
    return sum(of_base[base] for of_base, base in zip(scores, window, strict=True))


def selection(method: str) -> Callable[[Path, Size], Work]:
    """Selection of motifs by a method of ``paper_matrix.py``."""

    def prepare(run: Path, size: Size) -> Work:
        from paper_matrix import SELECTORS

        genes = read_genes(run, size)
        features = read_features(run, genes)
        return lambda: SELECTORS[method](features, genes.target)

    return prepare


class Comparison(NamedTuple):
    """A row of the table: the work, what ours is set beside, and the keys of both in :data:`TASKS`."""

    work: str
    what: str
    beside: str
    ours: str
    other: str


TASKS: dict[str, Callable[[Path, Size], Work]] = {
    "train the published network": our_training("contextual_regression_published"),
    "train the default network": our_training("contextual_regression_best_site"),
    "train the notebook's graph": notebook_training,
    "count": our_counting,
    LOOP: looped_counting,
    "select by stability": selection("stability, 50 halves (default)"),
    "select by elimination": selection("RFE with a decision tree, as published"),
}
NOTEBOOK_GRAPH = "the notebook's graph", "train the notebook's graph"
COMPARISONS = [
    Comparison("training", "published network", NOTEBOOK_GRAPH[0], "train the published network", NOTEBOOK_GRAPH[1]),
    Comparison("training", "default network", NOTEBOOK_GRAPH[0], "train the default network", NOTEBOOK_GRAPH[1]),
    Comparison("counting", "hits, p at most 1e-4", "a plain Python loop", "count", LOOP),
    Comparison(
        "selection", "300 motifs", "RFE with a tree, as published", "select by stability", "select by elimination"
    ),
]


def child(task: str, run: Path, size: Size) -> dict[str, float]:
    """CPU seconds of a task, and the largest memory of its process in MB."""
    work = TASKS[task](run, size)
    start = cpu_seconds()
    work()
    used = cpu_seconds() - start
    return {"cpu_s": used, "mb": peak_mb()}


def measure(task: str, arguments: list[str]) -> dict[str, float]:
    """What :func:`child` says in a process of its own."""
    command = [sys.executable, __file__, *arguments, "--task", task]
    said = subprocess.run(command, check=True, env={**os.environ, **ONE_CORE, **QUIET}, stdout=subprocess.PIPE)
    return json.loads(said.stdout.splitlines()[-1])


def amounts(run: Path, size: Size) -> tuple[int, dict[str, str]]:
    """Number of genes, and how much of each kind of work there is.

    Nothing large is read, as the largest memory of this process would count for those that it starts.
    """
    n_genes, length = np.load(run / "expression" / "sequences.npy", mmap_mode="r").shape
    n_genes = min(n_genes, size.genes or n_genes)
    n_known, n_learned = (len(pwm.read_meme(run / "motifs" / f"{name}.meme")) for name in ("database", "learned"))
    return n_genes, {
        "training": f"{n_genes} promoters of {length} bp, {size.trainings} runs of {size.epochs} epochs",
        "counting": f"{n_genes} promoters, {n_known} motifs",
        "selection": f"{n_genes} promoters, {n_known + n_learned} motifs",
    }


def compare(run: Path, size: Size, arguments: list[str]) -> pd.DataFrame:
    """One row per comparison; the ratio is that of the other's CPU seconds to ours."""
    measured = {}
    for task in TASKS:
        measured[task] = measure(task, arguments)
        print(f"{task}: {measured[task]['cpu_s']:.1f} CPU s", file=sys.stderr, flush=True)
    n_genes, amount = amounts(run, size)
    rows = []
    for pair in COMPARISONS:
        ours, other = measured[pair.ours], measured[pair.other]
        done = min(size.looped, n_genes) if pair.other == LOOP else n_genes
        seconds = other["cpu_s"] * n_genes / done
        rows.append(
            {
                "run": run.name,
                "what": f"{pair.work}: {pair.what}",
                "beside": pair.beside,
                "ours_cpu_s": ours["cpu_s"],
                "beside_cpu_s": seconds,
                "ratio": seconds / ours["cpu_s"],
                "ours_mb": ours["mb"],
                "beside_mb": other["mb"],
                "n": amount[pair.work],
                "extrapolated": f"from {done} promoters" if done < n_genes else "no",
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    """Measure every comparison, print the table and, unless it was a trial, write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path, help="folder of a finished run, such as results/human")
    parser.add_argument("--small", action="store_true", help="a trial in two minutes, which writes no table")
    parser.add_argument("--task", choices=TASKS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    run, size = options.run.resolve(), SMALL if options.small else FULL
    if options.task:
        print(json.dumps(child(options.task, run, size)))
        return
    table = compare(run, size, [str(run), *(["--small"] if options.small else [])])
    print(table.to_string(index=False, float_format=lambda value: f"{value:.4g}"))
    if not options.small:
        table.to_csv(TABLE, sep="\t", index=False, float_format="%.4g")


if __name__ == "__main__":
    main()
