"""Which features of a motif predict expression best? Every arm on the same folds, all choices inside the training part.

    python benchmarks/feature_arms.py results/human [results/yeast ...]

reads the networks, motifs and hits of finished runs (default readings of hits, bins of 50 bp), prints one table per run
and writes benchmarks/results/feature_arms_DATASET.tsv. Learned motifs and filters of a fold are those of the runs that
never saw it. Selection is by the lasso throughout, so that the arms differ in their features alone.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula import candidates, features, hits, linear, performance, recipe, selection
from cisformula.candidates import Candidates

N_MOTIFS = 300
BIN_WIDTH = 50
MAX_SIMILARITY, MIN_OVERLAP = 0.97, 6
WINDOWS = (0.3, 1, 3, 10, 30, 100)
"""Per cent of the windows of the training genes that score above the bias of a filter: the values to choose from."""
SCHEME = "chromosome"


@dataclass(frozen=True)
class Run:
    """A finished run: sequences, target, folds, filters of the networks, candidates with hits in position bins."""

    codes: np.ndarray
    target: np.ndarray
    folds: np.ndarray
    fold_of_run: dict[int, int]
    filters: dict[int, np.ndarray]
    pool: Candidates
    sense: np.ndarray
    """Hits of the ``graded`` reading on the sense strand alone, shape (genes, motifs)."""

    def candidates(self, fold: int, learned: bool, known: bool, max_similarity: float) -> list[list[str]]:
        """Groups of the candidates that a formula for the genes of a fold may use."""
        runs = {run for run, held_out in self.fold_of_run.items() if held_out == fold} if learned else set()
        source = self.pool
        if not known:
            source = replace(source, motifs={name: source.motifs[name] for name in source.runs})
        return source.groups(runs, max_similarity, MIN_OVERLAP)


def load(folder: Path) -> Run:
    """Read what the workflow left in ``results/DATASET``."""
    codes = np.load(folder / "expression/sequences.npy")
    edges = hits.bin_edges(codes.shape[1], BIN_WIDTH)
    readings = ("strict", "graded")
    fold_of_run = pd.read_csv(folder / f"splits/{SCHEME}/runs.tsv", sep="\t").set_index("run")["fold"].to_dict()
    pool = candidates.load(
        folder / "motifs/database.meme",
        {reading: folder / f"hits/{reading}/database.npz" for reading in readings},
        edges,
        features.covariates(codes, features.covariate_names(edges)),
        folder / "motifs/learned.meme",
        folder / "motifs/learned.tsv",
        {reading: folder / f"hits/{reading}/learned.npz" for reading in readings},
    )
    sense = hits.count_hits(codes, list(pool.motifs.values()), 0.002, both_strands=False, grades=5).toarray()
    models = folder / "models/main" / SCHEME
    return Run(
        codes=codes,
        target=pd.read_csv(folder / "expression/genes.tsv", sep="\t")["target"].to_numpy(),
        folds=pd.read_csv(folder / f"splits/{SCHEME}/folds.tsv", sep="\t")["fold"].to_numpy(),
        fold_of_run=fold_of_run,
        filters={run: np.load(models / f"run_{run}/filters.npy") for run in fold_of_run},
        pool=pool,
        sense=sense,
    )


@dataclass(frozen=True)
class Design:
    """What an arm puts into the regression of one fold: columns of motifs, then others; weights of the ridge."""

    X: np.ndarray
    weights: np.ndarray | None
    n_motifs: int


Arm = Callable[[Run, int, np.ndarray], Design]


def of_filters(summary: Callable[[np.ndarray], np.ndarray], learned_bias: bool = False) -> Arm:
    """All filters of the runs that never saw the fold, each activation track summarised to one number per gene.

    A learned bias is the one of :data:`WINDOWS` whose summary goes best with the target in the training genes.
    """

    def build(run: Run, fold: int, train: np.ndarray) -> Design:
        kernels = np.concatenate([run.filters[r] for r, held_out in run.fold_of_run.items() if held_out == fold])
        columns = []
        for kernel in kernels:
            track = _activation(run.codes, kernel)
            biases = np.percentile(track[train], 100 - np.array(WINDOWS)) if learned_bias else [0.0]
            summaries = [summary((track - bias) / track.std()) for bias in biases]
            columns.append(max(summaries, key=lambda values: _fit(values[train], run.target[train])))
        return Design(np.stack(columns, axis=1), None, len(kernels))

    return build


def _fit(values: np.ndarray, target: np.ndarray) -> float:
    """Absolute correlation; 0 of a constant."""
    return abs(np.corrcoef(values, target)[0, 1]) if values.std() else 0.0


def _activation(codes: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """Score of a filter, shape (width, 4), in every window; (genes, length) to (genes, positions)."""
    positions = codes.shape[1] - len(kernel) + 1
    padded = np.vstack([kernel.T, np.zeros(len(kernel))])
    return sum(padded[codes[:, i : i + positions], i] for i in range(len(kernel)))


def _relu(track: np.ndarray) -> np.ndarray:
    return np.maximum(track, 0).mean(axis=1)


def _softplus(track: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, 4 * track).mean(axis=1)


def of_hits(
    reading: str = "graded",
    transform: Callable[[np.ndarray], np.ndarray] | None = None,
    strength: float = 0.0,
    composition: bool = False,
    sense_only: bool = False,
    learned: bool = True,
    known: bool = True,
    max_similarity: float = MAX_SIMILARITY,
) -> Arm:
    """The first :data:`N_MOTIFS` motifs of the lasso path by their hits."""

    def build(run: Run, fold: int, train: np.ndarray) -> Design:
        pool, groups = run.pool, run.candidates(fold, learned, known, max_similarity)
        if sense_only:
            pool = replace(pool, counts={reading: run.sense[:, :, None]}, edges=pool.edges[[0, -1]])
        if transform:
            pool = replace(pool, counts={reading: transform(pool.counts[reading])})
        ids = pool.representatives(groups, reading, train, run.target)
        picked = selection.by_lasso(pool.matrix(ids, reading, train), run.target[train], N_MOTIFS).columns
        if not composition:
            pool = replace(pool, composition=np.empty((len(run.target), 0)))
        X = np.asarray(recipe.Columns.of(pool, [ids[column] for column in picked], reading, strength))
        n_words = pool.composition.shape[1] // pool.n_bins
        weights = recipe.column_weights(len(picked), n_words, pool.n_bins, strength)
        return Design(X, weights, len(picked))

    return build


def _log1p_of_totals(counts: np.ndarray) -> np.ndarray:
    """Each bin's share of the logarithm of one plus the total."""
    totals = counts.sum(axis=2, keepdims=True, dtype=np.float32)
    return counts * (np.log1p(totals) / np.maximum(totals, 1))


