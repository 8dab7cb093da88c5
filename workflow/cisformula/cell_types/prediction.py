"""Predictions in every cell type: for genes held out, and by the formula refitted to each."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from .. import linear, recipe
from ..candidates import Candidates
from ..cell_type_formulas import CellTypeFormulas
from ..formula import Formula
from ..performance import bootstrap_r2
from .design import standardise


class ColumnsByFold(Mapping):
    """Columns of the regression chosen without each fold, made when they are asked for.

    Parameters
    ----------
    pool : Candidates
    chosen : dict of int to list of str
        The motifs chosen without each fold.
    fits : pd.DataFrame
        ``reading`` and ``strength`` of each fold, in the order of ``chosen``.
    """

    def __init__(self, pool: Candidates, chosen: dict[int, list[str]], fits: pd.DataFrame):
        self._pool, self._chosen = pool, chosen
        self._fits = dict(zip(chosen, fits.itertuples(), strict=True))

    def __getitem__(self, fold: int) -> recipe.Columns:
        fit = self._fits[fold]
        return recipe.Columns.of(self._pool, self._chosen[fold], fit.reading, fit.strength)

    def __iter__(self) -> Iterator[int]:
        return iter(self._chosen)

    def __len__(self) -> int:
        return len(self._chosen)


def held_out(
    columns_by_fold: Mapping[int, linear.Rows],
    values: np.ndarray,
    folds: np.ndarray,
    penalties: Sequence[float],
    weights: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """Predict every gene in every cell type by ridge regressions fitted on the other folds.

    Parameters
    ----------
    columns_by_fold : mapping of int to linear.Rows, shape (genes, columns)
        For each fold the columns of the regression that was chosen without it.
    values : np.ndarray, shape (genes, cell types)
    folds : np.ndarray, shape (genes,), int
    penalties : sequence of float
        Ridge penalty of each fold, in the order of ``columns_by_fold``.
    weights : sequence of np.ndarray, shape (columns,), optional
        Weights of the columns of each fold: see :meth:`cisformula.linear.Standardisation.of`.

    Returns
    -------
    np.ndarray, shape (genes, cell types)
    """
    predictions = np.empty_like(values)
    weights = weights or [None] * len(columns_by_fold)
    for fold, penalty, weight in zip(columns_by_fold, penalties, weights, strict=True):
        test = folds == fold
        predictions[test] = _predict(columns_by_fold[fold], values, test, penalty, weight)
    return predictions


def _predict(
    X: linear.Rows, values: np.ndarray, test: np.ndarray, penalty: float, weights: np.ndarray | None
) -> np.ndarray:
    """Predictions for the genes under ``test``, from the others."""
    standardisation, *fitted = linear.multi_target_ridge(X[~test], values[~test], penalty, weights)
    return standardisation.predict(X[test], *fitted)


def refit(
    published: Formula, pool: Candidates, reading: str, strength: float, log_expression: np.ndarray, names: list[str]
) -> CellTypeFormulas:
    """The formula with its effects fitted anew in every cell type, at the formula's own penalty.

    Parameters
    ----------
    published : Formula
        Its motifs are used.
    pool : Candidates
    reading : str
        How their hits were read.
    strength : float
        Of position effects.
    log_expression : np.ndarray, shape (genes, cell types)
        Log10 expression; standardised here over genes.
    names : list of str
        Of the cell types.
    """
    ids = [motif.id for motif in published.motifs]
    n_words = pool.composition.shape[1] // pool.n_bins
    X = recipe.Columns.of(pool, ids, reading, strength)
    weights = recipe.column_weights(len(ids), n_words, pool.n_bins, strength)
    standardisation, coefficients, intercepts = linear.multi_target_ridge(
        X, standardise(log_expression), published.penalty, weights
    )
    per_column = (coefficients / standardisation.scale[:, None]).T
    of_motifs, of_words = recipe.effects(per_column, len(ids), n_words, pool.n_bins, bool(strength))
    return CellTypeFormulas(
        cell_types=names,
        motif_ids=ids,
        effects=of_motifs,
        covariate_effects=of_words,
        intercepts=intercepts - per_column @ standardisation.mean,
        target_means=log_expression.mean(axis=0),
        target_scales=log_expression.std(axis=0),
    )


def r2_columns(observed: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Variance explained in each column, ``1 - SSE/SST``; (genes, cell types) twice to (cell types,)."""
    scatter = ((observed - observed.mean(axis=0)) ** 2).sum(axis=0)
    return 1 - ((observed - predicted) ** 2).sum(axis=0) / scatter


def performance_table(
    observed: np.ndarray, predicted: np.ndarray, by_composition: np.ndarray, sheet: pd.DataFrame, seed: int
) -> pd.DataFrame:
    """Held-out R2 of every cell type, with a bootstrap interval over genes, beside that of base composition alone.

    Parameters
    ----------
    observed, predicted, by_composition : np.ndarray, shape (genes, cell types)
    sheet : pd.DataFrame
        One row per cell type with ``cell_type`` and ``group``.
    seed : int

    Returns
    -------
    pd.DataFrame
        cell_type, group, n_genes, r2, r2_low, r2_high (95 %), composition_r2.
    """
    low, high = np.quantile(bootstrap_r2(observed, predicted, seed, 200), [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "cell_type": sheet["cell_type"],
            "group": sheet["group"],
            "n_genes": len(observed),
            "r2": r2_columns(observed, predicted),
            "r2_low": low,
            "r2_high": high,
            "composition_r2": r2_columns(observed, by_composition),
        }
    )
