"""Logistic regression of many yes-or-no outcomes on the same few columns, all outcomes at once."""

from typing import NamedTuple

import numpy as np

MOST_ITERATIONS = 25
TOLERANCE = 1e-8


class Fit(NamedTuple):
    """Maximum-likelihood estimates.

    Attributes
    ----------
    coefficients, standard_errors : np.ndarray, shape (columns, outcomes)
        NaN for an outcome whose likelihood has no maximum, such as one that all observations share.
    probabilities : np.ndarray, shape (observations, outcomes)
    """

    coefficients: np.ndarray
    standard_errors: np.ndarray
    probabilities: np.ndarray


def fit(X: np.ndarray, Y: np.ndarray) -> Fit:
    """Newton's method, that is iteratively reweighted least squares.

    Parameters
    ----------
    X : np.ndarray, shape (observations, columns)
        With a column of ones, of full rank and on a common scale.
    Y : np.ndarray, shape (observations, outcomes), bool
    """
    Y = Y.astype(float)
    share = Y.mean(axis=0)
    varies = (share > 0) & (share < 1)
    coefficients = np.zeros((X.shape[1], Y.shape[1]))
    moving = varies.copy()
    for _ in range(MOST_ITERATIONS):
        probability = _probability(X, coefficients[:, moving])
        step = np.linalg.solve(_information(X, probability), (X.T @ (Y[:, moving] - probability)).T[..., None])
        step = step[..., 0].T
        coefficients[:, moving] += step
        moving[moving] = np.abs(step).max(axis=0) > TOLERANCE
        # Where the outcomes separate, coefficients grow without end; far out the information is not invertible.
        moving &= np.abs(coefficients).max(axis=0) < 1 / TOLERANCE
        if not moving.any():
            break
    estimated = varies & ~moving
    probabilities = _probability(X, coefficients)
    probabilities[:, ~varies] = share[~varies]
    errors = np.full(coefficients.shape, np.nan)
    inverse = np.linalg.inv(_information(X, probabilities[:, estimated]))
    errors[:, estimated] = np.sqrt(np.diagonal(inverse, axis1=1, axis2=2).T)
    coefficients[:, ~estimated] = np.nan
    return Fit(coefficients, errors, probabilities)


def score_test(X: np.ndarray, Y: np.ndarray, null: np.ndarray, added: np.ndarray) -> np.ndarray:
    """Rao's score test of one more column, which stands where its coefficient has no finite estimate.

    Parameters
    ----------
    X : np.ndarray, shape (observations, columns)
    Y : np.ndarray, shape (observations, outcomes), bool
    null : np.ndarray, shape (observations, outcomes)
        Probabilities fitted to ``X`` alone, see :func:`fit`.
    added : np.ndarray, shape (observations,)

    Returns
    -------
    np.ndarray, shape (outcomes,)
        Standard normal under the null, positive where the column makes the outcome likelier; 0 where the outcome does
        not vary.
    """
    weight = null * (1 - null)
    score = added @ (Y - null)
    across = (X * added[:, None]).T @ weight
    varies = weight.sum(axis=0) > 0
    explained = np.zeros(Y.shape[1])
    solved = np.linalg.solve(_information(X, null[:, varies]), across[:, varies].T[..., None])[..., 0]
    explained[varies] = (across[:, varies].T * solved).sum(axis=1)
    variance = added**2 @ weight - explained
    usable = varies & (variance > TOLERANCE)
    return np.divide(score, np.sqrt(np.where(usable, variance, 1.0)), out=np.zeros(len(score)), where=usable)


def _probability(X: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(X @ coefficients, -30, 30)))


def _information(X: np.ndarray, probability: np.ndarray) -> np.ndarray:
    """``X.T @ diag(weight) @ X`` of each outcome; shape (outcomes, columns, columns)."""
    n_columns = X.shape[1]
    products = (X[:, :, None] * X[:, None, :]).reshape(len(X), n_columns**2)
    return ((probability * (1 - probability)).T @ products).reshape(-1, n_columns, n_columns)
