"""Weighted features of genes, which different networks gave them, put on one scale."""

import numpy as np
import pandas as pd

from ..linear import Standardisation
from .weighted_features import BIAS, OTHER


def comparable(weighted: pd.DataFrame, folds: np.ndarray) -> pd.DataFrame:
    """Standardise each feature within each fold, for the genes of a fold were scored by a network of their own.

    A feature that the networks of few folds have would tell folds apart rather than genes. Those of more than half of
    the folds are kept or, if there are none, those of as many folds as any.

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
    scaled, n_folds = np.zeros(values.shape), np.zeros(values.shape[1], dtype=int)
    names = np.unique(folds)
    for fold in names:
        inside = values.to_numpy(dtype=float)[folds == fold]
        varies = np.ptp(inside, axis=0) > 0
        scaled[folds == fold] = np.where(varies, Standardisation.of(inside).apply(inside), 0.0)
        n_folds += varies
    kept = n_folds >= max(1, min(len(names) // 2 + 1, n_folds.max(initial=0)))
    return pd.DataFrame(scaled, index=values.index, columns=values.columns).loc[:, kept]


def row_centred(features: np.ndarray) -> np.ndarray:
    """Each gene's features minus their mean, which leaves the pattern and takes the level; shape (genes, features).

    The sum of a gene's weighted features is its prediction, so groups of genes might be no more than genes sorted by
    it. Here the sum is 0 for every gene.
    """
    return features - features.mean(axis=1, keepdims=True)
