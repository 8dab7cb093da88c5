"""One frame of columns for all filters that see the same motif, so that the gaps between their sites can be compared.

Two filters may see the same motif shifted, on the other strand, or in two halves. Filters whose motifs are similar, or
whose best match is the same known motif at overlapping columns, share a frame: an instance of any of them then has the
coordinates that it would have as an instance of the frame. A palindrome has no strand; its frame is the part of it
that is its own reverse complement, whose place does not depend on the strand it was seen on. All of this is our own.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..motif_clusters import cluster_motifs
from ..pwm import Motif, column_information
from .filter_motifs import SIGNIFICANT, filter_number
from .instances import one_per_site, share_site

COLUMNS = ["filter", "motif", "offset", "reverse", "width", "palindrome", "consensus"]
SIMILARITY = 0.9
"""Mean correlation from which filters see the same motif, and from which a motif is its own reverse complement."""
MIN_OVERLAP = 6
PALINDROME_INFORMATION = 0.75
"""Share of a motif's information that a palindrome in it must hold."""
NO_STRAND = "."


@dataclass
class _Frame:
    """Columns that filters share.

    Attributes
    ----------
    pfm : np.ndarray, shape (width, 4)
    members : dict of str to (int, bool)
        Offset and reverse of each motif by its id.
    name, target : str or None
        Name and id of the known motif that the frame matches.
    column : int
        The column of that motif at which the frame begins.
    """

    pfm: np.ndarray
    members: dict[str, tuple[int, bool]]
    name: str | None = None
    target: str | None = None
    column: int = 0

    def is_same(self, other: "_Frame") -> bool:
        """Whether two frames match the same known motif at the same columns."""
        if self.target is None or self.target != other.target:
            return False
        ends = (self.column, self.column + len(self.pfm), other.column, other.column + len(other.pfm))
        return bool(share_site(*ends))

    def join(self, other: "_Frame") -> None:
        """Take in the members of another frame of the same known motif."""
        shift = other.column - self.column
        self.members |= {motif_id: (at + shift, reverse) for motif_id, (at, reverse) in other.members.items()}


