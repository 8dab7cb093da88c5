"""Similarity of motifs: the best alignment of every query with every target, on either strand."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from .pwm import Motif

PAIRS_AT_ONCE = 1_000_000
"""Query-target pairs compared in one go; bounds the memory to about 150 MB."""
DECIMALS = 9
"""Similarities are rounded to this, so that ties do not hang on the order in which a machine sums."""


class Alignment(NamedTuple):
    """Best alignment of each query with each target; every array has shape (n_queries, n_targets).

    Attributes
    ----------
    similarity : np.ndarray of float
        Pearson correlation, -1..1, over the aligned columns.
    offset : np.ndarray of int
        Target column at which the first query column lies (Tomtom's ``Optimal_offset``); negative if the query starts
        before the target.
    overlap : np.ndarray of int
        Number of aligned columns.
    reverse : np.ndarray of bool
        Whether the target was reverse-complemented; ``offset`` then counts in the reverse-complemented target.
    """

    similarity: np.ndarray
    offset: np.ndarray
    overlap: np.ndarray
    reverse: np.ndarray


def best_alignment(queries: list[Motif], targets: list[Motif], min_overlap: int = 6) -> Alignment:
    """Align every query with every target where their columns correlate best.

    The correlation is taken over all ``overlap x 4`` frequencies of the aligned columns. As every column sums to one,
    both means are 1/4. A motif of uniform columns has similarity 0 with everything. Ties go to the larger overlap,
    then to the given strand, then to the smaller offset.

    Parameters
    ----------
    queries, targets : list of Motif
    min_overlap : int
        Fewest aligned columns; where a motif is narrower than this, its width.

    Returns
    -------
    Alignment
    """
    rows = max(1, PAIRS_AT_ONCE // len(targets))
    by_width = [np.argsort([-motif.width for motif in motifs], kind="stable") for motifs in (queries, targets)]
    queries, targets = ([motifs[i] for i in order] for motifs, order in zip((queries, targets), by_width, strict=True))
    blocks = [
        _align(_Columns.of(queries[start : start + rows]), targets, min_overlap)
        for start in range(0, len(queries), rows)
    ]
    as_given = np.ix_(*map(np.argsort, by_width))
    return Alignment(*(np.concatenate(arrays)[as_given] for arrays in zip(*blocks, strict=True)))


def recurrence(
    motifs: list[Motif], sets: Iterable[list[Motif]], min_similarity: float, min_overlap: int = 6
) -> np.ndarray:
    """In how many sets of motifs each motif has one at least this similar; shape (motifs,), int.

    Parameters
    ----------
    motifs : list of Motif
    sets : iterable of list of Motif
    min_similarity : float
    min_overlap : int
        As for :func:`best_alignment`.
    """
    count = np.zeros(len(motifs), dtype=int)
    for others in sets:
        if others:
            count += best_alignment(motifs, others, min_overlap).similarity.max(axis=1) >= min_similarity
    return count


class _Columns(NamedTuple):
    """Motifs padded with zeros to one width, so that offsets become slices.

    Attributes: ``widths`` (n,); ``centred`` (n, width, 4) frequencies minus 1/4; ``squares`` (n, width) their squared
    norms; ``present`` (n, width) 1.0 where the motif has a column.
    """

    widths: np.ndarray
    centred: np.ndarray
    squares: np.ndarray
    present: np.ndarray

    @classmethod
    def of(cls, motifs: list[Motif]) -> "_Columns":
        widths = np.array([motif.width for motif in motifs])
        centred = np.zeros((len(motifs), widths.max(), 4))
        for row, motif in zip(centred, motifs, strict=True):
            row[: motif.width] = motif.pfm - 0.25
        present = (np.arange(widths.max()) < widths[:, None]).astype(float)
        return cls(widths, centred, (centred**2).sum(axis=2), present)

    def at_least(self, width: int) -> "_Columns":
        """Those of at least some width, where the widest come first."""
        return _Columns(*(array[: (self.widths >= width).sum()] for array in self))


def _align(query: _Columns, targets: list[Motif], min_overlap: int) -> Alignment:
    """:func:`best_alignment` of motifs in the order of their widths, the widest first."""
    shape = (len(query.widths), len(targets))
    best = Alignment(np.full(shape, -np.inf), np.zeros(shape, int), np.zeros(shape, int), np.zeros(shape, bool))
    strands = [_Columns.of(targets), _Columns.of([target.reverse_complement() for target in targets])]
    shortest = min(min_overlap, query.widths[-1], strands[0].widths[-1])
    for reverse, whole in enumerate(strands):
        for offset in range(1 - query.widths[0], whole.widths[0]):
            # Far offsets leave wide motifs alone.
            wide, target = query.at_least(shortest - min(offset, 0)), whole.at_least(shortest + max(offset, 0))
            if not (len(wide.widths) and len(target.widths)):
                continue
            overlap = np.minimum(wide.widths[:, None], target.widths - offset) - max(0, -offset)
            allowed = overlap >= np.minimum(min_overlap, np.minimum.outer(wide.widths, target.widths))
            similarity = np.where(allowed, _correlation(wide, target, offset), -np.inf)
            so_far = [array[: len(wide.widths), : len(target.widths)] for array in best]
            # Given strand and smaller offsets come first, so a full tie keeps what is there.
            better = (similarity > so_far[0]) | ((similarity == so_far[0]) & (overlap > so_far[2]))
            better &= allowed
            for array, value in zip(so_far, (similarity, offset, overlap, bool(reverse)), strict=True):
                np.copyto(array, value, where=better)
    return best


def _correlation(query: _Columns, target: _Columns, offset: int) -> np.ndarray:
    """Correlation of all pairs at one offset, shape (n_queries, n_targets); 0 where a side has no variance."""
    first = max(0, -offset)
    last = min(query.centred.shape[1], target.centred.shape[1] - offset)
    of_query, of_target = slice(first, last), slice(first + offset, last + offset)
    size = 4 * (last - first)
    product = query.centred[:, of_query].reshape(-1, size) @ target.centred[:, of_target].reshape(-1, size).T
    # A norm runs only over the columns that face a column of the other motif.
    norms = query.squares[:, of_query] @ target.present[:, of_target].T
    norms *= query.present[:, of_query] @ target.squares[:, of_target].T
    defined = norms > 1e-12
    return np.round(np.divide(product, np.sqrt(norms), out=np.zeros_like(product), where=defined), DECIMALS)
