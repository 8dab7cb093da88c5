"""Predictions at base resolution: every weighted feature laid over the bases of the window it was read from."""

import numpy as np

from ..sequence import centre, one_hot

SEQUENCES_AT_ONCE = 256
"""Sequences scanned in one go; bounds the memory to about 100 MB."""
DECIMALS = 4
"""Scores are rounded to this, so that the first of equal windows is taken whatever the order of the sums."""


def bin_edges(length: int, bins: int, width: int) -> np.ndarray:
    """Edges of position bins of ``width`` bases, the last as long as the window allows; shape (bins + 1,)."""
    return np.minimum(np.arange(bins + 1) * width, length)


def best_windows(codes: np.ndarray, filters: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """First base of the window that each filter scores highest in each position bin, on either strand.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    filters : np.ndarray, shape (filters, width, 4)
    edges : np.ndarray, shape (bins + 1,), int
        A window lies in the bin of its middle base.

    Returns
    -------
    np.ndarray, shape (sequences, bins, filters), int16
        -1 in a bin where no window has its middle.
    """
    n_filters, width, _ = filters.shape
    n_windows = codes.shape[1] - width + 1
    bin_of = np.searchsorted(edges, centre(np.arange(n_windows), width), side="right") - 1
    both_strands = np.concatenate([filters, filters[:, ::-1, ::-1]]).reshape(2 * n_filters, -1).T
    best = np.full((len(codes), len(edges) - 1, n_filters), -1, dtype=np.int16)
    for first in range(0, len(codes), SEQUENCES_AT_ONCE):
        rows = slice(first, first + SEQUENCES_AT_ONCE)
        bases = np.lib.stride_tricks.sliding_window_view(one_hot(codes[rows]), width, axis=1)
        windows = bases.transpose(0, 1, 3, 2).reshape(-1, 4 * width)
        scores = np.round(windows @ both_strands.astype(np.float32), DECIMALS)
        scores = np.maximum(scores[:, :n_filters], scores[:, n_filters:]).reshape(-1, n_windows, n_filters)
        for number in np.unique(bin_of):
            inside = np.flatnonzero(bin_of == number)
            best[rows, number] = inside[0] + scores[:, inside].argmax(axis=1)
    return best


def lay_out(weighted: np.ndarray, starts: np.ndarray, width: int, length: int) -> np.ndarray:
    """Share each weighted feature evenly among the bases of its window, and add up what each base gets.

    Parameters
    ----------
    weighted : np.ndarray, shape (sequences, bins, filters)
    starts : np.ndarray, shape (sequences, bins, filters), int
        First base of each window; read only where ``weighted`` is not zero.
    width : int
        Bases of a window.
    length : int
        Bases of a sequence.

    Returns
    -------
    np.ndarray, shape (sequences, length), float32
        Its rows have the sums of ``weighted``.
    """
    present = weighted != 0
    sequence = np.nonzero(present)[0]
    share, place = weighted[present].astype(float) / width, sequence * length + starts[present].astype(np.int64)
    track = np.zeros(len(weighted) * length)
    for base in range(width):
        track += np.bincount(place + base, share, minlength=len(track))
    return track.reshape(len(weighted), length).astype(np.float32)
