"""Grading a run on simulated data against what was planted."""

from dataclasses import replace

import numpy as np
import pandas as pd

from . import similarity
from .job import logger
from .pwm import Motif

SIMILARITY = 0.9
MIN_OVERLAP = 7
"""Columns two motifs must share to be compared: one more than the least, so that chance similarities are rare."""
SHUFFLES = 100


def match(planted: list[Motif], found: list[Motif]) -> pd.DataFrame:
    """Best of the found motifs for each planted one: planted, found, similarity (best-offset Pearson)."""
    alignment = similarity.best_alignment(planted, found, MIN_OVERLAP)
    best = alignment.similarity.argmax(axis=1)
    return pd.DataFrame(
        {
            "planted": [motif.id for motif in planted],
            "found": [found[index].id for index in best],
            "similarity": alignment.similarity.max(axis=1),
        }
    )


def shuffled_controls(planted: list[Motif], found: list[Motif], seed: int) -> pd.DataFrame:
    """Similarity of column-shuffled planted motifs to their best found motif: planted, shuffle, similarity.

    Shuffling keeps the base composition and the information of a motif and destroys its word.
    """
    rng = np.random.default_rng(seed)
    controls = [
        replace(motif, pfm=motif.pfm[rng.permutation(motif.width)]) for motif in planted for _ in range(SHUFFLES)
    ]
    table = match(controls, found)
    table.insert(1, "shuffle", np.tile(np.arange(SHUFFLES), len(planted)))
    return table.drop(columns="found")


def precision(planted: list[Motif], found: list[Motif]) -> float:
    """Share of the found motifs that resemble a planted one."""
    alignment = similarity.best_alignment(found, planted, MIN_OVERLAP)
    return float((alignment.similarity.max(axis=1) > SIMILARITY).mean())


def joint_effects(columns: np.ndarray, covariates: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Coefficients of ordinary least squares on all columns at once, adjusted for covariates; shape (columns,)."""
    design = np.column_stack([columns, covariates, np.ones(len(target))])
    return np.linalg.lstsq(design, target, rcond=None)[0][: columns.shape[1]]


def linear_ceiling(counts: np.ndarray, gc: np.ndarray, target: np.ndarray) -> float:
    """R2 of ordinary least squares on the true site counts and GC content: the best any linear formula can do."""
    design = np.column_stack([counts, gc, np.ones(len(target))])
    residual = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
    return float(1 - residual.var() / target.var())


def verdict(rows: list[tuple[str, float, str]]) -> pd.DataFrame:
    """Measures against goals.

    Parameters
    ----------
    rows : list of (measure, value, goal)
        ``goal`` is ``>= x``, ``<= x``, or empty for a number that is only reported.

    Returns
    -------
    pd.DataFrame
        Columns measure, value, goal, passed (empty where there is no goal).
    """
    table = pd.DataFrame(rows, columns=["measure", "value", "goal"])
    table["passed"] = [_passes(value, goal) for value, goal in zip(table["value"], table["goal"], strict=True)]
    return table


def log_verdict(verdict: pd.DataFrame) -> None:
    """Log every measure with its goal, and whether it was reached."""
    for row in verdict.itertuples():
        mark = {True: "passed", False: "MISSED", None: "reported"}[row.passed]
        logger.info("%-62s %.3f %s %s", row.measure, row.value, row.goal, mark)


def _passes(value: float, goal: str) -> bool | None:
    if not goal:
        return None
    sign, limit = goal.split()
    return bool(value >= float(limit) if sign == ">=" else value <= float(limit))
