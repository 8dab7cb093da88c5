"""Weighted features of genes, which different networks gave them, put on one scale."""

import numpy as np
import pandas as pd

from ..linear import Standardisation
from .weighted_features import BIAS, OTHER


def comparable(weighted: pd.DataFrame, folds: np.ndarray) -> pd.DataFrame:
    """Standardise each feature within each fold, for the genes of a fold were scored by a network of their own.

    Parameters
    ----------
    weighted : pd.DataFrame, shape (genes, columns)
        Weighted features; the columns of filters that no other network found and of constants are left out.
    folds : np.ndarray, shape (genes,)

    Returns
    -------
    pd.DataFrame, shape (genes, features), float64
        Mean 0 and standard deviation 1 in each fold, 0 where a fold's network lacks the feature; features that are
        constant in every fold are left out.
    """
    values = weighted.drop(columns=[OTHER, BIAS])
    scaled = np.zeros(values.shape)
    for fold in np.unique(folds):
        inside = values.to_numpy(dtype=float)[folds == fold]
        scaled[folds == fold] = Standardisation.of(inside).apply(inside)
    # What varies reaches a standard deviation somewhere; what does not is 0 up to rounding.
    varies = np.abs(scaled).max(axis=0, initial=0) > 0.5
    return pd.DataFrame(scaled, index=values.index, columns=values.columns).loc[:, varies]


def row_centred(features: np.ndarray) -> np.ndarray:
    """Each gene's features minus their mean, which leaves the pattern and takes the level; shape (genes, features).

    The sum of a gene's weighted features is its prediction, so groups of genes might be no more than genes sorted by
    it. Here the sum is 0 for every gene.
    """
    return features - features.mean(axis=1, keepdims=True)
