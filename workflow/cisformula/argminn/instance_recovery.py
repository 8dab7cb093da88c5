"""Called instances against planted sites: precision, recall and hits per sequence, of all calls and of the top ones.

A call matches a planted site if they share at least half of the shorter; which motif it is of is not asked (Tseng et
al. 2024).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..performance import BOOTSTRAPS, INTERVAL, resamplings
from .instances import RANKING, share_site

COLUMNS = ["method", "n_calls", "n_truth", "n_sequences", "precision", "precision_low", "precision_high"]
COLUMNS += ["recall", "recall_low", "recall_high", "hits_per_sequence", "hits_low", "hits_high"]
CURVE_COLUMNS = ["method", "n_calls", "precision", "recall", "hits_per_sequence"]
CURVE_POINTS = 100
PLANTED = "planted"
"""What planted sites are called where they stand among methods."""


class Recovery(NamedTuple):
    """Calls, best first, and planted sites, with what they match.

    Attributes
    ----------
    call_sequence, site_sequence : np.ndarray, shape (calls,) and (sites,), int
        Row of the sequence, 0 .. n_sequences - 1.
    is_match : np.ndarray, shape (calls,), bool
        Whether the call matches a site.
    found_by : np.ndarray, shape (sites,), int
        Rank of the best call that matches the site, from 0; the number of calls if none does.
    n_sequences : int
    """

    call_sequence: np.ndarray
    site_sequence: np.ndarray
    is_match: np.ndarray
    found_by: np.ndarray
    n_sequences: int


def match_calls(
    calls: pd.DataFrame, sites: pd.DataFrame, sequences: np.ndarray, ranking: Sequence[str] = RANKING
) -> Recovery:
    """Match calls and sites in some of the sequences.

    Parameters
    ----------
    calls : pd.DataFrame
        ``sequence start end`` and the columns of ``ranking``.
    sites : pd.DataFrame
        ``sequence start end``: the planted ones.
    sequences : np.ndarray, shape (sequences,), int
        The sequences that count, such as the bound ones; each once.
    ranking : sequence of str
        Columns by which calls are ranked, the highest first.
    """
    row_of = pd.Series(np.arange(len(sequences)), index=sequences)
    calls, sites = (table[table["sequence"].isin(row_of.index)] for table in (calls, sites))
    ties = ["sequence", "start", "end"]
    ascending = [*(False for _ in ranking), *(True for _ in ties)]
    calls = calls.sort_values([*ranking, *ties], ascending=ascending, kind="stable")
    calls, sites = calls.reset_index(drop=True), sites.reset_index(drop=True)
    pairs = calls.reset_index(names="rank").merge(
        sites.reset_index(names="site"), on="sequence", suffixes=("", "_site")
    )
    pairs = pairs[share_site(pairs["start"], pairs["end"], pairs["start_site"], pairs["end_site"])]
    found_by = np.full(len(sites), len(calls))
    np.minimum.at(found_by, pairs["site"].to_numpy(), pairs["rank"].to_numpy())
    is_match = np.zeros(len(calls), dtype=bool)
    is_match[pairs["rank"].to_numpy()] = True
    call_sequence, site_sequence = (table["sequence"].map(row_of).to_numpy(int) for table in (calls, sites))
    return Recovery(call_sequence, site_sequence, is_match, found_by, len(sequences))


def ranking_of(calls: pd.DataFrame) -> list[str]:
    """Columns that rank the calls of a method: those of ARGMINN's instances, or ``score`` of any other."""
    return ["score"] if "score" in calls.columns else RANKING


def score_calls(method: str, recovery: Recovery, seed: int) -> dict:
    """One row of the table of instances, of all calls.

    Intervals hold 95 % of a bootstrap over sequences, since calls and sites of one sequence belong together.

    Returns
    -------
    dict
        :data:`COLUMNS`: ``precision`` of the calls (NaN without any), ``recall`` of the sites, and calls per sequence
        as ``hits_per_sequence``.
    """

    def per_sequence(sequence: np.ndarray, counted: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(sequence, counted, minlength=recovery.n_sequences).astype(float)

    calls, sites = per_sequence(recovery.call_sequence), per_sequence(recovery.site_sequence)
    matched = per_sequence(recovery.call_sequence, recovery.is_match)
    found = per_sequence(recovery.site_sequence, recovery.found_by < len(recovery.is_match))
    ones = np.ones(recovery.n_sequences)
    row = {"method": method, "n_calls": int(calls.sum()), "n_truth": int(sites.sum()), "n_sequences": len(ones)}
    weights = np.array([ones, *resamplings(len(ones), seed, BOOTSTRAPS, None)])
    ratios = {"precision": (matched, calls), "recall": (found, sites), "hits_per_sequence": (calls, ones)}
    for name, (part, whole) in ratios.items():
        with np.errstate(invalid="ignore"):
            drawn = (weights @ part) / (weights @ whole)
        low, high = np.nanquantile(drawn[1:], INTERVAL) if np.isfinite(drawn[0]) else (np.nan, np.nan)
        prefix = name.removesuffix("_per_sequence")
        row |= {name: float(drawn[0]), f"{prefix}_low": float(low), f"{prefix}_high": float(high)}
    return row


def curve(method: str, recovery: Recovery) -> pd.DataFrame:
    """Precision, recall and hits per sequence of the top calls, at up to :data:`CURVE_POINTS` numbers of them.

    Returns
    -------
    pd.DataFrame
        :data:`CURVE_COLUMNS`, by the number of calls; numbers lie evenly on a logarithmic scale, all calls the last.
    """
    n = len(recovery.is_match)
    numbers = np.unique(np.round(np.geomspace(1, n, CURVE_POINTS)).astype(int)) if n else np.empty(0, dtype=int)
    matched = np.cumsum(recovery.is_match)
    found = np.searchsorted(np.sort(recovery.found_by), numbers)
    table = {
        "method": method,
        "n_calls": numbers,
        "precision": matched[numbers - 1] / np.maximum(numbers, 1) if n else [],
        "recall": found / len(recovery.found_by) if len(recovery.found_by) else np.nan,
        "hits_per_sequence": numbers / recovery.n_sequences,
    }
    return pd.DataFrame(table, columns=CURVE_COLUMNS)


def hits_histogram(method: str, sequence: np.ndarray, n_sequences: int) -> pd.DataFrame:
    """How many sequences have no call, one, two ...: ``method hits n_sequences``.

    Parameters
    ----------
    method : str
        :data:`PLANTED` for the sites themselves.
    sequence : np.ndarray, shape (calls,), int
        ``call_sequence`` or ``site_sequence`` of a :class:`Recovery`.
    n_sequences : int
    """
    counts = np.bincount(np.bincount(sequence, minlength=n_sequences))
    return pd.DataFrame({"method": method, "hits": np.arange(len(counts)), "n_sequences": counts})
