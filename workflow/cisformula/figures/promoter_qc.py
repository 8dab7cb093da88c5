"""How many genes each filter leaves, and what the promoters are made of."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

ISLAND_GC, ISLAND_CPG = 0.5, 0.6
"""Criterion of CpG islands (Gardiner-Garden and Frommer 1987)."""
HEADROOM = 1.2
"""Height of the composition panel relative to the data, to leave room for its text."""


def draw(qc: pd.DataFrame, join: pd.DataFrame, promoters: pd.DataFrame) -> Figure:
    """Funnel of genes beside the composition of their promoters.

    Parameters
    ----------
    qc : pd.DataFrame
        ``step genes lost note`` (see :class:`cisformula.promoters.Promoters`).
    join : pd.DataFrame
        ``source genes lost example_ids`` (see :class:`cisformula.expression.Joined`).
    promoters : pd.DataFrame, shape (n_genes, >= 2)
        Columns ``gc`` and ``cpg_oe``.
    """
    figure, (left, right) = style.panels(2, width=4.2, height=3.3)
    filters = qc[qc["lost"].notna()]
    joined = join.loc[join["source"] == "joined", "genes"].item()
    draw_funnel(left, [*filters["step"], "with expression"], [*filters["genes"], joined])
    draw_composition(right, promoters)
    return figure


def draw_funnel(axes: Axes, steps: list[str], genes: list[int]) -> None:
    """Bars of the genes left after each step, first step on top; each labelled with its number and what it cost."""
    colours = [style.SKY] * (len(steps) - 1) + [style.BLUE]
    axes.barh(range(len(steps)), genes, color=colours)
    for place, number in enumerate(genes):
        lost = genes[place - 1] - number if place else 0
        label = f"{number:,}" + (f"  (−{lost:,})" if lost else "")
        axes.annotate(label, (number, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=8)
    axes.set_yticks(range(len(steps)), steps)
    axes.invert_yaxis()
    axes.set_xlim(0, max(genes) * 1.35)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(4))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set_xlabel("genes")
    axes.set_title("Genes left after each filter", loc="left")


def draw_composition(axes: Axes, promoters: pd.DataFrame) -> None:
    """Density of promoters over GC content and CpG o/e, with the share that meets the CpG-island criterion."""
    gc, cpg_oe = promoters["gc"], promoters["cpg_oe"]
    top = max(1.25, cpg_oe.quantile(0.999))
    shown = axes.hexbin(
        gc, cpg_oe.clip(upper=top), gridsize=(28, 16), extent=(0.1, 1, 0, top), mincnt=1, cmap=style.SEQUENTIAL, lw=0.1
    )
    axes.axvline(ISLAND_GC, ymax=1 / HEADROOM, color=style.VERMILION, lw=1.2, ls="--")
    axes.axhline(ISLAND_CPG, color=style.VERMILION, lw=1.2, ls="--")
    island = (gc > ISLAND_GC) & (cpg_oe > ISLAND_CPG)
    for number, name, x, align in (
        (island.sum(), "CpG islands", 0.98, "right"),
        ((~island).sum(), "others", 0.02, "left"),
    ):
        text = f"{name}\n{number:,} ({number / len(gc):.0%})"
        axes.text(x, 0.98, text, transform=axes.transAxes, ha=align, va="top", fontsize=8)
    axes.set(xlabel="GC fraction", ylabel="CpG observed/expected", xlim=(0.1, 1), ylim=(0, top * HEADROOM))
    axes.set_title(f"Composition of {len(gc):,} promoters", loc="left")
    axes.figure.colorbar(shown, ax=axes, label="promoters", shrink=0.8)
