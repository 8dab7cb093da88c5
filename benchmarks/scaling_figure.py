"""Draw what scaling.py measured: CPU seconds and memory of every stage, against each size."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

sys.path.insert(0, str(Path(__file__).parents[1] / "workflow"))
from cisformula.figures import style

LOOKS = {
    "extraction": (style.BLUE, "o"),
    "counting": (style.VERMILION, "s"),
    "training epoch": (style.GREEN, "D"),
    "formula": (style.ORANGE, "^"),
    "cell-type effects": (style.SKY, "v"),
    "comparison": (style.PURPLE, "P"),
    "clustering": (style.BLACK, "X"),
    "selection": (style.BLUE, "<"),
    "expression matrix": (style.GREEN, ">"),
}
"""Colour and marker of every stage; stages of one colour share no panel."""


def draw(table: pd.DataFrame, labels: dict[str, str], pdf: Path, png: Path) -> None:
    """Draw CPU seconds above and peak memory below against size, on logarithmic axes, a column for each axis.

    Parameters
    ----------
    table : pd.DataFrame
        Columns ``axis``, ``stage``, ``size``, ``cpu_s`` and ``peak_mb``; the last two are missing where a size was not
        run.
    labels : dict of str to str
        Label of the size on each axis, in the order of the panels.
    pdf, png : Path
    """
    figure, panels = style.panels(len(labels), 2, width=3.4, height=3.0)
    for row, (column, unit) in enumerate({"cpu_s": "CPU seconds", "peak_mb": "peak memory (MB)"}.items()):
        for axes, (axis, label) in zip(panels[row * len(labels) :], labels.items(), strict=False):
            of_axis = table[(table["axis"] == axis) & table[column].notna()]
            draw_panel(axes, of_axis, column)
            axes.set_xlabel(label)
            axes.set_ylabel(unit)
    handles = {
        label: handle for axes in panels for handle, label in zip(*axes.get_legend_handles_labels(), strict=True)
    }
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=len(handles))
    style.save(figure, pdf, png)


def draw_panel(axes: Axes, table: pd.DataFrame, column: str) -> None:
    """One line for every stage, with ticks at the sizes that were measured."""
    for stage, part in table.groupby("stage", sort=False):
        color, marker = LOOKS[stage]
        axes.plot(part["size"], part[column], color=color, marker=marker, ms=4, lw=1.4, label=stage)
    axes.set_xscale("log")
    axes.set_yscale("log")
    sizes = sorted(table["size"].unique())
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    # Whole decades, so that there are two ticks at least.
    low, high = np.log10(axes.get_ylim())
    axes.set_ylim(10 ** np.floor(low), 10 ** np.ceil(high))
