"""Incomplete scores: an alignment is judged by its aligned columns alone (Gupta et al. 2007).

The p-value of an alignment is that of the sum of its columns' scores, and a pair of motifs is judged by its smallest
p-value, corrected for the number of alignments tried.
"""

import numba
import numpy as np

from .alignment import BestAlignments, Targets
from .column_scores import IntegerScores
from .null import convolve, scaled_histograms


def most_significant(query: IntegerScores, targets: Targets, min_overlap: int) -> BestAlignments:
    """The alignments with the smallest p-value; ties go to the larger overlap, then to the smaller offset.

    With p the smallest p-value of n alignments on both strands, that of the pair is 1 - (1 - p)^n.

    Parameters
    ----------
    query : IntegerScores
        Incomplete scores.
    targets : Targets
    min_overlap : int
        Fewest aligned columns; where a motif is narrower than this, its width.
    """
    tails, places = _log_tails(*scaled_histograms(query))
    return BestAlignments(*_most_significant(query.scores, tails, places, targets.starts, targets.widths, min_overlap))


@numba.njit(cache=True, nogil=True)
def _log_tails(histograms, bits):
    """Logarithm of P(score >= k) of each contiguous part of the query, laid end to end, and where each part's begin."""
    width, levels = len(histograms), histograms.shape[1] - 1
    places = np.zeros((width, width + 1), np.int64)
    size = 0
    for first in range(width):
        for length in range(1, width - first + 1):
            places[first, length] = size
            size += levels * length + 1
    tails = np.empty(size)
    for first in range(width):
        density = np.ones(1)
        for length in range(1, width - first + 1):
            grown = np.zeros(levels * length + 1)
            convolve(density, histograms[first + length - 1], grown)
            density = grown
            tail = 0.0
            for k in range(levels * length, -1, -1):
                tail += density[k]
                tails[places[first, length] + k] = min(np.log(tail) - bits * length * np.log(2.0), 0.0)
    return tails, places


@numba.njit(cache=True, nogil=True)
def _most_significant(scores, tails, places, starts, widths, min_overlap):
    width, n = len(scores), len(starts)
    best_log_p, best_offset, best_overlap = np.empty(n), np.empty(n, np.int64), np.empty(n, np.int64)
    for target in range(n):
        needed = min(min_overlap, width, widths[target])
        best = np.inf
        for end in range(needed, width + widths[target] - needed + 1):
            first, last = max(0, width - end), min(width, widths[target] + width - end)
            total = 0
            shift = starts[target] + end - width
            for column in range(first, last):
                total += scores[column, shift + column]
            log_p = tails[places[first, last - first] + total]
            if log_p < best or (log_p == best and last - first > best_overlap[target]):
                best = log_p
                best_offset[target], best_overlap[target] = end - width, last - first
        n_alignments = 2 * (width + widths[target] - 2 * needed + 1)
        if best > -400:
            best_log_p[target] = np.log(-np.expm1(n_alignments * np.log1p(-np.exp(best)))) if best < 0 else 0.0
        else:
            best_log_p[target] = best + np.log(n_alignments)
    return best_log_p, best_offset, best_overlap
