"""Pairs of sites in one promoter: which nodes they belong to, how they are oriented and ordered, and how far apart.

A pair is read on the strand of its first site, that of the node which comes first among the nodes. Of two sites of one
node neither is first; they stand in tandem, face each other or turn away from each other.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..paralogues import one_per_family
from ..pwm import Motif

CLASSES = (
    ("same", "first_second"),
    ("same", "second_first"),
    ("opposite", "first_second"),
    ("opposite", "second_first"),
)
"""Orientation and order of two sites of different nodes, by the number of their class."""
HOMOTYPIC_CLASSES = (("tandem", "either"), None, ("convergent", "either"), ("divergent", "either"))
"""The same for two sites of one node, of which only three can be told apart."""
TANDEM, NEVER_HOMOTYPIC = 0, 1


class SitePairs(NamedTuple):
    """Pairs of sites, in no particular order.

    Attributes
    ----------
    gene : np.ndarray, shape (pairs,), int64
        Row of the promoter.
    first, second : np.ndarray, shape (pairs,), int64
        Rows of the table of sites.
    pair : np.ndarray, shape (pairs,), int64
        Number of the pair of nodes, see :func:`pair_number`.
    kind : np.ndarray, shape (pairs,), int64
        Number of the class: :data:`CLASSES`, or :data:`HOMOTYPIC_CLASSES` for two sites of one node.
    distance : np.ndarray, shape (pairs,), int64
        Bases between the two sites.
    """

    gene: np.ndarray
    first: np.ndarray
    second: np.ndarray
    pair: np.ndarray
    kind: np.ndarray
    distance: np.ndarray

    def where(self, chosen: np.ndarray) -> "SitePairs":
        """The pairs at these indices, or those that are True."""
        return SitePairs(*(column[chosen] for column in self))


def pair_number(first: np.ndarray, second: np.ndarray, n_nodes: int) -> np.ndarray:
    """Number of a pair of nodes, first <= second, in the order of :func:`node_pairs`."""
    return first * n_nodes - first * (first - 1) // 2 + second - first


def node_pairs(n_nodes: int) -> tuple[np.ndarray, np.ndarray]:
    """Index of the first and the second node of each pair, shape (pairs,) each; a node also pairs with itself."""
    return np.triu_indices(n_nodes)


def class_names(homotypic: bool) -> tuple:
    """Orientation and order by the number of the class; None for a class that does not exist."""
    return HOMOTYPIC_CLASSES if homotypic else CLASSES


def in_one_per_family(sites: pd.DataFrame, families: np.ndarray) -> pd.DataFrame:
    """Sites in the first promoter of each family, so that what similar promoters share does not count twice.

    Parameters
    ----------
    sites : pd.DataFrame
        With a column ``gene``, the row of the promoter.
    families : np.ndarray, shape (genes,)
    """
    return sites[sites["gene"].isin(one_per_family(families))].reset_index(drop=True)


def add_matched(sites: pd.DataFrame, nodes: pd.DataFrame, motifs: list[Motif]) -> pd.DataFrame:
    """Add the bases that the motif of each site itself matched, which may stick out of the node's frame.

    Parameters
    ----------
    sites : pd.DataFrame
        ``motif start end strand``, as :func:`cisformula.grammar.node_sites.node_sites` returns it.
    nodes : pd.DataFrame
        ``motif offset reverse``, as :func:`cisformula.grammar.node_sites.collapse` returns it.
    motifs : list of Motif
        All motifs of the nodes.

    Returns
    -------
    pd.DataFrame
        With ``matched_start`` and ``matched_end``.
    """
    table = nodes.set_index("motif")
    code, ids = sites["motif"].cat.codes.to_numpy(), sites["motif"].cat.categories
    offset = table.loc[ids, "offset"].to_numpy()[code]
    by_id = {motif.id: motif.width for motif in motifs}
    width = np.array([by_id[name] for name in ids])[code]
    start, end = sites["start"].to_numpy(), sites["end"].to_numpy()
    matched = np.where(sites["strand"] > 0, start + offset, end - offset - width)
    return sites.assign(matched_start=matched, matched_end=matched + width)


def overhangs(sites: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Bases matched before the start and after the end of each site's frame, shape (sites,) each."""
    before = np.maximum(sites["start"].to_numpy(np.int64) - sites["matched_start"].to_numpy(np.int64), 0)
    after = np.maximum(sites["matched_end"].to_numpy(np.int64) - sites["end"].to_numpy(np.int64), 0)
    return before, after


def find_pairs(sites: pd.DataFrame, max_distance: int) -> SitePairs:
    """Every two sites of a promoter that share no base and lie at most ``max_distance`` bases apart.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end strand matched_start matched_end``, from :func:`add_matched`: ``node`` is categorical, the
        rows are ordered by gene and start. Distances run between the frames of the nodes; neither these nor the bases
        that were matched may overlap.
    max_distance : int
        Most bases between two sites.
    """
    gene, start, end, strand = (sites[column].to_numpy(np.int64) for column in ("gene", "start", "end", "strand"))
    node = sites["node"].cat.codes.to_numpy(np.int64)
    # Promoters are laid one after another, too far apart for a pair to reach from one to the next.
    shift = gene * (int(end.max(initial=0)) + max_distance + 1)
    lowest = np.searchsorted(start + shift, end + shift)
    number = np.searchsorted(start + shift, end + shift + max_distance, side="right") - lowest
    left = np.repeat(np.arange(len(sites)), number)
    right = np.arange(len(left)) + np.repeat(lowest - np.cumsum(number) + number, number)
    before, after = overhangs(sites)
    apart = start[right] - end[left] >= after[left] + before[right]
    left, right = left[apart], right[apart]
    homotypic = node[left] == node[right]
    left_first = np.where(homotypic, strand[left] > 0, node[left] < node[right])
    first, second = np.where(left_first, left, right), np.where(left_first, right, left)
    follows = left_first == (strand[first] > 0)
    return SitePairs(
        gene[left],
        first,
        second,
        pair_number(node[first], node[second], len(sites["node"].cat.categories)),
        2 * (strand[left] != strand[right]) + ~follows,
        start[right] - end[left],
    )


def count_promoters(pairs: SitePairs, n_pairs: int, bin_of: np.ndarray) -> np.ndarray:
    """Number of promoters that hold each pair of nodes in each class and bin of distances.

    Parameters
    ----------
    pairs : SitePairs
    n_pairs : int
        Pairs of nodes.
    bin_of : np.ndarray, shape (max_distance + 1,), int
        Bin of each distance.

    Returns
    -------
    np.ndarray, shape (n_pairs, 4, bins), int64
    """
    shape = (n_pairs, len(CLASSES), int(bin_of.max()) + 1)
    cell = np.ravel_multi_index((pairs.pair, pairs.kind, bin_of[pairs.distance]), shape)
    size = int(np.prod(shape))
    # A promoter counts once, however many of its pairs fall into the cell; pandas does not sort them, which takes long.
    distinct = pd.unique(pairs.gene * size + cell) % size
    return np.bincount(distinct, minlength=size).reshape(shape)
