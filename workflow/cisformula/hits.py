"""Motif hits: integer score matrices, exact p-value tables and counts of hits per promoter.

The score of a window is the sum of integers obtained from log-odds as FIMO does (Grant et al. 2011): frequencies with a
pseudocount of 0.1, log2 against the background, mapped to 0..1000. Its p-value is exact under a background of
independent bases. Lightmotif scans the integers, so the hits do not depend on floating-point rounding.
"""

from dataclasses import dataclass

import lightmotif
import numpy as np
from scipy import sparse

from .job import progress
from .pwm import UNIFORM, Motif
from .sequence import decode

PSEUDOCOUNT = 0.1
SCORE_RANGE = 1000


@dataclass(frozen=True)
class ScoreMatrix:
    """Integer scores of a motif and the scores from which a window is a hit.

    Attributes
    ----------
    scores : np.ndarray, shape (width, 4), int64
        Score of each base at each position.
    thresholds : np.ndarray of int
        For each p-value asked for, the smallest window score whose p-value is at most that; above every score if
        there is none.
    """

    scores: np.ndarray
    thresholds: np.ndarray

    def reverse_complement(self) -> "ScoreMatrix":
        """The matrix that scores the other strand."""
        return ScoreMatrix(self.scores[::-1, ::-1], self.thresholds)


def integer_scores(motif: Motif, background: np.ndarray = UNIFORM) -> np.ndarray:
    """Log-odds of a motif mapped to integers 0..1000; shape (width, 4).

    Parameters
    ----------
    motif : Motif
    background : np.ndarray, shape (4,)
        Frequencies of A, C, G, T outside the motif.
    """
    smoothed = (motif.nsites * motif.pfm + PSEUDOCOUNT * background) / (motif.nsites + PSEUDOCOUNT)
    log_odds = np.log2(smoothed / background)
    offset = np.floor(log_odds.min())
    spread = log_odds.max() - offset
    scale = np.floor(SCORE_RANGE / spread) if spread > 0 else 0.0
    return np.floor((log_odds - offset) * scale + 0.5).astype(np.int64)


def p_values(scores: np.ndarray, background: np.ndarray = UNIFORM) -> np.ndarray:
    """P-value of every attainable window score 0..sum of column maxima, by dynamic programming.

    Parameters
    ----------
    scores : np.ndarray, shape (width, 4), int
    background : np.ndarray, shape (4,)

    Returns
    -------
    np.ndarray, shape (highest score + 1,)
        ``p[s]`` is the probability that a random window scores at least ``s``.
    """
    density = np.ones(1)
    for column in scores:
        grown = np.zeros(len(density) + int(column.max()))
        for score, probability in zip(column, background, strict=True):
            grown[score : score + len(density)] += probability * density
        density = grown
    return np.minimum(np.cumsum(density[::-1])[::-1], 1.0)


def score_matrix(motif: Motif, limits: np.ndarray, background: np.ndarray = UNIFORM) -> ScoreMatrix:
    """Integer scores of a motif with the hit threshold for each p-value of ``limits``."""
    scores = integer_scores(motif, background)
    table = p_values(scores, background)
    return ScoreMatrix(scores, np.searchsorted(-table, -np.asarray(limits) * (1 + 1e-12)))


def grade_limits(p_value: float, grades: int) -> np.ndarray:
    """P-values of the grades: ``p_value``, a quarter of it, a sixteenth ...; shape (grades,)."""
    return p_value * 0.25 ** np.arange(grades)


def _hit_positions(matrix: ScoreMatrix, striped: lightmotif.StripedSequence) -> list[np.ndarray]:
    """Positions of the windows that reach each threshold, in no particular order."""
    columns = {base: matrix.scores[:, i].astype(float).tolist() for i, base in enumerate("ACGT")}
    # The wildcard column must be hopeless: windows with unknown bases are no hits.
    columns["N"] = [-1e6] * len(matrix.scores)
    scores = lightmotif.ScoringMatrix(columns).calculate(striped)
    return [np.asarray(scores.threshold(limit - 0.5), dtype=np.int64) for limit in matrix.thresholds]


def count_hits(
    codes: np.ndarray,
    motifs: list[Motif],
    p_value: float,
    background: np.ndarray = UNIFORM,
    both_strands: bool = True,
    grades: int = 1,
) -> sparse.csr_matrix:
    """Number of hits of each motif in each sequence.

    A palindromic site found on both strands at the same place counts once. With several grades a strong site counts
    more than a weak one: once for each of the p-values of :func:`grade_limits` that it reaches.

    Parameters
    ----------
    codes : np.ndarray, shape (n_sequences, length), uint8
        Encoded sequences (see :func:`cisformula.sequence.encode`).
    motifs : list of Motif
    p_value : float
        A window is a hit when its score has at most this p-value.
    background : np.ndarray, shape (4,)
        Must not be estimated from held-out sequences if the counts feed a held-out evaluation.
    both_strands : bool
        Also scan the reverse complement.
    grades : int
        1 counts every hit once.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_sequences, n_motifs), int32
    """
    n_sequences, length = codes.shape
    striped = lightmotif.stripe(decode(codes.ravel()))
    limits = grade_limits(p_value, grades)
    indices, counts, starts = [], [], [0]
    for motif in progress(motifs, len(motifs), "motifs scanned"):
        matrix = score_matrix(motif, limits, background)
        found = _hit_positions(matrix, striped)
        if both_strands:
            reverse = _hit_positions(matrix.reverse_complement(), striped)
            found = [np.union1d(*pair) for pair in zip(found, reverse, strict=True)]
        places = np.concatenate(found)
        places = places[places % length <= length - motif.width]
        sequences, n_hits = np.unique(places // length, return_counts=True)
        indices.append(sequences)
        counts.append(n_hits)
        starts.append(starts[-1] + len(sequences))
    columns = sparse.csc_matrix(
        (np.concatenate(counts).astype(np.int32), np.concatenate(indices), starts), shape=(n_sequences, len(motifs))
    )
    return columns.tocsr()
