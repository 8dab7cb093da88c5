"""What a prediction owes to a place in a sequence: its change when the bases of the place are unknown (our own)."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from ..sequence import UNKNOWN

AT_ONCE = 4096
"""Sequences with an unknown place that are predicted in one go."""


def prediction_changes(
    predict: Callable[[np.ndarray], np.ndarray], codes: np.ndarray, instances: pd.DataFrame
) -> np.ndarray:
    """What each instance adds to the prediction: that of the sequence less that with the instance's bases unknown.

    Parameters
    ----------
    predict : callable
        From codes, shape (sequences, length), to predictions, shape (sequences,).
    codes : np.ndarray, shape (sequences, length), uint8
    instances : pd.DataFrame
        ``sequence start end``: row of ``codes``, bases from its first, half-open.

    Returns
    -------
    np.ndarray, shape (instances,), float
        In units of the prediction.
    """
    whole = predict(codes)
    changes = np.zeros(len(instances))
    position = np.arange(codes.shape[1])
    for first in range(0, len(instances), AT_ONCE):
        part = instances.iloc[first : first + AT_ONCE]
        sequence, start, end = (part[column].to_numpy(int)[:, None] for column in ("sequence", "start", "end"))
        inside = (position >= start) & (position < end)
        masked = np.where(inside, np.uint8(UNKNOWN), codes[sequence[:, 0]])
        changes[first : first + AT_ONCE] = whole[sequence[:, 0]] - predict(masked)
    return changes
