"""What the filters see around the strongest one of each position, and the way back of its gradient, compiled.

Only one filter is the strongest at a position, and often none is active there; a convolution works for all of them.
"""

import numba
import numpy as np

SILENT = -1
"""Stands for the strongest track where none counts."""


@numba.njit(cache=True, nogil=True)
def gather(activations, offsets, ignore_silent):
    """Add up the activations around all positions at which a track is the strongest, for each track.

    Parameters
    ----------
    activations : np.ndarray, shape (batch, windows, tracks), float
        Not negative.
    offsets : int
        Windows that count around a position, an odd number, the position's own in the middle.
    ignore_silent : bool
        Leave out positions at which no track is active.

    Returns
    -------
    around : np.ndarray, shape (tracks, offsets, tracks)
        Strongest track, offset, active track.
    strongest : np.ndarray, shape (batch, windows), int32
        The first of equally strong tracks; :data:`SILENT` for positions left out.
    """
    batch, windows, tracks = activations.shape
    around = np.zeros((tracks, offsets * tracks))
    # Of one sequence first: sums over all of them would round where single precision ends.
    of_one = np.zeros((tracks, offsets * tracks), activations.dtype)
    strongest = np.full((batch, windows), SILENT, np.int32)
    for sequence in range(batch):
        seen = activations[sequence].ravel()
        of_one[:] = 0
        for window in range(windows):
            best = np.argmax(activations[sequence, window])
            if ignore_silent and activations[sequence, window, best] == 0:
                continue
            strongest[sequence, window] = best
            first, last, begin = _frame(window, windows, offsets)
            here, total = seen[first * tracks : last * tracks], of_one[best, begin * tracks :]
            for k in range(len(here)):
                total[k] += here[k]
        around += of_one
    return around.astype(activations.dtype).reshape(tracks, offsets, tracks), strongest


@numba.njit(cache=True, nogil=True)
def spread(strongest, charges):
    """Gradient of the activations.

    Parameters
    ----------
    strongest : np.ndarray, shape (batch, windows), int32
        From :func:`gather`.
    charges : np.ndarray, shape (tracks, offsets, tracks), float
        Gradient of what :func:`gather` adds up.

    Returns
    -------
    np.ndarray, shape (batch, windows, tracks)
    """
    (batch, windows), (tracks, offsets, _) = strongest.shape, charges.shape
    gradient = np.zeros((batch, windows * tracks), charges.dtype)
    for sequence in range(batch):
        for window in range(windows):
            best = strongest[sequence, window]
            if best == SILENT:
                continue
            first, last, begin = _frame(window, windows, offsets)
            here, charge = gradient[sequence, first * tracks : last * tracks], charges[best].ravel()[begin * tracks :]
            for k in range(len(here)):
                here[k] += charge[k]
    return gradient.reshape(batch, windows, tracks)


@numba.njit(cache=True, nogil=True)
def _frame(window, windows, offsets):
    """First and last window, exclusive, that count around one, and the offset of the first."""
    first = max(0, window - offsets // 2)
    return first, min(windows, window + offsets // 2 + 1), first - window + offsets // 2
