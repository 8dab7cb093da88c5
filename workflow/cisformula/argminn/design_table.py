"""The table of designed sequences, their controls and the test sequences beside them."""

import numpy as np
import pandas as pd

RULES, WRONG_GAPS, SHUFFLED, BACKGROUND = "rules", "wrong_gaps", "shuffled", "background"
"""Designs from rules and their controls."""
BOUND, UNBOUND = "bound", "unbound"
"""Test sequences."""
COLUMNS = ["sequence", "method", "number", "motifs", "gaps", "start", "strand"]
SITE_COLUMNS = ["sequence", "motif", "start", "end", "strand"]


def name_of(method: str, number: int) -> str:
    """Name of the sequence that a method makes of a background."""
    return f"{method}_{number}"


def greedy(network: str) -> str:
    """Name of the method that follows the prediction of a network alone."""
    return f"greedy_{network}"


def without_sites(method: str, n_sequences: int, on_background: bool) -> pd.DataFrame:
    """Rows of sequences of which no sites are known.

    Parameters
    ----------
    method : str
    n_sequences : int
    on_background : bool
        Whether they were made of the first backgrounds in turn; otherwise ``number`` is missing.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`.
    """
    number = np.arange(n_sequences)
    columns = {
        "sequence": [name_of(method, n) for n in number],
        "method": method,
        "number": pd.array(number if on_background else [pd.NA] * n_sequences, dtype="Int64"),
        "motifs": "",
        "gaps": "",
        "start": pd.array([pd.NA] * n_sequences, dtype="Int64"),
        "strand": "",
    }
    return pd.DataFrame(columns, columns=COLUMNS)


def changed_bases(codes: np.ndarray, table: pd.DataFrame) -> pd.arrays.IntegerArray:
    """Bases by which each sequence differs from its background; missing where it has none.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    table : pd.DataFrame
        ``method number`` of each sequence, one of :data:`BACKGROUND` for each number among them.
    """
    row_of = pd.Series(
        np.flatnonzero(table["method"] == BACKGROUND), index=table.loc[table["method"] == BACKGROUND, "number"]
    )
    changed = pd.array([pd.NA] * len(table), dtype="Int64")
    own = np.flatnonzero(table["number"].notna())
    background = codes[row_of.loc[table["number"].iloc[own]].to_numpy()]
    changed[own] = (codes[own] != background).sum(axis=1)
    return changed
