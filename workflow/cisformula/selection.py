"""Choosing the motifs of the formula among all candidates; always called on training genes only."""

import warnings

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import RFE
from sklearn.linear_model import lasso_path as coordinate_descent
from sklearn.tree import DecisionTreeRegressor

METHODS = ("lasso", "rfe")
PATH_STEPS = 60
PATH_END = 1e-3
"""Weakest penalty of the path, as a fraction of the one that keeps every coefficient at zero."""
STEPS_AT_ONCE = 5


def lasso_path(X: np.ndarray, y: np.ndarray, n_motifs: int) -> np.ndarray:
    """Columns that the lasso picks first (Tibshirani 1996; coordinate descent of Friedman et al. 2010).

    The penalty is lowered step by step until at least ``n_motifs`` columns have a coefficient other than zero; of
    these the ``n_motifs`` with the largest coefficients are kept. Least-angle regression would give the exact path,
    but breaks off at the duplicated columns that hit counts abound in.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Standardised features; a constant column (all zeros) is never chosen.
    y : np.ndarray, shape (genes,)
        Centred target.
    n_motifs : int

    Returns
    -------
    np.ndarray of int
        Chosen columns in increasing order; fewer if too few candidates differ from each other.
    """
    usable = np.flatnonzero(X.any(axis=0))
    if len(usable) <= n_motifs:
        return usable
    X = np.asfortranarray(X[:, usable])
    gram, covariance = X.T @ X, X.T @ y
    penalties = np.geomspace(1, PATH_END, PATH_STEPS) * np.abs(covariance).max() / len(y)
    coefficients = np.zeros(len(usable))
    for start in range(0, PATH_STEPS, STEPS_AT_ONCE):
        steps = penalties[start : start + STEPS_AT_ONCE]
        path = _descend(X, y, gram, covariance, steps, coefficients)
        enough = np.flatnonzero((path != 0).sum(axis=0) >= n_motifs)
        coefficients = path[:, enough[0] if len(enough) else -1].copy()
        if len(enough):
            break
    largest = np.argsort(-np.abs(coefficients), kind="stable")[:n_motifs]
    return usable[np.sort(largest[coefficients[largest] != 0])]


def _descend(X, y, gram, covariance, penalties, start) -> np.ndarray:
    with warnings.catch_warnings():
        # A coefficient that is slightly off does not change which columns are picked.
        warnings.simplefilter("ignore", ConvergenceWarning)
        return coordinate_descent(
            X, y, alphas=penalties, precompute=gram, Xy=covariance, coef_init=start, max_iter=2000, tol=1e-4
        )[1]


def recursive_elimination(X: np.ndarray, y: np.ndarray, n_motifs: int, seed: int) -> np.ndarray:
    """The paper's selection: recursive feature elimination, 100 at a time, by importance in one regression tree.

    Parameters and result as in :func:`lasso_path`, with a seed that the published notebook lacks.
    """
    tree = DecisionTreeRegressor(random_state=seed)
    n_motifs = min(n_motifs, X.shape[1])
    return np.flatnonzero(RFE(tree, n_features_to_select=n_motifs, step=100).fit(X, y).support_)


def select(method: str, X: np.ndarray, y: np.ndarray, n_motifs: int, seed: int) -> np.ndarray:
    """Apply one of :data:`METHODS`."""
    if method == "rfe":
        return recursive_elimination(X, y, n_motifs, seed)
    return lasso_path(X, y, n_motifs)
