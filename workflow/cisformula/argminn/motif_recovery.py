"""How well learned motifs match the true ones, and how many there are of each (Tseng et al. 2024)."""

from pathlib import Path

import numpy as np
import pandas as pd

from ..pwm import Motif, read_meme
from .filter_motifs import SIGNIFICANT, passes, trimmed

COLUMNS = ["method", "n_used", "n_passed", "n_matched", "n_planted", "n_found", "match_score", "redundancy"]
WEAKEST_MATCH = 0.5
"""Largest q of a match that counts for the match score."""


def score_motifs(method: str, motifs: list[Motif], matches: pd.DataFrame, n_planted: int | None) -> dict:
    """One row of the table of motifs.

    Parameters
    ----------
    method : str
    motifs : list of Motif
        All motifs that the method uses, trimmed or not.
    matches : pd.DataFrame
        Tomtom's columns, of the trimmed motifs with the planted ones.
    n_planted : int or None
        None where no truth is known, and the motifs are compared with known ones instead.

    Returns
    -------
    dict
        :data:`COLUMNS`: ``n_matched`` of the motifs that passed match a planted one at q < 0.05, ``n_found`` planted
        ones are the best match of one; ``match_score`` is the mean over used motifs of -log10 of the smallest q, 0
        where that is above 0.5 (NaN without motifs); ``redundancy`` is ``n_passed`` by ``n_planted`` (NaN
        without a truth).
    """
    passed = {cut.id for cut in trimmed_motifs(motifs) if passes(cut)}
    significant = matches[matches["Query_ID"].isin(passed) & (matches["q-value"] < SIGNIFICANT)]
    best = significant.drop_duplicates("Query_ID")
    scores = match_scores(motifs, matches)
    return {
        "method": method,
        "n_used": len(motifs),
        "n_passed": len(passed),
        "n_matched": len(best),
        "n_planted": n_planted or np.nan,
        "n_found": best["Target_ID"].nunique(),
        "match_score": float(scores.mean()) if len(scores) else np.nan,
        "redundancy": len(passed) / n_planted if n_planted else np.nan,
    }


def read_motifs(path: str | Path) -> list[Motif]:
    """Motifs of a MEME file that may hold none."""
    return read_meme(path) if "\nMOTIF " in Path(path).read_text() else []


def trimmed_motifs(motifs: list[Motif]) -> list[Motif]:
    """Motifs without uninformative flanks; those of which nothing is left are left out."""
    return [cut for cut in map(trimmed, motifs) if cut is not None]


def match_scores(motifs: list[Motif], matches: pd.DataFrame) -> np.ndarray:
    """-log10 of the smallest q of each motif, 0 where that is above :data:`WEAKEST_MATCH`; shape (motifs,)."""
    smallest = matches.groupby("Query_ID")["q-value"].min().reindex([motif.id for motif in motifs]).to_numpy(float)
    counted = smallest <= WEAKEST_MATCH
    # A q-value printed as 0 is below the smallest number of single precision.
    return np.where(counted, -np.log10(np.maximum(np.where(counted, smallest, 1.0), 1e-45)), 0.0)
