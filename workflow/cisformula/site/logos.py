"""Sequence logos as SVG: letters as tall as their share of a column's information.

The letters are the outlines of those in the figures, in the same colours, so that a motif looks alike everywhere.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from matplotlib.path import Path

from ..figures.letters import COLOURS, outline, stacked
from ..pwm import Motif

COLUMN, BIT = 12, 20
"""Width of a column and height of a bit, in units of the drawing."""
HEIGHT = 2 * BIT
BOX = 100
"""Width and height of a letter's outline before it is scaled."""
SMALLEST = 0.03
"""Bits below which a letter is left out: it would be less than a pixel high."""
GAP = 14
"""Units between two aligned logos."""


class Placed(NamedTuple):
    """A motif and the column of the drawing at which it begins."""

    motif: Motif
    column: int


@cache
def letter_outline(base: str) -> str:
    """SVG path of a letter that fills a box of ``BOX`` x ``BOX``, y pointing down."""
    shape = outline(base)
    path = Path(np.column_stack([shape.vertices[:, 0], 1 - shape.vertices[:, 1]]) * BOX, shape.codes)
    commands = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C"}
    parts = []
    for points, code in path.iter_segments(simplify=False):
        if code == Path.CLOSEPOLY:
            parts.append("Z")
        else:
            parts.append(commands[code] + " ".join(f"{value:.0f}" for value in points))
    return "".join(parts)


def letter_definitions() -> str:
    """The four letters as SVG definitions, for :func:`letters` to refer to."""
    paths = (f'<path id="base-{base}" d="{letter_outline(base)}" fill="{COLOURS[base]}"/>' for base in "ACGT")
    return f"<defs>{''.join(paths)}</defs>"


def letters(pfm: np.ndarray, left: float = 0, bottom: float = HEIGHT) -> str:
    """The letters of a logo, the most frequent base of each column on top.

    Parameters
    ----------
    pfm : np.ndarray, shape (width, 4)
        Frequencies of A, C, G, T.
    left, bottom : float
        Where the first column begins and the letters stand.
    """
    drawn = []
    for letter in stacked(pfm, SMALLEST):
        x, y = left + letter.column * COLUMN, bottom - (letter.floor + letter.height) * BIT
        place = f"{COLUMN / BOX:g} 0 0 {letter.height * BIT / BOX:.4f} {x:g} {y:.1f}"
        drawn.append(f'<use href="#base-{letter.base}" transform="matrix({place})"/>')
    return "".join(drawn)


def file(motif: Motif) -> str:
    """A logo as an SVG file of its own."""
    size = f'viewBox="0 0 {motif.width * COLUMN} {HEIGHT}" width="{motif.width * COLUMN}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{letter_definitions()}{letters(motif.pfm)}</svg>\n'


def inline(motif: Motif) -> str:
    """A logo for a page that holds :func:`letter_definitions` once."""
    width = motif.width * COLUMN
    return (
        f'<svg class="logo" viewBox="0 0 {width} {HEIGHT}" {_size(width)}>{_floor(0, width)}{letters(motif.pfm)}</svg>'
    )


def aligned(upper: Placed, lower: Placed) -> str:
    """Two logos beneath each other, their shared columns shaded; for a page that holds the letters once."""
    first = min(upper.column, lower.column)
    ends = [placed.column + placed.motif.width for placed in (upper, lower)]
    width, height = (max(ends) - first) * COLUMN, 2 * HEIGHT + GAP
    start, stop = ((column - first) * COLUMN for column in (max(upper.column, lower.column), min(ends)))
    shade = f'<rect class="shared" x="{start}" y="0" width="{stop - start}" height="{height}"/>'
    drawn = []
    for placed, bottom in ((upper, HEIGHT), (lower, height)):
        left = (placed.column - first) * COLUMN
        drawn.append(_floor(left, placed.motif.width * COLUMN, bottom) + letters(placed.motif.pfm, left, bottom))
    return f'<svg class="logo" viewBox="0 0 {width} {height}" {_size(width, height)}>{shade}{"".join(drawn)}</svg>'


def _size(width: int, height: int = HEIGHT, scale: float = 1.5) -> str:
    return f'width="{width * scale:g}" height="{height * scale:g}" aria-hidden="true"'


def _floor(left: float, width: float, bottom: float = HEIGHT) -> str:
    return f'<path class="floor" d="M{left:g} {bottom:g}h{width:g}"/>'
