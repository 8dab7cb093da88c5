"""What the filters of an ARGMINN have become: the motif that each sees, and whether it is a good one.

A filter's motif is counted from the windows that excite it more than half as much as any window of the reading set
does. It is trimmed of uninformative flanks and passes if what is left is long and informative enough (Tseng et al.
2024, arXiv 2410.06211, as their public code has it). ARGMINN claims more: that its weights are the motif. How far a
filter's weights correlate with its motif is reported for that, but only a low correlation tells something: the windows
are chosen by the weights, so that those of filters that learned nothing correlate with their motifs as well (0.94 to
0.98 in an untrained network with 8 filters of 12 bp).
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..pwm import Motif, column_information
from ..sequence import UNKNOWN, reverse_complement_codes
from .reading_parts import Part, Read, read_parts

EXCITED = 0.5
"""Share of a filter's highest activation that a window must exceed to be counted."""
SILENT = 0.1
"""Where nothing better is known, a filter whose highest activation is less than this share of the highest of all is not
used: the penalties have silenced it, and the windows that excite it most are leftovers (our own)."""
FLANK_BITS = 0.2
"""Columns at either end with less information are trimmed."""
MIN_LENGTH = 5
MIN_MEAN_BITS = 1.0
SIGNIFICANT = 0.05
"""q-value below which a motif is taken for its best match."""
COLUMNS = [
    "filter",
    "nsites",
    "information_bits",
    "used",
    "passed",
    "consensus",
    "trim_start",
    "trim_end",
    "mean_positive_activation",
    "max_activation",
    "weight_correlation",
]


class FilterReadings(NamedTuple):
    """What the reading set says of each filter.

    Attributes
    ----------
    counts : np.ndarray, shape (filters, width, 4), int64
        Bases of the windows that excite the filter, on the strand they were seen on.
    highest : np.ndarray, shape (filters,)
        Highest activation.
    mean_positive : np.ndarray, shape (filters,)
        Mean of all activations above 0; 0 if there are none.
    """

    counts: np.ndarray
    highest: np.ndarray
    mean_positive: np.ndarray

    def audible(self) -> np.ndarray:
        """Whether the highest activation of each filter is not below :data:`SILENT`; shape (filters,), bool."""
        return self.highest >= SILENT * self.highest.max()


def read_filters(read: Read, codes: np.ndarray, width: int) -> FilterReadings:
    """Read every filter off a set of sequences, in two passes: the activations first, then the windows.

    Parameters
    ----------
    read : Read
    codes : np.ndarray, shape (sequences, length), uint8
        The bound sequences of the reading set. Windows with an unknown base are not counted.
    width : int
        Bases of a filter.
    """
    highest, mean_positive = _activation_levels(read, codes)
    counts = np.zeros((len(highest), width, 4), dtype=np.int64)
    for part in read_parts(read, codes):
        _count_windows(part, EXCITED * highest, counts)
    return FilterReadings(counts, highest, mean_positive)


