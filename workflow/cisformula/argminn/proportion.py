"""Intervals of proportions."""

import numpy as np

Z = 1.959963984540054
"""Quantile of the normal distribution that leaves 2.5 % above it."""


def wilson(successes: np.ndarray, trials: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bounds of the 95 % interval of a proportion (Wilson 1927, J Am Stat Assoc 22:209).

    Parameters
    ----------
    successes, trials : array_like
        Of any one shape.

    Returns
    -------
    low, high : np.ndarray
        0 and 1 where there were no trials.
    """
    k, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    tried = np.maximum(n, 1)
    share = k / tried
    middle = (share + Z**2 / (2 * tried)) / (1 + Z**2 / tried)
    half = Z / (1 + Z**2 / tried) * np.sqrt(share * (1 - share) / tried + Z**2 / (4 * tried**2))
    low = np.where((n == 0) | (k == 0), 0.0, middle - half)
    high = np.where((n == 0) | (k == n), 1.0, middle + half)
    return low, high