def similar_filters(motifs: list[Motif], matches: pd.DataFrame, targets: list[Motif]) -> pd.DataFrame:
    """Frames of filters by their own motifs, called by their best match or else by their consensus.

    Parameters
    ----------
    motifs : list of Motif
        Trimmed motifs of the filters that passed.
    matches : pd.DataFrame
        Tomtom's columns, the best match of each query first.
    targets : list of Motif
        The motifs that they were compared with.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, a row per filter. ``offset`` is the column of the frame at which the first column of the
        filter's motif lies, after the motif was reverse-complemented where ``reverse``; ``width`` and ``consensus`` are
        those of the frame. A frame with a name lies as the known motif of that name does.
    """
    if not motifs:
        return pd.DataFrame(columns=COLUMNS)
    placed = in_targets(motifs, matches, targets).set_index("filter")
    clusters = cluster_motifs(motifs, SIMILARITY, MIN_OVERLAP)
    by_id = {motif.id: motif for motif in motifs}
    frames: list[_Frame] = []
    for _, rows in clusters.groupby("cluster"):
        frame = _frame(rows, by_id, placed, matches)
        same = next((other for other in frames if frame.is_same(other)), None)
        if same is None:
            frames.append(frame)
        else:
            same.join(frame)
    names = _distinct_names(frames)
    rows = [row for frame, name in zip(frames, names, strict=True) for row in _rows(frame, name)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values("filter", ignore_index=True)


def in_targets(motifs: list[Motif], matches: pd.DataFrame, targets: list[Motif]) -> pd.DataFrame:
    """Frames of filters that match a known motif at q < :data:`SIGNIFICANT`: the columns of that motif.

    Returns
    -------
    pd.DataFrame
        As :func:`similar_filters` returns it; filters without such a match are left out.
    """
    best = matches[matches["q-value"] < SIGNIFICANT].drop_duplicates("Query_ID").set_index("Query_ID")
    by_id = {motif.id: motif for motif in targets}
    rows = []
    for motif in motifs:
        if motif.id not in best.index:
            continue
        match, target = best.loc[motif.id], by_id[best.at[motif.id, "Target_ID"]]
        reverse, offset = match["Orientation"] == "-", int(match["Optimal_offset"])
        if reverse:
            offset = target.width - offset - motif.width
        rows += _rows(_Frame(target.pfm, {motif.id: (offset, reverse)}), target.name)
    return pd.DataFrame(rows, columns=COLUMNS)


def symmetric_core(pfm: np.ndarray) -> slice | None:
    """The columns of a motif that are their own reverse complement, if they hold most of its information.

    Parameters
    ----------
    pfm : np.ndarray, shape (width, 4)

    Returns
    -------
    slice or None
        The widest stretch of at least :data:`MIN_OVERLAP` columns that correlates with its reverse complement by
        :data:`SIMILARITY` and holds :data:`PALINDROME_INFORMATION` of the bits; None where the motif has a strand. The
        middle one of an odd number of columns counts for neither: no base is its own complement, and TGA[CG]TCA is
        taken for a palindrome whichever of both a filter prefers.
    """
    width, bits = len(pfm), column_information(pfm)
    for length in range(width, MIN_OVERLAP - 1, -1):
        halves = np.delete(np.arange(length), length // 2) if length % 2 else np.arange(length)
        for first in range(width - length + 1):
            core = pfm[first + halves] - 0.25
            enough = bits[first + halves].sum() >= PALINDROME_INFORMATION * bits.sum()
            if enough and (core * core[::-1, ::-1]).sum() >= SIMILARITY * (core**2).sum():
                return slice(first, first + length)
    return None


def place(instances: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """Instances in the coordinates of their filters' frames, one per site.

    Parameters
    ----------
    instances : pd.DataFrame
        ``sequence start end strand filter attention activation``.
    frames : pd.DataFrame
        From :func:`similar_filters` or :func:`in_targets`; instances of other filters are left out.

    Returns
    -------
    pd.DataFrame
        ``sequence start end strand motif attention activation`` by sequence and start; ``strand`` is that of the frame,
        ``.`` for a palindrome. ``start`` may lie before the sequence's first base where a filter sees a part of the
        frame only.
    """
    known = instances[instances["filter"].isin(frames["filter"])]
    frame = frames.set_index("filter").loc[known["filter"]].reset_index(drop=True)
    start, end = known["start"].to_numpy(), known["end"].to_numpy()
    offset, width = frame["offset"].to_numpy(int), frame["width"].to_numpy(int)
    forward = (known["strand"].to_numpy() == "+") != frame["reverse"].to_numpy(bool)
    first = np.where(forward, start - offset, end + offset - width)
    strand = np.where(forward, "+", "-")
    placed = pd.DataFrame(
        {
            "sequence": known["sequence"].to_numpy(),
            "start": first,
            "end": first + width,
            "strand": np.where(frame["palindrome"].to_numpy(bool), NO_STRAND, strand),
            "motif": frame["motif"].to_numpy(),
            "attention": known["attention"].to_numpy(),
            "activation": known["activation"].to_numpy(),
        }
    )
    return one_per_site(placed)


def _frame(rows: pd.DataFrame, by_id: dict[str, Motif], placed: pd.DataFrame, matches: pd.DataFrame) -> _Frame:
    """The frame of a cluster: its representative, turned as the best match of its members lies."""
    pfm = by_id[rows["representative"].iloc[0]].pfm
    members = {row.motif: (int(row.offset), bool(row.reverse)) for row in rows.itertuples()}
    named = matches[matches["Query_ID"].isin(members) & (matches["q-value"] < SIGNIFICANT)]
    if named.empty:
        return _Frame(pfm, members)
    best = named.sort_values("p-value", kind="stable").iloc[0]
    motif_id = best["Query_ID"]
    if members[motif_id][1] != (best["Orientation"] == "-"):
        pfm = pfm[::-1, ::-1]
        members = {key: (len(pfm) - at - by_id[key].width, not reverse) for key, (at, reverse) in members.items()}
    of_filter = placed.loc[filter_number(motif_id)]
    return _Frame(pfm, members, of_filter["motif"], best["Target_ID"], int(of_filter["offset"]) - members[motif_id][0])


def _distinct_names(frames: list[_Frame]) -> list[str]:
    """Names of known motifs, with the consensus where several frames have one name, else the consensus."""
    names = [frame.name for frame in frames]
    texts = [Motif("", "", frame.pfm).consensus for frame in frames]
    return [
        text if name is None else f"{name} ({text})" if names.count(name) > 1 else name
        for name, text in zip(names, texts, strict=True)
    ]


def _rows(frame: _Frame, name: str) -> list[dict]:
    core = symmetric_core(frame.pfm)
    columns = core or slice(0, len(frame.pfm))
    shown = Motif(name, name, frame.pfm[columns])
    return [
        {
            "filter": filter_number(motif_id),
            "motif": name,
            "offset": offset - columns.start,
            "reverse": reverse,
            "width": shown.width,
            "palindrome": core is not None,
            "consensus": shown.consensus,
        }
        for motif_id, (offset, reverse) in frame.members.items()
    ]
