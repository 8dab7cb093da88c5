"""How well the best window of a sequence matches each of some motifs."""

import numpy as np

from ..pwm import UNIFORM, Motif


def mean_best_match(codes: np.ndarray, motifs: list[Motif]) -> np.ndarray:
    """Mean over the motifs of :func:`best_match`, shape (sequences,), bits."""
    return np.mean([best_match(codes, motif) for motif in motifs], axis=0)


def best_match(codes: np.ndarray, motif: Motif) -> np.ndarray:
    """Highest log2 odds against a uniform background of any window on either strand.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        An unknown base has odds 1.
    motif : Motif
        With the MEME Suite's pseudocount.

    Returns
    -------
    np.ndarray, shape (sequences,), bits
    """
    n_windows = codes.shape[1] - motif.width + 1
    best = np.full(len(codes), -np.inf)
    for strand in (motif, motif.reverse_complement()):
        odds = np.column_stack([np.log2(strand.smoothed() / UNIFORM), np.zeros(motif.width)])
        total = sum(column[codes[:, place : place + n_windows]] for place, column in enumerate(odds))
        best = np.maximum(best, total.max(axis=1))
    return best
