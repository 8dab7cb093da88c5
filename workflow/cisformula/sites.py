"""Hits one by one: where each lies, on which strand, with which score and p-value, as FIMO reports them.

Source: Grant et al. 2011, Bioinformatics 27:1017.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .hits import Scanner, chunks, p_values
from .job import progress
from .pwm import UNIFORM, Motif
from .sequence import reverse_complement_codes


def find_sites(
    codes: np.ndarray,
    motifs: list[Motif],
    p_value: float,
    background: np.ndarray = UNIFORM,
    both_strands: bool = True,
) -> pd.DataFrame:
    """Every window whose p-value is at most ``p_value``.

    Parameters
    ----------
    codes : np.ndarray, shape (n_sequences, length), uint8
        Encoded sequences (see :func:`cisformula.sequence.encode`).
    motifs : list of Motif
        Ids are unique.
    p_value : float
    background : np.ndarray, shape (4,)
    both_strands : bool
        Also scan the reverse complement; a palindromic site is then a row on either strand.

    Returns
    -------
    pd.DataFrame
        ``sequence`` (row of ``codes``), ``start`` and ``end`` (bases from its start, half-open), ``strand`` (1, -1),
        ``motif`` (categories: the ids), ``score`` (bits: log2 odds against the background, as rounded for scanning)
        and ``p_value``; by sequence, start, end, strand (forward first) and motif.
    """
    scanner = Scanner(motifs, p_value, background, both_strands)
    tables = [p_values(scores.scores, background) for scores in scanner.matrices]
    groups, first, parts = chunks(codes), 0, []
    for group in progress(groups, len(groups), "groups of sequences searched"):
        for number, hits in enumerate(scanner.hits(group)):
            for strand in (1, -1):
                # Strand 0 is a site on both.
                on = (hits.strand == strand) | (hits.strand == 0)
                columns = _score(scanner, number, group, hits.sequence[on], hits.start[on], strand, tables[number])
                parts.append((number, first, strand, hits.sequence[on], hits.start[on], *columns))
        first += len(group)
    return _table(parts, motifs)


def _score(
    scanner: Scanner,
    number: int,
    codes: np.ndarray,
    sequence: np.ndarray,
    start: np.ndarray,
    strand: int,
    table: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Score in bits and p-value of windows, shape (windows,) each."""
    matrix, width = scanner.matrices[number], scanner.motifs[number].width
    windows = codes[sequence[:, None], start[:, None] + np.arange(width)]
    if strand < 0:
        windows = reverse_complement_codes(windows)
    total = matrix.scores[np.arange(width), windows].sum(axis=1)
    return matrix.bits(total), table[total]


def _table(parts: list[tuple], motifs: list[Motif]) -> pd.DataFrame:
    def joined(values: Iterator[np.ndarray], dtype: str) -> np.ndarray:
        return np.concatenate([np.empty(0), *values]).astype(dtype)

    number = joined((np.full(len(part[3]), part[0]) for part in parts), "int32")
    start = joined((part[4] for part in parts), "int32")
    table = pd.DataFrame(
        {
            "sequence": joined((part[1] + part[3] for part in parts), "int32"),
            "start": start,
            "end": start + np.array([motif.width for motif in motifs], dtype="int32")[number],
            "strand": joined((np.full(len(part[3]), part[2]) for part in parts), "int8"),
            "motif": pd.Categorical.from_codes(number, [motif.id for motif in motifs]),
            "score": joined((part[5] for part in parts), "float64"),
            "p_value": joined((part[6] for part in parts), "float32"),
        }
    )
    order = np.lexsort((number, -table["strand"], table["end"], start, table["sequence"]))
    return table.iloc[order].reset_index(drop=True)
