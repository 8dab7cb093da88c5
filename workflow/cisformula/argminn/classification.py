"""How well a network tells bound sequences from others: accuracy, auROC and auPRC with 95 % intervals."""

from collections.abc import Callable

import numpy as np
from scipy import stats

from ..performance import BOOTSTRAPS, INTERVAL, resamplings
from .proportion import Z, wilson

MEASURES = ["accuracy", "auroc", "auprc"]
COLUMNS = ["n", "accuracy", "accuracy_low", "accuracy_high", "auroc", "auroc_low", "auroc_high"]
COLUMNS += ["auprc", "auprc_low", "auprc_high"]


def score(label: np.ndarray, logit: np.ndarray, seed: int) -> dict:
    """Accuracy at logit 0 (Wilson), auROC (DeLong) and auPRC (bootstrap) with intervals.

    Parameters
    ----------
    label : np.ndarray, shape (sequences,)
        1 or 0.
    logit : np.ndarray, shape (sequences,)
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        :data:`COLUMNS`; the areas are NaN where one label is missing.
    """
    label = np.asarray(label) == 1
    right = int(((logit > 0) == label).sum())
    low, high = wilson(right, len(label))
    row = {"n": len(label), "accuracy": right / len(label), "accuracy_low": float(low), "accuracy_high": float(high)}
    areas = ranking_scores(label, logit, seed)
    return row | {name: areas[name] for name in COLUMNS if name in areas}


def ranking_scores(label: np.ndarray, value: np.ndarray, seed: int) -> dict:
    """Only what depends on the order of values: ``auroc`` and ``auprc``, each with ``_low`` and ``_high``."""
    label = np.asarray(label) == 1
    if label.all() or not label.any():
        return dict.fromkeys(COLUMNS[4:], np.nan)
    area, error = auroc(label, value)
    weighted = average_precision(label, value)
    drawn = [weighted(weight) for weight in resamplings(len(label), seed, BOOTSTRAPS, None)]
    low, high = np.nanquantile(drawn, INTERVAL)
    ends = max(area - Z * error, 0.0), min(area + Z * error, 1.0)
    whole = weighted(np.ones(len(label)))
    return dict(zip(COLUMNS[4:], (area, *ends, whole, float(low), float(high)), strict=True))


def auroc(label: np.ndarray, value: np.ndarray) -> tuple[float, float]:
    """Area under the ROC curve and its standard error (DeLong et al. 1988; by ranks, Sun & Xu 2014).

    Parameters
    ----------
    label : np.ndarray, shape (sequences,), bool
        Both occur.
    value : np.ndarray, shape (sequences,)
        Ties count half.
    """
    positive, negative = value[label], value[~label]
    m, n = len(positive), len(negative)
    ranks = stats.rankdata(np.concatenate([positive, negative]))
    # For each example the share of the other label that it is on the right side of.
    of_positive = (ranks[:m] - stats.rankdata(positive)) / n
    of_negative = 1 - (ranks[m:] - stats.rankdata(negative)) / m
    variance = sum(shares.var(ddof=1) / len(shares) for shares in (of_positive, of_negative) if len(shares) > 1)
    return float(of_positive.mean()), float(np.sqrt(variance))


def average_precision(label: np.ndarray, value: np.ndarray) -> Callable[[np.ndarray], float]:
    """The average precision as a function of how often each example counts, shape (sequences,).

    Recall gained at each distinct value times the precision there, without interpolation; NaN without a positive.
    """
    order = np.argsort(-value, kind="stable")
    last = np.flatnonzero(np.append(np.diff(value[order]) != 0, True))
    positive = label[order].astype(float)

    def weighted(weight: np.ndarray) -> float:
        weight = weight[order]
        found, called = np.cumsum(weight * positive)[last], np.cumsum(weight)[last]
        if found[-1] == 0:
            return np.nan
        gained = np.diff(found, prepend=0)
        return float((gained * found / np.maximum(called, 1)).sum() / found[-1])

    return weighted
