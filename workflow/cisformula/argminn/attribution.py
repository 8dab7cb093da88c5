"""What each base contributes to a network's logit: gradients against shuffled references, and mutation in silico.

Integrated gradients (Sundararajan et al. 2017, ICML) from a reference to the sequence, averaged over references that
are the sequence with its dinucleotides shuffled. DeepLIFT, which Tseng et al. (arXiv 2410.06211) explain their CNN
with, replaces the mean gradient along the path by a rule for each layer; both share what is asked of contributions,
that they sum to the difference of the logits, here up to the error of the sum over the path.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import keras
import numpy as np

from ..errors import InputError
from ..grammar.dinucleotide_shuffle import shuffle
from ..job import progress
from ..sequence import one_hot

BATCH = 512
"""Sequences whose gradients are taken at once."""


class Contributions(NamedTuple):
    """Contributions of bases to a logit.

    Attributes
    ----------
    hypothetical : np.ndarray, shape (sequences, length, 4), float32
        What each base would contribute in the place of the one that is there, the slope of the logit being the same.
    logit, reference : np.ndarray, shape (sequences,), float32
        Logit of each sequence, and the mean of those of its references.
    """

    hypothetical: np.ndarray
    logit: np.ndarray
    reference: np.ndarray

    def actual(self, codes: np.ndarray) -> np.ndarray:
        """Contributions of the bases that are there: other bases have zero; shape (sequences, length, 4), float32."""
        return self.hypothetical * one_hot(codes)

    def error(self, codes: np.ndarray) -> np.ndarray:
        """By how much the contributions miss the difference of the logits; shape (sequences,)."""
        return self.actual(codes).sum(axis=(1, 2)) - (self.logit - self.reference)


def integrated_gradients(
    model: keras.Model, codes: np.ndarray, references: int, steps: int, rng: np.random.Generator
) -> Contributions:
    """Contributions against shuffled references.

    Parameters
    ----------
    model : keras.Model
        From codes (batch, length) uint8 to a logit (batch, 1), through a layer ``one_hot``.
    codes : np.ndarray, shape (sequences, length), uint8
        At an unknown base all contributions are zero.
    references : int
        Shuffles of each sequence.
    steps : int
        Points on the straight path from a reference to the sequence: the middles of equal parts.
    rng : np.random.Generator
        Shuffles.

    Raises
    ------
    InputError
        If Keras does not run on TensorFlow, the only backend whose gradients are taken here.
    """
    from_one_hot = keras.Model(model.get_layer("one_hot").output, model.output)
    gradient = _gradient(from_one_hot)
    share = ((np.arange(steps) + 0.5) / steps).astype(np.float32)[:, None, None, None]
    hypothetical = np.zeros((*codes.shape, 4), dtype=np.float32)
    reference_logit = np.zeros(len(codes), dtype=np.float32)
    for rows in _groups(len(codes), max(1, BATCH // steps)):
        bases = one_hot(codes[rows])
        for _ in range(references):
            reference = one_hot(shuffle(codes[rows], rng))
            path = reference + share * (bases - reference)
            slope = gradient(path.reshape(-1, *bases.shape[1:])).reshape(path.shape).mean(axis=0)
            # A base in a place takes the reference's share away: that is what it adds to the reference's logit.
            hypothetical[rows] += slope - (slope * reference).sum(axis=2, keepdims=True)
            reference_logit[rows] += from_one_hot(reference, training=False).numpy()[:, 0]
    hypothetical *= (codes < 4)[:, :, None] / references
    logit = model.predict(codes, batch_size=BATCH, verbose=0)[:, 0]
    return Contributions(hypothetical, logit, reference_logit / references)


def _groups(size: int, most: int) -> Iterator[slice]:
    starts = range(0, size, most)
    for first in progress(starts, len(starts), "groups of sequences attributed"):
        yield slice(first, first + most)


def _gradient(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """Gradient of the model's output by its input, as a function of the input, both (batch, length, 4)."""
    if keras.backend.backend() != "tensorflow":
        raise InputError(
            f"gradients are taken with TensorFlow, and Keras runs on {keras.backend.backend()}.",
            place="environment: KERAS_BACKEND",
            fix="set KERAS_BACKEND=tensorflow, or use in_silico_mutagenesis, which runs on every backend.",
        )
    import tensorflow as tf

    @tf.function(input_signature=[tf.TensorSpec(model.input.shape, tf.float32)])
    def gradient(bases):
        with tf.GradientTape() as tape:
            tape.watch(bases)
            output = model(bases, training=False)
        return tape.gradient(output, bases)

    return lambda bases: gradient(tf.convert_to_tensor(bases)).numpy()


def in_silico_mutagenesis(predict: Callable[[np.ndarray], np.ndarray], codes: np.ndarray) -> np.ndarray:
    """Change of the logit by each substitution.

    Parameters
    ----------
    predict : callable
        From codes (sequences, length) to logits (sequences,).
    codes : np.ndarray, shape (sequences, length), uint8

    Returns
    -------
    np.ndarray, shape (sequences, length, 4), float32
        Logit with the base in that place minus that of the sequence; zero for the base that is there.
    """
    length = codes.shape[1]
    place, base = np.divmod(np.arange(4 * length), 4)
    change = np.empty((len(codes), length, 4), dtype=np.float32)
    logit = predict(codes)
    for number, sequence in enumerate(progress(codes, len(codes), "sequences mutated")):
        mutants = np.tile(sequence, (4 * length, 1))
        mutants[np.arange(4 * length), place] = base
        differs = sequence[place] != base
        effect = np.zeros(4 * length, dtype=np.float32)
        effect[differs] = predict(mutants[differs]) - logit[number]
        change[number] = effect.reshape(length, 4)
    return change
