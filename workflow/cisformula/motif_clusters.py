"""Clusters of similar motifs, each with one member that stands for it."""

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from . import learned_ids
from .pwm import Motif
from .similarity import DECIMALS, Alignment, best_alignment

COLUMNS = ["motif", "cluster", "representative", "similarity", "offset", "reverse", "cluster_size", "n_runs"]


def cluster_motifs(
    motifs: list[Motif], cluster_similarity: float = 0.9, min_overlap: int = 6, alignment: Alignment | None = None
) -> pd.DataFrame:
    """Group motifs by average linkage and align each member to its cluster's representative.

    The distance of two motifs is one minus their similarity. The representative is the member with the highest mean
    similarity to the cluster; ties go to the higher information content, then to file order.

    Parameters
    ----------
    motifs : list of Motif
    cluster_similarity : float
        Groups are merged while the mean similarity between their members is at least this.
    min_overlap : int
        Fewest aligned columns of two motifs.
    alignment : Alignment, optional
        Of every motif with every other; by default their best-alignment correlation
        (:func:`cisformula.similarity.best_alignment`).

    Returns
    -------
    pd.DataFrame
        One row per motif, in file order:

        - ``motif``, ``cluster`` (1 = found by most runs, then largest), ``representative`` (ids);
        - ``similarity`` to the representative, ``offset`` (the representative's column at which the member's first
          column lies) and ``reverse`` (whether the member is reverse-complemented first);
        - ``cluster_size`` and ``n_runs``, the number of networks that found the cluster.
    """
    if alignment is None:
        alignment = best_alignment(motifs, motifs, min_overlap)
    similarity = np.maximum(alignment.similarity, alignment.similarity.T)
    labels = _labels(similarity, cluster_similarity)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    groups.sort(key=lambda members: (-_n_runs(motifs, members), -len(members), members[0]))
    rows = []
    for cluster, members in enumerate(groups, start=1):
        representative = _representative(motifs, members, similarity)
        for member in members:
            reverse = bool(alignment.reverse[member, representative])
            offset = int(alignment.offset[member, representative])
            if reverse:
                # From "representative reversed" to "member reversed".
                offset = motifs[representative].width - offset - motifs[member].width
            rows.append(
                {
                    "motif": motifs[member].id,
                    "cluster": cluster,
                    "representative": motifs[representative].id,
                    "similarity": similarity[member, representative],
                    "offset": offset,
                    "reverse": reverse,
                    "cluster_size": len(members),
                    "n_runs": _n_runs(motifs, members),
                }
            )
    order = {motif.id: position for position, motif in enumerate(motifs)}
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("motif", key=lambda ids: ids.map(order), ignore_index=True)


def representatives(motifs: list[Motif], clusters: pd.DataFrame) -> list[Motif]:
    """The representative of each cluster, in the order of the cluster numbers."""
    by_id = {motif.id: motif for motif in motifs}
    return [by_id[name] for name in clusters.sort_values("cluster")["representative"].drop_duplicates()]


def _labels(similarity: np.ndarray, cluster_similarity: float) -> np.ndarray:
    """Cluster label of each motif, shape (n,), from similarities of shape (n, n)."""
    if len(similarity) == 1:
        return np.ones(1, dtype=int)
    distance = squareform(1 - similarity, checks=False)
    return fcluster(linkage(distance, method="average"), 1 - cluster_similarity + 1e-9, criterion="distance")


def _representative(motifs: list[Motif], members: np.ndarray, similarity: np.ndarray) -> int:
    mean = np.round(similarity[np.ix_(members, members)].mean(axis=1), DECIMALS)
    information = np.round([motifs[member].information for member in members], DECIMALS)
    return int(members[np.lexsort((members, -information, -mean))[0]])


def _n_runs(motifs: list[Motif], members: np.ndarray) -> int:
    """Number of networks that learned the motifs; those that are not learned count as of one network."""
    learned = (learned_ids.parse(motifs[member].id) for member in members)
    return len({(of.network, of.run) if of else None for of in learned})