ARMS: dict[str, Arm] = {
    "mean activation of CR filters (published)": of_filters(lambda track: track.mean(axis=1)),
    "ReLU above a learned bias, mean": of_filters(_relu, learned_bias=True),
    "softplus above a learned bias, mean": of_filters(_softplus, learned_bias=True),
    "max activation": of_filters(lambda track: track.max(axis=1)),
    "strict hits (p < 1e-4)": of_hits("strict"),
    "strict hits, log1p": of_hits("strict", _log1p_of_totals),
    "graded hits (p < 2e-3)": of_hits(),
    "graded hits, log1p": of_hits(transform=_log1p_of_totals),
    "graded hits, sense strand only": of_hits(sense_only=True),
    "graded hits, known motifs only": of_hits(learned=False),
    "graded hits, CR motifs only": of_hits(known=False),
    "graded hits + composition": of_hits(composition=True),
    "graded hits by position": of_hits(strength=0.3),
    "strict hits by position + composition": of_hits("strict", strength=0.3, composition=True),
    "graded hits by position + composition (default)": of_hits(strength=0.3, composition=True),
    "the same, all candidates kept": of_hits(strength=0.3, composition=True, max_similarity=1.0),
    "the same, once from similarity 0.95": of_hits(strength=0.3, composition=True, max_similarity=0.95),
    "the same, once from similarity 0.9": of_hits(strength=0.3, composition=True, max_similarity=0.9),
    "the same, bins free": of_hits(strength=1.0, composition=True),
    "the same, known motifs only": of_hits(strength=0.3, composition=True, learned=False),
    "the same, CR motifs only": of_hits(strength=0.3, composition=True, known=False),
}


def evaluate(run: Run, arm: Arm) -> tuple[np.ndarray, dict[str, float]]:
    """Held-out predictions of an arm, and means over folds that say how large and how well determined it is."""
    predictions, sizes = np.empty(len(run.target)), []
    for fold in np.unique(run.folds):
        train = run.folds != fold
        design = arm(run, int(fold), train)
        ridge = linear.fit_ridge(design.X[train], run.target[train], design.weights)
        predictions[~train] = ridge.predict(design.X[~train])
        sizes.append((design.n_motifs, design.X.shape[1], *linear.rank_and_condition(design.X[:, : design.n_motifs])))
    return predictions, dict(
        zip(("motifs", "columns", "rank", "condition_number"), np.mean(sizes, axis=0), strict=True)
    )


def study(run: Run, seed: int = 1) -> pd.DataFrame:
    """One row for each of :data:`ARMS`, in their order."""
    rows = []
    for name, arm in ARMS.items():
        predicted, sizes = evaluate(run, arm)
        resampled = performance.bootstrap_r2(run.target, predicted, seed)
        low, high = np.quantile(resampled, [0.025, 0.975])
        rows.append({"arm": name, **sizes, "r2": performance.r2(run.target, predicted), "r2_low": low, "r2_high": high})
        print(f"{name:50s} R2 {rows[-1]['r2']:.3f} ({low:.3f} to {high:.3f})", flush=True)
    return pd.DataFrame(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="+", type=Path, help="folders of finished runs, results/DATASET")
    for folder in parser.parse_args().results:
        print(f"{folder.name}: {N_MOTIFS} motifs at most, folds of whole chromosomes")
        table = study(load(folder))
        out = Path(__file__).parent / "results" / f"feature_arms_{folder.name}.tsv"
        out.parent.mkdir(exist_ok=True)
        table.to_csv(out, sep="\t", index=False, float_format="%.5g")
