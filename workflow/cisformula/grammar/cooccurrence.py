"""Which motifs share promoters more often than the promoters' base composition explains.

Under the null hypothesis the presence of one motif tells nothing of another's once the composition of the promoter is
known (:mod:`cisformula.grammar.presence_model`). The test is the score test of their interaction: the sum over
promoters of the product of both residuals. Three things would let motifs seem to keep company that do not:

- Promoters that are copies of each other. Only one promoter of each family of similar ones counts.
- One site that two motifs match. A promoter in which all sites of one overlap all of the other does not count as
  carrying both; what chance alone lets overlap is taken off the expectation likewise.
- Two motifs of one kind, as sites of a factor come in clusters: in a promoter with two of them one motif may have
  matched here, its like there. Pairs of nodes more similar than a limit are not tested.

Sites that chance writes hide the company that true ones keep. Of each node only the sites up to the p-value count at
which its promoters stand out most from shuffled ones; this looks at one node at a time and so favours no pair.

A promoter's composition is counted with the sites in it. What is tested is whether motifs lie together more often than
in shuffled promoters of the same composition. Where sites were added to promoters, they make up for each other at the
same composition: motifs alike in composition seem to avoid each other a little, so that repulsion between them is
doubtful, and motifs unlike in it to seek each other.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import special, stats

from ..false_discovery import q_values
from ..pwm import Motif
from ..similarity import best_alignment
from .presence_model import probabilities

ALIKE_COLUMNS = 10
"""Fewest aligned columns over which two motifs may be alike; all of the narrower one where it has fewer."""
COLUMNS = [
    "first",
    "second",
    "first_name",
    "second_name",
    "n_first",
    "n_second",
    "n_both",
    "n_overlapping",
    "expected",
    "ratio",
    "z",
    "p",
    "q",
    "q_repulsion",
    "similarity",
    "edge",
]
SMALLEST_SKEWNESS = 1e-4
"""Below it the tail of a normal distribution is taken."""
ROUNDING = 1e-6
"""Relative error of a number in single precision, and some."""
LEVELS = 8
"""Largest p-values of sites that are tried, each half of the one before."""


class Pairs(NamedTuple):
    """How often nodes share promoters; every array has shape (nodes, nodes) and is symmetric.

    Attributes
    ----------
    both : np.ndarray of int
        Promoters with a site of either node such that the two do not overlap.
    overlapping : np.ndarray of int
        Promoters with sites of both nodes all of which overlap.
    excess : np.ndarray of float
        ``both`` less what is expected.
    variance, skewness : np.ndarray of float
        Of the excess under the null hypothesis.
    """

    both: np.ndarray
    overlapping: np.ndarray
    excess: np.ndarray
    variance: np.ndarray
    skewness: np.ndarray

    @property
    def z(self) -> np.ndarray:
        """Excess in standard deviations; 0 where there is no variance."""
        return np.divide(self.excess, np.sqrt(self.variance), out=np.zeros_like(self.excess), where=self.variance > 0)

    def tail(self, sign: int) -> np.ndarray:
        """One-sided p-value of attraction (``sign`` 1) or repulsion (-1), shape (nodes, nodes).

        The null distribution is taken to be of Pearson's type III, which has the variance and the skewness of the
        excess and is close to both Poisson's for few and the normal for many expected promoters; with a correction of
        half a promoter for continuity.
        """
        deviation = np.sqrt(np.where(self.variance > 0, self.variance, 1.0))
        upper = pearson3_tail((sign * self.excess - 0.5) / deviation, sign * self.skewness)
        return np.where(self.variance > 0, upper, 1.0)


def pearson3_tail(z: np.ndarray, skewness: np.ndarray) -> np.ndarray:
    """Upper tail of the standardised Pearson type III distribution; shapes broadcast."""
    z, skewness = np.broadcast_arrays(z, skewness)
    skewed = np.abs(skewness) > SMALLEST_SKEWNESS
    shape = 4 / np.where(skewed, skewness, 1.0) ** 2
    place = np.maximum(shape + np.sign(skewness) * z * np.sqrt(shape), 0.0)
    tail = np.where(skewness > 0, special.gammaincc(shape, place), special.gammainc(shape, place))
    return np.where(skewed, tail, stats.norm.sf(z))


def restrict(sites: pd.DataFrame, promoters: np.ndarray) -> pd.DataFrame:
    """The sites in some promoters, whose number in ``gene`` becomes their place among these.

    Parameters
    ----------
    sites : pd.DataFrame
        From :func:`cisformula.grammar.node_sites.node_sites`.
    promoters : np.ndarray, shape (n,), int
        Rows of genes, rising.
    """
    place = np.searchsorted(promoters, sites["gene"])
    inside = promoters[np.minimum(place, len(promoters) - 1)] == sites["gene"]
    return sites[inside].assign(gene=place[inside].astype("int32")).reset_index(drop=True)


def counts(sites: pd.DataFrame, n_promoters: int) -> np.ndarray:
    """Number of sites of each node in each promoter, shape (promoters, nodes), int."""
    nodes = len(sites["node"].cat.categories)
    cell = sites["gene"].to_numpy(np.int64) * nodes + sites["node"].cat.codes
    return np.bincount(cell, minlength=n_promoters * nodes).reshape(n_promoters, nodes)


def thresholds(sites: pd.DataFrame, shuffled: list[pd.DataFrame], n_promoters: int, p_value: float) -> pd.DataFrame:
    """The largest p-value of each node's sites that count.

    Of ``p_value``, half of it and so on the one at which the promoters with a site exceed shuffled promoters with one
    most, in units of the standard deviation of the number of carriers; the larger on a tie.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node p_value``.
    shuffled : list of pd.DataFrame
        The same in the promoters shuffled, each time anew.
    n_promoters : int
    p_value : float
        Largest in ``sites``.

    Returns
    -------
    pd.DataFrame
        ``node p_value carriers shuffled_carriers`` (mean) of every node.
    """
    levels = p_value / 2.0 ** np.arange(LEVELS)

    def carriers_in(table: pd.DataFrame) -> np.ndarray:
        return np.array([(counts(up_to(table, level), n_promoters) > 0).sum(axis=0) for level in levels])

    carriers = carriers_in(sites)
    by_chance = np.mean([carriers_in(table) for table in shuffled], axis=0)
    spread = np.sqrt(np.maximum(carriers * (1 - carriers / n_promoters), 1))
    # A node that stands out nowhere keeps all its sites.
    best = np.maximum((carriers - by_chance) / spread, 0).argmax(axis=0)
    nodes = np.arange(carriers.shape[1])
    return pd.DataFrame(
        {
            "node": sites["node"].cat.categories,
            "p_value": levels[best],
            "carriers": carriers[best, nodes],
            "shuffled_carriers": by_chance[best, nodes],
        }
    )


def up_to(sites: pd.DataFrame, p_value: float | np.ndarray) -> pd.DataFrame:
    """The sites whose p-value, kept in single precision, is at most a number, or one of each node."""
    if np.ndim(p_value):
        p_value = np.asarray(p_value)[sites["node"].cat.codes]
    return sites[sites["p_value"] <= p_value * (1 + ROUNDING)].reset_index(drop=True)


def count_pairs(sites: pd.DataFrame, composition: np.ndarray) -> Pairs:
    """Compare how often nodes share promoters with what composition lets expect.

    With residuals ``r = presence - p`` the excess is the sum over promoters of the product of the residuals of both
    nodes, less the promoters in which all sites overlap, plus those in which they do so by chance. Given the
    composition its terms are independent, with variance ``p (1 - p)`` and third moment ``p (1 - p) (1 - 2 p)`` of
    either node multiplied; that the probabilities were fitted changes these by the number of columns over the number of
    promoters.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end``, sites of one node in a promoter not overlapping.
    composition : np.ndarray, shape (promoters, columns)
        From :func:`cisformula.grammar.presence_model.composition`.
    """
    number = counts(sites, len(composition))
    present = number > 0
    p = probabilities(present, composition)
    residual = present - p
    variance = p * (1 - p)
    overlapping = only_overlapping(sites, number)
    by_chance = chance_overlap(sites, number) * (p.T @ p)
    excess = residual.T @ residual - overlapping + by_chance
    total = variance.T @ variance
    third = variance * (1 - 2 * p)
    skewness = np.divide(third.T @ third, total**1.5, out=np.zeros_like(total), where=total > 0)
    both = present.T.astype(float) @ present - overlapping
    return Pairs(both.round().astype(int), overlapping, excess, total, skewness)


def only_overlapping(sites: pd.DataFrame, number: np.ndarray) -> np.ndarray:
    """Promoters in which every site of one node overlaps every site of another; shape (nodes, nodes), int.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node start end``.
    number : np.ndarray, shape (promoters, nodes)
        From :func:`counts`.
    """
    nodes = number.shape[1]
    order = np.lexsort((sites["start"], sites["gene"]))
    gene, start, end = (sites[column].to_numpy(np.int64)[order] for column in ("gene", "start", "end"))
    node = sites["node"].cat.codes.to_numpy(np.int64)[order]
    cells = [np.empty(0, np.int64)]
    left, step = np.arange(len(gene)), 0
    # The next site, the one after it and so on: as starts rise, once one begins behind the end, all later ones do.
    while len(left):
        step += 1
        left = left[left + step < len(gene)]
        right = left + step
        meets = (gene[left] == gene[right]) & (start[right] < end[left])
        left, right = left[meets], right[meets]
        low, high = np.minimum(node[left], node[right]), np.maximum(node[left], node[right])
        cells.append((gene[left] * nodes + low) * nodes + high)
    cell, overlaps = np.unique(np.concatenate(cells), return_counts=True)
    promoter, low, high = np.unravel_index(cell, (len(number), nodes, nodes))
    alone = overlaps == number[promoter, low] * number[promoter, high]
    result = np.zeros((nodes, nodes), dtype=np.int64)
    np.add.at(result, (low[alone], high[alone]), 1)
    return result + result.T


def chance_overlap(sites: pd.DataFrame, number: np.ndarray) -> np.ndarray:
    """Share of the promoters with two nodes in which all their sites overlap if they lie independently.

    One site of each overlaps as their positions in all promoters say; several sites are taken never to do so all.

    Parameters
    ----------
    sites : pd.DataFrame
        ``node start end``.
    number : np.ndarray, shape (promoters, nodes)

    Returns
    -------
    np.ndarray, shape (nodes, nodes), float64
    """
    nodes, length = number.shape[1], int(sites["end"].max()) + 1 if len(sites) else 1
    node = sites["node"].cat.codes.to_numpy(np.int64)

    def distribution(column: str) -> np.ndarray:
        cell = node * length + sites[column].to_numpy()
        shares = np.bincount(cell, minlength=nodes * length).reshape(nodes, length)
        return shares / np.maximum(shares.sum(axis=1, keepdims=True), 1)

    behind = distribution("start") @ np.cumsum(distribution("end"), axis=1).T
    carriers = np.maximum((number > 0).sum(axis=0), 1)
    single = (number == 1).sum(axis=0) / carriers
    return np.clip(1 - behind - behind.T, 0, 1) * np.outer(single, single)


def node_similarity(motifs: list[Motif], nodes: pd.DataFrame) -> np.ndarray:
    """Largest similarity between a motif of one node and one of another; shape (nodes, nodes), symmetric.

    It is taken over at least :data:`ALIKE_COLUMNS` columns, so that motifs which share but an end are not alike.

    Parameters
    ----------
    motifs : list of Motif
        In the order of ``nodes``.
    nodes : pd.DataFrame
        ``motif node``, from :func:`cisformula.grammar.node_sites.collapse`.
    """
    similarity = best_alignment(motifs, motifs, ALIKE_COLUMNS).similarity
    node, names = pd.factorize(nodes["node"])
    result = np.full((len(names), len(names)), -np.inf)
    np.maximum.at(result, (node[:, None], node[None, :]), similarity)
    return np.maximum(result, result.T)


def pair_table(
    pairs: Pairs, carriers: np.ndarray, nodes: pd.DataFrame, similarity: np.ndarray, max_similarity: float, fdr: float
) -> pd.DataFrame:
    """Every pair of nodes with its test.

    Parameters
    ----------
    pairs : Pairs
    carriers : np.ndarray, shape (nodes,), int
        Promoters with a site of each node.
    nodes : pd.DataFrame
        ``node name``.
    similarity : np.ndarray, shape (nodes, nodes)
        From :func:`node_similarity`.
    max_similarity : float
        Pairs more similar than this are not tested and make no edge.
    fdr : float
        Pairs with a smaller q-value of attraction make an edge.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`; nodes in the order of ``nodes``. ``expected`` is ``n_both`` less the excess and ``ratio`` the
        one over the other; ``p`` and ``q`` (Benjamini and Hochberg over the pairs tested) are of attraction,
        ``q_repulsion`` of repulsion. Both q-values are missing for pairs not tested.
    """
    table = nodes.drop_duplicates("node")
    first, second = np.triu_indices(len(table), 1)
    ids, names = table["node"].to_numpy(), table["name"].to_numpy()
    both, excess = pairs.both[first, second], pairs.excess[first, second]
    expected = both - excess
    attraction, repulsion = pairs.tail(1)[first, second], pairs.tail(-1)[first, second]
    tested = (similarity[first, second] <= max_similarity) & (pairs.variance[first, second] > 0)
    q = [q_values(np.where(tested, p, np.nan)) for p in (attraction, repulsion)]
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(expected > 0, both / expected, np.nan)
    return pd.DataFrame(
        {
            "first": ids[first],
            "second": ids[second],
            "first_name": names[first],
            "second_name": names[second],
            "n_first": carriers[first],
            "n_second": carriers[second],
            "n_both": both,
            "n_overlapping": pairs.overlapping[first, second],
            "expected": expected,
            "ratio": ratio,
            "z": pairs.z[first, second],
            "p": attraction,
            "q": q[0],
            "q_repulsion": q[1],
            "similarity": similarity[first, second],
            "edge": (q[0] < fdr) & (ratio > 1),
        },
        columns=COLUMNS,
    )
