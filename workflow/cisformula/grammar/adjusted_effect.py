"""What one property of promoters does to expression beside others, by least squares with robust errors."""

from typing import NamedTuple

import numpy as np
from scipy import stats

from ..linear import Standardisation

LEVEL = 0.95


class Effect(NamedTuple):
    """An estimate with its 95 % interval and p-value."""

    value: float
    low: float
    high: float
    p: float


def adjusted_effect(column: np.ndarray, others: np.ndarray, target: np.ndarray) -> Effect:
    """Coefficient of one column beside others, with heteroscedasticity-consistent errors.

    Errors are those of MacKinnon & White 1985 (J Econometrics 29:305), HC3; t with the residual degrees of freedom.

    Parameters
    ----------
    column : np.ndarray, shape (n,), bool or float
    others : np.ndarray, shape (n, columns)
    target : np.ndarray, shape (n,)

    Returns
    -------
    Effect
        In units of the target per unit of the column; missing where the others say all that the column does.
    """
    others = Standardisation.of(others).apply(others)
    design = np.column_stack([column, np.ones(len(target)), others]).astype(float)
    rank = np.linalg.matrix_rank(design)
    if np.linalg.matrix_rank(design[:, 1:]) == rank or len(target) <= rank + 1:
        return Effect(np.nan, np.nan, np.nan, np.nan)
    inverse = np.linalg.pinv(design)
    coefficients = inverse @ target
    leverage = np.clip((design * inverse.T).sum(axis=1), 0, 1 - 1e-9)
    residuals = (target - design @ coefficients) / (1 - leverage)
    error = np.sqrt(((inverse[0] * residuals) ** 2).sum())
    freedom = len(target) - rank
    value, reach = float(coefficients[0]), stats.t.ppf((1 + LEVEL) / 2, freedom) * error
    return Effect(value, value - reach, value + reach, float(2 * stats.t.sf(abs(value) / error, freedom)))
