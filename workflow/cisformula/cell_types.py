"""Which motif acts in which cell type: one linear model per cell type, all of them fitted at once.

The design matrix is the same for every cell type, so it is factorised once; coefficients, heteroscedasticity-consistent
(HC3) standard errors and p-values of all motif x cell type pairs then follow from matrix products.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg, stats

from . import linear, recipe
from .candidates import Candidates
from .cell_type_formulas import CellTypeFormulas
from .errors import InputError
from .formula import Formula

TARGETS = ("expression", "deviation")
"""What is explained: standardised log expression in a cell type, and its deviation from the mean over cell types."""


@dataclass(frozen=True)
class Design:
    """A factorised design matrix ``[intercept, covariates, motifs]``.

    Attributes
    ----------
    Q : np.ndarray, shape (genes, rank)
        Orthonormal basis of the columns.
    to_coefficients : np.ndarray, shape (tested, rank)
        Maps ``Q.T @ y`` to the coefficients of the tested columns.
    leverage : np.ndarray, shape (genes,)
    estimable : np.ndarray, shape (motifs,), bool
        False for a motif whose column is constant, a combination of others, or set apart from them by a single gene;
        such motifs are not tested.
    """

    Q: np.ndarray
    to_coefficients: np.ndarray
    leverage: np.ndarray
    estimable: np.ndarray

    @property
    def degrees_of_freedom(self) -> int:
        """Residual degrees of freedom."""
        return len(self.Q) - self.Q.shape[1]


@dataclass(frozen=True)
class Effects:
    """Estimates for every motif (rows) and cell type (columns); NaN where a motif is not estimable.

    Attributes
    ----------
    coefficient, standard_error, t, p, q : np.ndarray, shape (motifs, cell types)
        Per standard deviation of hits; ``q`` is Benjamini-Hochberg over all pairs.
    """

    coefficient: np.ndarray
    standard_error: np.ndarray
    t: np.ndarray
    p: np.ndarray
    q: np.ndarray


def standardise(values: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and standard deviation 1; constant columns become zeros."""
    centred = values - values.mean(axis=0)
    scale = centred.std(axis=0)
    return centred / np.where(scale > 0, scale, 1.0)


def targets(log_expression: np.ndarray) -> dict[str, np.ndarray]:
    """The two targets of each cell type, standardised over genes.

    Parameters
    ----------
    log_expression : np.ndarray, shape (genes, cell types)

    Returns
    -------
    dict
        Name of :data:`TARGETS` to array of shape (genes, cell types).
    """
    deviation = log_expression - log_expression.mean(axis=1, keepdims=True)
    return {"expression": standardise(log_expression), "deviation": standardise(deviation)}


def factorise(features: np.ndarray, covariates: np.ndarray) -> Design:
    """Factorise the design once for all cell types.

    Parameters
    ----------
    features : np.ndarray, shape (genes, motifs)
        Tested columns; standardised here.
    covariates : np.ndarray, shape (genes, covariates)
        Adjusted for and not tested, e.g. GC and CpG content; shape (genes, 0) for none.

    Raises
    ------
    InputError
        There are not more genes than columns.
    """
    adjusted = np.column_stack([np.ones(len(features)), standardise(covariates)])
    X = np.column_stack([adjusted, standardise(features)])
    if len(X) <= X.shape[1]:
        raise InputError(
            f"{len(X)} genes cannot determine the effects of {features.shape[1]} motifs.",
            place="config: formula: n_motifs",
            fix="Lower it well below the number of genes.",
        )
    keep = _independent_columns(X)
    Q, R = linalg.qr(X[:, keep], mode="economic")
    leverage = (Q**2).sum(axis=1)
    inverse = linalg.solve_triangular(R, np.eye(len(R)))
    # A gene of leverage 1 is fitted exactly: its error cannot be seen in any residual, so neither can that of a
    # coefficient it has a part in.
    own = np.abs(Q[leverage > 1 - 1e-9] @ inverse.T) > 1e-9
    tested = (keep >= adjusted.shape[1]) & ~own.any(axis=0)
    estimable = np.isin(np.arange(adjusted.shape[1], X.shape[1]), keep[tested])
    return Design(Q, inverse[tested], leverage, estimable)


def _independent_columns(X: np.ndarray) -> np.ndarray:
    """Columns that add to the span of those before them: greedy from the left, so covariates and early motifs stay."""
    R = linalg.qr(X, mode="r")[0][: X.shape[1]]
    diagonal = np.abs(np.diag(R))
    norms = np.sqrt((X**2).sum(axis=0))
    keep = diagonal > 1e-8 * np.maximum(norms, 1e-300)
    keep &= norms > 0
    keep[0] = True
    return np.flatnonzero(keep)