def _activation_levels(read: Read, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Highest and mean positive activation of each filter; shape (filters,) each."""
    highest, total, number = [], 0.0, 0
    for part in read_parts(read, codes):
        activations = part.reading.activations
        highest.append(activations.max(axis=(0, 1, 3)))
        positive = np.maximum(activations, 0)
        total = total + positive.sum(axis=(0, 1, 3), dtype=np.float64)
        number = number + (activations > 0).sum(axis=(0, 1, 3))
    return np.max(highest, axis=0).astype(float), total / np.maximum(number, 1)


def _count_windows(part: Part, limits: np.ndarray, counts: np.ndarray) -> None:
    """Add the bases of the windows whose activation exceeds the limit of a filter to its counts, in place."""
    width = counts.shape[1]
    windows = np.lib.stride_tricks.sliding_window_view(part.codes, width, axis=1)
    known = ~(windows == UNKNOWN).any(axis=2)
    for number, limit in enumerate(limits):
        for strand in range(part.reading.activations.shape[3]):
            excited = windows[(part.reading.activations[:, :, number, strand] > limit) & known]
            if strand == 1:
                excited = reverse_complement_codes(excited)
            for base in range(4):
                counts[number, :, base] += (excited == base).sum(axis=0)


def trimmed_columns(pfm: np.ndarray) -> slice:
    """The columns from the first to the last with at least :data:`FLANK_BITS`; empty if there is none."""
    informative = np.flatnonzero(column_information(pfm) >= FLANK_BITS)
    return slice(int(informative[0]), int(informative[-1]) + 1) if len(informative) else slice(0, 0)


def trimmed(motif: Motif) -> Motif | None:
    """A motif without its uninformative flanks; None if nothing is left."""
    columns = trimmed_columns(motif.pfm)
    pfm = motif.pfm[columns]
    return Motif(motif.id, motif.name, pfm, motif.nsites) if len(pfm) else None


def passes(motif: Motif) -> bool:
    """Whether a trimmed motif is long (:data:`MIN_LENGTH`) and informative (:data:`MIN_MEAN_BITS`) enough."""
    return motif.width >= MIN_LENGTH and motif.information >= MIN_MEAN_BITS * motif.width


def filter_id(number: int) -> str:
    """Name of a filter's motif."""
    return f"F{number}"


def filter_number(motif_id: str) -> int:
    """Number of the filter whose motif has this id."""
    return int(motif_id.removeprefix(filter_id("")))


def motif_of(number: int, counts: np.ndarray) -> Motif | None:
    """The untrimmed motif of a filter from its counts, shape (width, 4); None if it has no windows."""
    nsites = int(counts[0].sum())
    name = filter_id(number)
    return Motif(name, name, counts / nsites, nsites) if nsites else None


def describe(
    readings: FilterReadings, filters: np.ndarray, used: np.ndarray | None = None
) -> tuple[pd.DataFrame, list[Motif]]:
    """The table of filters, and the trimmed motifs of those that are used.

    Parameters
    ----------
    readings : FilterReadings
    filters : np.ndarray, shape (filters, width, 4)
        The weights.
    used : np.ndarray, shape (filters,), bool, optional
        Filters that are not count as ones that no window excites.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, a row per filter. ``information_bits`` and ``consensus`` are those of the trimmed motif, which
        are the columns ``trim_start`` to ``trim_end`` (half-open) of the filter; ``used`` where any window excites it.
    list of Motif
        Motifs without an informative column are left out.
    """
    rows, motifs = [], []
    kept = np.ones(len(filters), dtype=bool) if used is None else used
    for number, counts in enumerate(np.where(kept[:, None, None], readings.counts, 0)):
        whole = motif_of(number, counts)
        cut = trimmed(whole) if whole else None
        columns = trimmed_columns(whole.pfm) if whole else slice(0, 0)
        rows.append(
            {
                "filter": number,
                "nsites": int(counts[0].sum()),
                "information_bits": cut.information if cut else 0.0,
                "used": whole is not None,
                "passed": cut is not None and passes(cut),
                "consensus": cut.consensus if cut else "",
                "trim_start": columns.start,
                "trim_end": columns.stop,
                "mean_positive_activation": readings.mean_positive[number],
                "max_activation": readings.highest[number],
                "weight_correlation": weight_correlation(filters[number], whole.pfm) if whole else np.nan,
            }
        )
        motifs += [cut] if cut else []
    return pd.DataFrame(rows, columns=COLUMNS), motifs


def weight_correlation(weights: np.ndarray, pfm: np.ndarray) -> float:
    """Pearson correlation of a filter's weights, centred over the bases of each position, with its PFM.

    Parameters
    ----------
    weights, pfm : np.ndarray, shape (width, 4)

    Returns
    -------
    float
        NaN where either is flat.
    """
    centred = weights - weights.mean(axis=1, keepdims=True)
    frequencies = pfm - pfm.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum() * (frequencies**2).sum())
    return float((centred * frequencies).sum() / norm) if norm > 0 else np.nan


def add_matches(table: pd.DataFrame, matches: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Add the best match of each filter's motif: ``match`` (its name), ``match_q``.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`describe`.
    matches : pd.DataFrame
        Tomtom's columns, the best match of each query first.
    names : dict of str to str
        Names of the targets by their ids.
    """
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    ids = table["filter"].map(filter_id)
    target = ids.map(best["Target_ID"])
    return table.assign(match=target.map(names).fillna(target).fillna(""), match_q=ids.map(best["q-value"]))


def count_matched(table: pd.DataFrame) -> tuple[int, int]:
    """How many of the filters that passed have a match with q < :data:`SIGNIFICANT`, and how many passed."""
    passed = table[table["passed"]]
    return int((passed["match_q"] < SIGNIFICANT).sum()), len(passed)
