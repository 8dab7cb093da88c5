"""Where an ARGMINN says that its motifs are: places that it attends to and that a good filter recognises.

A window is called where the highest attention over all layers and heads exceeds a threshold and the activation of a
filter that passed exceeds the mean of its positive activations (Tseng et al. 2024, as their public code has it). That
calls of one place become one instance, the highest in attention, then in activation, is our own rule, and so is that
the prediction must rest on it: several heads look at several places, of which a network may make nothing.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from ..textfile import whole_file
from .filter_motifs import filter_id
from .reading_parts import Part

COLUMNS = ["sequence", "start", "end", "strand", "filter", "attention", "activation"]
RANKING = ["attention", "activation"]
"""Instances rank by the first, then by the second, both descending."""
BED_SCORE = 1000
"""Score of an instance with attention 1."""


def call_instances(parts: Iterable[Part], filters: pd.DataFrame, width: int, min_attention: float) -> pd.DataFrame:
    """Call instances in sequences read in parts.

    Parameters
    ----------
    parts : iterable of Part
    filters : pd.DataFrame
        ``filter passed trim_start trim_end mean_positive_activation``, from
        :func:`cisformula.argminn.filter_motifs.describe`.
    width : int
        Bases of a filter.
    min_attention : float
        The attention that must be exceeded. Instances above a higher threshold are those called with it.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS` by sequence and start. ``start`` and ``end`` (0-based, half-open) are those of the filter's
        trimmed motif; ``strand`` is ``+`` or ``-``.
    """
    passed = filters[filters["passed"]]
    calls = [_called_windows(part, passed, width, min_attention) for part in parts]
    table = pd.concat([_table([]), *(part for part in calls if len(part))], ignore_index=True)
    return one_per_site(table.astype({"sequence": int, "start": int, "end": int, "filter": int}))


def _called_windows(part: Part, passed: pd.DataFrame, width: int, min_attention: float) -> pd.DataFrame:
    attention = part.reading.attention.max(axis=(1, 2))
    sequence, window = np.nonzero(attention > min_attention)
    activation = part.reading.activations[sequence, window][:, passed["filter"].to_numpy()]
    place, which, strand = np.nonzero(activation > passed["mean_positive_activation"].to_numpy()[:, None])
    first, last = (passed[column].to_numpy()[which] for column in ("trim_start", "trim_end"))
    window_of = window[place]
    return _table(
        [
            part.first + sequence[place],
            window_of + np.where(strand == 0, first, width - last),
            window_of + np.where(strand == 0, last, width - first),
            np.where(strand == 0, "+", "-"),
            passed["filter"].to_numpy()[which],
            attention[sequence[place], window_of].astype(float),
            activation[place, which, strand].astype(float),
        ]
    )


def decisive(calls: pd.DataFrame, odds: float) -> pd.DataFrame:
    """The calls without which the odds of being bound would be other by more than a factor.

    Parameters
    ----------
    calls : pd.DataFrame
        ``change``: of the logit, from :func:`cisformula.argminn.masking.prediction_changes`.
    odds : float
        The factor, up or down; 1 keeps all calls but those that change nothing.
    """
    return calls[calls["change"].abs() > np.log(odds)]


def _table(columns: list) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(COLUMNS, columns or [[]] * len(COLUMNS), strict=True)))


def one_per_site(calls: pd.DataFrame) -> pd.DataFrame:
    """Keep of calls that lie on each other the best one; by sequence and start.

    Two calls lie on each other if they share at least half the bases of the shorter. Calls are kept from the best
    down, unless they lie on one that was kept already, so that what is kept above a threshold of attention does not
    depend on calls below it.

    Parameters
    ----------
    calls : pd.DataFrame
        ``sequence start end strand attention activation``.
    """
    keys = ["sequence", *RANKING, "start", "end", "strand"]
    ascending = [True, False, False, True, True, True]
    ranked = calls.sort_values(keys, ascending=ascending, kind="stable", ignore_index=True)
    kept, current, sites = [], None, []
    for row, (sequence, start, end) in enumerate(ranked[["sequence", "start", "end"]].itertuples(index=False)):
        if sequence != current:
            current, sites = sequence, []
        if not any(share_site(start, end, *site) for site in sites):
            sites.append((start, end))
            kept.append(row)
    return ranked.iloc[kept].sort_values(["sequence", "start", "end"], kind="stable", ignore_index=True)


def share_site(start, end, other_start, other_end):
    """Whether two intervals share at least half the bases of the shorter; numbers or arrays."""
    shared = np.minimum(end, other_end) - np.maximum(start, other_start)
    return 2 * shared >= np.minimum(end - start, other_end - other_start)


def on_genome(instances: pd.DataFrame, regions: pd.DataFrame) -> pd.DataFrame:
    """Instances in regions of the plus strand of a genome.

    Parameters
    ----------
    instances : pd.DataFrame
        :data:`COLUMNS`.
    regions : pd.DataFrame
        ``chrom start``, the region of each sequence in turn.

    Returns
    -------
    pd.DataFrame
        ``chrom start end name score strand``: BED6 with the filter's motif as name and 1000 times the attention as
        score, by chromosome, start, end and strand. Regions may overlap: instances that are equal in all but the score
        stand once, with the highest.
    """
    region = regions.iloc[instances["sequence"]].reset_index(drop=True)
    bed = pd.DataFrame(
        {
            "chrom": region["chrom"],
            "start": region["start"].to_numpy() + instances["start"].to_numpy(),
            "end": region["start"].to_numpy() + instances["end"].to_numpy(),
            "name": instances["filter"].map(filter_id).to_numpy(),
            "score": np.clip(np.round(BED_SCORE * instances["attention"]), 0, BED_SCORE).astype(int).to_numpy(),
            "strand": instances["strand"].to_numpy(),
        }
    )
    place = ["chrom", "start", "end", "strand", "name"]
    bed = bed.sort_values([*place, "score"], ascending=[True] * len(place) + [False], kind="stable")
    return bed.drop_duplicates(place, ignore_index=True)


def write_bed(path: str | Path, bed: pd.DataFrame) -> None:
    """Write BED6 from :func:`on_genome`, gzip if the name ends in ``.gz``."""
    with whole_file(path) as handle:
        bed.to_csv(handle, sep="\t", header=False, index=False)
