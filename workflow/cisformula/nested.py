"""Nested evaluation of the formula: everything that looks at expression is done again inside each outer fold.

In fold k the candidates are the known motifs and the motifs of the runs that never saw fold k; clustering of similar
learned motifs, selection, standardisation and the ridge penalty all use the genes of the other folds alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import fitting, linear, similarity
from .candidates import LEARNED, Candidates
from .errors import InputError
from .job import logger
from .pwm import Motif


@dataclass(frozen=True)
class Recipe:
    """How a formula is made from candidates.

    Attributes
    ----------
    selection : str
        One of :data:`cisformula.selection.METHODS`.
    n_motifs : int
    cluster_similarity : float
        Learned motifs at least this similar are represented once.
    min_overlap : int
        Fewest overlapping columns when two motifs are compared.
    seed : int
    """

    selection: str
    n_motifs: int
    cluster_similarity: float
    min_overlap: int
    seed: int


@dataclass(frozen=True)
class Chosen:
    """Motifs chosen on some genes and the ridge regression fitted on the same genes."""

    ids: list[str]
    ridge: linear.Ridge
    n_candidates: int

    def predict(self, pool: Candidates) -> np.ndarray:
        """Prediction for every gene."""
        return self.ridge.predict(pool.matrix(self.ids))


@dataclass(frozen=True)
class Evaluation:
    """Out-of-fold predictions, shape (genes,), and what was chosen without each fold, by fold."""

    predictions: np.ndarray
    selected: dict[int, Chosen]


def _choose(pool: Candidates, ids: list[str], rows: np.ndarray, target: np.ndarray, recipe: Recipe) -> Chosen:
    X = pool.matrix(ids)[rows]
    fitted = fitting.fit(X, target[rows], recipe.selection, recipe.n_motifs, recipe.seed)
    return Chosen([ids[column] for column in fitted.columns], fitted.ridge, len(ids))


def evaluate(
    pool: Candidates, target: np.ndarray, folds: np.ndarray, fold_of_run: dict[int, int], recipe: Recipe
) -> Evaluation:
    """Predict every gene by a formula made without its fold.

    Parameters
    ----------
    pool : Candidates
    target : np.ndarray, shape (genes,)
    folds : np.ndarray, shape (genes,), int
    fold_of_run : dict of int to int
        The fold each run never saw.
    recipe : Recipe

    Raises
    ------
    InputError
        If a fold has no run of its own.
    """
    predictions, selected = np.empty(len(target)), {}
    for fold in np.unique(folds):
        runs = {run for run, held_out in fold_of_run.items() if held_out == fold}
        if not runs:
            raise InputError(
                f"no run holds out fold {fold}, so its genes cannot be predicted honestly.",
                place="config: model: runs",
                fix="train at least as many runs as there are folds (splits: n_folds).",
            )
        ids = pool.representatives(runs, recipe.cluster_similarity, recipe.min_overlap) + pool.database()
        test = folds == fold
        chosen = _choose(pool, ids, ~test, target, recipe)
        predictions[test] = chosen.predict(pool)[test]
        selected[int(fold)] = chosen
        logger.info("fold %d: %d of %d candidates chosen without it", fold, len(chosen.ids), len(ids))
    return Evaluation(predictions, selected)


def fit_all(pool: Candidates, target: np.ndarray, fold_of_run: dict[int, int], recipe: Recipe) -> Chosen:
    """The same recipe on all genes and the motifs of all runs: the formula that is published."""
    ids = pool.representatives(set(fold_of_run), recipe.cluster_similarity, recipe.min_overlap) + pool.database()
    return _choose(pool, ids, np.ones(len(target), dtype=bool), target, recipe)


def folds_supporting(
    motifs: list[Motif], selected: dict[int, list[str]], pool: Candidates, recipe: Recipe
) -> np.ndarray:
    """In how many folds a motif was chosen too: the same known motif, or a learned one as similar as a cluster asks.

    Parameters
    ----------
    motifs : list of Motif
    selected : dict of int to list of str
        Ids of the motifs chosen without each fold.
    pool : Candidates
    recipe : Recipe

    Returns
    -------
    np.ndarray, shape (motifs,), int
    """
    support = np.zeros(len(motifs), dtype=int)
    is_learned = np.array([pool.sources[motif.id] == LEARNED for motif in motifs])
    for ids in selected.values():
        learned = [pool.motifs[name] for name in ids if pool.sources[name] == LEARNED]
        close = np.zeros(len(motifs), dtype=bool)
        if learned:
            alignment = similarity.best_alignment(motifs, learned, recipe.min_overlap)
            close = alignment.similarity.max(axis=1) >= recipe.cluster_similarity
        support += np.array([motif.id in ids for motif in motifs]) | (is_learned & close)
    return support


def selection_table(selected: dict[int, Chosen], pool: Candidates) -> pd.DataFrame:
    """The motifs chosen without each fold: fold, motif, name, source, coefficient."""
    rows = [
        (fold, name, pool.motifs[name].name, pool.sources[name], coefficient)
        for fold, chosen in selected.items()
        for name, coefficient in zip(chosen.ids, chosen.ridge.coefficients, strict=True)
    ]
    return pd.DataFrame(rows, columns=["fold", "motif", "name", "source", "coefficient"])


def design_table(selected: dict[int | str, Chosen], pool: Candidates) -> pd.DataFrame:
    """How well each fit is determined: candidates, motifs, rank and condition number of the standardised columns."""
    rows = []
    for fold, chosen in selected.items():
        X = pool.matrix(chosen.ids)
        values = np.linalg.svd(linear.Standardisation.of(X).apply(X), compute_uv=False)
        rank = int((values > values[0] * max(X.shape) * np.finfo(float).eps).sum())
        condition = values[0] / values[rank - 1]
        rows.append((fold, chosen.n_candidates, len(chosen.ids), rank, condition, chosen.ridge.penalty))
    return pd.DataFrame(rows, columns=["fold", "candidates", "motifs", "rank", "condition_number", "penalty"])
