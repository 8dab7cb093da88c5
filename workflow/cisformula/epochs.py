"""One epoch of training after the other, on examples in the order in which they are given."""

import math
from typing import Protocol

import keras
import numpy as np

from .errors import InputError


class Epochs(Protocol):
    """What trains a compiled model for one epoch and validates it; the model stays the caller's."""

    def train(self, codes: np.ndarray, target: np.ndarray) -> dict[str, float]:
        """Train on one batch after the other.

        Parameters
        ----------
        codes : np.ndarray, shape (examples, length), uint8
        target : np.ndarray, shape (examples,)

        Returns
        -------
        dict
            Mean of every term of the loss over the batches.
        """

    def validate(self, codes: np.ndarray, target: np.ndarray) -> float:
        """Loss on examples of the same form, which leave the weights alone."""


class KerasEpochs:
    """Epochs by ``fit`` and ``evaluate``, on any backend of Keras.

    Parameters
    ----------
    model : keras.Model
        Compiled, from codes (batch, length) uint8 to (batch, 1).
    batch_size : int
    """

    def __init__(self, model: keras.Model, batch_size: int):
        self._model, self._asked = model, {"batch_size": batch_size, "verbose": 0}

    def train(self, codes: np.ndarray, target: np.ndarray) -> dict[str, float]:
        """As :meth:`Epochs.train`."""
        shown = self._model.fit(codes, target[:, None], shuffle=False, **self._asked).history
        return {name: values[0] for name, values in shown.items()}

    def validate(self, codes: np.ndarray, target: np.ndarray) -> float:
        """As :meth:`Epochs.validate`."""
        return self._model.evaluate(codes, target[:, None], return_dict=True, **self._asked)["loss"]


class GraphEpochs:
    """The same as one TensorFlow graph per epoch: nothing is left for Python to do between two batches.

    A step of :class:`KerasEpochs` spends a millisecond in Python, and an epoch fifty in setting up its input.

    Parameters
    ----------
    model, batch_size
        As of :class:`KerasEpochs`.
    """

    def __init__(self, model: keras.Model, batch_size: int):
        import tensorflow as tf

        codes, target = tf.TensorSpec([None, model.input_shape[1]], tf.uint8), tf.TensorSpec([None, 1], tf.float32)

        def over_batches(step):
            def take(first, codes, target):
                step((codes[first : first + batch_size], target[first : first + batch_size]))
                return first + batch_size, codes, target

            # Written out, for TensorFlow takes longer to read a loop in Python than to make its graph.
            @tf.function(input_signature=[codes, target], autograph=False)
            def epoch(codes, target):
                examples = tf.shape(codes)[0]
                tf.while_loop(lambda first, *_: first < examples, take, (0, codes, target), parallel_iterations=1)

            return epoch

        # Variables cannot be made inside of the loop.
        model.optimizer.build(model.trainable_variables)
        self._model = model
        self._train, self._validate = over_batches(model.train_step), over_batches(model.test_step)

    def train(self, codes: np.ndarray, target: np.ndarray) -> dict[str, float]:
        """As :meth:`Epochs.train`."""
        return self._losses(self._train, codes, target)

    def validate(self, codes: np.ndarray, target: np.ndarray) -> float:
        """As :meth:`Epochs.validate`."""
        return self._losses(self._validate, codes, target)["loss"]

    def _losses(self, epoch, codes, target):
        self._model.reset_metrics()
        epoch(codes, target[:, None].astype(np.float32))
        return {name: float(value) for name, value in self._model.get_metrics_result().items()}


def epochs_of(model: keras.Model, batch_size: int) -> Epochs:
    """The faster of the two where the backend has it."""
    kind = GraphEpochs if keras.backend.backend() == "tensorflow" else KerasEpochs
    return kind(model, batch_size)


def check_finite(terms: dict[str, float], epoch: int, place: str, fix: str) -> None:
    """End a training whose loss is no longer a number.

    Parameters
    ----------
    terms : dict
        Terms of the loss, of which ``loss`` is the sum.
    epoch : int
        From 0.
    place, fix : str
        As of :class:`cisformula.errors.InputError`.

    Raises
    ------
    InputError
        If it is not.
    """
    if not math.isfinite(terms["loss"]):
        raise InputError(f"the loss is no longer a number in epoch {epoch + 1}: {terms}.", place=place, fix=fix)
