"""Called instances against planted sites: precision and recall of the top calls, and calls per sequence."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.instance_recovery import PLANTED
from . import style

NAMES = {
    "argminn": "ARGMINN",
    "fimo_modisco": "scanning with TF-MoDISco's motifs",
    "fimo_argminn": "scanning with ARGMINN's motifs",
}
MOST_HITS = 8
"""Sequences with this many calls or more are counted together."""


def draw(scores: pd.DataFrame, curve: pd.DataFrame, hits: pd.DataFrame) -> Figure:
    """Precision and recall against the number of top calls, and how many calls sequences have.

    Parameters
    ----------
    scores, curve, hits : pd.DataFrame
        From :mod:`cisformula.argminn.instance_recovery`, of all methods; ``hits`` also of the planted sites.
    """
    figure, (precision, recall, counts) = style.panels(3, width=3.7, height=3.4)
    colours = dict(zip(scores["method"], style.PALETTE, strict=False))
    draw_curve(precision, scores, curve, "precision", colours)
    draw_curve(recall, scores, curve, "recall", colours)
    draw_hits(counts, hits, colours)
    handles, labels = precision.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    return figure


def draw_curve(axes: Axes, scores: pd.DataFrame, curve: pd.DataFrame, measure: str, colours: dict[str, str]) -> None:
    """One measure against the number of top calls; all calls as a point with its 95 % interval."""
    for row in scores.itertuples():
        own, colour = curve[curve["method"] == row.method], colours[row.method]
        axes.plot(own["n_calls"], own[measure], color=colour, lw=1.5, label=NAMES.get(row.method, row.method))
        value = getattr(row, measure)
        if row.n_calls and np.isfinite(value):
            reach = [[value - getattr(row, f"{measure}_low")], [getattr(row, f"{measure}_high") - value]]
            axes.errorbar([row.n_calls], [value], reach, fmt="o", ms=4.5, color=colour, capsize=2, clip_on=False)
    axes.set_xscale("log")
    axes.set_ylim(0, 1.02)
    axes.set(xlabel="top calls", ylabel=measure)
    n_truth = int(scores["n_truth"].max())
    axes.axvline(n_truth, color=style.GREY, lw=1, ls=":", zorder=0)
    axes.set_title(f"{measure.capitalize()}, {n_truth:,} planted sites", loc="left")


def draw_hits(axes: Axes, hits: pd.DataFrame, colours: dict[str, str]) -> None:
    """Share of the sequences with each number of calls, as a line per method, and of planted sites as bars."""
    planted = shares(hits[hits["method"] == PLANTED])
    axes.bar(np.arange(len(planted)), planted, color=style.GREY, alpha=0.5, width=0.85)
    for method in colours:
        share = shares(hits[hits["method"] == method])
        axes.plot(np.arange(len(share)), share, "o-", ms=3.5, lw=1.2, color=colours[method])
    axes.set_xticks(range(MOST_HITS + 1), [*map(str, range(MOST_HITS)), f"≥{MOST_HITS}"])
    axes.set_ylim(bottom=0)
    axes.set(xlabel="calls in a bound sequence", ylabel="share of the sequences")
    axes.set_title("Calls per sequence (bars: planted)", loc="left")


def shares(table: pd.DataFrame) -> np.ndarray:
    """Share of the sequences with 0, 1, ... :data:`MOST_HITS` or more hits; shape (MOST_HITS + 1,)."""
    counts = np.bincount(np.minimum(table["hits"], MOST_HITS), table["n_sequences"], MOST_HITS + 1)
    return counts / counts.sum()
