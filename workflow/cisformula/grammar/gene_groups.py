"""Groups of genes with similar weighted features: principal components, k-means, and Leiden as a second opinion.

k is chosen by the silhouette (Rousseeuw 1987, J. Comput. Appl. Math. 20:53) among the numbers of groups that come back
when the genes are drawn anew (Hennig 2007, Comput. Stat. Data Anal. 52:258).
"""

from typing import NamedTuple

import igraph
import leidenalg
import numpy as np
import pandas as pd
from scipy import linalg
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from sklearn.neighbors import NearestNeighbors

from ..errors import InputError
from ..job import progress

CHOICE_COLUMNS = ["k", "silhouette", "stability", "stability_low", "stability_high", "chosen"]
NUMBERS = range(2, 16)
"""Numbers of groups that are tried."""
VARIANCE = 0.9
MOST_COMPONENTS = 30
STABLE = 0.8
"""Mean adjusted Rand index from which a number of groups counts as stable."""
RESAMPLES = 20
DRAWN = 3000
"""Most genes of a resample, and of those the silhouette is measured on: its cost grows with their square."""
STARTS = 10
RESAMPLE_STARTS = 3
NEIGHBOURS = 15


class Components(NamedTuple):
    """Principal components of genes.

    Attributes
    ----------
    scores : np.ndarray, shape (genes, components)
    loadings : np.ndarray, shape (features, components)
    share : np.ndarray, shape (components,)
        Share of the variance.
    """

    scores: np.ndarray
    loadings: np.ndarray
    share: np.ndarray


def components(features: np.ndarray, variance: float = VARIANCE, most: int = MOST_COMPONENTS) -> Components:
    """The first principal components that hold ``variance`` of the variance, but at most ``most`` of them.

    The largest loading of each component, by absolute value, is positive.

    Parameters
    ----------
    features : np.ndarray, shape (genes, features)

    Raises
    ------
    InputError
        No feature varies.
    """
    centred = features - features.mean(axis=0)
    if not (features.shape[1] and centred.any()):
        raise InputError(
            "no weighted feature differs between genes, so that nothing can group them.",
            place="grammar/weighted_features.parquet",
            fix="train longer, or lower motifs.min_runs: no motif was found by that many networks.",
        )
    values, vectors = linalg.eigh(centred.T @ centred)
    values, vectors = np.maximum(values[::-1], 0), vectors[:, ::-1]
    share = values / values.sum()
    # The last digits of the sum must not add a component.
    number = min(int(np.searchsorted(share.cumsum(), variance - 1e-9)) + 1, most, len(share))
    loadings = vectors[:, :number]
    largest = loadings[np.abs(loadings).argmax(axis=0), np.arange(number)]
    loadings = loadings * np.sign(largest)
    return Components(centred @ loadings, loadings, share[:number])


def choose_number(scores: np.ndarray, seed: int) -> pd.DataFrame:
    """Silhouette and stability of k-means for every number of groups, and the number that is chosen.

    Stability is the mean adjusted Rand index between the groups of all genes and those that the centres of a bootstrap
    sample of genes give to all genes; its interval spans 95 % of the samples. Chosen is the number with the largest
    silhouette among those whose stability is at least :data:`STABLE`, or the most stable one if there is none.

    Parameters
    ----------
    scores : np.ndarray, shape (genes, components)
    seed : int

    Returns
    -------
    pd.DataFrame
        :data:`CHOICE_COLUMNS`, one row per number of groups.
    """
    sample_rng, *streams = (
        np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(1 + len(NUMBERS))
    )
    shown = np.sort(sample_rng.permutation(len(scores))[:DRAWN])
    distances = cdist(scores[shown], scores[shown])
    numbers = [k for k in NUMBERS if k < min(len(scores), DRAWN)]
    rows = []
    for k, rng in progress(zip(numbers, streams, strict=False), len(numbers), "numbers of groups tried"):
        labels = k_means(scores, k, seed).labels
        found = [_resampled_agreement(scores, labels, k, rng) for _ in range(RESAMPLES)]
        low, high = np.quantile(found, (0.025, 0.975))
        rows.append((k, silhouette(distances, labels[shown]), np.mean(found), low, high))
    table = pd.DataFrame(rows, columns=CHOICE_COLUMNS[:-1])
    return table.assign(chosen=table["k"] == best_number(table))


