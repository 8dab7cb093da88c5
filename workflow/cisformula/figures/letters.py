"""The letters of sequence logos: their outlines, and where each stands.

They are made once: a text path for every letter of every logo takes most of the time of a page.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from ..pwm import column_information
from ..sequence import ALPHABET
from . import style

COLOURS = {"A": style.GREEN, "C": style.BLUE, "G": style.ORANGE, "T": style.VERMILION}


class Letter(NamedTuple):
    """A letter of a logo; ``floor`` and ``height`` in bits."""

    base: str
    column: int
    floor: float
    height: float


@cache
def outline(base: str) -> Path:
    """Outline of a letter that fills the unit square."""
    text = TextPath((0, 0), base, size=100, prop=FontProperties(family="DejaVu Sans", weight="bold"))
    box = text.get_extents()
    return Path((text.vertices - box.min) / (box.max - box.min), text.codes)


def stacked(pfm: np.ndarray, smallest: float) -> Iterator[Letter]:
    """Letters as tall as their share of a column's information, the most frequent base of each column on top.

    Parameters
    ----------
    pfm : np.ndarray, shape (width, 4)
        Frequencies of A, C, G, T.
    smallest : float
        Bits below which a letter is left out.
    """
    for column, heights in enumerate(pfm * column_information(pfm)[:, None]):
        floor = 0.0
        for base in np.argsort(heights, kind="stable"):
            if heights[base] >= smallest:
                yield Letter(ALPHABET[base], column, floor, float(heights[base]))
                floor += float(heights[base])
