"""Learned motifs with a known match at the usual levels: published and of a run, side by side."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

PUBLISHED, OURS = style.GREY, style.BLUE
HEIGHT = 0.38
SETS = {
    "learned": ("All learned motifs", "learned_motifs"),
    "formula": ("Learned motifs of the formula", "formula_learned"),
}
"""Title of each set of motifs, and the key of its published size."""


def beside_published(counts: pd.DataFrame, published: dict[str, float]) -> pd.DataFrame:
    """One row per set and level: ``set level queries ours published_queries published``.

    Parameters
    ----------
    counts : pd.DataFrame
        As :func:`cisformula.match_table.summarise` returns it, of the sets in :data:`SETS`.
    published : dict of str to float
        By key.
    """
    table = counts.melt(["set", "queries"], var_name="level", value_name="ours")
    table["published_queries"] = [published[SETS[name][1]] for name in table["set"]]
    keys = table["set"] + "_jaspar_" + table["level"]
    return table.assign(published=keys.map(published))


def draw(counts: pd.DataFrame, database: str) -> Figure:
    """One panel for all learned motifs and one for those of the formula; bars are shares of the queries.

    Parameters
    ----------
    counts : pd.DataFrame
        From :func:`beside_published`.
    database : str
        What the known motifs of the run are called.
    """
    figure, panels = style.panels(2, width=5.0, height=3.7)
    for axes, (name, (title, _)) in zip(panels, SETS.items(), strict=True):
        draw_set(axes, counts[counts["set"] == name])
        axes.set_title(title, loc="left")
        axes.set_xlabel("% of the motifs")
    panels[0].set_ylabel("best match")
    bars = panels[0].get_legend_handles_labels()[0]
    labels = ["published: JASPAR 2022", f"this run: {database}"]
    figure.legend(bars, labels, loc="outside lower center", ncols=2)
    return figure


def draw_set(axes: Axes, counts: pd.DataFrame) -> None:
    """Published above ours at each level, with numbers; first level on top."""
    places = np.arange(len(counts))
    for label, queries, column, offset, colour in (
        ("published", "published_queries", "published", -HEIGHT / 2, PUBLISHED),
        ("this run", "queries", "ours", HEIGHT / 2, OURS),
    ):
        share = 100 * counts[column] / counts[queries].clip(lower=1)
        axes.barh(places + offset, share, height=HEIGHT, color=colour, label=label)
        for place, value, number, total in zip(places, share, counts[column], counts[queries], strict=True):
            words = f"{number:,.0f} of {total:,.0f}"
            axes.annotate(words, (value, place + offset), (3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_yticks(places, [level.replace("<", " < ") for level in counts["level"]])
    axes.set_ylim(len(counts) - 0.5, -0.5)
    axes.set_xlim(0, 124)
    axes.set_xticks(range(0, 101, 25))