def best_number(choice: pd.DataFrame) -> int:
    """The number of groups by the rule of :func:`choose_number`; the smaller one on a tie."""
    stable = choice[choice["stability"] >= STABLE]
    best = choice["stability"].idxmax() if stable.empty else stable["silhouette"].idxmax()
    return int(choice.loc[best, "k"])


class KMeansGroups(NamedTuple):
    """Group of each gene, shape (genes,), and centres, shape (groups, components)."""

    labels: np.ndarray
    centres: np.ndarray


def k_means(scores: np.ndarray, k: int, seed: int, starts: int = STARTS) -> KMeansGroups:
    """The best of ``starts`` runs of k-means, by Lloyd's algorithm from k-means++."""
    fit = KMeans(k, n_init=starts, random_state=seed % 2**32).fit(scores)
    return KMeansGroups(fit.labels_.astype(np.int64), fit.cluster_centers_)


def _resampled_agreement(scores: np.ndarray, labels: np.ndarray, k: int, rng: np.random.Generator) -> float:
    """Adjusted Rand index between groups and those by the centres of a bootstrap sample of genes."""
    drawn = rng.integers(0, len(scores), min(len(scores), DRAWN))
    centres = k_means(scores[drawn], k, int(rng.integers(2**31)), RESAMPLE_STARTS).centres
    return adjusted_rand_score(labels, _nearest(scores, centres))


def _nearest(scores: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Nearest centre of each gene; shape (genes,)."""
    return ((centres**2).sum(axis=1) - 2 * scores @ centres.T).argmin(axis=1)


def silhouette(distances: np.ndarray, labels: np.ndarray) -> float:
    """Mean silhouette, 0 for a gene alone in its group and for a single group (Rousseeuw 1987).

    Parameters
    ----------
    distances : np.ndarray, shape (genes, genes)
    labels : np.ndarray, shape (genes,)
    """
    if len(np.unique(labels)) < 2:
        return 0.0
    return float(silhouette_score(distances, labels, metric="precomputed"))


def leiden(scores: np.ndarray, seed: int) -> np.ndarray:
    """Communities of the graph of nearest neighbours by the Leiden algorithm (Traag et al. 2019, Sci. Rep. 9:5233).

    Two genes are joined if one is among the :data:`NEIGHBOURS` nearest of the other; modularity at resolution 1, which
    may cut groups that k-means leaves whole.

    Parameters
    ----------
    scores : np.ndarray, shape (genes, components)
    seed : int

    Returns
    -------
    np.ndarray, shape (genes,), int64
    """
    n_neighbours = min(NEIGHBOURS, len(scores) - 1)
    nearest = NearestNeighbors(n_neighbors=n_neighbours, algorithm="brute").fit(scores)
    ends = nearest.kneighbors(return_distance=False)
    edges = np.sort(np.column_stack([np.repeat(np.arange(len(scores)), n_neighbours), ends.ravel()]), axis=1)
    graph = igraph.Graph(n=len(scores), edges=np.unique(edges, axis=0))
    found = leidenalg.find_partition(
        graph, leidenalg.RBConfigurationVertexPartition, n_iterations=-1, seed=seed % 2**31
    )
    return np.array(found.membership, dtype=np.int64)


def ordered(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Groups numbered 1, 2, ... from the lowest mean predicted expression up; shape (genes,), int64."""
    names, group, size = np.unique(labels, return_inverse=True, return_counts=True)
    mean = np.bincount(group, weights=predicted, minlength=len(names)) / size
    rank = np.empty(len(names), dtype=np.int64)
    rank[np.argsort(mean, kind="stable")] = np.arange(1, len(names) + 1)
    return rank[group]


def quantile_groups(predicted: np.ndarray, k: int) -> np.ndarray:
    """Genes sorted by their prediction and cut into ``k`` groups of equal size, the lowest first; shape (genes,)."""
    rank = np.argsort(np.argsort(predicted, kind="stable"), kind="stable")
    return rank * k // len(predicted) + 1
