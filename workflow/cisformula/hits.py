"""Motif hits: integer score matrices, exact p-value tables, hits with their places, and counts of hits per promoter.

The score of a window is the sum of integers obtained from log-odds as FIMO does (Grant et al. 2011): frequencies with a
pseudocount of 0.1, log2 against the background, mapped to 0..1000. Its p-value is exact under a background of
independent bases. Lightmotif scans the integers, so the hits do not depend on floating-point rounding.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import lightmotif
import numpy as np

from .job import progress
from .pwm import UNIFORM, Motif
from .sequence import centre, decode

SCORE_RANGE = 1000
CHUNK_BASES = 300_000
"""Bases scanned at once, so that memory does not grow with the input."""


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
    offset, scale : float
        A score is the log-odds in bits, less the offset, times the scale.
    """

    scores: np.ndarray
    thresholds: np.ndarray
    offset: float
    scale: float

    def reverse_complement(self) -> "ScoreMatrix":
        """The matrix that scores the other strand."""
        return replace(self, scores=self.scores[::-1, ::-1])

    def bits(self, total: np.ndarray) -> np.ndarray:
        """Window scores in bits: log2 odds against the background, as rounded for scanning."""
        return np.asarray(total) / (self.scale or 1.0) + len(self.scores) * self.offset


def integer_scores(motif: Motif, background: np.ndarray = UNIFORM) -> np.ndarray:
    """Log-odds of a motif mapped to integers 0..1000; shape (width, 4).

    Parameters
    ----------
    motif : Motif
    background : np.ndarray, shape (4,)
        Frequencies of A, C, G, T outside the motif.
    """
    return _scaled(motif, background)[0]


def _scaled(motif: Motif, background: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Integer scores, and the offset and scale that made them from log-odds in bits."""
    log_odds = np.log2(motif.smoothed(background) / background)
    offset = np.floor(log_odds.min())
    spread = log_odds.max() - offset
    scale = np.floor(SCORE_RANGE / spread) if spread > 0 else 0.0
    return np.floor((log_odds - offset) * scale + 0.5).astype(np.int64), float(offset), float(scale)


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
    scores, offset, scale = _scaled(motif, background)
    table = p_values(scores, background)
    return ScoreMatrix(scores, np.searchsorted(-table, -np.asarray(limits) * (1 + 1e-12)), offset, scale)


def grade_limits(p_value: float, grades: int) -> np.ndarray:
    """P-values of the grades: ``p_value``, a quarter of it, a sixteenth ...; shape (grades,)."""
    return p_value * 0.25 ** np.arange(grades)


def bin_edges(length: int, width: int | None) -> np.ndarray:
    """Edges of position bins for :func:`count_hits`, shape (bins + 1,).

    Parameters
    ----------
    length : int
        Bases of a sequence.
    width : int or None
        Bases of a bin; the last takes up what is left, if that is less than half a bin. None makes one bin of all.
    """
    if width is None or width >= length:
        return np.array([0, length])
    starts = np.arange(0, length, width)
    if len(starts) > 1 and length - starts[-1] < width / 2:
        starts = starts[:-1]
    return np.append(starts, length)


class Hits(NamedTuple):
    """Hits of one motif in some sequences, in no particular order.

    Attributes
    ----------
    sequence : np.ndarray, shape (hits,), int64
        Row of the sequence.
    start : np.ndarray, shape (hits,), int64
        First base of the site, counted from the first base of the sequence.
    strand : np.ndarray, shape (hits,), int8
        1 for the strand given, -1 for its reverse complement, 0 for a palindromic site found on both.
    grade : np.ndarray, shape (hits,), int8
        How often the hit counts: how many of the p-values of :func:`grade_limits` it reaches, on its better strand.
    """

    sequence: np.ndarray
    start: np.ndarray
    strand: np.ndarray
    grade: np.ndarray


class Scanner:
    """Motifs made ready to be found in any number of sequences.

    Parameters
    ----------
    motifs, p_value, background, both_strands, grades
        See :func:`count_hits`.

    Attributes
    ----------
    motifs : list of Motif
    matrices : list of ScoreMatrix
        One for each motif, for the strand given.
    """

    def __init__(
        self,
        motifs: list[Motif],
        p_value: float,
        background: np.ndarray = UNIFORM,
        both_strands: bool = True,
        grades: int = 1,
    ):
        self.motifs = motifs
        limits = grade_limits(p_value, grades)
        self.matrices = [score_matrix(motif, limits, background) for motif in motifs]
        self._forward = [_engine(matrix.scores) for matrix in self.matrices]
        self._reverse = [_engine(matrix.scores[::-1, ::-1]) if both_strands else None for matrix in self.matrices]

    def hits(self, codes: np.ndarray) -> Iterator[Hits]:
        """Hits of each motif in turn.

        Parameters
        ----------
        codes : np.ndarray, shape (n_sequences, length), uint8
            Encoded sequences, scanned all at once: see :func:`chunks`.
        """
        length = codes.shape[1]
        striped = lightmotif.stripe(decode(codes.ravel()))
        scratch = np.zeros(codes.size, dtype=np.int8)
        for motif, matrix, forward, reverse in zip(
            self.motifs, self.matrices, self._forward, self._reverse, strict=True
        ):
            place, grade = _graded_places(forward, striped, matrix.thresholds)
            strand = np.ones(len(place), dtype=np.int8)
            if reverse is not None:
                other, other_grade = _graded_places(reverse, striped, matrix.thresholds)
                place, grade, strand = _merge(place, grade, other, other_grade, scratch)
            sequence = place // length
            start = place - sequence * length
            # The sequences were scanned as one: a window across a border is none.
            whole = start <= length - motif.width
            yield Hits(sequence[whole], start[whole], strand[whole], grade[whole])

    def count(self, codes: np.ndarray, bin_edges: np.ndarray | None = None) -> np.ndarray:
        """Number of graded hits of each motif in each sequence and position bin; see :func:`count_hits`.

        Returns
        -------
        np.ndarray, shape (n_sequences, n_motifs, bins), int32
        """
        edges = np.array([0, codes.shape[1]]) if bin_edges is None else np.asarray(bin_edges)
        n_bins = len(edges) - 1
        bin_of = np.searchsorted(edges, np.arange(codes.shape[1]), side="right") - 1
        counts = np.empty((len(codes), len(self.motifs), n_bins), dtype=np.int32)
        for column, hits in enumerate(self.hits(codes)):
            cell = hits.sequence * n_bins + bin_of[centre(hits.start, self.motifs[column].width)]
            counts[:, column] = np.bincount(cell, hits.grade, len(codes) * n_bins).reshape(len(codes), n_bins)
        return counts


def _engine(scores: np.ndarray) -> lightmotif.ScoringMatrix:
    columns = {base: scores[:, i].astype(float).tolist() for i, base in enumerate("ACGT")}
    # The wildcard column must be hopeless: windows with unknown bases are no hits.
    columns["N"] = [-1e6] * len(scores)
    return lightmotif.ScoringMatrix(columns)


def _graded_places(
    engine: lightmotif.ScoringMatrix, striped: lightmotif.StripedSequence, thresholds: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Windows that reach the lowest threshold, and how many of the ascending thresholds each reaches."""
    found = [(hit.position, hit.score) for hit in lightmotif.scan(engine, striped, threshold=thresholds[0] - 0.5)]
    if not found:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int8)
    place, score = np.array(found).T
    return place.astype(np.int64), np.searchsorted(thresholds, score, side="right").astype(np.int8)