def estimate(design: Design, values: np.ndarray) -> Effects:
    """Coefficients, HC3 standard errors (MacKinnon & White 1985), t, two-sided p and q of all pairs.

    Parameters
    ----------
    design : Design
    values : np.ndarray, shape (genes, cell types)
    """
    projected = design.Q.T @ values
    residuals = values - design.Q @ projected
    weighted = (residuals / (1 - np.minimum(design.leverage, 1 - 1e-9))[:, None]) ** 2
    influence = design.Q @ design.to_coefficients.T
    coefficient = design.to_coefficients @ projected
    standard_error = np.sqrt((influence**2).T @ weighted)
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.where(standard_error > 0, coefficient / standard_error, 0.0)
    p = 2 * stats.t.sf(np.abs(t), design.degrees_of_freedom)
    q = stats.false_discovery_control(p.ravel()).reshape(p.shape)
    return Effects(*(_spread(design.estimable, values) for values in (coefficient, standard_error, t, p, q)))


def _spread(estimable: np.ndarray, values: np.ndarray) -> np.ndarray:
    result = np.full((len(estimable), values.shape[1]), np.nan)
    result[estimable] = values
    return result


def in_sample_r2(design: Design, values: np.ndarray) -> np.ndarray:
    """Variance explained in each cell type by the whole design on the same genes; shape (cell types,)."""
    centred = values - values.mean(axis=0)
    explained = (design.Q.T @ centred) ** 2
    return explained.sum(axis=0) / np.maximum((centred**2).sum(axis=0), 1e-300)


@dataclass(frozen=True)
class Null:
    """What permuting the genes leaves.

    Attributes
    ----------
    significant : np.ndarray, shape (permutations,)
        Share of motif x cell type pairs with q below the rate asked for.
    r2 : np.ndarray, shape (permutations, cell types)
        In-sample R2 on permuted genes.
    """

    significant: np.ndarray
    r2: np.ndarray


def permute(design: Design, values: np.ndarray, n_permutations: int, rate: float, seed: int) -> Null:
    """Repeat the tests with the genes' expression rows shuffled; cell types stay correlated as they are."""
    rng = np.random.default_rng(seed)
    significant, r2 = np.empty(n_permutations), np.empty((n_permutations, values.shape[1]))
    for i in range(n_permutations):
        shuffled = values[rng.permutation(len(values))]
        significant[i] = np.nanmean(estimate(design, shuffled).q < rate)
        r2[i] = in_sample_r2(design, shuffled)
    return Null(significant, r2)


def permutation_p(observed_r2: np.ndarray, null: Null) -> np.ndarray:
    """Share of permutations, the observed order counted in, whose R2 reaches the observed one; shape (cell types,)."""
    return (1 + (null.r2 >= observed_r2).sum(axis=0)) / (1 + len(null.r2))


def held_out(
    columns_by_fold: dict[int, np.ndarray],
    values: np.ndarray,
    folds: np.ndarray,
    penalties: Sequence[float],
    weights: Sequence[np.ndarray] | None = None,
) -> np.ndarray:
    """Predict every gene in every cell type by ridge regressions fitted on the other folds.

    Parameters
    ----------
    columns_by_fold : dict of int to np.ndarray, shape (genes, columns)
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
    for (fold, X), penalty, weight in zip(columns_by_fold.items(), penalties, weights, strict=True):
        test = folds == fold
        standardisation = linear.Standardisation.of(X[~test], weight)
        coefficients, intercepts = linear.multi_target_ridge(standardisation.apply(X[~test]), values[~test], penalty)
        predictions[test] = standardisation.apply(X[test]) @ coefficients + intercepts
    return predictions


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
    X = recipe.columns(pool.binned(ids, reading), pool.composition, strength)
    weights = recipe.column_weights(len(ids), n_words, pool.n_bins, strength)
    standardisation = linear.Standardisation.of(X, weights)
    coefficients, intercepts = linear.multi_target_ridge(
        standardisation.apply(X), standardise(log_expression), published.penalty
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


def effects_table(effects: Effects, motifs: pd.DataFrame, cell_types: pd.Index, target: str) -> pd.DataFrame:
    """One row per motif and cell type: target, motif, name, cell_type, coefficient, standard_error, t, p, q."""
    n_motifs, n_cell_types = effects.q.shape
    table = pd.DataFrame(
        {
            "target": target,
            "motif": np.repeat(motifs["motif"].to_numpy(), n_cell_types),
            "name": np.repeat(motifs["name"].to_numpy(), n_cell_types),
            "cell_type": np.tile(np.asarray(cell_types), n_motifs),
        }
    )
    for name in ("coefficient", "standard_error", "t", "p", "q"):
        table[name] = getattr(effects, name).ravel()
    return table
