"""How many learned motifs are known, and whether those that many networks find are."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

SETS = {"learned": style.BLUE, "representatives": style.SKY, "formula": style.ORANGE, "ARGMINN": style.GREEN}
SET_NAMES = {
    "learned": "all learned motifs",
    "representatives": "one per cluster",
    "formula": "in the formula",
    "ARGMINN": "learned by ARGMINN",
}
KNOWN = 0.05
"""q-value below which a cluster counts as known."""
MOST_BINS = 20


def draw(summary: pd.DataFrame, clusters: pd.DataFrame, matches: pd.DataFrame, database: str) -> Figure:
    """Bars of match counts at the usual levels beside the reproducibility of known and unknown clusters.

    Parameters
    ----------
    summary : pd.DataFrame
        As :func:`cisformula.match_table.summarise` returns it.
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.
    matches : pd.DataFrame
        Tomtom's columns.
    database : str
        What the known motifs are called.
    """
    figure, (left, right) = style.panels(2, width=5.4, height=3.9)
    draw_counts(left, summary, database)
    known = set(matches.loc[matches["q-value"] < KNOWN, "Query_ID"])
    draw_reproducibility(right, clusters.drop_duplicates("representative"), known)
    return figure


def draw_counts(axes: Axes, summary: pd.DataFrame, database: str) -> None:
    """Motifs of each set with a match at each level; first level on top, labelled with number and share."""
    levels = [column for column in summary.columns if column not in ("set", "queries")]
    height = 0.8 / len(summary)
    for number, row in summary.iterrows():
        name, queries = row["set"], row["queries"]
        counts = row[levels].astype(int).to_numpy()
        places = np.arange(len(levels)) + (number - (len(summary) - 1) / 2) * height
        colour = SETS.get(name, style.PALETTE[number % len(style.PALETTE)])
        label = f"{SET_NAMES.get(name, name)} ({queries:,})"
        axes.barh(places, counts, height=height * 0.92, color=colour, label=label)
        for place, count in zip(places, counts, strict=True):
            text = f"{count:,} ({count / queries:.0%})" if queries else "0"
            axes.annotate(text, (count, place), xytext=(3, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.set_yticks(range(len(levels)), [level.replace("<", " < ") for level in levels])
    axes.set_ylim(len(levels) - 0.5, -0.5)
    axes.set_xlim(0, max(summary["queries"].max(), 1) * 1.22)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(5, integer=True))
    axes.set_xlabel(f"learned motifs with a match in {database}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=len(summary) if len(summary) < 4 else 2)
    axes.set_title("Learned motifs that resemble a known one", loc="left")


def draw_reproducibility(axes: Axes, clusters: pd.DataFrame, known: set[str]) -> None:
    """Clusters by the number of networks that found them, known ones below.

    Parameters
    ----------
    clusters : pd.DataFrame
        ``representative n_runs``, one row per cluster.
    known : set of str
        Representatives with a significant match.
    """
    is_known = clusters["representative"].isin(known)
    most = int(clusters["n_runs"].max())
    step = -(-most // MOST_BINS)
    edges = np.arange(0.5, most + step + 0.5, step)
    by_kind = [np.histogram(clusters.loc[mask, "n_runs"], edges)[0] for mask in (is_known, ~is_known)]
    middles, bottom = (edges[:-1] + edges[1:]) / 2, np.zeros(len(edges) - 1)
    kinds = ((f"match with q < {KNOWN}", style.BLUE), ("no such match", style.GREY))
    for (label, colour), counts in zip(kinds, by_kind, strict=True):
        axes.bar(middles, counts, width=0.85 * step, bottom=bottom, color=colour, label=f"{label} ({counts.sum():,})")
        bottom = bottom + counts
    for middle, total, count in zip(middles, bottom, by_kind[0], strict=True):
        if total:
            text = f"{count / total:.0%}"
            axes.annotate(text, (middle, total), xytext=(0, 2), textcoords="offset points", ha="center", fontsize=7.5)
    if step == 1:
        axes.set_xticks(middles)
    else:
        axes.xaxis.set_major_locator(style.plt.MaxNLocator(10, integer=True))
    axes.set_ylim(0, bottom.max() * 1.12)
    axes.set(xlabel="networks that found the cluster", ylabel="clusters")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2)
    axes.set_title(f"{len(clusters):,} clusters by reproducibility, with the share known", loc="left")
