"""The linear model that all cell types share, factorised once.

Coefficients, standard errors and tests of all motif x cell type pairs then follow from matrix products.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import linalg

from ..errors import InputError

TARGETS = ("expression", "deviation")
"""What is explained: standardised log expression in a cell type, and its deviation from the mean over cell types."""


@dataclass(frozen=True)
class Design:
    """Least squares or ridge regression on ``[intercept, covariates, motifs]``; the penalty is on the motifs alone.

    Attributes
    ----------
    Q : np.ndarray, shape (genes, rank)
        Orthonormal basis of the columns, that of intercept and covariates first.
    shrinkage : np.ndarray, shape (rank,)
        What the penalty leaves of a target's part along each basis vector: ``Q @ (shrinkage * (Q.T @ y))`` is the fit.
    to_coefficients : np.ndarray, shape (tested, rank)
        Maps ``Q.T @ y`` to the coefficients of the tested columns, which are standardised.
    leverage : np.ndarray, shape (genes,)
    estimable : np.ndarray, shape (motifs,), bool
        False for a motif whose column is constant, a combination of others (unless a penalty decides between them), or
        set apart from them by a single gene; such motifs are not tested.
    n_adjusted : int
        Number of basis vectors that intercept and covariates span.
    penalty : float
    """

    Q: np.ndarray
    shrinkage: np.ndarray
    to_coefficients: np.ndarray
    leverage: np.ndarray
    estimable: np.ndarray
    n_adjusted: int
    penalty: float = 0.0

    @property
    def degrees_of_freedom(self) -> float:
        """Residual degrees of freedom, ``trace((I - H).T @ (I - H))`` of the hat matrix H (Hastie et al. 2009, 7.6)."""
        return float(len(self.Q) - (2 * self.shrinkage - self.shrinkage**2).sum())

    @property
    def effective_parameters(self) -> float:
        """``trace(H)``: the number of parameters, counting a shrunken one for what is left of it."""
        return float(self.shrinkage.sum())

    @cached_property
    def squared_influence(self) -> np.ndarray:
        """Square of what each gene's target adds to each tested coefficient; shape (genes, tested)."""
        return (self.Q @ self.to_coefficients.T) ** 2

    def single_precision(self) -> "Design":
        """The same in numbers of half the size, for work that is repeated a thousand times."""
        arrays = {name: getattr(self, name) for name in ("Q", "shrinkage", "to_coefficients", "leverage")}
        return replace(self, **{name: array.astype(np.float32) for name, array in arrays.items()})


def standardise(values: np.ndarray) -> np.ndarray:
    """Columns with mean 0 and standard deviation 1; constant columns become zeros."""
    centred = values - values.mean(axis=0)
    scale = centred.std(axis=0)
    return centred / np.where(scale > 0, scale, 1.0)


def deviations(log_expression: np.ndarray) -> np.ndarray:
    """Each gene's log expression minus its mean over cell types; (genes, cell types) to the same shape."""
    return log_expression - log_expression.mean(axis=1, keepdims=True)


def targets(log_expression: np.ndarray) -> dict[str, np.ndarray]:
    """The two targets of each cell type, standardised over genes.

    Parameters
    ----------
    log_expression : np.ndarray, shape (genes, cell types)

    Returns
    -------
    dict
        Name of :data:`TARGETS` to array of shape (genes, cell types).
    """
    return {"expression": standardise(log_expression), "deviation": standardise(deviations(log_expression))}


