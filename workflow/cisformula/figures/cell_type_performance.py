"""How well the formula's motifs predict each cell type."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from . import style
from .cell_type_effects import LARGEST_FONT, LONGEST_NAME, SMALLEST_FONT, group_colours, group_legend
from .coefficients import shortened

TARGETS = {
    "expression": "Expression",
    "deviation": "Deviation from the mean over cell types",
}
CELL_WIDTH = 0.088
NARROWEST, WIDEST = 8.0, 14.5
FLOOR = -0.3
"""R2 below it is drawn at the edge, with a triangle."""


def draw(performance: pd.DataFrame, null: pd.DataFrame) -> Figure:
    """Held-out R2 of every cell type for both targets, in the same order, grouped.

    Parameters
    ----------
    performance : pd.DataFrame
        ``target cell_type group n_genes r2 r2_low r2_high composition_r2 permutation_p``.
    null : pd.DataFrame
        ``target permutation significant_share mean_f``.
    """
    targets = [target for target in TARGETS if target in set(performance["target"])]
    order = ordered(performance[performance["target"] == targets[0]])
    groups, colours = group_colours(order.set_index("cell_type")["group"])
    names = [shortened(name, LONGEST_NAME) for name in order["cell_type"]]
    width = float(np.clip(len(order) * CELL_WIDTH + 0.8, NARROWEST, WIDEST))
    figure, panels = style.panels(1, len(targets), width=width, height=2.5)
    figure.set_figheight(2.6 * len(targets) + 0.6 + 0.06 * max(map(len, names)) + 0.2 * -(-(len(colours) + 2) // 5))
    for panel, target in zip(panels, targets, strict=True):
        of_target = performance[performance["target"] == target].set_index("cell_type").loc[order["cell_type"]]
        draw_target(panel, of_target, groups.map(colours))
        panel.set_title(f"{TARGETS[target]}: {_summary(of_target)}", loc="left", pad=28)
        words = null_in_words(of_target, null[null["target"] == target])
        panel.text(0, 1.02, words, transform=panel.transAxes, va="bottom", fontsize=8)
    size = min(LARGEST_FONT, 72 * (width - 0.8) / len(names) * 0.95)
    for panel in panels[:-1]:
        panel.set_xticks([])
    if size < SMALLEST_FONT:
        panels[-1].set_xticks([])
        panels[-1].set_xlabel(f"{len(names)} cell types, by group")
    else:
        panels[-1].set_xticks(range(len(names)), names, rotation=90, fontsize=size)
        panels[-1].tick_params(axis="x", length=0, pad=1)
    motifs = Line2D([], [], color=style.BLACK, marker="o", ms=4, lw=1.1, label="formula's motifs, 95 % interval")
    composition = Line2D([], [], color=style.GREY, marker="_", ms=6, mew=1.3, lw=0, label="base composition alone")
    handles = [motifs, composition, *group_legend(groups, colours)]
    figure.legend(handles=handles, loc="outside lower center", ncols=5, fontsize=7.5)
    return figure


def ordered(performance: pd.DataFrame) -> pd.DataFrame:
    """Cell types by group (highest median R2 first), then by R2, highest first."""
    median = performance.groupby("group")["r2"].transform("median")
    keyed = performance.assign(median=-median, own=-performance["r2"])
    return keyed.sort_values(["median", "group", "own"], kind="stable", ignore_index=True)


def draw_target(axes: Axes, performance: pd.DataFrame, colours: pd.Series) -> None:
    """One dot with its 95 % interval per row, left to right; grey ticks where base composition alone gets to.

    Parameters
    ----------
    performance : pd.DataFrame
        ``group r2 r2_low r2_high composition_r2``, in drawing order.
    colours : pd.Series
        Colour of each row.
    """
    places = np.arange(len(performance))
    r2 = performance["r2"].clip(lower=FLOOR)
    low, high = performance["r2_low"].clip(lower=FLOOR), performance["r2_high"].clip(lower=FLOOR)
    axes.vlines(places, low, high, color=colours, lw=1.1)
    below = (performance["r2"] < FLOOR).to_numpy()
    axes.scatter(places[~below], r2[~below], s=13, color=colours[~below], zorder=3)
    axes.scatter(places[below], r2[below], s=16, marker="v", color=colours[below], zorder=3, clip_on=False)
    composition = performance["composition_r2"].clip(lower=FLOOR)
    axes.scatter(places, composition, s=22, marker="_", color=style.GREY, lw=1.3)
    axes.axhline(0, color=style.BLACK, lw=0.7)
    group = performance["group"].to_numpy()
    for place in np.flatnonzero(group[1:] != group[:-1]):
        axes.axvline(place + 0.5, color="#CCCCCC", lw=0.7, zorder=0)
    axes.set_xlim(-0.8, len(performance) - 0.2)
    axes.set_ylabel("held-out R²")


def _summary(performance: pd.DataFrame) -> str:
    r2 = performance["r2"]
    return f"median R² {r2.median():.3f} in {len(r2)} cell types, {performance['n_genes'].max():,} genes"


def null_in_words(performance: pd.DataFrame, null: pd.DataFrame) -> str:
    """What the fit gives on permuted genes, and in how many cell types the data give more."""
    if null.empty:
        return "No permutations were asked for."
    p = performance["permutation_p"]
    return (
        f"On genes permuted {len(null)} times F of all motifs beyond composition averages {null['mean_f'].mean():.2f} "
        f"and {null['significant_share'].mean():.2%} of effects are called.\n"
        f"F exceeds that (permutation p < 0.05) in {(p < 0.05).sum()} of {len(p)} cell types."
    )
