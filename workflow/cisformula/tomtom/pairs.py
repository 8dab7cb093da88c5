"""Similarity of motifs to each other on Tomtom's scale, for clustering."""

import numpy as np

from ..pwm import UNIFORM, Motif
from ..similarity import DECIMALS, Alignment
from .comparison import Search

LOG10_P_OF_ONE = 10
"""-log10 p that stands for similarity 1."""


def align_all(motifs: list[Motif], distance: str, min_overlap: int, background: np.ndarray = UNIFORM) -> Alignment:
    """Align every motif with every other as Tomtom does.

    The similarity of a pair is a tenth of -log10 p, the mean of both directions, and at most 1: 0.4 says p = 1e-4. A
    motif is as like itself as can be.

    Parameters
    ----------
    motifs : list of Motif
        Also the targets whose columns the p-values are taken from.
    distance, min_overlap, background
        As for :func:`cisformula.tomtom.compare`.
    """
    search = Search(motifs, (background + background[::-1]) / 2, distance, min_overlap, np.inf, complete=True)
    n = len(motifs)
    log_p = np.empty((n, n))
    offset, overlap, reverse = np.empty((n, n), int), np.empty((n, n), int), np.empty((n, n), bool)
    for row, motif in enumerate(motifs):
        found = search.align(motif)
        # The better strand; the given one if both are alike.
        strand = 2 * np.arange(n) + (found.log_p[1::2] < found.log_p[0::2])
        log_p[row], offset[row], overlap[row] = (values[strand] for values in found)
        reverse[row] = strand % 2 == 1
    similarity = np.minimum(-(log_p + log_p.T) / (2 * np.log(10) * LOG10_P_OF_ONE), 1.0)
    np.fill_diagonal(similarity, 1.0)
    return Alignment(np.round(similarity, DECIMALS), offset, overlap, reverse)
