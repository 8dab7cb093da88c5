"""The sizes at which scaling.py measures the stages of the workflow."""

import sys
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula.config import bin_width

DOWNSTREAM = 50
"""Bases of a window after the TSS; all others lie before it."""
BIN_WIDTH, MAX_BINS = 50, 12
"""Of ``hits`` in config/config.yaml."""


@dataclass(frozen=True)
class Size:
    """Size of an input: numbers of genes, bases of a promoter, motifs and cell types."""

    genes: int
    window: int = 300
    motifs: int = 300
    cell_types: int = 154

    @property
    def upstream(self) -> int:
        """Bases of a window before the TSS."""
        return self.window - 1 - DOWNSTREAM

    @property
    def bin_width(self) -> int:
        """Bases of a position bin, as by default."""
        return bin_width(self.window, BIN_WIDTH, MAX_BINS)

    def arguments(self) -> list[str]:
        """As arguments of a command."""
        return [str(number) for number in (self.genes, self.window, self.motifs, self.cell_types)]


@dataclass(frozen=True)
class Axis:
    """What grows, and which stages are measured along it.

    Attributes
    ----------
    name : str
        Attribute of :class:`Size` that grows.
    unit : str
        For the figure.
    values : tuple of int
        In increasing order.
    fixed : Size
        The other sizes.
    stages : tuple of str
        Keys of ``scaling_stages.STAGES``.
    """

    name: str
    unit: str
    values: tuple[int, ...]
    fixed: Size
    stages: tuple[str, ...]

    def size(self, value: int) -> Size:
        """Size of an input at a place on the axis."""
        return replace(self.fixed, **{self.name: value})


def axes(genes: tuple, windows: tuple, motifs: tuple, cell_types: tuple, fewer: int, more: int) -> list[Axis]:
    """The four axes; ``fewer`` genes where windows grow, ``more`` where motifs or cell types do."""
    of_genes = ("extraction", "counting", "training epoch", "formula", "cell-type effects")
    of_motifs = ("counting", "comparison", "clustering", "selection")
    return [
        Axis("genes", "genes", genes, Size(0), of_genes),
        Axis("window", "promoter window (bp)", windows, Size(fewer), of_genes[:3]),
        Axis("motifs", "motifs", motifs, Size(more), of_motifs),
        Axis("cell_types", "cell types", cell_types, Size(more), ("expression matrix", "cell-type effects")),
    ]


FULL = axes(
    genes=(1000, 3000, 10_000, 30_000, 60_000),
    windows=(300, 1000, 3000, 10_000, 20_000),
    motifs=(100, 300, 1000, 2500, 5000),
    cell_types=(10, 50, 250, 1000, 5000),
    fewer=2000,
    more=5000,
)
SMALL = axes(
    genes=(500, 1000, 2000),
    windows=(300, 600, 1200),
    motifs=(50, 100, 200),
    cell_types=(5, 20, 80),
    fewer=500,
    more=800,
)
