"""Activity of motifs over cell types, in the manner of motif activity response analysis (MARA; Balwierz et al. 2014).

A gene's deviation from its mean over cell types is modelled as the sum over motifs of its hits times the activity of
the motif in the cell type, with a Gaussian prior on activities, which is ridge regression. Two things differ from
ISMARA: hits are standardised, so that the prior is the same per standard deviation of hits and not per site, and base
composition is adjusted for, so that GC-rich motifs do not share in what CpG content explains.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import linalg

from . import design
from .design import standardise

PENALTIES = np.logspace(0, 5, 21)


@dataclass(frozen=True)
class Activity:
    """Posterior of every motif's (rows) activity in every cell type (columns).

    Attributes
    ----------
    activity, standard_error : np.ndarray, shape (motifs, cell types)
        log10 units of expression per standard deviation of hits; NaN for a motif that a single gene carries.
    penalty : float
        Noise variance over prior variance, chosen by leave-one-out error over all cell types.
    """

    activity: np.ndarray
    standard_error: np.ndarray
    penalty: float

    @property
    def z(self) -> np.ndarray:
        """Activity over its standard error; shape (motifs, cell types)."""
        return self.activity / self.standard_error

    @property
    def overall_z(self) -> np.ndarray:
        """Root mean square of z over cell types, by which ISMARA ranks motifs; shape (motifs,)."""
        return np.sqrt((self.z**2).mean(axis=1))


def infer(features: np.ndarray, covariates: np.ndarray, log_expression: np.ndarray) -> Activity:
    """Activities from hits and expression.

    Parameters
    ----------
    features : np.ndarray, shape (genes, motifs)
        Hits.
    covariates : np.ndarray, shape (genes, covariates)
        Adjusted for without a prior.
    log_expression : np.ndarray, shape (genes, cell types)
        log10 expression.
    """
    values = design.deviations(log_expression)
    values = values - values.mean(axis=0)
    fit = design.ridge(features, covariates, values, PENALTIES)
    basis = fit.Q[:, : fit.n_adjusted]
    X = standardise(features)[:, fit.estimable]
    X = X - basis @ (basis.T @ X)
    # Diagonal of the posterior covariance (X'X + penalty)^-1, by the Cholesky factor.
    factor = linalg.cholesky(X.T @ X + fit.penalty * np.eye(X.shape[1]), lower=True)
    spread = (linalg.solve_triangular(factor, np.eye(len(factor)), lower=True) ** 2).sum(axis=0)
    projected = fit.Q.T @ values
    residuals = values - fit.Q @ (fit.shrinkage[:, None] * projected)
    noise = (residuals**2).sum(axis=0) / fit.degrees_of_freedom
    activity = np.full((features.shape[1], values.shape[1]), np.nan)
    standard_error = activity.copy()
    activity[fit.estimable] = fit.to_coefficients @ projected
    standard_error[fit.estimable] = np.sqrt(np.outer(spread, noise))
    return Activity(activity, standard_error, fit.penalty)


def activity_table(found: Activity, motifs: pd.DataFrame, cell_types: list[str]) -> pd.DataFrame:
    """One row per motif and cell type: motif, name, cell_type, activity, standard_error, z."""
    n_motifs, n_cell_types = found.activity.shape
    return pd.DataFrame(
        {
            "motif": np.repeat(motifs["motif"].to_numpy(), n_cell_types),
            "name": np.repeat(motifs["name"].to_numpy(), n_cell_types),
            "cell_type": np.tile(np.asarray(cell_types), n_motifs),
            "activity": found.activity.ravel(),
            "standard_error": found.standard_error.ravel(),
            "z": found.z.ravel(),
        }
    )
