"""How strong and how specific each motif's activity is, and which groups of cell types it tells apart."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import cluster
from .coefficients import shortened

MOST_MOTIFS = 30
LABELLED = 12
LONGEST_GROUP = 24


def draw(
    motifs: pd.DataFrame, groups: pd.DataFrame, group_effects: pd.DataFrame, labels: pd.Series, fdr: float
) -> Figure:
    """Overall z against specificity of every motif; beside it the groups' differences of the most different motifs.

    Parameters
    ----------
    motifs : pd.DataFrame
        ``motif z tau peak_cell_type``.
    groups : pd.DataFrame
        ``column motif p q``: tests between the groups of a column of the cell-type sheet.
    group_effects : pd.DataFrame
        ``column group motif n difference q``.
    labels : pd.Series
        What to call each motif, indexed by its id.
    fdr : float
        Differences with a q-value below it are marked.
    """
    shown = groups.sort_values("p", kind="stable").drop_duplicates("motif").head(MOST_MOTIFS)["motif"]
    table = group_effects[group_effects["motif"].isin(shown)]
    names = table[["column", "group", "n"]].drop_duplicates()
    width = 0.32 * max(len(names), 1) + 2.6
    height = max(3.6, 0.16 * len(shown) + 2.2)
    figure, (left, right) = style.plt.subplots(1, 2, figsize=(4.4 + width, height), width_ratios=[4.4, width])
    draw_specificity(left, motifs, labels)
    if names.empty:
        right.text(0.5, 0.5, "The cell-type sheet names no two groups\nof at least three cell types.", ha="center")
        right.set_axis_off()
        return figure
    draw_groups(right, table, names, labels, fdr)
    n_different = (groups.groupby("motif")["q"].min() < fdr).sum()
    right.set_title(
        f"{n_different} of {groups['motif'].nunique()} motifs differ between groups\nat q < {fdr:g}; "
        f"the {len(shown)} of the smallest p",
        loc="left",
    )
    return figure


def draw_specificity(axes: Axes, motifs: pd.DataFrame, labels: pd.Series) -> None:
    """One dot per motif; those of the highest z carry their name and the cell type where they are strongest."""
    known = motifs.dropna(subset=["z", "tau"]).sort_values("z", ascending=False, kind="stable")
    axes.scatter(known["tau"], known["z"], s=14, color=style.BLUE, alpha=0.6, linewidths=0)
    top = known.head(LABELLED)
    highest, lowest = known["z"].max(), known["z"].min()
    places = np.linspace(highest, lowest + 0.3 * (highest - lowest), len(top))
    edge = known["tau"].max() + 0.04
    for row, place in zip(top.itertuples(), places, strict=True):
        axes.annotate(
            f"{shortened(labels[row.motif], 16)}, {shortened(row.peak_cell_type, 20)}",
            (row.tau, row.z),
            (edge, place),
            fontsize=6.5,
            va="center",
            arrowprops={"arrowstyle": "-", "color": style.GREY, "lw": 0.5, "shrinkB": 2, "relpos": (0, 0.5)},
        )
    axes.set_xlim(known["tau"].min() - 0.03, edge + 0.75 * (edge - known["tau"].min()))
    axes.set_xticks([tick for tick in axes.get_xticks() if known["tau"].min() - 0.03 <= tick <= min(1, edge)])
    axes.set(xlabel="specificity tau (0 everywhere alike, 1 in one cell type)", ylabel="activity z, root mean square")
    axes.set_title(f"{len(known)} motifs; named with the cell type\nwhere they are strongest", loc="left")


def draw_groups(axes: Axes, table: pd.DataFrame, names: pd.DataFrame, labels: pd.Series, fdr: float) -> None:
    """Heat map of mean z in a group minus mean z elsewhere; a dot marks q below the rate."""
    order = pd.MultiIndex.from_frame(names[["column", "group"]])
    wide = {"index": "motif", "columns": ["column", "group"]}
    difference = table.pivot(**wide, values="difference")[order]
    q = table.pivot(**wide, values="q")[order]
    rows = cluster(difference.to_numpy()).order
    difference, q = difference.iloc[rows], q.iloc[rows]
    limit = np.nanmax(np.abs(difference.to_numpy()))
    image = axes.imshow(difference, cmap=style.DIVERGING, vmin=-limit, vmax=limit, aspect="auto")
    marked = np.argwhere(q.to_numpy() < fdr)
    axes.scatter(marked[:, 1], marked[:, 0], s=4, color=style.BLACK, linewidths=0)
    columns = names["column"].to_numpy()
    for place in np.flatnonzero(columns[1:] != columns[:-1]):
        axes.axvline(place + 0.5, color=style.BLACK, lw=1)
    several = len(set(columns)) > 1
    texts = [
        f"{row.column}: " * several + f"{shortened(row.group, LONGEST_GROUP)} ({row.n})" for row in names.itertuples()
    ]
    axes.set_xticks(range(len(texts)), texts, rotation=90, fontsize=7)
    axes.set_yticks(range(len(rows)), [shortened(labels[motif], 20) for motif in difference.index], fontsize=6.5)
    axes.tick_params(length=0)
    bar = axes.figure.colorbar(image, ax=axes, shrink=0.5, pad=0.02)
    bar.set_label(f"mean z minus the other cell types'; dot: q < {fdr:g}", fontsize=7.5)
