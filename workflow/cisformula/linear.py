"""Ridge regression on standardised columns, with everything that is estimated taken from the rows it is fitted on."""

from dataclasses import dataclass

import numpy as np

PENALTIES = np.logspace(-1, 5, 13)


@dataclass(frozen=True)
class Standardisation:
    """Means and standard deviations of columns, shape (columns,) each; a constant column has scale 1."""

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, X: np.ndarray, weights: np.ndarray | None = None) -> "Standardisation":
        """Estimate from the rows of ``X``, shape (rows, columns).

        With ``weights``, shape (columns,), a column comes out with this standard deviation instead of 1, so that a
        ridge penalty holds the effect of a column of small weight more strongly towards zero.
        """
        # The deviation of equal values need not be exactly zero; their range is.
        scale = np.where(np.ptp(X, axis=0) > 0, X.std(axis=0), 1.0)
        return cls(X.mean(axis=0), scale if weights is None else scale / weights)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Standardise the columns of ``X``."""
        return (X - self.mean) / self.scale


@dataclass(frozen=True)
class Ridge:
    """A fitted ridge regression.

    Attributes
    ----------
    standardisation : Standardisation
    coefficients : np.ndarray, shape (columns,)
        Change of the target per standard deviation of a column.
    intercept : float
    penalty : float
        Chosen by leave-one-out error on the training rows.
    left_out_error : float
        Mean squared leave-one-out error at that penalty.
    """

    standardisation: Standardisation
    coefficients: np.ndarray
    intercept: float
    penalty: float
    left_out_error: float

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Prediction for each row of ``X``."""
        return self.standardisation.apply(X) @ self.coefficients + self.intercept


def fit_ridge(X: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None) -> Ridge:
    """Fit with the penalty of :data:`PENALTIES` that has the smallest leave-one-out error.

    With ``Z`` the standardised columns and ``Z.T Z = V diag(values) V.T``, the fit at any penalty and the leverage of
    every gene follow from ``Z V``, and the error of a gene left out is its residual over one minus its leverage
    (Golub, Heath & Wahba 1979; exact). One decomposition thus serves all penalties. The intercept is not penalised.

    Parameters
    ----------
    X : np.ndarray, shape (genes, columns)
    y : np.ndarray, shape (genes,)
    weights : np.ndarray, shape (columns,), optional
        See :meth:`Standardisation.of`.
    """
    X = np.asarray(X, dtype=np.float64)
    standardisation = Standardisation.of(X, weights)
    Z = standardisation.apply(X)
    mean = float(y.mean())
    values, vectors = np.linalg.eigh(Z.T @ Z)
    # One row per penalty; eigenvalues of a singular matrix may come out below zero.
    shrinkage = 1 / (np.maximum(values, 0) + PENALTIES[:, None])
    rotated = Z @ vectors
    projected = shrinkage * (rotated.T @ (y - mean))
    residual = y[:, None] - mean - rotated @ projected.T
    # Squared in place: it is as large as the columns themselves.
    leverage = np.square(rotated, out=rotated) @ shrinkage.T + 1 / len(y)
    left_out = residual / (1 - leverage)
    errors = (left_out**2).mean(axis=0)
    best = int(errors.argmin())
    return Ridge(standardisation, vectors @ projected[best], mean, float(PENALTIES[best]), float(errors[best]))


def ridge_standard_errors(
    ridge: Ridge, X: np.ndarray, y: np.ndarray, combinations: np.ndarray | None = None
) -> np.ndarray:
    """Standard errors of the coefficients, or of sums of them, by the HC3 sandwich at the chosen penalty.

    They hold for the columns as given: that the columns were selected on the same genes is not accounted for.

    Parameters
    ----------
    ridge : Ridge
        Fitted on ``X`` and ``y``.
    X : np.ndarray, shape (genes, columns)
    y : np.ndarray, shape (genes,)
    combinations : np.ndarray, shape (combinations, columns), optional
        Weights of the coefficients in each sum.

    Returns
    -------
    np.ndarray, shape (columns,) or (combinations,)
    """
    predicted = ridge.predict(X)
    Z = ridge.standardisation.apply(X)
    inverse = np.linalg.inv(Z.T @ Z + ridge.penalty * np.eye(Z.shape[1]))
    leverage = np.einsum("ij,ij->i", Z @ inverse, Z) + 1 / len(Z)
    residual = (y - predicted) / (1 - leverage)
    influence = Z @ (inverse if combinations is None else inverse @ combinations.T)
    return np.sqrt((influence**2).T @ residual**2)


def rank_and_condition(X: np.ndarray) -> tuple[int, float]:
    """Numerical rank of the standardised columns, and the ratio of their largest to smallest singular value."""
    values = np.linalg.svd(Standardisation.of(X).apply(X), compute_uv=False)
    rank = int((values > values[0] * max(X.shape) * np.finfo(float).eps).sum())
    return rank, float(values[0] / values[rank - 1])


def multi_target_ridge(X: np.ndarray, Y: np.ndarray, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Ridge regressions of many targets on the same standardised columns.

    Parameters
    ----------
    X : np.ndarray, shape (genes, columns)
        Standardised on these genes.
    Y : np.ndarray, shape (genes, targets)
    penalty : float

    Returns
    -------
    coefficients : np.ndarray, shape (columns, targets)
    intercepts : np.ndarray, shape (targets,)
    """
    means = Y.mean(axis=0)
    gram = X.T @ X + penalty * np.eye(X.shape[1])
    return np.linalg.solve(gram, X.T @ (Y - means)), means


def correlations(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson correlation of each column of ``X``, shape (rows, columns), with ``y``; 0 for a constant column."""
    centred = X - X.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0) * ((y - y.mean()) ** 2).sum())
    products = centred.T @ (y - y.mean())
    return np.divide(products, norms, out=np.zeros_like(products), where=(np.ptp(X, axis=0) > 0) & (norms > 0))


def out_of_fold(X: np.ndarray, y: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Prediction of every gene by a ridge regression fitted on the other folds; shape (genes,)."""
    predictions = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        predictions[test] = fit_ridge(X[~test], y[~test]).predict(X[test])
    return predictions
