"""How likely a promoter is to carry each motif by its base composition alone.

Two motifs rich in G and C share the promoters rich in G and C without keeping company. What a promoter's composition
makes likely is therefore taken away first: one logistic regression per motif of its presence on the composition.
"""

import numpy as np
from scipy import special

from ..features import base_composition, gc_and_cpg
from ..job import logger

PSEUDOCOUNT = 0.5
"""Added to the number of CpG before the logarithm."""
RIDGE = 0.1
"""Penalty on squared coefficients of standardised columns; keeps motifs of few sites finite, moves others little."""
ITERATIONS = 50
HALVINGS = 20
"""Most halvings of a step that would make the fit worse."""
TOLERANCE = 1e-6
"""Largest change of a coefficient at which the iteration has converged."""


def composition(codes: np.ndarray) -> np.ndarray:
    """Numbers that describe the composition of promoters, the same for both strands.

    The content of G and C up to its cube, as a motif stands for many words; the logarithm of the number of CpG, which
    the content of G and C does not tell; and the squares of both skews, because a motif that may lie on either strand
    gains more on one than it loses on the other. No more than that: a site is counted in the composition of its
    promoter, and the finer the description, the more of it is the sites. With the counts of all dinucleotides, motifs
    of the same ones seemed to avoid each other and motifs of different ones to keep company.

    Parameters
    ----------
    codes : np.ndarray, shape (promoters, length), uint8

    Returns
    -------
    np.ndarray, shape (promoters, 6), float64
        Standardised columns; a constant one is zero.
    """
    a, c, g, t = (codes.shape[1] * base_composition(codes)).T
    cpg = gc_and_cpg(codes)[:, 1]
    gc = (c + g) / np.maximum(a + c + g + t, 1)
    gc -= gc.mean()
    skews = ((g - c) / np.maximum(g + c, 1), (a - t) / np.maximum(a + t, 1))
    table = np.column_stack([gc, gc**2, gc**3, np.log(cpg + PSEUDOCOUNT), *(skew**2 for skew in skews)])
    spread = table.std(axis=0)
    constant = spread < 1e-12
    return np.where(constant, 0.0, (table - table.mean(axis=0)) / np.where(constant, 1.0, spread))


def probabilities(presence: np.ndarray, composition: np.ndarray, ridge: float = RIDGE) -> np.ndarray:
    """Probability of presence given composition: ridge logistic regressions, all motifs at once, by Newton's method.

    Parameters
    ----------
    presence : np.ndarray, shape (promoters, motifs), bool
    composition : np.ndarray, shape (promoters, columns)
        Standardised.
    ridge : float
        Penalty on half the sum of squared coefficients; the constant is free.

    Returns
    -------
    np.ndarray, shape (promoters, motifs), float64
        The share of carriers itself for a motif of no promoter or of all.
    """
    target = presence.astype(float)
    share = target.mean(axis=0)
    result = np.tile(share, (len(target), 1))
    varied = np.flatnonzero((share > 0) & (share < 1))
    X = np.column_stack([np.ones(len(target)), composition])
    penalty = np.full(X.shape[1], ridge)
    penalty[0] = 0.0
    squares = (X[:, :, None] * X[:, None, :]).reshape(len(X), -1)
    target = target[:, varied]
    coefficients = np.zeros((len(varied), X.shape[1]))
    coefficients[:, 0] = np.log(share[varied] / (1 - share[varied]))

    def loss(coefficients: np.ndarray) -> np.ndarray:
        score = X @ coefficients.T
        return (np.logaddexp(0, score) - target * score).sum(axis=0) + (penalty * coefficients**2).sum(axis=1) / 2

    lowest = loss(coefficients)
    for _ in range(ITERATIONS):
        fitted = special.expit(X @ coefficients.T)
        gradient = (target - fitted).T @ X - penalty * coefficients
        hessian = ((fitted * (1 - fitted)).T @ squares).reshape(len(varied), X.shape[1], X.shape[1])
        step = np.linalg.solve(hessian + np.diag(penalty), gradient[:, :, None])[:, :, 0]
        now = loss(coefficients + step)
        for _ in range(HALVINGS):
            worse = now > lowest + TOLERANCE
            if not worse.any():
                break
            step[worse] /= 2
            now = loss(coefficients + step)
        coefficients, lowest = coefficients + step, now
        if np.abs(step).max(initial=0.0) < TOLERANCE:
            break
    else:
        logger.warning("presence given composition: not converged, last step %.2g", np.abs(step).max())
    result[:, varied] = special.expit(X @ coefficients.T)
    return result
