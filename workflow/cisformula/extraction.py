"""From trained filters to position frequency matrices: what do the windows that excite a filter most look like?"""

from collections.abc import Iterator

import numpy as np

from .learned_ids import MAIN, LearnedId
from .pwm import Motif
from .sequence import UNKNOWN, one_hot, reverse_complement_codes

FILTERS_AT_ONCE = 64
"""Filters whose activations by all windows are held at once: a few million windows take about 1.5 GB."""
SAMPLED = 16
"""One window in so many is looked at to tell which are too weak to be among the best."""


def distinct_windows(codes: np.ndarray, width: int, both_strands: bool) -> tuple[np.ndarray, np.ndarray]:
    """Distinct windows of a set of sequences and how often each occurs; windows with unknown bases are left out.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    width : int
        Window width in bp, at most 31.
    both_strands : bool
        Count the reverse complement of every window too.

    Returns
    -------
    windows : np.ndarray, shape (distinct, width), uint8
    counts : np.ndarray, shape (distinct,)
    """
    strands = [codes, reverse_complement_codes(codes)] if both_strands else [codes]
    shifts = 2 * np.arange(width - 1, -1, -1, dtype=np.int64)
    packed = []
    for strand in strands:
        windows = np.lib.stride_tricks.sliding_window_view(strand, width, axis=1)
        known = ~np.lib.stride_tricks.sliding_window_view(strand == UNKNOWN, width, axis=1).any(axis=2)
        number = sum(windows[:, :, i].astype(np.int64) << shifts[i] for i in range(width))
        packed.append(number[known])
    numbers, counts = np.unique(np.concatenate(packed), return_counts=True)
    return (numbers[:, None] >> shifts & 3).astype(np.uint8), counts


def top_window_motifs(
    filters: np.ndarray,
    codes: np.ndarray,
    run: int,
    n_windows: int = 1000,
    both_strands: bool = True,
    weighting: str = "none",
    network: str = MAIN,
) -> list[Motif]:
    """One motif per filter: base frequencies over its ``n_windows`` most activating windows, ties kept.

    This is how the published motifs were made (arXiv 2208.09559): every matrix is a table of counts of at least 1,000
    windows, more where several reach the 1,000th activation. ``nsites`` is their true number. A filter that cannot tell
    windows apart (all its weights equal) gives no motif.

    Parameters
    ----------
    filters : np.ndarray, shape (filters, width, 4)
    codes : np.ndarray, shape (sequences, length), uint8
        Promoters of the genes the network was trained on; never those of its test fold.
    run : int
        Number of the run, for the ids of the motifs.
    n_windows : int
    both_strands : bool
        Whether the network reads both strands.
    weighting : {"none", "activation"}
        ``activation`` weighs each window by how far its activation lies above the lowest one kept.
    network : str
        A key of :data:`cisformula.learned_ids.ORIGINS`, for the ids too.

    Returns
    -------
    list of Motif
    """
    width = filters.shape[1]
    windows, counts = distinct_windows(codes, width, both_strands)
    bases = one_hot(windows)
    motifs = []
    tells_apart = np.ptp(filters, axis=2).any(axis=1)
    for index, activation in enumerate(_activations(bases, filters)):
        if not tells_apart[index]:
            continue
        chosen = _top(activation, counts, n_windows)
        weights = counts[chosen].astype(float)
        if weighting == "activation":
            weights *= activation[chosen] - activation[chosen].min() + 1e-6
        pfm = np.einsum("n,nwb->wb", weights, bases[chosen]) / weights.sum()
        name = str(LearnedId(network, run, index))
        motifs.append(Motif(name, name, pfm, nsites=int(counts[chosen].sum())))
    return motifs


def _activations(bases: np.ndarray, filters: np.ndarray) -> Iterator[np.ndarray]:
    """Activation of each filter in turn by windows, shape (windows,), from their one-hot code."""
    flat, rows = bases.reshape(len(bases), -1), filters.reshape(len(filters), -1)
    # A row for each filter, read several times; the memory is asked for once.
    held = np.empty((min(FILTERS_AT_ONCE, len(rows)), len(flat)), np.result_type(flat, rows))
    for first in range(0, len(rows), FILTERS_AT_ONCE):
        block = rows[first : first + FILTERS_AT_ONCE]
        yield from np.matmul(block, flat.T, out=held[: len(block)])


def _top(activation: np.ndarray, counts: np.ndarray, n_windows: int) -> np.ndarray:
    """The distinct windows that are among the ``n_windows`` most activating ones, ties kept."""
    # Every window occurs, so that many distinct ones are enough; a few are sorted much faster than all.
    candidates = np.flatnonzero(activation >= _low_bar(activation, n_windows))
    order = candidates[np.argsort(-activation[candidates], kind="stable")]
    last = np.searchsorted(counts[order].cumsum(), n_windows)
    limit = activation[order[min(last, len(order) - 1)]]
    return candidates[activation[candidates] >= limit]


def _low_bar(activation: np.ndarray, enough: int) -> float:
    """An activation that ``enough`` windows reach, or all where there are fewer: the least of the best of a sample."""
    step = max(1, min(SAMPLED, len(activation) // enough))
    sample = activation[::step]
    enough = min(enough, len(sample))
    return np.partition(sample, -enough)[-enough]
