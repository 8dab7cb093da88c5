"""The candidate motifs of the formula, learned and known, with one feature column each."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from . import features, motif_clusters, pwm
from .pwm import Motif

LEARNED, DATABASE = "learned", "database"


@dataclass(frozen=True)
class Candidates:
    """Candidate motifs and their features in every gene.

    Attributes
    ----------
    motifs : dict of str to Motif
        By id, learned ones first.
    sources : dict of str to str
        ``learned`` or ``database`` for each id.
    features : pd.DataFrame, shape (genes, motifs)
        Columns by motif id; hits as float32, mean activations as float64.
    runs : dict of str to int
        The run each learned motif comes from.
    filters : dict of str to np.ndarray, shape (width, 4)
        The network filter of each learned motif that is read by its mean activation; empty if hits are counted.
    """

    motifs: dict[str, Motif]
    sources: dict[str, str]
    features: pd.DataFrame
    runs: dict[str, int]
    filters: dict[str, np.ndarray]

    def representatives(self, runs: set[int], similarity: float, min_overlap: int) -> list[str]:
        """Ids of one learned motif per cluster of similar ones, among the motifs of some runs."""
        motifs = [self.motifs[name] for name, run in self.runs.items() if run in runs]
        clusters = motif_clusters.cluster_motifs(motifs, similarity, min_overlap)
        return [motif.id for motif in motif_clusters.representatives(motifs, clusters)]

    def database(self) -> list[str]:
        """Ids of the known motifs."""
        return [name for name, source in self.sources.items() if source == DATABASE]

    def matrix(self, ids: list[str]) -> np.ndarray:
        """Features of some motifs, shape (genes, len(ids)), float64."""
        return self.features[ids].to_numpy(dtype=np.float64)


def load(
    learned_meme: str,
    learned_table: str,
    learned_hits: str,
    database_meme: str,
    database_hits: str,
    filters: dict[int, np.ndarray] | None = None,
    codes: np.ndarray | None = None,
) -> Candidates:
    """Read the candidates from the files of the earlier stages.

    Parameters
    ----------
    learned_meme, learned_table, learned_hits : str
        The learned motifs, their table (columns ``motif``, ``run``, ``filter``) and their hit counts.
    database_meme, database_hits : str
    filters : dict of int to np.ndarray, shape (filters, width, 4), optional
        Filters of each run; if given, learned motifs are read by their mean activation, the published feature, instead
        of by their hits.
    codes : np.ndarray, shape (genes, length), optional
        Needed with ``filters``.
    """
    learned, known = pwm.read_meme(learned_meme), pwm.read_meme(database_meme)
    table = pd.read_csv(learned_table, sep="\t").set_index("motif")
    own_filters: dict[str, np.ndarray] = {}
    kind = np.float32 if filters is None else np.float64
    if filters is None:
        learned_features = sparse.load_npz(learned_hits).toarray()
    else:
        own_filters = {m.id: filters[table.at[m.id, "run"]][table.at[m.id, "filter"]] for m in learned}
        learned_features = features.mean_activation(codes, np.stack(list(own_filters.values())))
    columns = [motif.id for motif in learned + known]
    known_features = sparse.load_npz(database_hits).toarray()
    values = np.hstack([array.astype(kind) for array in (learned_features, known_features)])
    return Candidates(
        motifs={motif.id: motif for motif in learned + known},
        sources={motif.id: LEARNED for motif in learned} | {motif.id: DATABASE for motif in known},
        features=pd.DataFrame(values, columns=columns),
        runs={motif.id: int(table.at[motif.id, "run"]) for motif in learned},
        filters=own_filters,
    )


def from_files(files: Any, feature_mode: str, codes: np.ndarray) -> Candidates:
    """Read the candidates of a job, whose input files have the names that the rules of formula and cell types share.

    Parameters
    ----------
    files : namedtuple-like
        ``learned``, ``learned_table``, ``learned_hits``, ``database``, ``database_hits``, and ``filters``, one for each
        run, in the order of the runs.
    feature_mode : {"hits", "mean_activation"}
    codes : np.ndarray, shape (genes, length), uint8
    """
    read_filters = feature_mode == "mean_activation"
    return load(
        files.learned,
        files.learned_table,
        files.learned_hits,
        files.database,
        files.database_hits,
        filters=dict(enumerate(map(np.load, files.filters))) if read_filters else None,
        codes=codes,
    )
