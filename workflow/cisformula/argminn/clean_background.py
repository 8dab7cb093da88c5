"""Random background in which motifs have no hits."""

from functools import partial

import numpy as np

from ..errors import InputError
from ..hits import Scanner, chunks, integer_scores, p_values
from ..pwm import Motif
from .task_sequences import draw_background, redraw


def clean_background(
    shape: tuple[int, int], gc: float, motifs: list[Motif], p_value: float, rng: np.random.Generator
) -> np.ndarray:
    """Independent bases, of which every window that is a hit of a motif is drawn again until there is none.

    Parameters
    ----------
    shape : tuple of int
        Sequences and their length.
    gc : float
        GC content.
    motifs : list of Motif
    p_value : float
        Largest p-value of a hit on either strand, against a uniform background. Of a motif so short that no window
        reaches it, the windows with the highest score are hits.
    rng : np.random.Generator

    Returns
    -------
    np.ndarray, shape ``shape``, uint8

    Raises
    ------
    InputError
        Hits turn up again and again.
    """
    scanners = [Scanner([motif], limit(motif, p_value)) for motif in motifs]
    codes = draw_background(shape, gc, rng)
    if not redraw(codes, partial(_in_hits, scanners=scanners), gc, rng):
        raise InputError(
            f"background of GC content {gc:g} holds hits of the learned motifs however often it is drawn.",
            place="design of sequences",
            fix="lower argminn/scan_p_value.",
        )
    return codes


def limit(motif: Motif, p_value: float) -> float:
    """The p-value from which a window is a hit: ``p_value``, or that of the highest score if it is larger."""
    return max(p_value, float(p_values(integer_scores(motif))[-1]))


def _in_hits(codes: np.ndarray, scanners: list[Scanner]) -> np.ndarray:
    """Whether each base lies in a hit, shape of the codes."""
    found = np.zeros(codes.shape, dtype=bool)
    for part, found_in_part in zip(chunks(codes), chunks(found), strict=True):
        for scanner in scanners:
            (hits,) = scanner.hits(part)
            found_in_part[hits.sequence[:, None], hits.start[:, None] + np.arange(scanner.motifs[0].width)] = True
    return found
