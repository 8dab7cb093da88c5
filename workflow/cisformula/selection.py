"""Choosing the motifs of the formula among all candidates; always called on training genes only."""

import numpy as np
from sklearn.feature_selection import RFE
from sklearn.linear_model import lars_path_gram
from sklearn.tree import DecisionTreeRegressor

METHODS = ("lasso", "rfe")


def lasso_path(X: np.ndarray, y: np.ndarray, n_motifs: int) -> np.ndarray:
    """First ``n_motifs`` columns on the lasso path (Efron et al. 2004, LARS with the lasso modification).

    The path is followed from the strongest penalty down until ``n_motifs`` columns have a coefficient other than zero.

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
        Chosen columns in increasing order; fewer if there are not enough usable candidates.
    """
    usable = np.flatnonzero(X.any(axis=0))
    if len(usable) <= n_motifs:
        return usable
    X = X[:, usable]
    _, _, coefficients = lars_path_gram(
        Xy=X.T @ y, Gram=X.T @ X, n_samples=len(y), max_iter=2 * n_motifs + 100, method="lasso", return_path=True
    )
    sizes = (coefficients != 0).sum(axis=0)
    reached = np.flatnonzero(sizes >= n_motifs)
    step = reached[0] if len(reached) else len(sizes) - 1
    return usable[np.flatnonzero(coefficients[:, step])]


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
