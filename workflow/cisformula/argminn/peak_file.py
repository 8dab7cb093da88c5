"""Peaks as a user brings them, BED or narrowPeak, and how far windows at them may move."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from ..textfile import read_lines, whole_number
from .peak_source import CENTRAL, MARGIN

NARROW_PEAK_FIELDS = 10


class Peaks(NamedTuple):
    """Peaks of a BED file.

    Attributes
    ----------
    chroms : np.ndarray of str, shape (peaks,)
    starts, ends : np.ndarray, shape (peaks,), int64
        0-based, half-open.
    middles : np.ndarray, shape (peaks,), int64
        The summit, or the middle base where none is given.
    """

    chroms: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    middles: np.ndarray

    def rows(self, chosen: np.ndarray) -> "Peaks":
        """Some of the peaks."""
        return Peaks(*(column[chosen] for column in self))


def read_peaks(path: str | Path) -> Peaks:
    """Read BED, plain or gzip; of ENCODE's narrowPeak (exactly 10 columns) also the summits.

    Raises
    ------
    InputError
        With the line, for coordinates that are no numbers, empty intervals and summits outside their peaks; for a file
        without intervals.
    """
    rows = []
    for number, line in read_lines(path):
        if not line.strip() or line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t")
        place = f"{path}:{number}"
        try:
            start, end = whole_number(fields[1]), whole_number(fields[2])
            has_summit = len(fields) == NARROW_PEAK_FIELDS and fields[9] != "-1"
            summit = whole_number(fields[9]) if has_summit else -1
        except (ValueError, IndexError):
            raise InputError(
                "expected chromosome, start and end, separated by tabs, in whole numbers, and in narrowPeak the "
                "summit in column 10.",
                place=place,
                fix="give a BED or narrowPeak file.",
            ) from None
        if not start < end:
            raise InputError(f"the interval {start} to {end} holds no base.", place=place, fix="correct the line.")
        if summit >= end - start:
            raise InputError(
                f"the summit, {summit} bases from the start, lies outside the peak of {end - start} bases.",
                place=place,
                fix="give the summit in bases from the start, or -1 for none.",
            )
        rows.append((fields[0], start, end, start + summit if summit >= 0 else (start + end) // 2))
    if not rows:
        raise InputError("holds no peak.", place=str(path), fix="give a BED file with peaks.")
    chroms, *numbers = zip(*rows, strict=True)
    return Peaks(np.array(chroms), *(np.array(column, dtype=np.int64) for column in numbers))


def shift_limits(peaks: Peaks) -> tuple[np.ndarray, np.ndarray]:
    """Least and most bases by which the window around a peak's middle may move and still count as bound.

    The central :data:`CENTRAL` bases must overlap the peak by at least half of the smaller of the two.

    Returns
    -------
    tuple of np.ndarray, shape (peaks,), int64
        Of at most :data:`MARGIN` bases either way. The window around the middle itself always counts: the middle lies
        in the peak.
    """
    size = peaks.ends - peaks.starts
    needed = (np.minimum(size, CENTRAL) + 1) // 2
    first = peaks.middles - CENTRAL // 2
    low = peaks.starts + needed - CENTRAL - first
    high = peaks.ends - needed - first
    return np.clip(low, -MARGIN, 0), np.clip(high, 0, MARGIN)