def _merge(
    place: np.ndarray, grade: np.ndarray, other: np.ndarray, other_grade: np.ndarray, scratch: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places of both strands, each once with its better grade, and the strand; ``scratch`` is zeros and stays so."""
    scratch[place] = grade
    grade_here = scratch[other]
    scratch[other] = np.maximum(grade_here, other_grade)
    grade = scratch[place]
    scratch[place] = 1
    shared = grade_here > 0
    scratch[other[shared]] = 0
    strand = scratch[place]
    scratch[place] = scratch[other] = 0
    new = ~shared
    return (
        np.concatenate([place, other[new]]),
        np.concatenate([grade, other_grade[new]]),
        np.concatenate([strand, np.full(new.sum(), -1, dtype=np.int8)]),
    )


def chunks(codes: np.ndarray) -> list[np.ndarray]:
    """Sequences in groups of about :data:`CHUNK_BASES` bases, in order."""
    rows = max(1, CHUNK_BASES // max(1, codes.shape[1]))
    return [codes[start : start + rows] for start in range(0, len(codes), rows)]


def count_hits(
    codes: np.ndarray,
    motifs: list[Motif],
    p_value: float,
    background: np.ndarray = UNIFORM,
    both_strands: bool = True,
    grades: int = 1,
    bin_edges: np.ndarray | None = None,
):
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
    bin_edges : np.ndarray, shape (bins + 1,), int, optional
        Count the hits of each position bin apart: bin b holds the hits whose :func:`centre`, counted from the first
        base of the sequence, is at least ``bin_edges[b]`` and less than ``bin_edges[b + 1]``. The edges ascend from 0
        to ``length``.

    Returns
    -------
    scipy.sparse.csr_matrix, shape (n_sequences, n_motifs * bins), int16, or int32 where counts may be larger
        The bins of a motif stand side by side.
    """
    from scipy import sparse

    scanner = Scanner(motifs, p_value, background, both_strands, grades)
    edges = np.array([0, codes.shape[1]]) if bin_edges is None else np.asarray(bin_edges)
    # Every window of a bin counts once for each grade at most.
    largest = int(np.diff(edges).max()) * grades
    counts = np.empty(0, dtype=np.promote_types(np.min_scalar_type(-largest), np.int16))
    columns, ends = np.empty(0, dtype=np.int32), [0]
    groups = chunks(codes)
    for group in progress(groups, len(groups), "groups of sequences scanned"):
        part = sparse.csr_matrix(scanner.count(group, edges).reshape(len(group), -1))
        ends += (ends[-1] + part.indptr[1:]).tolist()
        # Longer in place: put together in the end, all parts would be in memory twice.
        for whole, more in ((counts, part.data), (columns, part.indices)):
            whole.resize(ends[-1], refcheck=False)
            whole[len(whole) - len(more) :] = more
    return sparse.csr_matrix((counts, columns, ends), shape=(len(codes), len(motifs) * (len(edges) - 1)))
