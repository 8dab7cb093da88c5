"""The first epochs of a training: bound sequences against themselves shuffled.

Where spacing is all that tells bound from unbound sequences, no motif lowers the loss by itself, and filters stay where
they were drawn until all motifs and their spacing are found at once. Against shuffled sequences every motif of bound
ones counts by itself. Filters and attention find them within few epochs, and learn their syntax afterwards.
"""

import numpy as np

from ..grammar.dinucleotide_shuffle import shuffle
from .examples import Examples, Source


def against_shuffled(source: Source, number: int, size: int, seed: int) -> Examples:
    """The bound sequences of an epoch, label 1, and each of them with its dinucleotides shuffled, label 0.

    Parameters
    ----------
    source : Source
    number : int
        Of the epoch.
    size : int
        Sequences of the epoch, an even number; half of them are bound.
    seed : int
        Of shuffling.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(number,)))
    bound = source.epoch(number, size).positives()
    codes = np.concatenate([bound, shuffle(bound, rng)])
    order = rng.permutation(len(codes))
    label = np.repeat(np.array([1, 0], dtype=np.float32), len(bound))
    return Examples(codes[order], label[order])
