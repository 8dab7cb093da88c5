"""Scores of query columns against target columns, as the integers that Tomtom adds up.

Sources: Gupta et al. 2007, Genome Biology 8:R24 (column scores, integers); Tanaka et al. 2011, Bioinformatics 27:1603
(complete scores).
"""

from typing import NamedTuple

import numba
import numpy as np

LEVELS = 100
"""Scores of one column pair are integers 0..LEVELS."""
DISTANCES = ("pearson", "ed")


class IntegerScores(NamedTuple):
    """Scores of the columns of a query against all target columns.

    Attributes
    ----------
    scores : np.ndarray, shape (query width, target columns), uint8
        0..:data:`LEVELS`.
    zero : int
        What a column that stays unaligned counts, on the same scale.
    """

    scores: np.ndarray
    zero: int


def column_scores(query: np.ndarray, targets: np.ndarray, distance: str) -> np.ndarray:
    """Similarity of every query column to every target column, larger is more similar.

    Parameters
    ----------
    query : np.ndarray, shape (width, 4)
        Frequencies.
    targets : np.ndarray, shape (target columns, 4)
    distance : str
        ``pearson``: correlation about a fixed mean of 1/4, 0 if a column is uniform; ``ed``: minus the Euclidean
        distance.

    Returns
    -------
    np.ndarray, shape (width, target columns)
    """
    scores = np.empty((len(query), len(targets)))
    {"pearson": _pearson, "ed": _euclidean}[distance](query, targets, scores)
    return scores


@numba.njit(cache=True, nogil=True)
def _pearson(query, targets, scores):
    norms = np.empty(len(targets))
    for t in range(len(targets)):
        norms[t] = 0.0
        for base in range(4):
            norms[t] += (targets[t, base] - 0.25) ** 2
    for q in range(len(query)):
        norm = 0.0
        for base in range(4):
            norm += (query[q, base] - 0.25) ** 2
        for t in range(len(targets)):
            product = 0.0
            for base in range(4):
                product += (query[q, base] - 0.25) * (targets[t, base] - 0.25)
            both = norm * norms[t]
            scores[q, t] = product / np.sqrt(both) if both > 0 else 0.0


@numba.njit(cache=True, nogil=True)
def _euclidean(query, targets, scores):
    for q in range(len(query)):
        for t in range(len(targets)):
            squares = 0.0
            for base in range(4):
                squares += (query[q, base] - targets[t, base]) ** 2
            scores[q, t] = -np.sqrt(squares)


def to_integers(scores: np.ndarray, complete: bool) -> IntegerScores:
    """Map scores to integers, with complete scores after centring each query column on its median.

    Parameters
    ----------
    scores : np.ndarray, shape (width, target columns)
        Of an even number of target columns, as both strands of every target are there. Changed in place.
    complete : bool
        Whether a column that stays unaligned counts as the median score; otherwise it counts nothing.
    """
    if complete:
        middle = scores.shape[1] // 2 - 1
        scores -= np.partition(scores, middle, axis=1)[:, middle : middle + 1]
    low, high = scores.min(), scores.max()
    if low == high:
        low = high - 1
    offset = np.floor(low)
    scale = np.floor(LEVELS / (high - offset))
    rounded = np.floor((scores - offset) * scale + 0.5).astype(np.uint8)
    return IntegerScores(rounded, int(-offset * scale) if complete else 0)
