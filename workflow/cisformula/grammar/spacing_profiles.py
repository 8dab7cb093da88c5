"""Whether the distances between two nodes follow their null as a whole, and whether they know the helix."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from .spacing import DistanceCounts

HELIX = 10.5
"""Bases of one turn of DNA."""
MIN_EXPECTED = 5.0
"""Fewest promoters expected in a bin of the chi-square test."""
MIN_TURNS_EXPECTED = 50.0
"""Fewest promoters expected over all distances of the test of the helical phase."""


class GlobalTest(NamedTuple):
    """Chi-square test of each pair of nodes and class; shape (pairs, 4) each, NaN where too little is expected.

    Attributes
    ----------
    chi2, df, p : np.ndarray
        Statistic, degrees of freedom (the number of bins: the null fixes the sum over classes only, so that the test of
        one class errs on the safe side) and p-value.
    """

    chi2: np.ndarray
    df: np.ndarray
    p: np.ndarray


class HelicalTest(NamedTuple):
    """Test of the helical period for each pair and class; shape (pairs, 4) each, NaN where too little is expected.

    Attributes
    ----------
    p : np.ndarray
    phase : np.ndarray
        The distance, from 0 to less than :data:`HELIX`, at which promoters are most in excess, in bases.
    strength : np.ndarray
        Amplitude of the excess at this period, as a share of what is expected.
    """

    p: np.ndarray
    phase: np.ndarray
    strength: np.ndarray


def global_test(counts: DistanceCounts) -> GlobalTest:
    """Compare the distances with their null over the widest range of bins that each expect enough.

    Bins are joined by twos, fours and so on until each expects at least :data:`MIN_EXPECTED` promoters, and of these
    the finest are used, two bins at least.

    Parameters
    ----------
    counts : DistanceCounts
        In bins of several bases.
    """
    shape = counts.observed.shape[:2]
    chi2, df = np.full(shape, np.nan), np.full(shape, np.nan)
    joined = 1
    while counts.observed.shape[2] >= 2 * joined:
        starts = np.arange(0, counts.observed.shape[2] - joined + 1, joined)
        observed, expected = (np.add.reduceat(array, starts, axis=2) for array in (counts.observed, counts.expected))
        enough = np.isnan(chi2) & (expected.min(axis=2) >= MIN_EXPECTED)
        chi2[enough] = ((observed[enough] - expected[enough]) ** 2 / expected[enough]).sum(axis=1)
        df[enough] = len(starts)
        joined *= 2
    return GlobalTest(chi2, df, stats.chi2.sf(chi2, df))


def helical_test(counts: DistanceCounts, left_out: np.ndarray) -> HelicalTest:
    """Test for a period of :data:`HELIX` bases in the excess over the null.

    The Fourier component of the excess has two parts; under independent Poisson counts their covariance is known, and
    their squared length in units of it follows a chi-square law with two degrees of freedom. The null is first scaled
    to the observed number, so that an excess at all distances is no period.

    Parameters
    ----------
    counts : DistanceCounts
        At single distances.
    left_out : np.ndarray, shape (pairs, 4, distances), bool
        Distances that are rules, of which each would look like a period.
    """
    observed = np.where(left_out, 0, counts.observed)
    expected = np.where(left_out, 0.0, counts.expected)
    total = expected.sum(axis=2)
    enough = total >= MIN_TURNS_EXPECTED
    scale = np.divide(observed.sum(axis=2), total, out=np.ones_like(total), where=total > 0)
    expected = expected * scale[:, :, None]
    angle = 2 * np.pi * counts.edges[:-1] / HELIX
    waves = np.stack([np.cos(angle), np.sin(angle)])
    parts = (observed - expected) @ waves.T
    products = expected @ np.stack([waves[0] ** 2, waves[0] * waves[1], waves[1] ** 2]).T
    determinant = products[..., 0] * products[..., 2] - products[..., 1] ** 2
    length = products[..., 2] * parts[..., 0] ** 2 + products[..., 0] * parts[..., 1] ** 2
    length -= 2 * products[..., 1] * parts[..., 0] * parts[..., 1]
    enough &= determinant > 0
    statistic = np.divide(length, determinant, out=np.full_like(length, np.nan), where=enough)
    phase = np.where(enough, np.arctan2(parts[..., 1], parts[..., 0]) / (2 * np.pi) * HELIX % HELIX, np.nan)
    amplitude = 2 * np.hypot(parts[..., 0], parts[..., 1])
    strength = np.divide(amplitude, expected.sum(axis=2), out=np.full_like(amplitude, np.nan), where=enough)
    return HelicalTest(stats.chi2.sf(statistic, 2), phase, strength)
