"""How networks trained on uniform background fare on backgrounds of other GC contents."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .network_performance import colour_of, name_of

MEASURES = {"accuracy": "accuracy", "auroc": "auROC", "auprc": "auPRC"}
TRAINED_AT = 0.5


def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """A row of panels per task: accuracy, auROC and auPRC against GC content with 95 % intervals.

    Parameters
    ----------
    tables : dict of str to pd.DataFrame
        By task: ``network gc`` and the columns of :func:`cisformula.argminn.classification.score`.
    """
    figure, panels = style.panels(len(MEASURES), len(tables), width=3.2, height=2.3)
    rows = zip(*[iter(panels)] * len(MEASURES), strict=True)
    for number, ((task, table), row) in enumerate(zip(tables.items(), rows, strict=True)):
        for axes, measure in zip(row, MEASURES, strict=True):
            draw_measure(axes, table, measure)
            if number == len(tables) - 1:
                axes.set_xlabel("GC content of the background")
        row[0].set_title(task, loc="left")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def draw_measure(axes: Axes, table: pd.DataFrame, measure: str) -> None:
    """One measure of every network at each GC content, with its interval as a band."""
    for network, group in table.groupby("network", sort=False):
        colour = colour_of(network)
        axes.fill_between(
            group["gc"], group[f"{measure}_low"], group[f"{measure}_high"], color=colour, alpha=0.15, lw=0
        )
        axes.plot(group["gc"], group[measure], "o-", ms=2.5, lw=1.2, color=colour, label=name_of(network))
    axes.axvline(TRAINED_AT, color=style.GREY, lw=0.8, ls=":", zorder=0)
    axes.set_xlim(0, 1)
    axes.set_ylabel(MEASURES[measure])
