"""Whether the gaps between planted sites come back from the called instances.

Instances are put into the frames of the planted motifs that their filters match, so that a gap has the same meaning on
both sides however much of a motif a filter sees. Two sites that were both called give a gap; it is found exactly if it
is the planted one. Palindromes have no strand: only their symmetric part is compared.
"""

import numpy as np
import pandas as pd

from ..pwm import Motif
from .frames import NO_STRAND, place, symmetric_core
from .instances import share_site
from .proportion import wilson
from .site_gaps import KEY, find_pairs

COLUMNS = [
    *KEY,
    "gap",
    "n_planted",
    "n_called",
    "exact",
    "exact_low",
    "exact_high",
    "within_1",
    "called_gap",
    "is_mode",
]


def planted_frames(sites: pd.DataFrame, motifs: list[Motif]) -> pd.DataFrame:
    """Planted sites as instances of themselves, in the coordinates that called instances are given.

    Parameters
    ----------
    sites : pd.DataFrame
        ``sequence motif start end strand``, ``motif`` the id of a planted one.
    motifs : list of Motif

    Returns
    -------
    pd.DataFrame
        ``sequence start end strand motif`` (its name), by sequence and start; a palindrome is cut to its symmetric
        part and has strand ``.``. ``planted_start`` and ``planted_end`` are those of the whole site.
    """
    cores = {motif.id: symmetric_core(motif.pfm) for motif in motifs}
    names = {motif.id: motif.name for motif in motifs}
    before = {motif.id: cores[motif.id].start if cores[motif.id] else 0 for motif in motifs}
    after = {motif.id: motif.width - cores[motif.id].stop if cores[motif.id] else 0 for motif in motifs}
    forward = sites["strand"] == "+"
    left, right = (sites["motif"].map(cut) for cut in (before, after))
    framed = pd.DataFrame(
        {
            "sequence": sites["sequence"],
            "start": sites["start"] + np.where(forward, left, right),
            "end": sites["end"] - np.where(forward, right, left),
            "strand": np.where([cores[motif] is not None for motif in sites["motif"]], NO_STRAND, sites["strand"]),
            "motif": sites["motif"].map(names),
            "planted_start": sites["start"],
            "planted_end": sites["end"],
        }
    )
    return framed.sort_values(["sequence", "start", "end"], ignore_index=True)


def recover_gaps(
    sites: pd.DataFrame, motifs: list[Motif], instances: pd.DataFrame, frames: pd.DataFrame, least_share: float = 0.01
) -> pd.DataFrame:
    """Compare planted gaps with those between the calls of the same sites.

    Parameters
    ----------
    sites : pd.DataFrame
        ``sequence motif start end strand``: the planted sites of bound sequences.
    motifs : list of Motif
        The planted ones.
    instances : pd.DataFrame
        As :func:`cisformula.argminn.instances.call_instances` returns them.
    frames : pd.DataFrame
        Of filters in the planted motifs, from :func:`cisformula.argminn.frames.in_targets`.
    least_share : float
        Gaps that fewer of the pairs of two motifs have are not listed.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, a row per planted gap: ``n_planted`` pairs of sites have it; of ``n_called`` of them both
        sites were called as their motifs; ``exact`` and ``within_1`` are shares of these whose calls keep the gap to
        the base, or to within one (95 % Wilson interval of the first). ``called_gap`` is the most frequent gap of the
        calls of these pairs, and ``is_mode`` says whether it is the planted one.
    """
    planted = planted_frames(sites, motifs)
    planted["site"] = planted.index
    called = _called(planted, place(instances, frames))
    pairs = _with_calls(planted, called)
    rows = []
    for key, group in pairs.groupby([*KEY, "gap"]):
        both = group["called_gap"].dropna()
        error = (both - key[-1]).abs()
        mode = both.value_counts().sort_index().idxmax() if len(both) else np.nan
        low, high = wilson((error == 0).sum(), len(both))
        rows.append(
            dict(zip([*KEY, "gap"], key, strict=True))
            | {"n_planted": len(group), "n_called": len(both), "exact": (error == 0).mean(), "exact_low": float(low)}
            | {
                "exact_high": float(high),
                "within_1": (error <= 1).mean(),
                "called_gap": mode,
                "is_mode": mode == key[-1],
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    share = table["n_planted"] / table.groupby(["first", "second"])["n_planted"].transform("sum")
    return table[share >= least_share].reset_index(drop=True)


def _called(planted: pd.DataFrame, placed: pd.DataFrame) -> pd.DataFrame:
    """The call of each planted site by its own motif, if there is one: ``site`` and the call's start and end."""
    both = planted.merge(placed, on=["sequence", "motif"], suffixes=("", "_call"))
    both = both[share_site(both["start"], both["end"], both["start_call"], both["end_call"])]
    best = both.sort_values(["site", "attention", "activation"], ascending=[True, False, False], kind="stable")
    return best.drop_duplicates("site")[["site", "start_call", "end_call"]]


def _with_calls(planted: pd.DataFrame, called: pd.DataFrame) -> pd.DataFrame:
    """Pairs of planted sites with ``gap``, between whole sites, and ``called_gap``, NaN where one was not called."""
    pairs = find_pairs(planted).rename(columns={"gap": "framed_gap"})
    sites = planted.merge(called, on="site", how="left").drop(columns=["site", "end", "strand"])
    for which in ("first", "second"):
        of_site = sites.rename(columns={name: f"{name}_{which}" for name in sites.columns.drop(["sequence", "motif"])})
        of_site = of_site.rename(columns={"motif": which})
        pairs = pairs.merge(of_site, on=["sequence", which, f"start_{which}"], how="left")
    first_is_left = pairs["start_first"] <= pairs["start_second"]
    gap = _gap(pairs, "planted_start", "planted_end", first_is_left)
    # What the frames leave out of palindromes at either end is the same for a planted site and its call.
    called_gap = _gap(pairs, "start_call", "end_call", first_is_left) + gap - pairs["framed_gap"]
    return pairs.assign(gap=gap, called_gap=called_gap)


def _gap(pairs: pd.DataFrame, start: str, end: str, first_is_left: pd.Series) -> pd.Series:
    follows = pairs[f"{start}_second"] - pairs[f"{end}_first"]
    return follows.where(first_is_left, pairs[f"{start}_first"] - pairs[f"{end}_second"])
