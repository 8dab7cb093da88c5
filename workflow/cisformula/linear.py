"""Ridge regression on standardised columns, with everything that is estimated taken from the rows it is fitted on.

Columns are read a few thousand rows at a time, so that they need not all be in memory as floats: they may be an array
or anything else whose slices numpy can turn into one, such as :class:`cisformula.recipe.Columns`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

PENALTIES = np.logspace(-1, 5, 13)
ROWS = 1024
"""Rows that are worked on at once; with up to four thousand columns they lie in memory that is used again."""


class Rows(Protocol):
    """Columns of a regression, shape (rows, columns); an array is one."""

    shape: tuple[int, int]

    def __getitem__(self, rows: slice | np.ndarray) -> "Rows":
        """Some of the rows."""

    def __array__(self, dtype=None, copy=None) -> np.ndarray:
        """The rows as an array."""


def blocks(X: Rows) -> Iterator[tuple[slice, np.ndarray]]:
    """Places of the rows and the rows themselves, float64, :data:`ROWS` at a time."""
    for start in range(0, X.shape[0], ROWS):
        rows = slice(start, start + ROWS)
        yield rows, np.asarray(X[rows], dtype=np.float64)


@dataclass(frozen=True)
class Standardisation:
    """Means and standard deviations of columns, shape (columns,) each; a constant column has scale 1."""

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def of(cls, X: Rows, weights: np.ndarray | None = None) -> "Standardisation":
        """Estimate from the rows of ``X``, shape (rows, columns).

        With ``weights``, shape (columns,), a column comes out with this standard deviation instead of 1, so that a
        ridge penalty holds the effect of a column of small weight more strongly towards zero.
        """
        of_blocks = [(block.sum(axis=0), block.min(axis=0), block.max(axis=0)) for _, block in blocks(X)]
        sums, lowest, highest = (np.array(parts) for parts in zip(*of_blocks, strict=True))
        mean = sums.sum(axis=0) / X.shape[0]
        squares = sum(((block - mean) ** 2).sum(axis=0) for _, block in blocks(X))
        # The deviation of equal values need not be exactly zero; their range is.
        varies = highest.max(axis=0) > lowest.min(axis=0)
        scale = np.where(varies, np.sqrt(squares / X.shape[0]), 1.0)
        return cls(mean, scale if weights is None else scale / weights)

    def apply(self, X: np.ndarray) -> np.ndarray:
        """Standardise the columns of ``X``."""
        return (X - self.mean) / self.scale

    def blocks(self, X: Rows) -> Iterator[tuple[slice, np.ndarray]]:
        """:func:`blocks` of ``X``, standardised."""
        for rows, block in blocks(X):
            yield rows, self.apply(block)

    def products(self, X: Rows, Y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Products of the standardised columns with each other, and with the targets.

        Parameters
        ----------
        X : Rows, shape (rows, columns)
        Y : np.ndarray, shape (rows,) or (rows, targets)

        Returns
        -------
        gram : np.ndarray, shape (columns, columns)
        covariance : np.ndarray, shape (columns,) or (columns, targets)
        """
        gram = np.zeros((X.shape[1], X.shape[1]))
        covariance = np.zeros((X.shape[1], *Y.shape[1:]))
        for rows, Z in self.blocks(X):
            gram += Z.T @ Z
            covariance += Z.T @ Y[rows]
        return gram, covariance

    def predict(self, X: Rows, coefficients: np.ndarray, intercepts: np.ndarray | float) -> np.ndarray:
        """Prediction for each row of ``X``.

        Parameters
        ----------
        X : Rows, shape (rows, columns)
        coefficients : np.ndarray, shape (columns,) or (columns, targets)
            Per unit of the standardised columns.
        intercepts : float or np.ndarray, shape (targets,)

        Returns
        -------
        np.ndarray, shape (rows,) or (rows, targets)
        """
        predictions = np.empty((X.shape[0], *coefficients.shape[1:]))
        for rows, Z in self.blocks(X):
            predictions[rows] = Z @ coefficients + intercepts
        return predictions


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

    def predict(self, X: Rows) -> np.ndarray:
        """Prediction for each row of ``X``."""
        return self.standardisation.predict(X, self.coefficients, self.intercept)


