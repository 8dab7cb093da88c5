"""Distances between the sites of two nodes if they did not heed each other, each node keeping its places.

The sites of the second node change promoters within strata of GC content. What is to be expected of all such exchanges
has a closed form: the pairs of sites that lie in different promoters of a stratum, which are the cross-correlation of
the two nodes' histograms over positions and strands less the pairs within promoters. It is scaled to the number of
pairs observed in the stratum, so that it says how far apart sites lie, not how often they come together.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from .site_pairs import CLASSES, NEVER_HOMOTYPIC, SitePairs, node_pairs, overhangs


def gc_strata(gc: np.ndarray, n_strata: int) -> np.ndarray:
    """Stratum 0..n_strata-1 of each promoter, by the rank of its GC content; shape (promoters,), int64."""
    rank = np.argsort(np.argsort(gc, kind="stable"), kind="stable")
    return rank * n_strata // len(gc)


def expected_pairs(
    sites: pd.DataFrame, pairs: SitePairs, strata: np.ndarray, max_distance: int, length: int
) -> np.ndarray:
    """Number of pairs of sites expected in each class and at each distance, as many in all as are observed.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end strand matched_start matched_end``.
    pairs : SitePairs
        All pairs of these sites up to ``max_distance``, from :func:`cisformula.grammar.site_pairs.find_pairs`.
    strata : np.ndarray, shape (promoters,), int
        Stratum of each promoter, from 0.
    max_distance : int
    length : int
        Bases of a promoter.

    Returns
    -------
    np.ndarray, shape (pairs of nodes, 4, max_distance + 1)
        Where nothing tells which distances are likely, all are equally so: a pair of sites, spread evenly over classes
        and distances, is added to those of each stratum before scaling.
    """
    first, second = node_pairs(len(sites["node"].cat.categories))
    homotypic = first == second
    even = np.full((len(first), len(CLASSES), 1), 1.0 / len(CLASSES) / (max_distance + 1))
    even[homotypic] *= len(CLASSES) / (len(CLASSES) - 1)
    even[homotypic, NEVER_HOMOTYPIC] = 0
    total = np.zeros((len(first), len(CLASSES), max_distance + 1))
    site_stratum, pair_stratum = strata[sites["gene"]], strata[pairs.gene]
    for stratum in range(strata.max() + 1):
        within = pairs.where(pair_stratum == stratum)
        shape = pairs_between_promoters(sites[site_stratum == stratum], within, max_distance, length) + even
        observed = np.bincount(within.pair, minlength=len(first))
        total += shape * (observed / shape.sum(axis=(1, 2)))[:, None, None]
    return total


def pairs_between_promoters(sites: pd.DataFrame, pairs: SitePairs, max_distance: int, length: int) -> np.ndarray:
    """Pairs of sites of different promoters, laid over each other, in each class and at each distance.

    Divided by the number of promoters less one, this is the mean number of pairs when the second node's sites change
    promoters and none keeps its own.

    Parameters
    ----------
    sites, pairs, max_distance, length
        As for :func:`expected_pairs`, of one stratum.

    Returns
    -------
    np.ndarray, shape (pairs of nodes, 4, max_distance + 1)
    """
    n_nodes = len(sites["node"].cat.categories)
    first, second = node_pairs(n_nodes)
    by_distance = [_by_class(laid)[:, first, second] for laid in _laid_over(sites, max_distance, length)]
    counts = np.ascontiguousarray(np.transpose(by_distance, (2, 1, 0)), dtype=np.float64)
    homotypic = first == second
    counts[homotypic, NEVER_HOMOTYPIC] = 0
    # Left and right are one node: each class that does not change when both strands do was counted twice.
    counts[homotypic, 2:] /= 2
    cell = np.ravel_multi_index((pairs.pair, pairs.kind, pairs.distance), counts.shape)
    return counts - np.bincount(cell, minlength=counts.size).reshape(counts.shape)


def _laid_over(sites: pd.DataFrame, max_distance: int, length: int) -> Iterator[np.ndarray]:
    """For each distance the pairs of sites of any promoters, by node and strand of the left x of the right site.

    Yields
    ------
    np.ndarray, shape (2 * nodes, 2 * nodes)
        Row and column: twice the number of the node, and 1 more on the reverse strand.
    """
    n_states = 2 * len(sites["node"].cat.categories)
    state = 2 * sites["node"].cat.codes.to_numpy(np.int64) + (sites["strand"].to_numpy() < 0)
    before, after = overhangs(sites)
    n_before, n_after = before.max(initial=0) + 1, after.max(initial=0) + 1
    ends = np.zeros((n_after, n_states, length + 1), dtype=np.float32)
    starts = np.zeros((n_before, n_states, length + 1), dtype=np.float32)
    np.add.at(ends, (after, state, sites["end"].to_numpy()), 1)
    np.add.at(starts, (before, state, sites["start"].to_numpy()), 1)
    # Entry n: the sites that stick out of their frame by at most n bases.
    starts = starts.cumsum(axis=0, dtype=np.float32)
    all_ends = ends.sum(axis=0)
    # Few states stick out by any one number of bases.
    sticking = [np.flatnonzero(of_states.any(axis=1)) for of_states in ends]
    ends = [of_states[states] for of_states, states in zip(ends, sticking, strict=True)]
    for distance in range(max_distance + 1):
        reached, following = slice(max(0, length + 1 - distance)), slice(distance, None)
        if distance >= n_before + n_after - 2:
            yield all_ends[:, reached] @ starts[-1][:, following].T
        else:
            # What sticks out on the left leaves the rest of the distance to what does on the right.
            laid = np.zeros((n_states, n_states), dtype=np.float32)
            for out in range(min(distance, n_after - 1) + 1):
                right = starts[min(distance - out, n_before - 1)]
                laid[sticking[out]] += ends[out][:, reached] @ right[:, following].T
            yield laid


def _by_class(laid: np.ndarray) -> np.ndarray:
    """Pairs by class, first and second node, shape (4, nodes, nodes), from those that :func:`_laid_over` yields."""
    plus_plus, plus_minus = laid[::2, ::2], laid[::2, 1::2]
    minus_plus, minus_minus = laid[1::2, ::2], laid[1::2, 1::2]
    return np.stack(
        [
            plus_plus + minus_minus.T,
            plus_plus.T + minus_minus,
            plus_minus + plus_minus.T,
            minus_plus + minus_plus.T,
        ]
    )


def exchange(sites: pd.DataFrame, strata: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Sites moved to other promoters of the same stratum, each by itself.

    A control: what is found in such sites is found by chance. Every promoter keeps the number of its sites of each
    node, and every site its place and strand.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end strand`` and other columns.
    strata : np.ndarray, shape (promoters,), int
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        The same columns, by gene and start.
    """
    gene = sites["gene"].to_numpy()
    group = sites["node"].cat.codes.to_numpy(np.int64) * (strata.max() + 1) + strata[gene]
    moved = np.empty_like(gene)
    # In both orders the sites of a group stand together.
    moved[np.argsort(group, kind="stable")] = gene[np.lexsort((rng.random(len(sites)), group))]
    return sites.assign(gene=moved).sort_values(["gene", "start", "end", "strand", "node"], ignore_index=True)
