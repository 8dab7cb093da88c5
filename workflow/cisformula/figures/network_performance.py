"""Accuracy, auROC and auPRC of the networks on every task, with the best that any classifier could do."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

NAMES = {"argminn": "ARGMINN", "cnn": "CNN", "cnn_overlap": "CNN with overlap penalty", "explainn": "ExplaiNN-like"}
COLOURS = {"argminn": style.BLUE, "cnn": style.ORANGE, "cnn_overlap": style.PURPLE, "explainn": style.GREEN}
MEASURES = {"accuracy": "accuracy", "auroc": "auROC", "auprc": "auPRC"}
CEILING = "oracle"
"""The likelihood ratio under the model that made the sequences."""


def name_of(network: str) -> str:
    """What a network is called in figures."""
    return NAMES.get(network, network)


def colour_of(network: str) -> str:
    """Its colour in figures."""
    return COLOURS.get(network, style.GREY)


def draw(tables: dict[str, pd.DataFrame]) -> Figure:
    """A panel per measure: a point with its 95 % interval per task and network, the ceiling as a line.

    Parameters
    ----------
    tables : dict of str to pd.DataFrame
        By task: ``network`` and the columns of :func:`cisformula.argminn.classification.score`.
    """
    figure, panels = style.panels(len(MEASURES), width=3.6, height=max(2.4, 0.55 * len(tables) + 1.3))
    for number, (axes, measure) in enumerate(zip(panels, MEASURES, strict=True)):
        draw_measure(axes, tables, measure)
        axes.set_yticks(range(len(tables)), list(tables) if number == 0 else [""] * len(tables))
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def draw_measure(axes: Axes, tables: dict[str, pd.DataFrame], measure: str) -> None:
    """One measure of all tasks, the first on top."""
    together = pd.concat(tables, names=["task"]).reset_index("task")
    networks = [name for name in together["network"].unique() if name != CEILING]
    row_of = {task: row for row, task in enumerate(tables)}
    for number, network in enumerate(networks):
        own = together[together["network"] == network]
        places = own["task"].map(row_of) + 0.7 * ((number + 0.5) / len(networks) - 0.5)
        reach = np.abs(own[[f"{measure}_low", f"{measure}_high"]].sub(own[measure], axis=0)).to_numpy().T
        style_of = {"fmt": "o", "ms": 4, "capsize": 1.5, "lw": 1, "color": colour_of(network)}
        axes.errorbar(own[measure], places, xerr=reach, label=name_of(network), **style_of)
    best = together[together["network"] == CEILING]
    rows = best["task"].map(row_of)
    axes.vlines(
        best[measure], rows - 0.42, rows + 0.42, color=style.BLACK, lw=1.3, label="best possible" if len(best) else None
    )
    for row in range(1, len(tables)):
        axes.axhline(row - 0.5, color=style.GREY, lw=0.5, alpha=0.5)
    axes.set_ylim(len(tables) - 0.5, -0.5)
    axes.set_xlim(right=1.005)
    axes.set_xlabel(MEASURES[measure])
