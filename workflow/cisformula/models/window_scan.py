"""Score of each filter's best site in each block of a sequence, and the gradient of the filters, compiled.

A convolution of one-hot bases multiplies mostly by zero, and its maximum in a block passes the gradient on to one
window alone. Here a score is a sum of looked-up scores of short words, and the gradient visits the best windows only:
the same numbers as those of a convolution and max-pooling, for a fraction of the time and memory.
"""

from typing import NamedTuple

import numba
import numpy as np

from ..sequence import UNKNOWN

OUTSIDE = -1e9
"""Score in a block that holds no window."""
LETTERS = 4
"""Bases of the longest word that has a score of its own; tables of longer ones would not fit into a core's cache."""
WORDS = 3
"""Fewest words of a window, whose scores are added in one pass over the filters."""
TOGETHER = 128
"""Filters scanned together, for the cache's sake."""


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
    width = len(kernel)
    words = max(WORDS, -(-width // LETTERS))
    letters = -(-width // words)
    word = _words(codes, letters, words * letters)
    strands = np.stack([kernel, kernel[::-1, ::-1]] if both_strands else [kernel])
    best = np.full((len(codes), blocks.number, kernel.shape[2]), OUTSIDE, np.float32)
    place = np.zeros(best.shape, np.int32)
    for first in range(0, kernel.shape[2], TOGETHER):
        some = slice(first, first + TOGETHER)
        scores = _word_scores(strands[..., some], words, letters)
        _scan(word, scores, codes.shape[1] - width + 1, letters, *blocks, best[..., some], place[..., some])
    return best, place


def _word_scores(kernels, words, letters):
    """Score of every word at every place of a window, shape (kernels, words, 5 ** letters, filters)."""
    strands, width, bases, filters = kernels.shape
    weights = np.zeros((strands, words * letters, UNKNOWN + 1, filters), np.float32)
    weights[:, :width, :bases] = kernels
    return _sums_of_letters(weights.reshape(strands, words, letters, UNKNOWN + 1, filters))


@numba.njit(cache=True, nogil=True)
def _sums_of_letters(weights):
    strands, words, letters, bases, filters = weights.shape
    scores = np.zeros((strands, words, bases**letters, filters), np.float32)
    for strand in range(strands):
        for word in range(words):
            for row in range(bases**letters):
                for letter in range(letters):
                    base = row // bases ** (letters - 1 - letter) % bases
                    scores[strand, word, row] += weights[strand, word, letter, base]
    return scores


@numba.njit(cache=True, nogil=True)
def _words(codes, letters, beyond):
    """Number of the word that begins at each base and, of unknown bases, in ``beyond`` places after the last."""
    sequences, length = codes.shape
    highest = (UNKNOWN + 1) ** (letters - 1)
    words = np.full((sequences, length + beyond), (UNKNOWN + 1) ** letters - 1)
    for sequence in range(sequences):
        for place in range(length - 1, -1, -1):
            rest = words[sequence, place + 1] // (UNKNOWN + 1)
            words[sequence, place] = min(codes[sequence, place], UNKNOWN) * highest + rest
    return words


@numba.njit(cache=True, nogil=True)
def _scan(words, scores, windows, letters, before, size, number, best, place):
    strands, parts, rows, filters = scores.shape
    sequences = len(words)
    tops, where = np.empty((2, filters), np.float32), np.empty(filters, np.int32)
    further = np.empty(2 * filters, np.float32)
    for strand in range(strands):
        # In one flat array at places that cannot be negative: a look-up is then an addition, and before a loop over
        # filters there is little to check.
        table = scores[strand].reshape(-1)
        rest = table if parts == WORDS else further
        for sequence in range(sequences):
            word = words[sequence]
            for block in range(number):
                highest, new_highest = tops[0], tops[1]
                highest[:], where[:] = best[sequence, block], place[sequence, block]
                end = min(windows, (block + 1) * size - before)
                # Two windows in one pass read and write the best so far half as often. All is written out here, for
                # the loops are not vectorised where a part of this is a function of its own.
                for one in range(max(0, block * size - before), end, 2):
                    two = min(one + 1, end - 1)
                    a, d = np.uintp(filters * word[one]), np.uintp(filters * word[two])
                    b = np.uintp(filters * (rows + word[one + letters]))
                    e = np.uintp(filters * (rows + word[two + letters]))
                    if parts == WORDS:
                        c = np.uintp(filters * (2 * rows + word[one + 2 * letters]))
                        f = np.uintp(filters * (2 * rows + word[two + 2 * letters]))
                    else:
                        further[:] = 0
                        c, f = np.uintp(0), np.uintp(filters)
                        for part in range(WORDS - 1, parts):
                            x = np.uintp(filters * (part * rows + word[one + part * letters]))
                            y = np.uintp(filters * (part * rows + word[two + part * letters]))
                            for k in range(np.uintp(filters)):
                                further[k] += table[x + k]
                                further[f + k] += table[y + k]
                    here, next_to = np.int32(~one if strand else one), np.int32(~two if strand else two)
                    for k in range(np.uintp(filters)):
                        x = table[a + k] + table[b + k] + rest[c + k]
                        y = table[d + k] + table[e + k] + rest[f + k]
                        score = x if x >= y else y
                        window = here if x >= y else next_to
                        top, there = highest[k], where[k]
                        higher = score > top
                        # Written to where it was not read: else the compiler would store the higher scores alone, by a
                        # masked store, which takes some processors ten times as long.
                        new_highest[k] = score if higher else top
                        where[k] = window if higher else there
                    highest, new_highest = new_highest, highest
                best[sequence, block], place[sequence, block] = highest, where


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