def least_squares(features: np.ndarray, covariates: np.ndarray) -> Design:
    """Factorise the model of ordinary least squares once for all cell types.

    Parameters
    ----------
    features : np.ndarray, shape (genes, motifs)
        Tested columns; standardised here.
    covariates : np.ndarray, shape (genes, covariates)
        Adjusted for and not tested, e.g. GC and CpG content; shape (genes, 0) for none.

    Raises
    ------
    InputError
        There are not more genes than columns.
    """
    adjusted = _adjusted(covariates)
    X = np.column_stack([adjusted, standardise(features)])
    if len(X) <= X.shape[1]:
        raise InputError(
            f"{len(X)} genes cannot determine the effects of {features.shape[1]} motifs.",
            place="config: formula: n_motifs",
            fix="Lower it well below the number of genes.",
        )
    keep = _independent_columns(X)
    Q, R = linalg.qr(X[:, keep], mode="economic")
    leverage = (Q**2).sum(axis=1)
    inverse = linalg.solve_triangular(R, np.eye(len(R)))
    # A gene of leverage 1 is fitted exactly: its error cannot be seen in any residual, so neither can that of a
    # coefficient it has a part in.
    own = np.abs(Q[leverage > 1 - 1e-9] @ inverse.T) > 1e-9
    tested = (keep >= adjusted.shape[1]) & ~own.any(axis=0)
    estimable = np.isin(np.arange(adjusted.shape[1], X.shape[1]), keep[tested])
    n_adjusted = int((keep < adjusted.shape[1]).sum())
    return Design(Q, np.ones(Q.shape[1]), inverse[tested], leverage, estimable, n_adjusted)


def ridge(features: np.ndarray, covariates: np.ndarray, values: np.ndarray, penalties: np.ndarray) -> Design:
    """Factorise ridge regression, at the one penalty that leaves the smallest leave-one-out error over all cell types.

    Motifs that resemble each other share an effect under a penalty instead of taking opposite ones. The error of a
    gene left out is its residual over one minus its leverage (Golub, Heath & Wahba 1979; exact).

    Parameters
    ----------
    features, covariates : np.ndarray
        See :func:`least_squares`.
    values : np.ndarray, shape (genes, cell types)
        Targets by which the penalty is chosen.
    penalties : np.ndarray, shape (penalties,)
        On coefficients per standard deviation of hits.
    """
    covariate_basis = linalg.orth(_adjusted(covariates))
    X = standardise(features)
    X = X - covariate_basis @ (covariate_basis.T @ X)
    # Of a motif that one gene carries alone, that gene's residual would be the only witness.
    carriers = (features != np.median(features, axis=0)).sum(axis=0)
    estimable = (carriers > 1) & ((X**2).mean(axis=0) > 1e-12)
    U, s, Vt = linalg.svd(X[:, estimable], full_matrices=False)
    rank = int((s > 1e-8 * s[0]).sum())
    U, s, V = U[:, :rank], s[:rank], Vt[:rank].T
    Q = np.column_stack([covariate_basis, U])
    n_adjusted = covariate_basis.shape[1]
    projected, squares = Q.T @ values, Q**2
    errors = []
    for penalty in penalties:
        shrinkage = _shrinkage(s, penalty, n_adjusted)
        left_out = (values - Q @ (shrinkage[:, None] * projected)) / (1 - squares @ shrinkage)[:, None]
        errors.append((left_out**2).mean())
    penalty = penalties[int(np.argmin(errors))]
    to_coefficients = np.column_stack([np.zeros((len(V), n_adjusted)), V * (s / (s**2 + penalty))])
    shrinkage = _shrinkage(s, penalty, n_adjusted)
    return Design(Q, shrinkage, to_coefficients, squares @ shrinkage, estimable, n_adjusted, float(penalty))


def _shrinkage(singular_values: np.ndarray, penalty: float, n_adjusted: int) -> np.ndarray:
    return np.concatenate([np.ones(n_adjusted), singular_values**2 / (singular_values**2 + penalty)])


def _adjusted(covariates: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(covariates)), standardise(covariates)])


def _independent_columns(X: np.ndarray) -> np.ndarray:
    """Columns that add to the span of those before them: greedy from the left, so covariates and early motifs stay."""
    R = linalg.qr(X, mode="r")[0][: X.shape[1]]
    diagonal = np.abs(np.diag(R))
    norms = np.sqrt((X**2).sum(axis=0))
    keep = diagonal > 1e-8 * np.maximum(norms, 1e-300)
    keep &= norms > 0
    keep[0] = True
    return np.flatnonzero(keep)
