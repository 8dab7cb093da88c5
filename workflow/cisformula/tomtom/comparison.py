"""Comparison of many queries with many targets."""

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import match_table
from ..errors import InputError
from ..job import progress
from ..pwm import UNIFORM, Motif
from . import incomplete, null, q_values
from .alignment import BestAlignments, Targets, best_alignments, stack_targets
from .column_scores import DISTANCES, column_scores, to_integers

logger = logging.getLogger("cisformula")

MAX_WIDTH = 100
"""Wider queries are left out, as Tomtom does."""
FEW_TARGETS = 50
"""With fewer targets than this the null distribution, taken from the target columns, is unreliable (Tomtom's limit)."""
QUERIES_AT_ONCE = 16
"""Queries whose random numbers are drawn together; bounds the memory to about 15 MB."""


def compare(
    queries: list[Motif],
    targets: list[Motif],
    *,
    distance: str = "ed",
    min_overlap: int = 5,
    threshold: float = 10.0,
    complete: bool = True,
    background: np.ndarray = UNIFORM,
    threads: int = 1,
) -> pd.DataFrame:
    """Compare queries with targets as Tomtom does.

    The p-value of a pair is that of its best alignment over all offsets and both strands, given the columns of all
    targets. E is p times the number of targets. q is Storey's q-value over all targets and strands of one query.

    Parameters
    ----------
    queries, targets : list of Motif
        Ids are unique.
    distance : str
        One of :data:`cisformula.tomtom.column_scores.DISTANCES`: ``ed`` (Euclidean) or ``pearson``.
    min_overlap : int
        Fewest aligned columns; where a motif is narrower than this, its width.
    threshold : float
        Largest E-value reported.
    complete : bool
        Whether unaligned query columns count as an ordinary column would (Tanaka et al. 2011), Tomtom's default, or
        not at all (Gupta et al. 2007). The former reproduces every printed digit of Tomtom 5.5.5 and 5.5.8; the latter
        follows the paper and was not compared with the program.
    background : np.ndarray, shape (4,)
        Frequencies of A, C, G, T that the pseudocount of 0.1 sites is taken from: those of the query file. Both strands
        being alike, A and T, and C and G, are averaged.
    threads : int
        The result does not depend on it.

    Returns
    -------
    pd.DataFrame
        Tomtom's columns (see :mod:`cisformula.match_table`), then ``log10_p``. p, E and q are in single precision, as
        Tomtom prints them: a p-value below 1e-45 is 0 there, and finite in ``log10_p``. Queries in the given order;
        then by p-value, larger overlap, strand and target id.

    Raises
    ------
    InputError
        For an unknown distance.
    """
    if distance not in DISTANCES:
        raise InputError(
            f"there is no distance '{distance}' of motif columns.",
            place="configuration key comparison/distance",
            fix=f"use one of {', '.join(DISTANCES)}.",
        )
    if len(targets) < FEW_TARGETS:
        logger.warning("only %d known motifs: p-values of matches depend strongly on which they are", len(targets))
    for motif in queries:
        if motif.width > MAX_WIDTH:
            logger.warning("motif %s is left out: %d columns, more than %d", motif.id, motif.width, MAX_WIDTH)
    queries = [motif for motif in queries if motif.width <= MAX_WIDTH]
    search = Search(targets, (background + background[::-1]) / 2, distance, min_overlap, threshold, complete)
    found = progress(search.run(queries, threads), len(queries), "motifs compared")
    return _tabulate(queries, search, list(found))


class _Matches(NamedTuple):
    """Matches of one query, best first; all arrays of shape (matches,)."""

    strand: np.ndarray
    """Row of the target and strand, as in :class:`cisformula.tomtom.alignment.Targets`."""
    offset: np.ndarray
    overlap: np.ndarray
    log_p: np.ndarray
    p: np.ndarray
    e: np.ndarray
    q: np.ndarray


@dataclass
class Search:
    """Targets made ready to be found, and how."""

    motifs: list[Motif]
    background: np.ndarray
    distance: str
    min_overlap: int
    threshold: float
    complete: bool

    def __post_init__(self):
        self.targets: Targets = stack_targets([motif.smoothed(self.background) for motif in self.motifs])
        self.widths, self.width_of = np.unique(self.targets.widths, return_inverse=True)
        labels = [f"{sign}{motif.id}".encode() for motif in self.motifs for sign in "+-"]
        self.label_rank = np.argsort(np.array(labels, dtype=object)).argsort()

    def run(self, queries: list[Motif], threads: int) -> Iterator[_Matches]:
        """Matches of each query in turn."""
        stream = q_values.RandomStream()
        with ThreadPoolExecutor(threads) as pool:
            for start in range(0, len(queries), QUERIES_AT_ONCE):
                group = queries[start : start + QUERIES_AT_ONCE]
                # All queries draw from one stream in turn, whichever thread is done first.
                drawn = [stream.take(q_values.BOOTSTRAPS * q_values.DRAWS) for _ in group]
                yield from pool.map(self.matches, group, drawn)

    def align(self, query: Motif) -> BestAlignments:
        """Best alignment of a query with each target and strand."""
        columns = column_scores(query.smoothed(self.background), self.targets.columns, self.distance)
        scores = to_integers(columns, self.complete)
        if not self.complete:
            return incomplete.most_significant(scores, self.targets, self.min_overlap)
        best = best_alignments(scores, self.targets, self.min_overlap)
        log_p = null.log_p_values(scores, self.widths)[self.width_of, best.score]
        return BestAlignments(log_p, best.offset, best.overlap)

    def matches(self, query: Motif, drawn: np.ndarray) -> _Matches:
        """Matches of one query, given its random numbers."""
        best = self.align(query)
        p = np.exp(best.log_p).astype(np.float32)
        tests = np.float32(len(p))
        e = p * tests / np.float32(2)
        reported = np.flatnonzero(e <= self.threshold)
        order = reported[np.lexsort((self.label_rank[reported], -best.overlap[reported], p[reported]))]
        # A target's better strand stands for both.
        first = np.sort(np.unique(order // 2, return_index=True)[1])
        q = q_values.q_values(np.sort(p).astype(float), drawn)[first]
        kept = order[first]
        return _Matches(kept, best.offset[kept], best.overlap[kept], best.log_p[kept], p[kept], e[kept], q)


def _tabulate(queries: list[Motif], search: Search, found: list[_Matches]) -> pd.DataFrame:
    columns = _Matches(*(np.concatenate(arrays) for arrays in zip(*found, strict=True))) if found else None
    if columns is None:
        return pd.DataFrame(columns=[*match_table.COLUMNS, "log10_p"])
    query = np.repeat(np.arange(len(queries)), [len(matches.p) for matches in found])
    forward = [motif.smoothed(search.background) for motif in search.motifs]
    both = [match_table.consensus(strand) for pfm in forward for strand in (pfm, pfm[::-1, ::-1])]
    of_query = [match_table.consensus(motif.smoothed(search.background)) for motif in queries]
    values = [
        np.array([motif.id for motif in queries], dtype=object)[query],
        np.array([motif.id for motif in search.motifs], dtype=object)[columns.strand // 2],
        columns.offset,
        columns.p,
        columns.e,
        columns.q,
        columns.overlap,
        np.array(of_query, dtype=object)[query],
        np.array(both, dtype=object)[columns.strand],
        np.array(["+", "-"], dtype=object)[columns.strand % 2],
        columns.log_p / np.log(10),
    ]
    return pd.DataFrame(dict(zip([*match_table.COLUMNS, "log10_p"], values, strict=True)))
