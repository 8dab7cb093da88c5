"""The candidate motifs of the formula, learned and known, with their features in every gene."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from . import features, hits, learned_ids, linear, motif_clusters, pwm, similarity
from .pwm import Motif

DATABASE = "database"
GENES_AT_ONCE = 1000
"""Genes whose counts are unpacked at once."""


@dataclass(frozen=True)
class Candidates:
    """Candidate motifs and their features in every gene.

    Attributes
    ----------
    motifs : dict of str to Motif
        By id, learned ones first.
    sources : dict of str to str
        ``database`` or, of a learned motif, one of :data:`cisformula.learned_ids.SOURCES`, for each id.
    counts : mapping of str to np.ndarray, shape (genes, motifs, bins)
        For each reading of the sequences (see ``hits: readings`` in the configuration), graded hits of each motif in
        each position bin; one bin of mean activations where learned motifs are read by their filters.
    edges : np.ndarray, shape (bins + 1,)
        Position bins, in bases from the start of the window.
    composition : np.ndarray, shape (genes, words * bins)
        See :func:`cisformula.features.covariate_names`; no columns if composition stays out of the formula.
    runs : dict of str to int
        The run each learned motif comes from; runs of one number hold out the same fold, whatever the network.
    filters : dict of str to np.ndarray, shape (width, 4)
        The network filter of each learned motif that is read by its mean activation; empty if hits are counted.
    """

    motifs: dict[str, Motif]
    sources: dict[str, str]
    counts: Mapping[str, np.ndarray]
    edges: np.ndarray
    composition: np.ndarray
    runs: dict[str, int]
    filters: dict[str, np.ndarray]

    @property
    def n_bins(self) -> int:
        """Number of position bins."""
        return len(self.edges) - 1

    def networks(self) -> list[list[Motif]]:
        """The learned motifs of each network."""
        found: dict[tuple[str, int], list[Motif]] = {}
        for name, run in self.runs.items():
            found.setdefault((self.sources[name], run), []).append(self.motifs[name])
        return list(found.values())

    def groups(self, runs: set[int], max_similarity: float, min_overlap: int) -> list[list[str]]:
        """Ids of the candidates of some runs and the known ones, near-identical motifs together.

        Parameters
        ----------
        runs : set of int
            The runs whose learned motifs are candidates beside the known ones; none for the known motifs alone.
        max_similarity : float
            Motifs at least this similar on average fall into one group, as in
            :func:`cisformula.motif_clusters.cluster_motifs`.
        min_overlap : int
            Fewest aligned columns of two motifs.

        Returns
        -------
        list of list of str
            Groups by their first member, members in the order of the candidates.
        """
        names = [name for name in self.motifs if self.runs.get(name) in runs | {None}]
        place = np.ix_(*2 * [[self._place[name] for name in names]])
        alignment = similarity.Alignment(*(array[place] for array in self._alignment(min_overlap)))
        motifs = [self.motifs[name] for name in names]
        clusters = motif_clusters.cluster_motifs(motifs, max_similarity, min_overlap, alignment)
        return clusters.groupby(clusters["cluster"].to_numpy(), sort=False)["motif"].agg(list).tolist()

    def representatives(self, groups: list[list[str]], reading: str, rows: np.ndarray, target: np.ndarray) -> list[str]:
        """One motif of each group: of the known ones, or else of all, the one that goes best with the target.

        A known motif stands for learned ones like it, since readers know it by name.

        Parameters
        ----------
        groups : list of list of str
            From :meth:`groups`.
        reading : str
        rows : np.ndarray, shape (genes,), bool
            The genes that may be looked at.
        target : np.ndarray, shape (genes,)
        """
        eligible = [[name for name in group if name not in self.runs] or group for group in groups]
        rivals = [name for names in eligible if len(names) > 1 for name in names]
        fits = dict(zip(rivals, linear.correlations(self.matrix(rivals, reading, rows), target[rows]), strict=True))
        return [max(names, key=lambda name: abs(fits.get(name, 0.0))) for names in eligible]

    def binned(self, ids: list[str], reading: str) -> np.ndarray:
        """Features of some motifs in every position bin, shape (genes, len(ids), bins)."""
        return self.counts[reading][:, [self._place[name] for name in ids]]

    def matrix(self, ids: list[str], reading: str, rows: np.ndarray | None = None) -> np.ndarray:
        """Features of some motifs in the whole window, float64.

        Parameters
        ----------
        ids : list of str
        reading : str
        rows : np.ndarray, shape (genes,), bool, optional
            The genes asked for; all by default.

        Returns
        -------
        np.ndarray, shape (genes asked for, len(ids))
        """
        totals = self._totals(reading)
        genes = np.arange(len(totals)) if rows is None else np.flatnonzero(rows)
        return totals[np.ix_(genes, [self._place[name] for name in ids])].astype(np.float64)

    # What follows is the same for every fold.

    @cached_property
    def _place(self) -> dict[str, int]:
        """Column of each motif."""
        return {name: column for column, name in enumerate(self.motifs)}

    @cached_property
    def _totals(self) -> Callable[[str], np.ndarray]:
        """Features of all motifs in the whole window by reading, shape (genes, motifs); hits in 32 bits."""

        def total(reading: str) -> np.ndarray:
            counts = self.counts[reading]
            return counts.sum(axis=2, dtype=np.result_type(counts, np.int32))

        return cache(total)

    @cached_property
    def _alignment(self) -> Callable[[int], similarity.Alignment]:
        """Of every motif with every other, by the fewest aligned columns."""
        motifs = list(self.motifs.values())
        return cache(partial(similarity.best_alignment, motifs, motifs))


class ReadWhenAsked(Mapping):
    """Counts by reading, of which one at a time is in memory: they are the largest thing there.

    Parameters
    ----------
    readings : list of str
    read : callable
        Gives the counts of a reading, or raises KeyError.
    """

    def __init__(self, readings: list[str], read: Callable[[str], np.ndarray]):
        self._readings, self._read, self._kept = readings, read, {}

    def __getitem__(self, reading: str) -> np.ndarray:
        if reading not in self._kept:
            # Before the next is read; a cache of the standard library would drop it afterwards.
            self._kept.clear()
            self._kept[reading] = self._read(reading)
        return self._kept[reading]

    def __iter__(self) -> Iterator[str]:
        return iter(self._readings)

    def __len__(self) -> int:
        return len(self._readings)


def load(
    database_meme: str,
    database_hits: dict[str, str],
    edges: np.ndarray,
    composition: np.ndarray,
    learned_meme: str | None = None,
    learned_table: str | None = None,
    learned_hits: dict[str, str] | None = None,
    filters: dict[int, np.ndarray] | None = None,
    codes: np.ndarray | None = None,
    only: Collection[str] | None = None,
) -> Candidates:
    """Read the candidates from the files of the earlier stages.

    Parameters
    ----------
    database_meme : str
    database_hits : dict of str to str
        File of hit counts for each reading.
    edges : np.ndarray, shape (bins + 1,)
        The bins they were counted in, in bases from the start of the window; or one bin, the whole window, whatever
        they were counted in.
    composition : np.ndarray, shape (genes, words * bins)
    learned_meme, learned_table : str, optional
        The learned motifs and their table (columns ``motif``, ``network``, ``run``, ``filter``); without them the known
        motifs are the only candidates.
    learned_hits : dict of str to str, optional
        As ``database_hits``.
    filters : dict of int to np.ndarray, shape (filters, width, 4), optional
        Filters of each main run; if given, learned motifs, which must all be theirs, are read by their mean activation,
        the published feature, instead of by their hits; ``edges`` must then be one bin.
    codes : np.ndarray, shape (genes, length), optional
        Needed with ``filters``.
    only : collection of str, optional
        Ids of the motifs that are wanted; all by default.
    """
    all_known = pwm.read_meme(database_meme)
    all_learned = pwm.read_meme(learned_meme) if learned_meme else []
    known, learned = ([m for m in motifs if only is None or m.id in only] for motifs in (all_known, all_learned))
    runs: dict[str, int] = {}
    own_filters: dict[str, np.ndarray] = {}
    sources: dict[str, str] = {}
    if learned:
        table = pd.read_csv(learned_table, sep="\t").set_index("motif")
        runs = {motif.id: int(table.at[motif.id, "run"]) for motif in learned}
        sources = {motif.id: learned_ids.ORIGINS[table.at[motif.id, "network"]].source for motif in learned}
    if filters is not None:
        own_filters = {m.id: filters[table.at[m.id, "run"]][table.at[m.id, "filter"]] for m in learned}
    activation = features.mean_activation(codes, np.stack(list(own_filters.values()))) if own_filters else None

    def read(reading: str) -> np.ndarray:
        files = [HitFile.of(database_hits[reading], all_known, known)]
        if learned and activation is None:
            files.insert(0, HitFile.of(learned_hits[reading], all_learned, learned))
        counts = read_hits(files, in_bins=len(edges) > 2)
        return counts if activation is None else np.concatenate([activation[:, :, None], counts], axis=1)

    return Candidates(
        motifs={motif.id: motif for motif in learned + known},
        sources=sources | {motif.id: DATABASE for motif in known},
        counts=ReadWhenAsked(list(database_hits), read),
        edges=edges,
        composition=composition,
        runs=runs,
        filters=own_filters,
    )


class HitFile(NamedTuple):
    """A file of hit counts, the number of motifs in it, and the places of those that are wanted."""

    path: str | Path
    n_motifs: int
    wanted: np.ndarray

    @classmethod
    def of(cls, path: str | Path, motifs: list[Motif], wanted: list[Motif] | None = None) -> "HitFile":
        """The file in which some motifs were counted; all are wanted by default."""
        ids = {motif.id for motif in (motifs if wanted is None else wanted)}
        return cls(path, len(motifs), np.array([place for place, motif in enumerate(motifs) if motif.id in ids], int))


def read_hits(files: list[HitFile], in_bins: bool = True) -> np.ndarray:
    """Hit counts as :func:`cisformula.hits.count_hits` made them, motifs of all files side by side.

    Parameters
    ----------
    files : list of HitFile
    in_bins : bool
        Keep position bins apart.

    Returns
    -------
    np.ndarray, shape (genes, wanted motifs, bins), of the files' type, or int32 where bins are added up
    """
    counts, first = None, 0
    for path, n_motifs, wanted in files:
        table = sparse.load_npz(path)
        n_bins = table.shape[1] // n_motifs
        if counts is None:
            shape = table.shape[0], sum(len(file.wanted) for file in files), n_bins if in_bins else 1
            counts = np.empty(shape, dtype=table.dtype if in_bins else np.int32)
        # A few genes at a time, as their zeros take more memory than all that is not zero.
        for start in range(0, len(counts), GENES_AT_ONCE):
            genes = slice(start, start + GENES_AT_ONCE)
            read = table[genes].toarray().reshape(-1, n_motifs, n_bins)[:, wanted]
            counts[genes, first : first + len(wanted)] = read if in_bins else read.sum(axis=2, keepdims=True)
        first += len(wanted)
    return counts


def from_files(files: Any, params: Any, codes: np.ndarray, only: Collection[str] | None = None) -> Candidates:
    """Read the candidates of a job, whose files and parameters have the names that the rules of the formula share.

    Parameters
    ----------
    files : namedtuple-like
        ``database``, ``database_hits`` and, unless known motifs are the only candidates, ``learned``,
        ``learned_table``, ``learned_hits`` and ``filters``, one for each run, in the order of the runs. Hits are one
        file for each of the readings.
    params : namedtuple-like
        ``readings`` (their names), ``feature_mode``, ``bin_width`` and ``composition`` of the configuration.
    codes : np.ndarray, shape (genes, length), uint8
    only : collection of str, optional
        Ids of the motifs that are wanted; all by default.
    """
    by_reading = partial(zip, params.readings, strict=True)
    known = {
        "database_meme": files.database,
        "database_hits": dict(by_reading(_as_list(files.database_hits))),
    }
    activations = params.feature_mode == "mean_activation"
    edges = hits.bin_edges(codes.shape[1], None if activations else params.bin_width)
    names = features.covariate_names(edges) if params.composition else ()
    known |= {"edges": edges, "composition": features.covariates(codes, names), "only": only}
    if not hasattr(files, "learned"):
        return load(**known)
    return load(
        learned_meme=files.learned,
        learned_table=files.learned_table,
        learned_hits=dict(by_reading(_as_list(files.learned_hits))),
        filters=dict(enumerate(map(np.load, files.filters))) if activations else None,
        codes=codes,
        **known,
    )


def _as_list(paths: Any) -> list[str]:
    """Snakemake gives a single file as a string."""
    return [paths] if isinstance(paths, str) else list(paths)
