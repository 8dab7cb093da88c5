"""How much alike the bases between two sites are, which tells one long motif or a repeat from two factors.

Information of a column of n bases with its correction for few bases, 3 / (2 ln 2 n) bits (Schneider et al. 1986, J Mol
Biol 188:415).
"""

import numpy as np
import pandas as pd

from ..sequence import UNKNOWN, reverse_complement_codes
from .site_pairs import SitePairs

FLANK = 10
"""Bases on either side of a pair that are looked at."""
MIN_PROMOTERS = 5
"""Fewest promoters whose bases say anything."""


def column_bits(bases: np.ndarray) -> np.ndarray:
    """Information of each column of aligned bases, corrected for their number; shape (n, columns) to (columns,).

    Unknown bases do not count; a column of fewer than :data:`MIN_PROMOTERS` is NaN.
    """
    counts = np.stack([(bases == base).sum(axis=0) for base in range(4)], axis=1)
    number = counts.sum(axis=1)
    share = counts / np.maximum(number, 1)[:, None]
    entropy = -(share * np.log2(np.where(share > 0, share, 1))).sum(axis=1)
    bits = 2 - entropy - 3 / (2 * np.log(2) * np.maximum(number, 1))
    return np.where(number >= MIN_PROMOTERS, bits, np.nan)


def around_pairs(codes: np.ndarray, sites: pd.DataFrame, pairs: SitePairs) -> tuple[np.ndarray, np.ndarray]:
    """Bases between and beside pairs of sites that all have the same distance, read on the strand of the first.

    Parameters
    ----------
    codes : np.ndarray, shape (promoters, length), uint8
    sites : pd.DataFrame
        ``start end strand``.
    pairs : SitePairs
        At one distance.

    Returns
    -------
    between : np.ndarray, shape (promoters, distance), uint8
        One pair of each promoter.
    beside : np.ndarray, shape (promoters, 2 * FLANK), uint8
        The bases before and after the pair, unknown beyond the promoter.
    """
    pairs = pairs.where(np.unique(pairs.gene, return_index=True)[1])
    start, end, strand = (sites[column].to_numpy(np.int64) for column in ("start", "end", "strand"))
    left = np.minimum(start[pairs.first], start[pairs.second])
    right = np.maximum(end[pairs.first], end[pairs.second])
    gap = np.minimum(end[pairs.first], end[pairs.second])
    padded = np.pad(codes, ((0, 0), (FLANK, FLANK)), constant_values=UNKNOWN)[pairs.gene]
    row, step = np.arange(len(left))[:, None], np.arange(FLANK)
    distance = int(pairs.distance[0]) if len(left) else 0
    between = padded[row, gap[:, None] + FLANK + np.arange(distance)]
    beside = np.hstack([padded[row, left[:, None] + step], padded[row, right[:, None] + FLANK + step]])
    turned = (strand[pairs.first] < 0)[:, None]
    return (
        np.where(turned, reverse_complement_codes(between), between),
        np.where(turned, reverse_complement_codes(beside), beside),
    )
