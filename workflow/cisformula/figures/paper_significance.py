"""In how many cell types each motif is significant."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

TARGETS = {"expression": ("expression", style.BLUE), "deviation": ("deviation from the mean", style.VERMILION)}
NAMED = 30
UP, DOWN = "#B2182B", "#2166AC"
"""The dark ends of the heat maps' colours."""


def draw(effects: pd.DataFrame, labels: pd.Series, fdr: float) -> Figure:
    """Share of significant cell types over all motifs, and the motifs that act in most of them.

    Parameters
    ----------
    effects : pd.DataFrame
        ``target motif cell_type t q``.
    labels : pd.Series
        What to call each motif, indexed by its id.
    fdr : float
        Effects with a q-value below it are significant.
    """
    figure, (left, right) = style.plt.subplots(1, 2, figsize=(12, 5.6), width_ratios=[1, 1.15])
    draw_shares(left, effects, fdr)
    draw_motifs(right, effects[effects["target"] == "deviation"], labels, fdr)
    return figure


def shares(effects: pd.DataFrame, fdr: float) -> pd.Series:
    """Share of cell types in which each motif is significant, largest first, indexed by motif."""
    significant = (effects["q"] < fdr).groupby(effects["motif"]).mean()
    return significant.sort_values(ascending=False, kind="stable")


def draw_shares(axes: Axes, effects: pd.DataFrame, fdr: float) -> None:
    """A falling curve per target: motifs in order of the share of cell types in which they are significant."""
    for target, (name, colour) in TARGETS.items():
        of_target = effects[effects["target"] == target]
        if of_target.empty:
            continue
        share = shares(of_target, fdr)
        label = f"{name}: {(share > 0).sum()} of {len(share)} motifs in at least one cell type"
        axes.step(np.arange(1, len(share) + 1), 100 * share, where="mid", color=colour, label=label)
    axes.set(xlabel="motifs of the formula, most widely significant first", ylabel=f"% of cell types with q < {fdr:g}")
    axes.set_ylim(0, None)
    axes.legend(loc="upper right")
    axes.set_title("How widely motifs act", loc="left")


def draw_motifs(axes: Axes, deviations: pd.DataFrame, labels: pd.Series, fdr: float) -> None:
    """Cell types in which a motif raises (right) or lowers (left) genes against their mean, most on top."""
    significant = deviations[deviations["q"] < fdr]
    counts = pd.crosstab(significant["motif"], significant["t"] > 0).reindex(columns=[False, True], fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index[:NAMED]]
    places = np.arange(len(counts))
    axes.barh(places, counts[True], color=UP, height=0.75, label="above the mean over cell types")
    axes.barh(places, -counts[False], color=DOWN, height=0.75, label="below it")
    axes.axvline(0, color=style.BLACK, lw=0.8)
    axes.set_yticks(places, [labels.get(motif, motif) for motif in counts.index], fontsize=7)
    axes.set_ylim(max(len(counts), 1) - 0.4, -0.6)
    bound = max(axes.get_xlim()[1], -axes.get_xlim()[0], 1)
    axes.set_xlim(-bound, bound)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(7, integer=True))
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):.0f}")
    axes.set_xlabel(f"cell types, of {deviations['cell_type'].nunique()}")
    axes.legend(loc="lower right")
    axes.set_title(f"Deviations: the {len(counts)} motifs with most cell types", loc="left")
