"""Distances at which the sites of two nodes lie in more promoters than their places explain.

Every distance, and every bin of ten, is tested by itself: the number of promoters is at most Poisson-distributed about
its expectation, since each counts once. All tests share one false discovery rate (Benjamini & Hochberg 1995).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special

from ..hits import bin_edges
from .site_pairs import SitePairs, count_promoters

RESOLUTIONS = (1, 10)
"""Bases of a bin: exact distances, and loose preferences."""
BIN_COLUMNS = ["pair", "kind", "resolution", "low", "high", "observed", "expected", "fold", "p", "q"]


class DistanceCounts(NamedTuple):
    """Promoters with pairs of sites, by bins of distances.

    Attributes
    ----------
    resolution : int
        Bases of a bin.
    edges : np.ndarray, shape (bins + 1,)
        First distance of each bin, and the one after the last.
    observed : np.ndarray, shape (pairs of nodes, 4, bins), int64
    expected : np.ndarray, shape (pairs of nodes, 4, bins)
        As many in all of a pair of nodes as are observed.
    """

    resolution: int
    edges: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


class Limits(NamedTuple):
    """What makes a rule of a bin.

    Attributes
    ----------
    fdr : float
        Largest q-value.
    min_fold : float
        Least ratio of observed to expected promoters.
    min_promoters : int
        Fewest promoters.
    """

    fdr: float
    min_fold: float
    min_promoters: int

    def met(self, observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
        """Whether bins hold enough promoters, in number and in fold."""
        return (observed >= self.min_promoters) & (observed >= self.min_fold * expected)


def count_by_distance(pairs: SitePairs, expected: np.ndarray, resolution: int) -> DistanceCounts:
    """Promoters observed and expected in bins of distances.

    Parameters
    ----------
    pairs : SitePairs
    expected : np.ndarray, shape (pairs of nodes, 4, max_distance + 1)
        Pairs of sites, from :func:`cisformula.grammar.spacing_null.expected_pairs`.
    resolution : int
        Bases of a bin; the last takes up what is left, if that is less than half a bin.
    """
    n_pairs, _, n_distances = expected.shape
    edges = bin_edges(n_distances, resolution)
    observed = count_promoters(pairs, n_pairs, np.searchsorted(edges, np.arange(n_distances), side="right") - 1)
    total = expected.sum(axis=(1, 2))
    # A promoter with several pairs in a bin counts once: fewer are expected than there are pairs.
    share = np.divide(observed.sum(axis=(1, 2)), total, out=np.zeros_like(total), where=total > 0)
    return DistanceCounts(
        resolution, edges, observed, np.add.reduceat(expected, edges[:-1], axis=2) * share[:, None, None]
    )


def upper_tail(observed: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Probability of at least so many events under a Poisson law."""
    observed = np.asarray(observed, dtype=float)
    return np.where(observed > 0, special.gammainc(np.maximum(observed, 1), expected), 1.0)


def significant_bins(counts: list[DistanceCounts], limits: Limits) -> tuple[pd.DataFrame, float]:
    """Bins with more promoters than expected, at one false discovery rate over all of them.

    Pairs of nodes with fewer than ``limits.min_promoters`` pairs of sites in all, at which the null does not look,
    cannot yield a rule and are not tested.

    Returns
    -------
    bins : pd.DataFrame
        :data:`BIN_COLUMNS`: number of the pair and the class, bases of a bin, its first and last distance; the most
        significant first.
    limit : float
        The largest p-value that is significant; 0 if none is.
    """
    tables, n_tests = [], 0
    for level in counts:
        tested = (level.observed.sum(axis=(1, 2)) >= limits.min_promoters)[:, None, None] & (level.expected > 0)
        n_tests += int(tested.sum())
        pair, kind, column = np.nonzero(tested & (level.observed > 0))
        observed, expected = level.observed[pair, kind, column], level.expected[pair, kind, column]
        tables.append(
            pd.DataFrame(
                {
                    "pair": pair,
                    "kind": kind,
                    "resolution": level.resolution,
                    "low": level.edges[column],
                    "high": level.edges[column + 1] - 1,
                    "observed": observed,
                    "expected": expected,
                    "fold": observed / expected,
                    "p": upper_tail(observed, expected),
                }
            )
        )
    bins = pd.concat(tables, ignore_index=True)
    # Where p-values are too small for a number, the deviance still tells which is smaller.
    deviance = special.rel_entr(bins["observed"], bins["expected"]) - bins["observed"] + bins["expected"]
    bins = bins.iloc[np.lexsort((-deviance, bins["p"]))].reset_index(drop=True)
    ranked = bins["p"].to_numpy() * n_tests / np.arange(1, len(bins) + 1)
    bins["q"] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1)
    significant = bins[bins["q"] < limits.fdr]
    return significant[BIN_COLUMNS], float(significant["p"].max()) if len(significant) else 0.0


def candidate_bins(bins: pd.DataFrame, limits: Limits) -> pd.DataFrame:
    """Those of the significant bins with enough promoters, in number and in fold, in the same order."""
    return bins[limits.met(bins["observed"], bins["expected"])].reset_index(drop=True)
