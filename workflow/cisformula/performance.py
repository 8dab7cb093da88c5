"""How well predictions match observations, with intervals over genes."""

import numpy as np
import pandas as pd

COLUMNS = ["predictor", "split", "fold", "n_genes", "r2", "r2_low", "r2_high", "pearson_r"]
BOOTSTRAPS = 1000


def r2(observed: np.ndarray, predicted: np.ndarray) -> float:
    """Share of variance explained, ``1 - SSE/SST`` about the mean of the same genes; below zero if worse than it."""
    return float(1 - ((observed - predicted) ** 2).sum() / ((observed - observed.mean()) ** 2).sum())


def bootstrap_r2(observed: np.ndarray, predicted: np.ndarray, seed: int, n_bootstraps: int = BOOTSTRAPS) -> np.ndarray:
    """R2 in each of ``n_bootstraps`` resamplings of the genes.

    The same seed and number of genes give the same resamplings, so that differences between predictors are paired.

    Parameters
    ----------
    observed, predicted : np.ndarray, shape (genes,) or (genes, targets)
    seed : int
    n_bootstraps : int

    Returns
    -------
    np.ndarray, shape (n_bootstraps,) or (n_bootstraps, targets)
    """
    rng = np.random.default_rng(seed)
    n_genes = len(observed)
    error, value = (observed - predicted) ** 2, observed - observed.mean(axis=0)
    scores = []
    for _ in range(n_bootstraps):
        weight = np.bincount(rng.integers(0, n_genes, n_genes), minlength=n_genes).astype(float)
        scatter = weight @ value**2 - (weight @ value) ** 2 / n_genes
        scores.append(1 - weight @ error / scatter)
    return np.array(scores)


def score(predictor: str, split: str, fold: str, observed: np.ndarray, predicted: np.ndarray, seed: int) -> dict:
    """One row of the performance table: R2 with its 95 % bootstrap interval and Pearson's r."""
    low, high = np.quantile(bootstrap_r2(observed, predicted, seed), [0.025, 0.975])
    varies = np.ptp(predicted) > 0
    return {
        "predictor": predictor,
        "split": split,
        "fold": fold,
        "n_genes": len(observed),
        "r2": r2(observed, predicted),
        "r2_low": low,
        "r2_high": high,
        "pearson_r": float(np.corrcoef(observed, predicted)[0, 1]) if varies else 0.0,
    }


def score_folds(
    predictor: str, split: str, folds: np.ndarray, observed: np.ndarray, predicted: np.ndarray, seed: int
) -> pd.DataFrame:
    """Rows of the performance table for all genes together (fold ``all``) and for each fold."""
    rows = [score(predictor, split, "all", observed, predicted, seed)]
    for fold in np.unique(folds):
        inside = folds == fold
        rows.append(score(predictor, split, str(fold), observed[inside], predicted[inside], seed))
    return pd.DataFrame(rows, columns=COLUMNS)
