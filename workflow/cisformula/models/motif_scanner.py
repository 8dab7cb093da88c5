"""The first layer of ARGMINN: filters that become motifs, because sharing a site and spare weight cost something."""

import math
from collections.abc import Iterator
from contextlib import contextmanager

import keras
import numpy as np
from keras import layers, ops

from .overlap import overlap_penalty

BEGIN, SETTLED = 0.25, 0.75
"""Shares of the epochs at which the penalties begin and from which they no longer grow."""


@keras.saving.register_keras_serializable(package="cisformula")
class MotifScanner(layers.Layer):
    """Activation of each filter in each window, on one strand or both, with the penalties that sparsen filters.

    Both penalties enter the loss in training only, times weights that start at zero and are set by
    :class:`SetPenalties`.

    Parameters
    ----------
    filters, width : int
        Number of filters and their width in bp.
    both_strands : bool
        Whether every filter also scans the reverse complement.
    ignore_silent : bool
        See :func:`cisformula.models.overlap.overlap_penalty`.
    """

    def __init__(self, filters: int, width: int, both_strands: bool = True, ignore_silent: bool = True, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.width = filters, width
        self.both_strands, self.ignore_silent = both_strands, ignore_silent
        self.filter_of_track = np.tile(np.arange(filters), 2 if both_strands else 1)
        self.overlap = keras.metrics.Mean(name="overlap")
        self.l1 = keras.metrics.Mean(name="l1")

    def build(self, input_shape):
        """Create ``kernel``, shape (width, 4, filters), ``bias``, shape (filters,), and the penalties' weights."""
        shape = (self.width, 4, self.filters)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer="glorot_uniform")
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer="zeros")
        self.overlap_weight = self.add_weight(name="overlap_weight", shape=(), initializer="zeros", trainable=False)
        self.l1_weight = self.add_weight(name="l1_weight", shape=(), initializer="zeros", trainable=False)

    def call(self, one_hot, training=False):
        """(batch, length, 4) to (batch, windows, tracks): all filters as the sequence reads, then their reverses."""
        kernel, bias = self.kernel, self.bias
        if self.both_strands:
            kernel = ops.concatenate([kernel, kernel[::-1, ::-1]], axis=-1)
            bias = ops.concatenate([bias, bias])
        activations = ops.relu(ops.conv(one_hot, kernel, padding="valid") + bias)
        if training:
            self._penalise(activations, kernel)
        return activations

    def _penalise(self, activations, kernel):
        overlap = overlap_penalty(activations, kernel, self.filter_of_track, self.ignore_silent)
        l1 = ops.sum(ops.abs(self.kernel))
        for weight, penalty, shown in ((self.overlap_weight, overlap, self.overlap), (self.l1_weight, l1, self.l1)):
            self.add_loss(weight * penalty)
            shown.update_state(weight * penalty)

    @contextmanager
    def silenced(self, number: int) -> Iterator[None]:
        """While it lasts, filter ``number`` is active nowhere."""
        kernel, bias = ops.convert_to_numpy(self.kernel), ops.convert_to_numpy(self.bias)
        kept = np.arange(self.filters) != number
        self.kernel.assign(kernel * kept)
        self.bias.assign(bias * kept)
        try:
            yield
        finally:
            self.kernel.assign(kernel)
            self.bias.assign(bias)

    def get_config(self):
        """Arguments that rebuild the layer."""
        own = {"both_strands": self.both_strands, "ignore_silent": self.ignore_silent}
        return {**super().get_config(), "filters": self.filters, "width": self.width, **own}


def scheduled_weight(first: float, last: float, epoch: int, epochs: int) -> float:
    """Weight of a penalty: zero before :data:`BEGIN`, exponential from first to last, the last from :data:`SETTLED` on.

    Parameters
    ----------
    first, last : float
    epoch : int
        From 0.
    epochs : int
    """
    if epoch < BEGIN * epochs:
        return 0.0
    rise = min(1.0, (epoch - BEGIN * epochs) / ((SETTLED - BEGIN) * epochs))
    return first * (last / first) ** rise


def first_settled(epochs: int) -> int:
    """First epoch, from 0, whose penalties no longer grow; an earlier one looks good for having been spared them."""
    return min(math.ceil(SETTLED * epochs), epochs - 1)


class SetPenalties(keras.callbacks.Callback):
    """Sets the weights of a scanner's penalties before each epoch.

    Parameters
    ----------
    overlap, l1 : tuple of float
        First and last weight, see :func:`scheduled_weight`.
    epochs : int
        All epochs of the training.
    """

    def __init__(self, overlap: tuple[float, float], l1: tuple[float, float], epochs: int):
        super().__init__()
        self.weights, self.epochs = (overlap, l1), epochs

    def on_epoch_begin(self, epoch, logs=None):
        """Set both weights."""
        scanner = self.model.get_layer("motifs")
        for variable, (first, last) in zip((scanner.overlap_weight, scanner.l1_weight), self.weights, strict=True):
            variable.assign(scheduled_weight(first, last, epoch, self.epochs))
