"""Epochs of training over chosen rows of one data set, which stays where the network is."""

from typing import Protocol

import keras
import numpy as np


class Epochs(Protocol):
    """What trains a compiled model for one epoch and validates it."""

    def train(self, rows: np.ndarray) -> dict[str, float]:
        """Train on these rows, batch after batch in this order; the mean of every term of the loss."""

    def validate(self, rows: np.ndarray) -> float:
        """Loss on these rows, whose weights are left alone."""


class KerasEpochs:
    """Epochs by ``fit`` and ``evaluate``, on any backend of Keras.

    Parameters
    ----------
    model : keras.Model
        Compiled.
    codes : np.ndarray, shape (genes, length), uint8
    target : np.ndarray, shape (genes,)
    batch_size : int
    """

    def __init__(self, model: keras.Model, codes: np.ndarray, target: np.ndarray, batch_size: int):
        self._model, self._codes, self._target, self._batch_size = model, codes, target[:, None], batch_size

    def train(self, rows: np.ndarray) -> dict[str, float]:
        """As :meth:`Epochs.train`."""
        asked = {"batch_size": self._batch_size, "verbose": 0, "shuffle": False}
        shown = self._model.fit(self._codes[rows], self._target[rows], **asked).history
        return {name: values[0] for name, values in shown.items()}

    def validate(self, rows: np.ndarray) -> float:
        """As :meth:`Epochs.validate`."""
        asked = {"batch_size": self._batch_size, "verbose": 0, "return_dict": True}
        return self._model.evaluate(self._codes[rows], self._target[rows], **asked)["loss"]


class GraphEpochs:
    """The same as one TensorFlow graph per epoch: nothing is left for Python to do between two batches.

    A step of :class:`KerasEpochs` spends a millisecond in Python, and an epoch fifty in setting up its input.

    Parameters
    ----------
    model, codes, target, batch_size
        As of :class:`KerasEpochs`.
    """

    def __init__(self, model: keras.Model, codes: np.ndarray, target: np.ndarray, batch_size: int):
        import tensorflow as tf

        held_codes, held_target = tf.constant(codes), tf.constant(target[:, None], tf.float32)

        def over_batches(step):
            step = tf.autograph.experimental.do_not_convert(step)

            @tf.function(input_signature=[tf.TensorSpec([None], tf.int64)])
            def epoch(rows):
                for first in tf.range(0, tf.size(rows), batch_size):
                    batch = rows[first : first + batch_size]
                    step((tf.gather(held_codes, batch), tf.gather(held_target, batch)))

            return epoch

        # Variables cannot be made inside of the loop.
        model.optimizer.build(model.trainable_variables)
        self._model = model
        self._train, self._validate = over_batches(model.train_step), over_batches(model.test_step)

    def train(self, rows: np.ndarray) -> dict[str, float]:
        """As :meth:`Epochs.train`."""
        return self._losses(self._train, rows)

    def validate(self, rows: np.ndarray) -> float:
        """As :meth:`Epochs.validate`."""
        return self._losses(self._validate, rows)["loss"]

    def _losses(self, epoch, rows):
        self._model.reset_metrics()
        epoch(rows)
        return {name: float(value) for name, value in self._model.get_metrics_result().items()}


def epochs_of(model: keras.Model, codes: np.ndarray, target: np.ndarray, batch_size: int) -> Epochs:
    """The faster of the two where the backend has it."""
    kind = GraphEpochs if keras.backend.backend() == "tensorflow" else KerasEpochs
    return kind(model, codes, target, batch_size)
