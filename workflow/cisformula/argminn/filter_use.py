"""Which filters a network needs: those without which it says less of sequences that it was not trained on.

The penalties leave some filters excited by a few windows, and motifs counted from few windows look informative. What a
filter is for shows when it is silenced: the loss on the validation set rises, or the filter is for nothing (our own).
"""

import keras
import numpy as np
import pandas as pd

from . import fit
from .examples import Examples

NORMAL_QUANTILE = 1.96
"""Standard errors to either side of a mean within which 95 % of the means of samples lie."""
COLUMNS = ["filter", "loss_rise", "loss_rise_low", "loss_rise_high"]


def silencing_costs(model: keras.Model, validation: Examples) -> pd.DataFrame:
    """How far the loss rises when each filter in turn is silenced.

    Parameters
    ----------
    model : keras.Model
        Its layer ``motifs`` is a :class:`cisformula.models.motif_scanner.MotifScanner`.
    validation : Examples

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, a row per filter: the mean over sequences of the rise of the cross-entropy in nats, with a 95 %
        interval from the rises of the single sequences.
    """
    scanner, rows = model.get_layer("motifs"), []
    before = _losses(model, validation)
    for number in range(scanner.filters):
        with scanner.silenced(number):
            rise = _losses(model, validation) - before
        half = NORMAL_QUANTILE * rise.std(ddof=1) / np.sqrt(len(rise))
        rows.append((number, rise.mean(), rise.mean() - half, rise.mean() + half))
    return pd.DataFrame(rows, columns=COLUMNS)


def needed(costs: pd.DataFrame) -> np.ndarray:
    """Whether the interval of :func:`silencing_costs` lies above 0; shape (filters,), bool."""
    return (costs["loss_rise_low"] > 0).to_numpy()


def _losses(model: keras.Model, examples: Examples) -> np.ndarray:
    return fit.cross_entropy(fit.predict(model, examples.codes), examples.label).astype(float)
