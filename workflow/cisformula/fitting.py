"""Fitting the formula: choosing columns, the ridge regression on them, and binding its coefficients to motifs."""

from dataclasses import dataclass

import numpy as np

from . import linear, selection
from .formula import Evidence, Formula, Reading
from .pwm import Motif


@dataclass(frozen=True)
class Fit:
    """Chosen columns of a candidate matrix, the ridge regression on them, and how often each was chosen.

    ``columns`` and ``probabilities`` are those of :class:`cisformula.selection.Selection`.
    """

    columns: np.ndarray
    ridge: linear.Ridge
    probabilities: np.ndarray

    def predict(self, X: np.ndarray) -> np.ndarray:
        """Prediction from the full candidate matrix, shape (genes, candidates)."""
        return self.ridge.predict(X[:, self.columns])


def fit(X: np.ndarray, y: np.ndarray, method: str, n_motifs: int, seed: int) -> Fit:
    """Select motifs and fit the formula, both on the rows given and nothing else.

    Parameters
    ----------
    X : np.ndarray, shape (genes, candidates)
        Features of the training genes.
    y : np.ndarray, shape (genes,)
        Standardised log expression.
    method : str
        One of :data:`cisformula.selection.METHODS`.
    n_motifs : int
    seed : int
        Not used by ``lasso``.
    """
    chosen = selection.select(method, X, y, n_motifs, seed)
    return Fit(chosen.columns, linear.fit_ridge(X[:, chosen.columns], y), chosen.probabilities)


def out_of_fold(X: np.ndarray, y: np.ndarray, folds: np.ndarray, method: str, n_motifs: int, seed: int) -> np.ndarray:
    """Prediction of every gene by :func:`fit` on the genes of the other folds; shape (genes,)."""
    predictions = np.empty(len(y))
    for fold in np.unique(folds):
        test = folds == fold
        predictions[test] = fit(X[~test], y[~test], method, n_motifs, seed).predict(X[test])
    return predictions


def from_fit(
    ridge: linear.Ridge,
    motifs: list[Motif],
    reading: Reading,
    filters: dict[str, np.ndarray],
    target_mean: float,
    target_scale: float,
    evidence: list[Evidence] | None = None,
) -> Formula:
    """Bind a ridge regression to the motifs of its columns, in decreasing order of the size of their coefficients.

    Parameters
    ----------
    ridge : linear.Ridge
        Its columns are the position bins of each motif in turn, then the covariates of ``reading``.
    motifs : list of Motif
    reading : Reading
    filters : dict of str to np.ndarray, shape (width, 4)
        Of the motifs that are read by their mean activation.
    target_mean, target_scale : float
        Turn standardised log expression into log10 units.
    evidence : list of Evidence, optional
        One entry per motif, with its standardised coefficient; without it the coefficient of a motif is that of the
        ridge, or of several bins the root of the sum of their squares with the sign of their sum.
    """
    per_unit = ridge.coefficients / ridge.standardisation.scale
    n_columns = len(motifs) * reading.n_bins
    if evidence is None:
        evidence = [Evidence(coefficient=value) for value in overall(ridge.coefficients[:n_columns], len(motifs))]
    order = np.argsort([-abs(known.coefficient) for known in evidence], kind="stable")
    return Formula(
        motifs=[motifs[column] for column in order],
        effects=per_unit[:n_columns].reshape(len(motifs), -1)[order],
        covariate_effects=per_unit[n_columns:],
        intercept=float(ridge.intercept - per_unit @ ridge.standardisation.mean),
        reading=reading,
        target_mean=float(target_mean),
        target_scale=float(target_scale),
        filters=filters,
        evidence=[evidence[column] for column in order],
        penalty=ridge.penalty,
    )


def overall(coefficients: np.ndarray, n_motifs: int) -> list[float]:
    """One number for the coefficients of a motif's bins: the root of the sum of squares, with the sign of the sum."""
    of_motif = coefficients.reshape(n_motifs, -1)
    return (np.sign(of_motif.sum(axis=1)) * np.sqrt((of_motif**2).sum(axis=1))).tolist()
