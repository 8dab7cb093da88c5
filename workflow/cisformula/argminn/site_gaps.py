"""Gaps between the sites of one sequence, and what the places of the sites alone would lead to expect.

A pair is read on the strand of its first motif (by name); where that is a palindrome, on the strand of the second. The
expectation keeps where in the sequences each motif of a pair lies, and on which strand, but not which of its sites lies
beside which of the other's: it is the cross-correlation of their places (our own null).
"""

import numpy as np
import pandas as pd

from .frames import NO_STRAND

KEY = ["first", "second", "orientation", "order"]
COLUMNS = [*KEY, "gap", "n", "expected"]


def find_pairs(placed: pd.DataFrame) -> pd.DataFrame:
    """Every two sites of a sequence.

    Parameters
    ----------
    placed : pd.DataFrame
        ``sequence start end strand motif``, from :func:`cisformula.argminn.frames.place`.

    Returns
    -------
    pd.DataFrame
        ``sequence``, the two motifs ``first second`` by name with ``start_first end_first strand_first`` and the same
        of the second (of two sites of one motif the left is first), and what :func:`classify` adds.
    """
    sites = placed.sort_values(["sequence", "start", "end"], kind="stable", ignore_index=True)
    sites["site"] = sites.index
    both = sites.merge(sites, on="sequence", suffixes=("_first", "_second"))
    both = both.rename(columns={"motif_first": "first", "motif_second": "second"})
    ordered = (both["first"] < both["second"]) | (
        (both["first"] == both["second"]) & (both["site_first"] < both["site_second"])
    )
    kept = ["sequence", "first", "second"]
    kept += [f"{column}_{which}" for which in ("first", "second") for column in ("start", "end", "strand")]
    return classify(both.loc[ordered, kept].reset_index(drop=True))


def classify(pairs: pd.DataFrame) -> pd.DataFrame:
    """Add orientation, order and gap of pairs.

    Parameters
    ----------
    pairs : pd.DataFrame
        ``first second start_first end_first strand_first start_second end_second strand_second``.

    Returns
    -------
    pd.DataFrame
        With ``orientation`` (``same`` or ``opposite``; ``tandem``, ``convergent`` or ``divergent`` for two sites of one
        motif; ``either`` with a palindrome), ``order`` (``first_second`` if the second follows the first in the
        direction of reading, ``second_first`` or, where no direction is distinguished, ``either``) and ``gap`` (bases
        between the sites, negative where they overlap).
    """
    one, two = pairs["strand_first"].to_numpy(), pairs["strand_second"].to_numpy()
    first_is_left = (pairs["start_first"] <= pairs["start_second"]).to_numpy()
    repeat = (pairs["first"] == pairs["second"]).to_numpy()
    directed = (one != NO_STRAND) & (two != NO_STRAND)
    left = np.where(first_is_left, one, two)
    orientation = np.select(
        [~directed, repeat & (one == two), repeat & (left == "+"), repeat, one == two],
        ["either", "tandem", "convergent", "divergent", "same"],
        "opposite",
    )
    direction = np.where(one != NO_STRAND, one, two)
    order = np.where(first_is_left == (direction == "+"), "first_second", "second_first")
    order = np.where(repeat | (direction == NO_STRAND), "either", order)
    gap = np.where(
        first_is_left, pairs["start_second"] - pairs["end_first"], pairs["start_first"] - pairs["end_second"]
    )
    return pairs.assign(orientation=orientation, order=order, gap=gap)


def gap_table(pairs: pd.DataFrame, apart: bool = False) -> pd.DataFrame:
    """Observed and expected number of pairs at each gap.

    Parameters
    ----------
    pairs : pd.DataFrame
        From :func:`find_pairs`.
    apart : bool
        Leave out sites that share a base.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, sorted by them, every cell that is expected at all. ``expected`` sums to the number of pairs
        of two motifs over their classes and gaps.
    """
    chosen = pairs[pairs["gap"] >= 0] if apart else pairs
    tables = [_one_pair(group, apart) for _, group in chosen.groupby(["first", "second"])]
    if not tables:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(tables, ignore_index=True)[COLUMNS].sort_values([*KEY, "gap"], ignore_index=True)


def _one_pair(pairs: pd.DataFrame, apart: bool) -> pd.DataFrame:
    cells = [*KEY, "gap"]
    observed = pairs.groupby(cells).size().rename("n")
    expected = _independent(pairs, apart).groupby(cells)["weight"].sum().rename("expected")
    table = pd.concat([observed, expected], axis=1).fillna(0.0).reset_index()
    table["n"] = table["n"].astype(int)
    table["expected"] *= len(pairs) / table["expected"].sum()
    return table


def _independent(pairs: pd.DataFrame, apart: bool) -> pd.DataFrame:
    """Pairs of every place of the first motif with every place of the second, weighted by how often they occur."""
    first, second = (_places(pairs, which) for which in ("first", "second"))
    if pairs["first"].iloc[0] == pairs["second"].iloc[0]:
        first = second = first.add(second, fill_value=0)
    width = {which: int((pairs[f"end_{which}"] - pairs[f"start_{which}"]).iloc[0]) for which in ("first", "second")}
    names = pairs[["first", "second"]].iloc[0].to_dict()
    parts = [_distances(one, two) for one in _by_strand(first) for two in _by_strand(second)]
    cells = pd.concat(parts, ignore_index=True)
    cells["end_first"], cells["end_second"] = 0 + width["first"], cells["start_second"] + width["second"]
    cells = classify(cells.assign(start_first=0, **names))
    # Sites that share half of the shorter are one and never a pair.
    return cells[cells["gap"] >= 0] if apart else cells[2 * -cells["gap"] < min(width.values())]


def _places(pairs: pd.DataFrame, which: str) -> pd.Series:
    """How often a motif of the pairs lies at each strand and start."""
    return pairs.groupby([f"strand_{which}", f"start_{which}"]).size().rename_axis(["strand", "start"])


def _by_strand(places: pd.Series) -> list[tuple[str, int, np.ndarray]]:
    """Strand, lowest start, and counts of all starts from there."""
    strands = []
    for strand, counts in places.groupby("strand"):
        starts = counts.index.get_level_values("start").to_numpy()
        strands.append((strand, int(starts.min()), np.bincount(starts - starts.min(), counts.to_numpy())))
    return strands


def _distances(first: tuple[str, int, np.ndarray], second: tuple[str, int, np.ndarray]) -> pd.DataFrame:
    """Weight of every distance between the starts of two motifs on given strands."""
    (strand_first, low_first, counts_first), (strand_second, low_second, counts_second) = first, second
    weight = np.convolve(counts_second, counts_first[::-1])
    distance = np.arange(len(weight)) - (len(counts_first) - 1) + low_second - low_first
    cells = {"strand_first": strand_first, "strand_second": strand_second, "start_second": distance, "weight": weight}
    return pd.DataFrame(cells)[weight > 0]
