"""Instances by scanning alone: hits of matrices, as FIMO finds them, whatever a network attends to."""

import numpy as np
import pandas as pd

from ...pwm import Motif
from ...sites import find_sites
from ..filter_motifs import filter_id

COLUMNS = ["sequence", "start", "end", "strand", "motif", "score"]


def scan(codes: np.ndarray, motifs: list[Motif], p_value: float) -> pd.DataFrame:
    """All hits on both strands against a uniform background.

    As FIMO lists them, hits of several motifs, or of one on both strands, may lie on each other.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    motifs : list of Motif
        May be none.
    p_value : float
        Largest p-value of a hit.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS` by sequence and start; ``strand`` is ``+`` or ``-``, ``score`` is -log10 of the p-value, which
        compares motifs of different information.
    """
    found = find_sites(codes, motifs, p_value)
    strand = np.where(found["strand"] > 0, "+", "-")
    return found.assign(strand=strand, score=-np.log10(found["p_value"].astype(float)))[COLUMNS]


def passed_motifs(motifs: list[Motif], filters: pd.DataFrame) -> list[Motif]:
    """The motifs of the filters that passed; ``filters`` has ``filter`` and ``passed``."""
    passed = set(filters.loc[filters["passed"], "filter"].map(filter_id))
    return [motif for motif in motifs if motif.id in passed]
