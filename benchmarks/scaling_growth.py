"""How a cost grows with a size: the exponent of a power law, and what it says of the next size."""

import numpy as np


def exponent(sizes: np.ndarray, costs: np.ndarray) -> tuple[float, float]:
    """Exponent of ``cost = factor * size ** exponent`` and its standard error, by least squares on logarithms.

    Parameters
    ----------
    sizes, costs : np.ndarray, shape (n,)
        Above zero.

    Returns
    -------
    tuple of float
        NaN in place of what the number of sizes does not allow: an exponent takes two, its standard error three.
    """
    x, y = np.log(np.asarray(sizes, dtype=float)), np.log(np.asarray(costs, dtype=float))
    if len(x) < 2:
        return np.nan, np.nan
    centred = x - x.mean()
    scatter = centred @ centred
    slope = centred @ y / scatter
    residuals = y - y.mean() - slope * centred
    freedom = len(x) - 2
    return float(slope), float(np.sqrt(residuals @ residuals / freedom / scatter)) if freedom else np.nan


def predict(sizes: list[float], costs: list[float], size: float) -> float:
    """Cost of a larger size: the power law of the last two sizes carried on, but never less than in proportion.

    Parameters
    ----------
    sizes, costs : list of float, length n
        In increasing order of size. Nothing is expected to cost anything before something was measured.
    size : float
    """
    if not sizes:
        return 0.0
    slope = exponent(sizes[-2:], costs[-2:])[0] if len(sizes) > 1 else 1.0
    return costs[-1] * (size / sizes[-1]) ** max(slope, 1.0)
