"""A background for a group of promoters: other promoters with the same base composition.

Motifs of GC-rich sites are frequent in any CpG-rich promoters. A group is therefore compared with promoters outside it
that are as rich in GC and as depleted of CpG; their length is the same for all, being the window of the workflow.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..linear import Standardisation

COVARIATES = ["gc", "cpg_oe"]
BALANCE_COLUMNS = ["group", "covariate", "n_group", "n_matched", "n_background", "ratio", "mean_group", "mean_outside"]
BALANCE_COLUMNS += ["mean_matched", "mean_background", "smd_before", "smd_after"]
BIN_WIDTH = 0.25
"""Width of the bins of a covariate in standard deviations, the most by which a member and its background may differ."""
MOST_PER_MEMBER = 5
"""Most promoters of the background for one of the group: more of them add little."""
KEPT = 0.95
"""Least share of the members that a partner each would match, which more partners may leave."""


class Matched(NamedTuple):
    """Rows of the members that are compared, shape (matched,), and of their background, shape (ratio * matched,)."""

    members: np.ndarray
    background: np.ndarray
    ratio: int


def cells(covariates: np.ndarray) -> np.ndarray:
    """Cell of each promoter in a grid of equally wide bins of each covariate (Iacus, King & Porro 2012).

    Parameters
    ----------
    covariates : np.ndarray, shape (promoters, covariates)

    Returns
    -------
    np.ndarray, shape (promoters,), int64
        Numbers from 0; every cell holds a promoter.
    """
    bins = np.floor(Standardisation.of(covariates).apply(covariates) / BIN_WIDTH)
    return np.unique(bins, axis=0, return_inverse=True)[1].ravel()


def match(member: np.ndarray, cell: np.ndarray, rng: np.random.Generator) -> Matched:
    """Draw a background from outside a group, without replacement, with equally many promoters per member in each cell.

    A cell without enough promoters outside has no background for all its members: those left over, drawn at random, do
    not take part in the comparison. The number of promoters per member is the largest up to :data:`MOST_PER_MEMBER`
    that leaves at least :data:`KEPT` of the members that one promoter per member would.

    Parameters
    ----------
    member : np.ndarray, shape (promoters,), bool
    cell : np.ndarray, shape (promoters,), int
        From :func:`cells`.
    rng : np.random.Generator
    """
    n_cells = cell.max() + 1
    inside, outside = (np.bincount(cell[side], minlength=n_cells) for side in (member, ~member))
    taken = {ratio: np.minimum(inside, outside // ratio) for ratio in range(1, MOST_PER_MEMBER + 1)}
    ratio = max(ratio for ratio, each in taken.items() if each.sum() >= KEPT * taken[1].sum())
    wanted = np.where(member, taken[ratio][cell], ratio * taken[ratio][cell])
    drawn = np.flatnonzero(_place_in_turn(2 * cell + member, rng) < wanted)
    return Matched(drawn[member[drawn]], drawn[~member[drawn]], ratio)


def _place_in_turn(block: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Place of each promoter, from 0, in a random order of those of its block; shape (promoters,)."""
    order = np.lexsort((rng.permutation(len(block)), block))
    first = np.searchsorted(block[order], block[order], side="left")
    place = np.empty(len(block), dtype=np.int64)
    place[order] = np.arange(len(block)) - first
    return place


def match_groups(labels: np.ndarray, genes: pd.DataFrame, seed: int) -> dict[int, Matched]:
    """The background of each group, by its number.

    Parameters
    ----------
    labels : np.ndarray, shape (genes,), int
    genes : pd.DataFrame
        :data:`COVARIATES` of each gene's promoter.
    seed : int
    """
    cell, names = cells(genes[COVARIATES].to_numpy()), np.unique(labels)
    streams = (np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(len(names)))
    return {int(name): match(labels == name, cell, rng) for name, rng in zip(names, streams, strict=True)}


def balance(labels: np.ndarray, matched: dict[int, Matched], genes: pd.DataFrame) -> pd.DataFrame:
    """How far the covariates of each group lie from those outside, before and after matching.

    Parameters
    ----------
    labels : np.ndarray, shape (genes,), int
    matched : dict of int to Matched
    genes : pd.DataFrame
        :data:`COVARIATES`.

    Returns
    -------
    pd.DataFrame
        :data:`BALANCE_COLUMNS`; ``smd_before`` and ``smd_after`` are differences of means over the root of the mean
        variance of the two sides before matching (Austin 2011, Multivariate Behav. Res. 46:399). NaN where a side is
        empty.
    """
    rows = []
    for group, found in matched.items():
        inside = labels == group
        for name in COVARIATES:
            values = genes[name].to_numpy()
            sides = values[inside], values[~inside], values[found.members], values[found.background]
            means = [side.mean() if len(side) else np.nan for side in sides]
            spread = np.sqrt((sides[0].var() + sides[1].var()) / 2) if inside.any() and not inside.all() else np.nan
            before, after = ((means[i] - means[i + 1]) / spread if spread > 0 else np.nan for i in (0, 2))
            sizes = inside.sum(), len(found.members), len(found.background), found.ratio
            rows.append((group, name, *sizes, *means, before, after))
    return pd.DataFrame(rows, columns=BALANCE_COLUMNS)