def fit_ridge(X: Rows, y: np.ndarray, weights: np.ndarray | None = None) -> Ridge:
    """Fit with the penalty of :data:`PENALTIES` that has the smallest leave-one-out error.

    With ``Z`` the standardised columns and ``Z.T Z = V diag(values) V.T``, the fit at any penalty and the leverage of
    every gene follow from ``Z V``, and the error of a gene left out is its residual over one minus its leverage
    (Golub, Heath & Wahba 1979; exact). One decomposition thus serves all penalties. The intercept is not penalised.
    ``Z V`` is in single precision, which moves the error by less than a millionth.

    Parameters
    ----------
    X : Rows, shape (genes, columns)
    y : np.ndarray, shape (genes,)
    weights : np.ndarray, shape (columns,), optional
        See :meth:`Standardisation.of`.
    """
    standardisation = Standardisation.of(X, weights)
    mean = float(y.mean())
    gram, covariance = standardisation.products(X, y - mean)
    values, vectors = np.linalg.eigh(gram)
    # One row per penalty; eigenvalues of a singular matrix may come out below zero.
    shrinkage = 1 / (np.maximum(values, 0) + PENALTIES[:, None])
    projected = shrinkage * (vectors.T @ covariance)
    squared_errors = np.zeros(len(PENALTIES))
    in_single = vectors.astype(np.float32)
    for rows, Z in standardisation.blocks(X):
        rotated = Z.astype(np.float32) @ in_single
        residual = y[rows, None] - mean - rotated @ projected.T
        leverage = rotated**2 @ shrinkage.T + 1 / len(y)
        squared_errors += ((residual / (1 - leverage)) ** 2).sum(axis=0)
    errors = squared_errors / len(y)
    best = int(errors.argmin())
    return Ridge(standardisation, vectors @ projected[best], mean, float(PENALTIES[best]), float(errors[best]))


def ridge_standard_errors(ridge: Ridge, X: Rows, y: np.ndarray, combinations: np.ndarray | None = None) -> np.ndarray:
    """Standard errors of the coefficients, or of sums of them, by the HC3 sandwich at the chosen penalty.

    They hold for the columns as given: that the columns were selected on the same genes is not accounted for.

    Parameters
    ----------
    ridge : Ridge
        Fitted on ``X`` and ``y``.
    X : Rows, shape (genes, columns)
    y : np.ndarray, shape (genes,)
    combinations : np.ndarray, shape (combinations, columns), optional
        Weights of the coefficients in each sum.

    Returns
    -------
    np.ndarray, shape (columns,) or (combinations,)
    """
    gram, _ = ridge.standardisation.products(X, y)
    gram[np.diag_indices_from(gram)] += ridge.penalty
    inverse = np.linalg.inv(gram)
    to_sums = inverse if combinations is None else inverse @ combinations.T
    variances = np.zeros(to_sums.shape[1])
    for rows, Z in ridge.standardisation.blocks(X):
        leverage = np.einsum("ij,ij->i", Z @ inverse, Z) + 1 / len(y)
        residual = (y[rows] - Z @ ridge.coefficients - ridge.intercept) / (1 - leverage)
        variances += ((Z @ to_sums) ** 2).T @ residual**2
    return np.sqrt(variances)


def rank_and_condition(X: np.ndarray) -> tuple[int, float]:
    """Numerical rank of the standardised columns, and the ratio of their largest to smallest singular value."""
    values = np.linalg.svd(Standardisation.of(X).apply(X), compute_uv=False)
    rank = int((values > values[0] * max(X.shape) * np.finfo(float).eps).sum())
    return rank, float(values[0] / values[rank - 1])


def multi_target_ridge(
    X: Rows, Y: np.ndarray, penalty: float, weights: np.ndarray | None = None
) -> tuple[Standardisation, np.ndarray, np.ndarray]:
    """Ridge regressions of many targets on the same columns.

    Parameters
    ----------
    X : Rows, shape (genes, columns)
    Y : np.ndarray, shape (genes, targets)
    penalty : float
    weights : np.ndarray, shape (columns,), optional
        See :meth:`Standardisation.of`.

    Returns
    -------
    standardisation : Standardisation
    coefficients : np.ndarray, shape (columns, targets)
        Per unit of the standardised columns.
    intercepts : np.ndarray, shape (targets,)
    """
    standardisation, means = Standardisation.of(X, weights), Y.mean(axis=0)
    gram, covariance = standardisation.products(X, Y - means)
    gram[np.diag_indices_from(gram)] += penalty
    return standardisation, np.linalg.solve(gram, covariance), means


def correlations(X: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson correlation of each column of ``X``, shape (rows, columns), with ``y``; 0 for a constant column."""
    centred = X - X.mean(axis=0)
    norms = np.sqrt((centred**2).sum(axis=0) * ((y - y.mean()) ** 2).sum())
    products = centred.T @ (y - y.mean())
    return np.divide(products, norms, out=np.zeros_like(products), where=(np.ptp(X, axis=0) > 0) & (norms > 0))


def out_of_fold(X: Rows, y: np.ndarray, folds: np.ndarray) -> np.ndarray:
    """Prediction of every gene by a ridge regression fitted on the other folds; shape (genes,)."""
    predictions = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        predictions[test] = fit_ridge(X[~test], y[~test]).predict(X[test])
    return predictions
