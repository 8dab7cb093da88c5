"""How well and where the formula's motifs work, by what the sheet of cell types says of them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import group_colours
from .coefficients import shortened

PANELS = {
    "expression": "Held-out R², expression",
    "deviation": "Held-out R², deviation from the mean",
    "share": "% of motifs significant, deviation",
}
UNNAMED = "(not said)"
JITTER = 0.28
"""Half the height of a row over which its dots are spread."""


def draw(performance: pd.DataFrame, effects: pd.DataFrame, cell_types: pd.DataFrame, fdr: float) -> Figure:
    """A row of three panels for each column of the sheet that tells cell types apart.

    Parameters
    ----------
    performance : pd.DataFrame
        ``target cell_type r2``.
    effects : pd.DataFrame
        ``target motif cell_type q``.
    cell_types : pd.DataFrame
        The sheet: ``cell_type group`` and any other columns, text.
    fdr : float
        Effects with a q-value below it are significant.
    """
    values = by_cell_type(performance, effects, fdr)
    sheet = cell_types.set_index("cell_type").reindex(values.index).fillna("").replace("", UNNAMED)
    columns = telling_columns(sheet)
    shown = [group_colours(sheet[column]) for column in columns]
    heights = [0.34 * len(colours) + 0.9 for _, colours in shown]
    figure, panels = style.plt.subplots(
        len(columns), len(PANELS), figsize=(12.5, sum(heights) + 0.3), height_ratios=heights, squeeze=False
    )
    for row, (column, (groups, colours)) in enumerate(zip(columns, shown, strict=True)):
        for axes, (panel, title) in zip(panels[row], PANELS.items(), strict=True):
            if panel in values:
                draw_groups(axes, values[panel], groups, colours)
            axes.set_title(title if row == 0 else "", loc="left")
            axes.tick_params(axis="y", labelleft=panel == "expression")
        panels[row][0].set_ylabel(shortened(column), weight="bold")
    return figure


def by_cell_type(performance: pd.DataFrame, effects: pd.DataFrame, fdr: float) -> pd.DataFrame:
    """R2 of both targets and the share of significant deviations in per cent, indexed by cell type."""
    values = performance.pivot(index="cell_type", columns="target", values="r2")
    deviations = effects[(effects["target"] == "deviation") & effects["q"].notna()]
    if len(deviations):
        values["share"] = 100 * (deviations["q"] < fdr).groupby(deviations["cell_type"]).mean()
    return values


def telling_columns(sheet: pd.DataFrame) -> list[str]:
    """Columns with several values that some cell types share; ``group`` where there is none."""
    columns = [column for column in sheet if 1 < sheet[column].nunique() < len(sheet)]
    return columns or ["group"]


def draw_groups(axes: Axes, values: pd.Series, groups: pd.Series, colours: dict[str, str]) -> None:
    """A dot per cell type and a line at the median, one row per group, largest group on top."""
    for place, (group, colour) in enumerate(colours.items()):
        of_group = values[groups == group].dropna().sort_values()
        spread = np.linspace(-JITTER, JITTER, len(of_group)) if len(of_group) > 1 else np.zeros(len(of_group))
        # Neighbours in value end up apart.
        spread = spread[np.argsort(np.arange(len(of_group)) * 0.618 % 1, kind="stable")]
        axes.scatter(of_group, place + spread, s=10, color=colour, alpha=0.75, lw=0)
        if len(of_group):
            axes.vlines(of_group.median(), place - 0.4, place + 0.4, color=style.BLACK, lw=1.6)
    sizes = groups.value_counts()
    axes.set_yticks(range(len(colours)), [f"{shortened(group)} ({sizes[group]})" for group in colours])
    axes.set_ylim(len(colours) - 0.5, -0.5)
    axes.axvline(0, color=style.BLACK, lw=0.6)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(6))
