"""What the filters of other networks see, in the form in which those of ARGMINN are read."""

from typing import NamedTuple

import keras
import numpy as np

from ..reading_parts import Read


class FilterActivations(NamedTuple):
    """What is read of a network that attends to nothing.

    Attributes
    ----------
    activations : np.ndarray, shape (sequences, windows, filters, 1), float32
        One strand; window ``i`` covers the bases from ``i`` on.
    attention : np.ndarray, shape (sequences, 0, 0, windows), float32
    """

    activations: np.ndarray
    attention: np.ndarray


def reader(model: keras.Model) -> Read:
    """The network's layer ``activations``, (batch, windows, filters), as a function of a batch of encoded sequences."""
    first_layer = keras.Model(model.input, model.get_layer("activations").output)

    def read(codes: np.ndarray) -> FilterActivations:
        activations = first_layer.predict_on_batch(codes)
        return FilterActivations(activations[..., None], np.empty((len(codes), 0, 0, activations.shape[1]), np.float32))

    return read
