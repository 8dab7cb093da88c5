"""The terms of a positional network's sum: what each filter adds to a prediction in each position bin."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np

from ..models import positional  # noqa: F401  (its layers must be known to Keras when a network is loaded)

BATCH = 512


class Terms(NamedTuple):
    """A prediction taken apart; ``weighted.sum(axis=(1, 2)) + bias == predicted`` up to rounding.

    Attributes
    ----------
    weighted : np.ndarray, shape (sequences, bins, filters), float32
        Context times activity, in standard deviations of expression; zero where the motif is absent.
    bias : float
    predicted : np.ndarray, shape (sequences,), float32
    """

    weighted: np.ndarray
    bias: float
    predicted: np.ndarray


def read_terms(model: keras.Model, codes: np.ndarray) -> Terms:
    """Take the predictions of a network of :mod:`cisformula.models.positional` apart.

    Parameters
    ----------
    model : keras.Model
    codes : np.ndarray, shape (sequences, length), uint8
    """
    outputs = [model.get_layer("context").output, model.get_layer("activity").output, model.output]
    factors = keras.Model(model.input, outputs)
    context, activity, predicted = factors.predict(codes, batch_size=BATCH, verbose=0)
    bias = float(keras.ops.convert_to_numpy(model.get_layer("weighted_sum").bias))
    return Terms(context * activity, bias, predicted[:, 0])


def load(path: str | Path) -> keras.Model:
    """A network as it was saved, for prediction only."""
    return keras.models.load_model(path, compile=False)


def predictor(model: keras.Model) -> Callable[[np.ndarray], np.ndarray]:
    """The network as a function from encoded sequences (sequences, length) to predictions (sequences,)."""
    return lambda codes: model.predict(codes, batch_size=BATCH, verbose=0)[:, 0]
