"""Attention and activations along a few sequences, to look at."""

from typing import NamedTuple

import numpy as np

from .reading_parts import Read, read_parts

WITH_ACTIVATIONS = 6
"""Sequences whose activations and layers are kept too."""


class AttentionMaps(NamedTuple):
    """What a network looks at.

    Attributes
    ----------
    sequence : np.ndarray, shape (sequences,), int
        Row of each among the examples.
    attention : np.ndarray, shape (sequences, windows), float32
        Highest over layers and heads.
    activations : np.ndarray, shape (up to WITH_ACTIVATIONS, windows, filters), float32
        Of the first sequences, on the better strand.
    by_layer : np.ndarray, shape (up to WITH_ACTIVATIONS, layers, windows), float32
        Attention in the first sequences, highest over heads.
    """

    sequence: np.ndarray
    attention: np.ndarray
    activations: np.ndarray
    by_layer: np.ndarray


def highest_bound(label: np.ndarray, logit: np.ndarray, number: int) -> np.ndarray:
    """Rows of the ``number`` bound sequences with the highest logits, the highest first."""
    bound = np.flatnonzero(label == 1)
    return bound[np.argsort(-logit[bound], kind="stable")][:number]


def read_maps(read: Read, codes: np.ndarray, rows: np.ndarray) -> AttentionMaps:
    """Read some of the sequences.

    Parameters
    ----------
    read : Read
    codes : np.ndarray, shape (sequences, length), uint8
    rows : np.ndarray, shape (chosen,), int
    """
    attention, activations, by_layer = [], [], []
    for part in read_parts(read, codes[rows]):
        attention.append(part.reading.attention.max(axis=(1, 2)))
        wanted = max(WITH_ACTIVATIONS - part.first, 0)
        activations.append(part.reading.activations[:wanted].max(axis=3))
        by_layer.append(part.reading.attention[:wanted].max(axis=2))
    return AttentionMaps(rows, *map(np.concatenate, (attention, activations, by_layer)))
