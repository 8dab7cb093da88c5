"""Numbers of the original work, and beside each the same number of a run."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

SOURCES = {
    "abstract": "the paper's abstract",
    "code": "the released code",
    "data": "derived from the released data",
    "xpresso": "Agarwal & Shendure 2020",
    "algebra": "follows from the form of the features",
    "unknown": "not known",
}
"""Where a published number comes from, as in ``resources/published.tsv``, in words."""
OF_THEIR_DATA = "the authors' data: for orientation"
SCOPES = {"design": "any data", "data": OF_THEIR_DATA}
"""What a published number holds for, as in ``resources/published.tsv``, in words."""
COLUMNS = ["item", "quantity", "published", "holds_for", "source", "ours", "ours_low", "ours_high", "note"]


class Measured(NamedTuple):
    """A number of the run.

    Attributes
    ----------
    value : float or None
        None where the run does not have it; ``note`` then says why.
    low, high : float
        Bounds of its 95 % interval; NaN where there is none.
    note : str
        What has to be known to read it.
    """

    value: float | None
    low: float = np.nan
    high: float = np.nan
    note: str = ""


def read(path: str | Path) -> pd.DataFrame:
    """The published numbers as text: columns ``key item quantity published source scope basis``."""
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)


def values(published: pd.DataFrame) -> dict[str, float]:
    """The numbers that are known, by ``key``."""
    known = published[published["published"] != ""]
    return dict(zip(known["key"], known["published"].astype(float), strict=True))


def compare(published: pd.DataFrame, measured: dict[str, Measured]) -> pd.DataFrame:
    """Each published number with its source, and beside it that of the run.

    Parameters
    ----------
    published : pd.DataFrame
        From :func:`read`.
    measured : dict of str to Measured
        By ``key``; every key of ``published``, and no other.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, all of them text, in the order of ``published``.

    Raises
    ------
    KeyError
        If the keys of both differ.
    """
    if differing := set(published["key"]) ^ set(measured):
        raise KeyError(f"published and measured numbers differ in {', '.join(sorted(differing))}")
    ours = [measured[key] for key in published["key"]]
    table = published[["item", "quantity", "published"]].copy()
    table["holds_for"] = published["scope"].map(SCOPES).where(published["published"] != "", "")
    table["source"] = [
        f"{SOURCES[source]}: {basis}" if basis else SOURCES[source]
        for source, basis in zip(published["source"], published["basis"], strict=True)
    ]
    for column, field in (("ours", "value"), ("ours_low", "low"), ("ours_high", "high")):
        table[column] = [text(getattr(number, field)) for number in ours]
    table["note"] = [number.note for number in ours]
    return table[COLUMNS]


def text(number: float | None) -> str:
    """A whole number in full, any other with four significant digits; nothing for None and NaN."""
    if number is None or np.isnan(number):
        return ""
    return f"{number:d}" if isinstance(number, int | np.integer) else f"{number:.4g}"
