"""What the tests say when there is nothing to find: the same analysis with the genes shuffled, many times."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from ..job import progress
from .design import Design
from .effects import Effects, f_values, sandwich, t_values

THRESHOLDS = np.logspace(0, -6, 61)
"""p-values at which the null and the observed tests are counted."""
_STEP, _N_STEPS = 0.01, 3000
"""|t| is counted in steps of 0.01 up to 30."""


@dataclass(frozen=True)
class Null:
    """What permuting the genes leaves.

    Attributes
    ----------
    significant : np.ndarray, shape (permutations,)
        Share of motif x cell type pairs with q below the rate asked for.
    f : np.ndarray, shape (permutations, cell types)
        F of all motifs beyond the covariates.
    below : np.ndarray, shape (permutations, thresholds)
        Share of pairs whose HC3 p-value is at most each of :data:`THRESHOLDS`.
    reached : np.ndarray, shape (tested, steps), int
        For each tested motif, the number of permuted pairs, over all cell types and permutations, whose |t| is at least
        each step.
    """

    significant: np.ndarray
    f: np.ndarray
    below: np.ndarray
    reached: np.ndarray


def permute(design: Design, values: np.ndarray, n_permutations: int, rate: float, seed: int) -> Null:
    """Repeat the tests with the genes' expression rows shuffled; cell types stay correlated as they are.

    The sums are in single precision, which moves a t by about 1e-5.

    Parameters
    ----------
    design : Design
        From :func:`cisformula.cell_types.design.least_squares`.
    values : np.ndarray, shape (genes, cell types)
    n_permutations : int
    rate : float
        False discovery rate at which pairs are called significant.
    seed : int
    """
    rng = np.random.default_rng(seed)
    design, values = design.single_precision(), np.asarray(values, dtype=np.float32)
    n_tested, n_cell_types = len(design.to_coefficients), values.shape[1]
    n_pairs = n_tested * n_cell_types
    critical = stats.t.isf(rate * np.arange(1, n_pairs + 1) / n_pairs / 2, design.degrees_of_freedom)
    at_thresholds = stats.t.isf(THRESHOLDS / 2, design.degrees_of_freedom)
    total = (values**2).sum(axis=0)
    rows = np.repeat(np.arange(n_tested) * _N_STEPS, n_cell_types)
    counts = np.zeros(n_tested * _N_STEPS, dtype=np.int64)
    significant, f = np.empty(n_permutations), np.empty((n_permutations, n_cell_types))
    below = np.empty((n_permutations, len(THRESHOLDS)))
    for i in progress(range(n_permutations), n_permutations, "permutations"):
        shuffled = values[rng.permutation(len(values))]
        projected = design.Q.T @ shuffled
        t = np.abs(t_values(*sandwich(design, shuffled, projected))).ravel()
        counts += np.bincount(rows + np.minimum(t / _STEP, _N_STEPS - 1).astype(int), minlength=len(counts))
        t.sort()
        significant[i] = _n_rejected(t[::-1], critical) / n_pairs
        below[i] = 1 - np.searchsorted(t, at_thresholds) / n_pairs
        f[i] = f_values(design, projected, total)
    reached = counts.reshape(n_tested, _N_STEPS)[:, ::-1].cumsum(axis=1)[:, ::-1]
    return Null(significant, f, below, reached)


def _n_rejected(t: np.ndarray, critical: np.ndarray) -> int:
    """Number of tests that Benjamini-Hochberg rejects, from falling |t| and the value that each rank must reach."""
    passed = np.flatnonzero(t >= critical)
    return int(passed[-1]) + 1 if len(passed) else 0


def p_of_effects(effects: Effects, design: Design, null: Null) -> np.ndarray:
    """Share of a motif's permuted pairs, the observed one counted in, that reach its |t| in a cell type.

    Pairs of all cell types serve together, so that the smallest p is one in permutations x cell types. |t| is rounded
    down to steps of 0.01, so p is at most a little too large.

    Returns
    -------
    np.ndarray, shape (motifs, cell types)
        NaN where a motif is not estimable.
    """
    steps = np.minimum(np.abs(effects.t[design.estimable]) / _STEP, _N_STEPS - 1).astype(int)
    reached = np.take_along_axis(null.reached, steps, axis=1)
    p = np.full(effects.t.shape, np.nan)
    p[design.estimable] = (1 + reached) / (1 + null.reached[:, :1])
    return p


def p_of_groups(observed_f: np.ndarray, null: Null) -> np.ndarray:
    """Share of permutations, the observed order counted in, whose F reaches the observed one; shape (cell types,)."""
    return (1 + (null.f >= observed_f).sum(axis=0)) / (1 + len(null.f))


def permutation_table(null: Null) -> pd.DataFrame:
    """One row per permutation: permutation, significant_share, and mean_f over cell types."""
    return pd.DataFrame(
        {
            "permutation": np.arange(1, len(null.f) + 1),
            "significant_share": null.significant,
            "mean_f": null.f.mean(axis=1),
        }
    )


def quantiles(effects: Effects, null: Null) -> pd.DataFrame:
    """How often p-values fall below each threshold: if the test is calibrated, the permuted share is the threshold.

    Returns
    -------
    pd.DataFrame
        threshold, permuted, permuted_low, permuted_high (95 % of permutations), observed.
    """
    p = effects.p[np.isfinite(effects.p)]
    low, high = np.quantile(null.below, [0.025, 0.975], axis=0)
    return pd.DataFrame(
        {
            "threshold": THRESHOLDS,
            "permuted": null.below.mean(axis=0),
            "permuted_low": low,
            "permuted_high": high,
            "observed": (p[:, None] <= THRESHOLDS).mean(axis=0),
        }
    )
