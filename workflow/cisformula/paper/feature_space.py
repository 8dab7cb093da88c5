"""What the published features can hold: mean activations of filters are linear in a few base counts.

The mean over positions of a filter without bias or threshold is a weighted sum of the frequencies of four bases at each
of its ``width`` columns. These frequencies sum to one at each column, so that any number of filters spans at most
``3 * width`` dimensions after centring, and neighbouring columns see nearly the same bases: what is left is nearly the
composition of the promoter. Both are measured here on the run's own filters and promoters.
"""

from typing import NamedTuple

import numpy as np

from .. import features, linear


class FeatureSpace(NamedTuple):
    """What a set of filters spans by their mean activations.

    Attributes
    ----------
    columns : int
        Filters.
    rank_bound : int
        The smaller of ``columns`` and ``3 * width``.
    rank : int
        Of the standardised columns, numerically.
    condition_number : float
        Largest over smallest singular value, those that are numerically zero left out.
    composition_share : float
        Share of the variance of the standardised columns that base composition explains.
    """

    columns: int
    rank_bound: int
    rank: int
    condition_number: float
    composition_share: float


def measure(codes: np.ndarray, filters: np.ndarray) -> FeatureSpace:
    """Rank, condition number and share of base composition of the mean activations of filters.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
        Promoters. Where they hold unknown bases, frequencies no longer sum to one and the bound need not hold.
    filters : np.ndarray, shape (filters, width, 4)
    """
    activations = features.mean_activation(codes, filters)
    rank, condition = linear.rank_and_condition(activations)
    share = explained_share(features.base_composition(codes), activations)
    return FeatureSpace(len(filters), min(len(filters), 3 * filters.shape[1]), rank, condition, share)


def explained_share(X: np.ndarray, Y: np.ndarray) -> float:
    """Share of the variance of the standardised columns of ``Y`` that least squares on those of ``X`` explains."""
    centred = X - X.mean(axis=0)
    vectors, values, _ = np.linalg.svd(centred, full_matrices=False)
    basis = vectors[:, values > values[0] * max(X.shape) * np.finfo(float).eps]
    Z = linear.Standardisation.of(Y).apply(Y)
    return float(((basis.T @ Z) ** 2).sum() / (Z**2).sum())
