"""Score of each filter's best site in each block of a sequence, and the gradient of the filters, compiled.

A convolution of one-hot bases multiplies mostly by zero, and its maximum in a block passes the gradient on to one
window alone. Here a score is a sum of looked-up weights, and the gradient visits the best windows only: the same
numbers as those of a convolution and max-pooling, for a fraction of the time and memory.
"""

from typing import NamedTuple

import numba
import numpy as np

from ..sequence import UNKNOWN

OUTSIDE = -1e9
"""Score in a block that holds no window."""
TOGETHER = 4
"""Bases whose weights are added in one pass over the filters."""


class Blocks(NamedTuple):
    """How windows fall into blocks: window ``p`` into block ``(p + before) // size``.

    Attributes
    ----------
    before : int
        Empty places before the first window.
    size : int
        Places per block.
    number : int
        Blocks; windows past the last one do not count.
    """

    before: int
    size: int
    number: int


def even_blocks(windows: int, size: int) -> Blocks:
    """Blocks of ``size`` places for all windows, with about as many empty places before them as after them."""
    number = -(-windows // size)
    return Blocks((number * size - windows) // 2, size, number)


def scan(codes: np.ndarray, kernel: np.ndarray, blocks: Blocks, both_strands: bool) -> tuple[np.ndarray, np.ndarray]:
    """Find each filter's best site in each block.

    Of equal windows the first counts, of equal strands the given one.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        A C G T = 0 1 2 3; anything else is an unknown base, which scores 0.
    kernel : np.ndarray, shape (width, 4, filters), float32
    blocks : Blocks
    both_strands : bool

    Returns
    -------
    best : np.ndarray, shape (sequences, blocks, filters), float32
        Scores; :data:`OUTSIDE` where a block holds no window.
    place : np.ndarray, the same shape, int32
        First base of the best window; its complement, -1 minus it, where the filter matches the other strand.
    """
    width, bases, filters = kernel.shape
    weights = np.zeros((-(-width // TOGETHER) * TOGETHER, UNKNOWN + 1, (1 + both_strands) * filters), np.float32)
    weights[:width, :bases, :filters] = kernel
    if both_strands:
        weights[:width, :bases, filters:] = kernel[::-1, ::-1]
    best, place = _scan(codes, weights, width, *blocks)
    return _better_strand(best, place) if both_strands else (best, place)


@numba.njit(cache=True, nogil=True)
def _scan(codes, weights, width, before, size, number):
    sequences, length = codes.shape
    padded, _, filters = weights.shape
    best = np.full((sequences, number, filters), np.float32(OUTSIDE))
    place = np.zeros((sequences, number, filters), np.int32)
    score = np.empty(filters, np.float32)
    base = np.full(padded, UNKNOWN)
    for sequence in range(sequences):
        for window in range(min(length - width + 1, number * size - before)):
            for column in range(width):
                base[column] = min(codes[sequence, window + column], UNKNOWN)
            score[:] = 0
            for first in range(0, padded, TOGETHER):
                one, two = weights[first, base[first]], weights[first + 1, base[first + 1]]
                three, four = weights[first + 2, base[first + 2]], weights[first + 3, base[first + 3]]
                for k in range(filters):
                    score[k] = score[k] + one[k] + two[k] + three[k] + four[k]
            block = (window + before) // size
            highest, where = best[sequence, block], place[sequence, block]
            for k in range(filters):
                higher = score[k] > highest[k]
                highest[k] = score[k] if higher else highest[k]
                where[k] = window if higher else where[k]
    return best, place


@numba.njit(cache=True, nogil=True)
def _better_strand(best, place):
    sequences, number, both = best.shape
    filters = both // 2
    better, where = np.empty((sequences, number, filters), np.float32), np.empty((sequences, number, filters), np.int32)
    for sequence in range(sequences):
        for block in range(number):
            score, window = best[sequence, block], place[sequence, block]
            for k in range(filters):
                given = score[k] >= score[filters + k]
                better[sequence, block, k] = score[k] if given else score[filters + k]
                where[sequence, block, k] = window[k] if given else ~window[filters + k]
    return better, where


@numba.njit(cache=True, nogil=True)
def kernel_gradient(codes, place, upstream, width):
    """Gradient of the filters.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    place : np.ndarray, shape (sequences, blocks, filters), int32
        From :func:`scan`.
    upstream : np.ndarray, the same shape, float32
        Gradient of the best scores; not read where a block holds no window.
    width : int

    Returns
    -------
    np.ndarray, shape (width, 4, filters), float32
    """
    sequences, blocks, filters = upstream.shape
    given = np.zeros((filters, width, UNKNOWN + 1), np.float32)
    other = np.zeros((filters, width, UNKNOWN + 1), np.float32)
    for sequence in range(sequences):
        for block in range(blocks):
            for k in range(filters):
                passed_on, first = upstream[sequence, block, k], place[sequence, block, k]
                if passed_on == 0:
                    continue
                gradient, first = (given[k], first) if first >= 0 else (other[k], ~first)
                for column in range(width):
                    gradient[column, min(codes[sequence, first + column], UNKNOWN)] += passed_on
    total = np.empty((width, UNKNOWN, filters), np.float32)
    for column in range(width):
        for base in range(UNKNOWN):
            total[column, base] = given[:, column, base] + other[:, width - 1 - column, UNKNOWN - 1 - base]
    return total
