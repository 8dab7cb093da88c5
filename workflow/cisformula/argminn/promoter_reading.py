"""What an ARGMINN that predicts expression sees in promoters.

A regression has no bound sequences. Motifs and thresholds are read from all genes that the network was trained on, the
instances from the genes that it never saw. What the network owes to an instance is its prediction less that for the
promoter with the bases of the instance unknown. All of this is our own.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from ..pwm import Motif
from ..sequence import UNKNOWN
from .filter_motifs import filter_id, filter_number

FILTERS_OF_RUN = 1000
"""Filter 12 of run 3 has the number 3012 among the filters of all runs."""
AT_ONCE = 4096
"""Promoters with an unknown instance that are predicted in one go."""


def number_of(run: int, filters: int | pd.Series) -> int | pd.Series:
    """Numbers of the filters of a run among those of all runs."""
    return FILTERS_OF_RUN * run + filters


def of_run(motif: Motif, run: int) -> Motif:
    """The motif of a filter of a run with the filter's number among those of all runs."""
    name = filter_id(number_of(run, filter_number(motif.id)))
    return replace(motif, id=name, name=name)


def prediction_changes(
    predict: Callable[[np.ndarray], np.ndarray], codes: np.ndarray, instances: pd.DataFrame
) -> np.ndarray:
    """What each instance adds to the prediction: that of the promoter less that with its bases unknown.

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
