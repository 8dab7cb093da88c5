"""The effect of every motif in every cell type, with tests that hold for noise of any variance; and of all together."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from .design import Design


@dataclass(frozen=True)
class Effects:
    """Estimates for every motif (rows) and cell type (columns); NaN where a motif is not estimable.

    Attributes
    ----------
    coefficient, standard_error, t, p : np.ndarray, shape (motifs, cell types)
        Per standard deviation of hits.
    q, q_cell_type : np.ndarray, shape (motifs, cell types)
        Benjamini-Hochberg over all pairs, and over the motifs within each cell type.
    """

    coefficient: np.ndarray
    standard_error: np.ndarray
    t: np.ndarray
    p: np.ndarray
    q: np.ndarray
    q_cell_type: np.ndarray


def estimate(design: Design, values: np.ndarray) -> Effects:
    """Coefficients, HC3 standard errors (MacKinnon & White 1985), t, two-sided p and q of all pairs.

    Under a penalty the sandwich is that of the shrunken coefficient, and the degrees of freedom are those that the
    penalty leaves (Cule, Vineis & De Iorio 2011): what is tested is whether the motif, together with those that
    resemble it, has an effect.

    Parameters
    ----------
    design : Design
    values : np.ndarray, shape (genes, cell types)
    """
    coefficient, standard_error = sandwich(design, values, design.Q.T @ values)
    t = t_values(coefficient, standard_error)
    p = 2 * stats.t.sf(np.abs(t), design.degrees_of_freedom)
    q = stats.false_discovery_control(p.ravel()).reshape(p.shape)
    q_cell_type = stats.false_discovery_control(p, axis=0)
    found = (coefficient, standard_error, t, p, q, q_cell_type)
    return Effects(*(_spread(design.estimable, values) for values in found))


def sandwich(design: Design, values: np.ndarray, projected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients and HC3 standard errors of the tested columns; shape (tested, cell types) each.

    Parameters
    ----------
    design : Design
    values : np.ndarray, shape (genes, cell types)
    projected : np.ndarray, shape (rank, cell types)
        ``design.Q.T @ values``.
    """
    residuals = values - design.Q @ (design.shrinkage[:, None] * projected)
    residuals /= (1 - np.minimum(design.leverage, 1 - 1e-9))[:, None]
    return design.to_coefficients @ projected, np.sqrt(design.squared_influence.T @ residuals**2)


def t_values(coefficient: np.ndarray, standard_error: np.ndarray) -> np.ndarray:
    """Coefficient over standard error; 0 where a cell type is constant."""
    return np.divide(coefficient, standard_error, out=np.zeros_like(coefficient), where=standard_error > 0)


def _spread(estimable: np.ndarray, values: np.ndarray) -> np.ndarray:
    result = np.full((len(estimable), values.shape[1]), np.nan)
    result[estimable] = values
    return result


@dataclass(frozen=True)
class GroupTest:
    """Do all motifs together explain more than the covariates alone? One test per cell type.

    Attributes
    ----------
    f, p, q : np.ndarray, shape (cell types,)
    df1, df2 : int
        Degrees of freedom of the motifs and of the residuals.
    """

    f: np.ndarray
    p: np.ndarray
    q: np.ndarray
    df1: int
    df2: int


def group_test(design: Design, values: np.ndarray) -> GroupTest:
    """Partial F test of the motifs beyond the covariates, by least squares.

    It takes the noise for equally strong in all genes; the permutation null of :mod:`.null` does not.

    Parameters
    ----------
    design : Design
        From :func:`cisformula.cell_types.design.least_squares`.
    values : np.ndarray, shape (genes, cell types)
    """
    f = f_values(design, design.Q.T @ values, (values**2).sum(axis=0))
    df1, df2 = design.Q.shape[1] - design.n_adjusted, len(design.Q) - design.Q.shape[1]
    p = stats.f.sf(f, df1, df2)
    return GroupTest(f, p, stats.false_discovery_control(p), df1, df2)


def f_values(design: Design, projected: np.ndarray, total: np.ndarray) -> np.ndarray:
    """F from projections onto the basis, shape (rank, cell types), and sums of squares, shape (cell types,)."""
    explained = (projected**2).sum(axis=0)
    by_motifs = (projected[design.n_adjusted :] ** 2).sum(axis=0)
    df1, df2 = design.Q.shape[1] - design.n_adjusted, len(design.Q) - design.Q.shape[1]
    left = total - explained
    return np.divide(by_motifs / df1, left / df2, out=np.zeros_like(left), where=left > 1e-12 * total)


def effects_table(
    effects: Effects, shrunken: Effects, permutation_p: np.ndarray, motifs: pd.DataFrame, cell_types: Sequence[str]
) -> pd.DataFrame:
    """One row per motif and cell type.

    Parameters
    ----------
    effects, shrunken : Effects
        By least squares and by ridge regression.
    permutation_p : np.ndarray, shape (motifs, cell types)
    motifs : pd.DataFrame
        With ``motif`` and ``name``.
    cell_types : sequence of str

    Returns
    -------
    pd.DataFrame
        motif, name, cell_type, coefficient, standard_error, t, p, q, q_cell_type, permutation_p,
        ridge_coefficient, ridge_standard_error, ridge_p, ridge_q.
    """
    n_motifs, n_cell_types = effects.q.shape
    table = {
        "motif": np.repeat(motifs["motif"].to_numpy(), n_cell_types),
        "name": np.repeat(motifs["name"].to_numpy(), n_cell_types),
        "cell_type": np.tile(np.asarray(cell_types), n_motifs),
    }
    for name in ("coefficient", "standard_error", "t", "p", "q", "q_cell_type"):
        table[name] = getattr(effects, name).ravel()
    table["permutation_p"] = permutation_p.ravel()
    for name in ("coefficient", "standard_error", "p", "q"):
        table[f"ridge_{name}"] = getattr(shrunken, name).ravel()
    return pd.DataFrame(table)
