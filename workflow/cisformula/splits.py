"""Outer folds, the runs trained on them, and each gene's role in a run; all fixed before any model sees a gene."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from .errors import InputError


def chromosome_folds(chromosomes: Sequence[str], n_folds: int) -> np.ndarray:
    """Folds of whole chromosomes with balanced numbers of genes.

    Chromosomes are taken from the one with most genes down (ties by name), each into the fold that is smallest so far
    (ties: the lowest fold).

    Parameters
    ----------
    chromosomes : sequence of str, length n_genes
    n_folds : int

    Returns
    -------
    np.ndarray, shape (n_genes,), int64
        Fold 0..n_folds-1 of each gene.

    Raises
    ------
    InputError
        Fewer chromosomes than folds.
    """
    names, which, sizes = np.unique(np.asarray(chromosomes, dtype=str), return_inverse=True, return_counts=True)
    if len(names) < n_folds:
        raise InputError(
            f"{n_folds} folds of whole chromosomes need {n_folds} chromosomes with genes, there are {len(names)}.",
            place="config: splits: n_folds",
            fix="Lower splits: n_folds, or set splits: scheme to random.",
        )
    return _whole_groups(sizes, np.argsort(-sizes, kind="stable"), n_folds)[which]


def random_folds(n_genes: int, n_folds: int, seed: int) -> np.ndarray:
    """Random folds whose sizes differ by at most one gene; shape (n_genes,), int64.

    Raises
    ------
    InputError
        Fewer genes than folds.
    """
    if n_genes < n_folds:
        raise InputError(
            f"{n_folds} folds need at least {n_folds} genes, there are {n_genes}.",
            place="config: splits: n_folds",
            fix="Lower splits: n_folds.",
        )
    return np.random.default_rng(seed).permutation(np.arange(n_genes) % n_folds)


def family_folds(families: Sequence[int], n_folds: int, seed: int) -> np.ndarray:
    """Folds of whole families with balanced numbers of genes.

    Families are taken from the largest down, in random order where they are equally large, each into the fold that is
    smallest so far (ties: the lowest fold).

    Parameters
    ----------
    families : sequence of int, length n_genes
        From :func:`cisformula.paralogues.families`.
    n_folds : int
    seed : int

    Returns
    -------
    np.ndarray, shape (n_genes,), int64
        Fold 0..n_folds-1 of each gene.

    Raises
    ------
    InputError
        Fewer families than folds.
    """
    names, which, sizes = np.unique(np.asarray(families), return_inverse=True, return_counts=True)
    if len(names) < n_folds:
        raise InputError(
            f"{n_folds} folds of whole families need {n_folds} families of similar promoters, there are {len(names)}.",
            place="config: splits: n_folds",
            fix="Lower splits: n_folds, or leave paralogue out of splits: scheme and splits: compare.",
        )
    order = np.random.default_rng(seed).permutation(len(names))
    return _whole_groups(sizes, order[np.argsort(-sizes[order], kind="stable")], n_folds)[which]


def _whole_groups(sizes: np.ndarray, order: np.ndarray, n_folds: int) -> np.ndarray:
    """Fold of each group when the groups, taken in an order, go to the fold with fewest genes so far."""
    fold_of = np.zeros(len(sizes), dtype=np.int64)
    total = np.zeros(n_folds, dtype=np.int64)
    for group in order:
        fold_of[group] = total.argmin()
        total[fold_of[group]] += sizes[group]
    return fold_of


def plan_runs(n_runs: int, n_folds: int, seed: int) -> pd.DataFrame:
    """Which fold each run never sees, and its own seed; columns ``run fold seed``, shape (n_runs, 3).

    Runs go round the folds, so that a multiple of ``n_folds`` runs evaluates every gene equally often. Seeds are
    spawned from ``seed`` and below 2**31; more runs leave those of the first ones as they are.
    """
    runs = np.arange(n_runs)
    seeds = [int(child.generate_state(1)[0] >> 1) for child in np.random.SeedSequence(seed).spawn(n_runs)]
    return pd.DataFrame({"run": runs, "fold": runs % n_folds, "seed": seeds})


def roles(folds: np.ndarray, fold: int, seed: int, validation: float = 0.1) -> np.ndarray:
    """Role of each gene in a run.

    Parameters
    ----------
    folds : np.ndarray, shape (n_genes,), int
    fold : int
        The fold held out, whose genes are ``test``.
    seed : int
        Draws the validation genes.
    validation : float
        Fraction of the other genes that stops the training early.

    Returns
    -------
    np.ndarray, shape (n_genes,), str
        ``train``, ``validation`` or ``test``.
    """
    folds = np.asarray(folds)
    role = np.where(folds == fold, "test", "train").astype("<U10")
    others = np.flatnonzero(folds != fold)
    drawn = np.random.default_rng(seed).choice(others, size=round(validation * len(others)), replace=False)
    role[drawn] = "validation"
    return role


def held_out_roles(predictions: str | Path, folds: np.ndarray, fold: int, run: int) -> np.ndarray:
    """What a run used each gene for, as its table of predictions tells, once :func:`require_held_out` agrees."""
    role = pd.read_csv(predictions, sep="\t")["role"].to_numpy()
    require_held_out(role, folds, fold, run)
    return role


def require_held_out(role: np.ndarray, folds: np.ndarray, fold: int, run: int) -> None:
    """Make sure that a run kept its hands off its fold, before its motifs may predict the genes there.

    Parameters
    ----------
    role : np.ndarray, shape (genes,), str
        What the run used each gene for.
    folds : np.ndarray, shape (genes,), int
    fold : int
        The fold that the plan of runs says it held out.
    run : int

    Raises
    ------
    InputError
        If it was trained, or stopped, with a gene of that fold.
    """
    seen = (np.asarray(role) != "test") & (np.asarray(folds) == fold)
    if seen.any():
        raise InputError(
            f"run {run} should never have seen fold {fold}, but was trained with {seen.sum()} of its genes; its motifs "
            "would leak what they predict.",
            place="models",
            fix="train it again: the splits were changed after the training.",
        )
