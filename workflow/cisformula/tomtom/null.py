"""Exact null distribution of the score of a query's best alignment (Gupta et al. 2007, Tanaka et al. 2011).

Under the null every aligned query column meets a column drawn from all target columns, alignments are independent of
each other, and the other strand is a second independent target. The score of a contiguous part of the query is then
the convolution of its columns' score histograms, and the best alignment with a target depends on the target only
through its width: one table of p-values serves all targets of that width.
"""

import numba
import numpy as np

from .column_scores import LEVELS, IntegerScores

BITS = 990
"""Probabilities are scaled up by 2 to this power, shared out over the columns, so that those of wide queries do not
underflow. Powers of two leave all digits as they are."""


def log_p_values(query: IntegerScores, target_widths: np.ndarray) -> np.ndarray:
    """Natural logarithm of the p-value of every best score, for targets of several widths.

    Parameters
    ----------
    query : IntegerScores
        Complete scores.
    target_widths : np.ndarray, shape (widths,), int

    Returns
    -------
    np.ndarray, shape (widths, scores)
        Column k is the p-value of a best alignment whose aligned columns sum to k - zero * (unaligned columns).

    Notes
    -----
    With S_i(k) the upper tail of configuration i, p(k) = 1 - prod_i (1 - S_i(k))^2. Configurations of equal overlap at
    the ends of the query recur for all target widths, so their logarithms are added up once.
    """
    histograms, bits = scaled_histograms(query)
    return _log_p_values(histograms, bits, query.zero, np.asarray(target_widths))


def scaled_histograms(query: IntegerScores) -> tuple[np.ndarray, int]:
    """Probabilities of the scores of each query column, scaled up; shape (width, LEVELS + 1), and by how many bits."""
    width, n_columns = query.scores.shape
    histograms = np.stack([np.bincount(row, minlength=LEVELS + 1) for row in query.scores]) / n_columns
    bits = BITS // width
    return np.ldexp(histograms, bits), bits


@numba.njit(cache=True, nogil=True)
def _log_p_values(histograms, bits, zero, target_widths):
    width, levels = len(histograms), histograms.shape[1] - 1
    n_scores = levels * width + zero * (width - 1) + 1
    # Of the parts of one length: sums over the ends of the query, and over all places of the part in it.
    # Row 0 holds log(1 - S), row 1 the scaled S, which alone remains where S is too small for the first.
    ends = np.zeros((width + 1, 2, n_scores))
    places = np.zeros((width + 1, 2, n_scores))
    densities = np.ones((width, 1))
    for length in range(1, width + 1):
        grown = np.zeros((width - length + 1, levels * length + 1))
        for first in range(width - length + 1):
            convolve(densities[first], histograms[first + length - 1], grown[first])
        densities = grown
        shift = zero * (width - length)
        for first in range(width - length + 1):
            tail = _upper_tail(densities[first], shift, n_scores, -bits * length, bits * (width - length))
            places[length] += tail
            if first == 0:
                ends[length] += tail
            if first == width - length:
                ends[length] += tail
    result = np.empty((len(target_widths), n_scores))
    for row, target in enumerate(target_widths):
        total = places[min(target, width)].copy()
        if target > width:
            total *= target - width + 1
        for length in range(1, min(target, width)):
            total += ends[length]
        for k in range(n_scores):
            # Twice: the target and its other strand.
            if total[0, k] < -1e-200:
                result[row, k] = np.log(-np.expm1(2 * total[0, k]))
            else:
                result[row, k] = np.log(2 * total[1, k]) - bits * width * np.log(2.0)
    return result


@numba.njit(cache=True, nogil=True)
def convolve(density, histogram, grown):
    """Add the convolution of a density with a histogram of single scores to ``grown``."""
    for level in range(len(histogram)):
        if histogram[level] > 0:
            for score in range(len(density)):
                grown[score + level] += density[score] * histogram[level]


@numba.njit(cache=True, nogil=True)
def _upper_tail(density, shift, n_scores, to_probability, to_common_scale):
    """log(1 - S) and S scaled, shape (2, scores), of a density that starts at a shift; summed from the top down."""
    result = np.zeros((2, n_scores))
    tail = 0.0
    for k in range(shift + len(density) - 1, -1, -1):
        if k >= shift:
            tail += density[k - shift]
        # Rounding may carry a sum of probabilities above 1.
        result[0, k] = np.log1p(-min(np.ldexp(tail, to_probability), 1.0))
        result[1, k] = np.ldexp(tail, to_common_scale)
    return result
