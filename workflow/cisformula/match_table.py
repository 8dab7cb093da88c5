"""The table of matches of motifs, in Tomtom's columns and number format.

``Query_ID``, ``Target_ID``, ``Optimal_offset`` (target column at which the first query column lies), ``p-value``,
``E-value``, ``q-value``, ``Overlap``, ``Query_consensus``, ``Target_consensus`` (in the orientation of the match) and
``Orientation`` of the target.
"""

import io
from pathlib import Path

import numpy as np
import pandas as pd

from .pwm import Motif

COLUMNS = [
    "Query_ID",
    "Target_ID",
    "Optimal_offset",
    "p-value",
    "E-value",
    "q-value",
    "Overlap",
    "Query_consensus",
    "Target_consensus",
    "Orientation",
]


def consensus(frequencies: np.ndarray) -> str:
    """Most frequent base of each column, as Tomtom prints it.

    Parameters
    ----------
    frequencies : np.ndarray, shape (width, 4)
        With pseudocount.

    Notes
    -----
    Of equally frequent bases the first is printed where the frequency is rounded up in single precision, the last
    where it is rounded down: the largest frequency so far is kept in single precision and compared with double.
    """
    letters = []
    for column in frequencies:
        letter, largest = "A", np.float32(column[0])
        for base, frequency in zip("CGT", column[1:], strict=True):
            if frequency > float(largest):
                letter, largest = base, np.float32(frequency)
        letters.append(letter)
    return "".join(letters)


def write(path: str | Path, matches: pd.DataFrame) -> None:
    """Write matches in Tomtom's columns and number format, six significant digits."""
    matches[COLUMNS].to_csv(path, sep="\t", index=False, float_format="%g")


def read(path: str | Path) -> pd.DataFrame:
    """Read a table in Tomtom's format, with or without Tomtom's closing comment lines."""
    lines = [line for line in Path(path).read_text().splitlines() if line and not line.startswith("#")]
    if not lines:
        return pd.DataFrame(columns=COLUMNS)
    # A factor may be called NA.
    text = io.StringIO("\n".join(lines))
    return pd.read_csv(text, sep="\t", dtype={"Query_ID": str, "Target_ID": str}, keep_default_na=False)[COLUMNS]


def summarise(matches: pd.DataFrame, sets: dict[str, list[Motif]]) -> pd.DataFrame:
    """Count the queries of each set that have a match at the usual levels.

    Parameters
    ----------
    matches : pd.DataFrame
        Tomtom's columns. A level beyond the E-value threshold it was made with counts only what it holds.
    sets : dict of str to list of Motif
        Queries of each named set.

    Returns
    -------
    pd.DataFrame
        Columns ``set``, ``queries`` (their number) and the number with a match at ``E<10``, ``E<0.05``, ``q<0.05``,
        ``q<0.1``, ``q<0.5`` and ``p<0.001``.
    """
    best = matches.groupby("Query_ID")[["p-value", "E-value", "q-value"]].min()
    levels = [("E", 10), ("E", 0.05), ("q", 0.05), ("q", 0.1), ("q", 0.5), ("p", 0.001)]
    rows = []
    for name, motifs in sets.items():
        of_set = best.reindex([motif.id for motif in motifs])
        counts = {f"{kind}<{level}": int((of_set[f"{kind}-value"] < level).sum()) for kind, level in levels}
        rows.append({"set": name, "queries": len(motifs), **counts})
    return pd.DataFrame(rows)
