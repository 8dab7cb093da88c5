"""Pages of many logos on one pair of axes in inches: axes with ticks for each logo take most of the time of a page."""

from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Bbox, BboxTransform, Transform

from .motif_logos import draw_letters
from .style import BLACK, plt

MARGIN = 0.3
"""Inches above the cells of a page, for its title."""
TICK = 0.03


class Box(NamedTuple):
    """A rectangle on a sheet, in inches from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float

    @property
    def top(self) -> float:
        """Upper edge."""
        return self.bottom + self.height

    @property
    def middle(self) -> float:
        """Half way between the left and the right edge."""
        return self.left + self.width / 2

    def inside(self, cell: "Box") -> "Box":
        """Where on the sheet the box lies whose place in ``cell`` this one tells."""
        return self._replace(left=cell.left + self.left, bottom=cell.bottom + self.bottom)


def sheet(n_rows: int, n_columns: int, width: float, height: float, title: str) -> tuple[Figure, Axes, list[Box]]:
    """An empty page for a grid of cells.

    Parameters
    ----------
    n_rows, n_columns : int
    width, height : float
        Inches of a cell.
    title : str

    Returns
    -------
    figure : Figure
        Of no layout: nothing on it moves.
    axes : Axes
        The whole page, in inches.
    cells : list of Box
        In reading order.
    """
    size = width * n_columns, height * n_rows + MARGIN
    figure = plt.figure(figsize=size)
    # Not in the call: savefig would bring the layout of rcParams back.
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, size[0]), ylim=(0, size[1]))
    axes.set_axis_off()
    axes.text(size[0] / 2, size[1] - 0.07, title, fontsize=10, ha="center", va="top")
    corners = [(width * column, height * row) for row in reversed(range(n_rows)) for column in range(n_columns)]
    return figure, axes, [Box(*corner, width, height) for corner in corners]


def placed(axes: Axes, box: Box, first: float, last: float, low: float, high: float) -> Transform:
    """What takes coordinates from ``first`` to ``last`` and ``low`` to ``high`` to a box of a sheet."""
    return BboxTransform(Bbox.from_extents(first, low, last, high), Bbox.from_bounds(*box)) + axes.transData


def draw_logo(axes: Axes, box: Box, pfm: np.ndarray, start: int, first: float, last: float) -> None:
    """A logo that begins at ``start`` of an axis from ``first`` to ``last``, and the scale of its bits."""
    draw_letters(axes, pfm, start, placed(axes, box, first, last, 0, 2))
    heights = box.bottom + box.height * np.array([0, 0.5, 1])
    line = [(box.left, box.bottom), (box.left, box.top)]
    ticks = [(x, y) for y in heights for x in (box.left - TICK, box.left)]
    codes = [Path.MOVETO, Path.LINETO] * 4
    axes.add_artist(PathPatch(Path(line + ticks, codes), fill=False, color=BLACK, linewidth=0.8))
    for bits, y in enumerate(heights):
        axes.text(box.left - 0.08, y, str(bits), fontsize=6, ha="right", va="center_baseline")
    axes.text(box.left - 0.2, heights[1], "bits", fontsize=6.5, rotation=90, ha="right", va="center")
