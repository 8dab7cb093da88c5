"""Nested evaluation of the formula: everything that looks at expression is done again inside each outer fold.

In fold k the candidates are the known motifs and the motifs of the runs that never saw fold k, similar ones represented
once; selection, standardisation and the ridge penalty all use the genes of the other folds alone.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import linear
from .candidates import Candidates
from .errors import InputError
from .job import logger
from .recipe import Chosen, Recipe, choose


@dataclass(frozen=True)
class Evaluation:
    """Out-of-fold predictions, shape (genes,), and what was chosen without each fold, by fold."""

    predictions: np.ndarray
    selected: dict[int, Chosen]


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
        groups = pool.groups(runs, recipe.max_similarity, recipe.min_overlap)
        test = folds == fold
        chosen = choose(pool, groups, ~test, target, recipe)
        predictions[test] = chosen.predict(pool)[test]
        selected[int(fold)] = chosen
        logger.info(
            "fold %d: %d of %d candidates chosen without it; hits read %s, position strength %g",
            fold,
            len(chosen.ids),
            len(groups),
            chosen.reading,
            chosen.strength,
        )
    return Evaluation(predictions, selected)


def fit_all(
    pool: Candidates, target: np.ndarray, runs: set[int], recipe: Recipe
) -> tuple[Chosen, dict[str, list[str]]]:
    """The same recipe on all genes and the motifs of all runs: the formula that is published.

    Returns
    -------
    formula : Chosen
    stands_for : dict of str to list of str
        The motifs that each of its motifs stands for, itself among them.
    """
    groups = pool.groups(runs, recipe.max_similarity, recipe.min_overlap)
    chosen = choose(pool, groups, np.ones(len(target), dtype=bool), target, recipe)
    group_of = {name: group for group in groups for name in group}
    return chosen, {name: group_of[name] for name in chosen.ids}


def selection_table(selected: dict[int, Chosen], pool: Candidates) -> pd.DataFrame:
    """The motifs chosen without each fold: fold, motif, name, source, selection probability."""
    rows = [
        (fold, name, pool.motifs[name].name, pool.sources[name], probability)
        for fold, chosen in selected.items()
        for name, probability in zip(chosen.ids, chosen.probabilities, strict=True)
    ]
    return pd.DataFrame(rows, columns=["fold", "motif", "name", "source", "selection_probability"])


def design_table(selected: dict[int | str, Chosen], pool: Candidates) -> pd.DataFrame:
    """What each fit decided and how well it is determined.

    Columns: fold, candidates, motifs, columns (of the regression), rank and condition number of the standardised motif
    totals, penalty, reading, strength (of position effects).
    """
    rows = []
    for fold, chosen in selected.items():
        rank, condition = linear.rank_and_condition(pool.matrix(chosen.ids, chosen.reading))
        rows.append(
            {
                "fold": fold,
                "candidates": chosen.n_candidates,
                "motifs": len(chosen.ids),
                "columns": len(chosen.ridge.coefficients),
                "rank": rank,
                "condition_number": condition,
                "penalty": chosen.ridge.penalty,
                "reading": chosen.reading,
                "strength": chosen.strength,
            }
        )
    return pd.DataFrame(rows)
