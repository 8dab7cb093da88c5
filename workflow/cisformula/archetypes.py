"""One merged motif per cluster, averaged over the members as they align."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .pwm import Motif

LEAST_COVERED = 0.5
"""A column is kept if members with at least this share of the cluster's sites reach it."""


class Archetype(NamedTuple):
    """The merged motif of a cluster, and the column of the cluster's representative at which it begins."""

    motif: Motif
    first: int


def archetypes(motifs: list[Motif], clusters: pd.DataFrame) -> list[Archetype]:
    """Merge the members of each cluster.

    Parameters
    ----------
    motifs : list of Motif
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.

    Returns
    -------
    list of Archetype
        In the order of the cluster numbers. Ids are ``A`` and the cluster's number, names those of representatives.
    """
    by_id = {motif.id: motif for motif in motifs}
    merged = []
    for cluster, rows in clusters.groupby("cluster"):
        aligned = [(oriented(by_id[row.motif], row.reverse), int(row.offset)) for row in rows.itertuples()]
        pfm, first = _merge(aligned)
        name = by_id[rows["representative"].iloc[0]].name
        motif = Motif(f"A{cluster}", name, pfm, sum(motif.nsites for motif, _ in aligned))
        merged.append(Archetype(motif, first))
    return merged


def oriented(motif: Motif, reverse: bool) -> Motif:
    """The motif as it lies in its cluster's alignment."""
    return motif.reverse_complement() if reverse else motif


def _merge(aligned: list[tuple[Motif, int]]) -> tuple[np.ndarray, int]:
    """Frequencies averaged over motifs at their offsets, weighted by their sites, and where they begin."""
    first = min(offset for _, offset in aligned)
    width = max(offset + motif.width for motif, offset in aligned) - first
    counts = np.zeros((width, 4))
    for motif, offset in aligned:
        counts[offset - first : offset - first + motif.width] += motif.nsites * motif.pfm
    sites = counts.sum(axis=1)
    kept = np.flatnonzero(sites >= LEAST_COVERED * sum(motif.nsites for motif, _ in aligned) * (1 - 1e-5))
    columns = slice(kept[0], kept[-1] + 1)
    return counts[columns] / sites[columns, None], first + int(kept[0])
