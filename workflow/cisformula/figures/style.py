"""What all figures share: a colour-blind-safe palette, sizes for print, and files with reproducible bytes."""

from collections.abc import Iterable
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt  # the backend must be chosen before pyplot is imported
from matplotlib.axes import Axes
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure, SubFigure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.transforms import Bbox

BLACK = "#000000"
ORANGE = "#E69F00"
SKY = "#56B4E9"
GREEN = "#009E73"
YELLOW = "#F0E442"
BLUE = "#0072B2"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
GREY = "#999999"
PALETTE = [BLUE, VERMILION, GREEN, ORANGE, SKY, PURPLE, YELLOW, BLACK]
"""Okabe and Ito (2008), ordered so that neighbours contrast."""

DIVERGING = "RdBu_r"
"""Colour map of signed values: red above zero, blue below."""
SEQUENTIAL = "viridis"

matplotlib.rcParams.update(
    {
        "axes.prop_cycle": matplotlib.cycler(color=PALETTE),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlesize": 10,
        "axes.titleweight": "bold",
        "axes.labelsize": 9,
        "figure.dpi": 100,
        "figure.constrained_layout.use": True,
        "font.family": "DejaVu Sans",
        "font.size": 9,
        "legend.fontsize": 8,
        "legend.frameon": False,
        "pdf.fonttype": 42,
        "savefig.dpi": 200,
        "svg.hashsalt": "cisformula",
        "xtick.labelsize": 8,
        "ytick.labelsize": 8,
    }
)


class RoundedLayout(ConstrainedLayoutEngine):
    """Constrained layout whose positions are rounded to 1e-5 of the figure.

    The solver orders its equations by memory addresses, so its last digits differ from call to call; where one falls on
    half a pixel, so do the bytes of the file.
    """

    DECIMALS = 5

    def execute(self, fig: Figure) -> None:
        """Lay the figure out, then round."""
        super().execute(fig)
        for part in fig.findobj(SubFigure):
            part.bbox_relative.set_points(part.bbox_relative.get_points().round(self.DECIMALS))
        for axes in fig.findobj(Axes):
            corners = axes.get_position(original=True).get_points().round(self.DECIMALS)
            axes.set_position(Bbox(corners), which="original")
            axes.set_in_layout(True)  # set_position takes the axes out of the layout of the next drawing


def _settle(figure: Figure) -> Figure:
    """The figure laid out once for all its files, at reproducible positions; the padding it was given stays.

    One whose layout is "none" was laid out by the one who made it.
    """
    engine = figure.get_layout_engine()
    if isinstance(engine, ConstrainedLayoutEngine):
        RoundedLayout(**engine.get()).execute(figure)
        figure.set_layout_engine("none")
    return figure


def panels(n_columns: int, n_rows: int = 1, width: float = 3.6, height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """A figure with a grid of axes, each ``width`` x ``height`` inches, in reading order."""
    figure, axes = plt.subplots(n_rows, n_columns, figsize=(width * n_columns, height * n_rows), squeeze=False)
    return figure, list(axes.ravel())


def save_pages(pages: Iterable[Figure], pdf_path: str | Path, png_path: str | Path) -> int:
    """Write figures as the pages of one PDF, and the first as PNG, as :func:`save` does; returns their number."""
    number = 0
    with PdfPages(pdf_path, metadata={"CreationDate": None}) as pdf:
        for number, figure in enumerate(pages, start=1):
            pdf.savefig(_settle(figure))
            if number == 1:
                figure.savefig(png_path, metadata={"Software": None})
            plt.close(figure)
    return number


def save(figure: Figure, pdf_path: str | Path, png_path: str | Path) -> None:
    """Write a figure as PDF and PNG without dates, so that the same data give the same bytes; then close it."""
    _settle(figure).savefig(pdf_path, metadata={"CreationDate": None})
    figure.savefig(png_path, metadata={"Software": None})
    plt.close(figure)
