"""Which motif acts in which cell type: a clustered heat map of the effects on the deviation from the mean."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from scipy.cluster import hierarchy

from . import style
from .coefficients import shortened

GROUP_COLOURS = [
    style.BLUE,
    style.ORANGE,
    style.GREEN,
    style.PURPLE,
    style.SKY,
    style.VERMILION,
    style.YELLOW,
    style.BLACK,
    "#332288",
    "#882255",
    "#117733",
    "#C8E08B",
    "#7A5C3E",
    "#F7C6C7",
]
"""Okabe and Ito's colours, then six of Tol's kind that differ from them in lightness."""
OTHER = "other"
FADE = 0.8
"""How far the colour of a cell that is not significant goes towards white."""
CELL_WIDTH, CELL_HEIGHT = 0.08, 0.15
"""Smallest width and height of a cell, in inches."""
WIDEST, NARROWEST = 12.5, 4.5
"""Bounds of the heat map's width, in inches."""
SMALLEST_FONT, LARGEST_FONT = 4.0, 7.5
LONGEST_NAME = 36
LEGEND_FONT = 7.5


class Clustering(NamedTuple):
    """Order of the rows of a matrix, and the tree behind it (None for fewer than three rows)."""

    order: np.ndarray
    tree: dict | None


def draw(effects: pd.DataFrame, groups: pd.Series, labels: pd.Series, fdr: float, limit: int = 60) -> Figure:
    """Heat map of t, motifs x cell types, with groups, trees and the share of significant cell types per motif.

    Parameters
    ----------
    effects : pd.DataFrame
        ``target motif cell_type t q``; the rows of target ``deviation`` are drawn.
    groups : pd.Series
        Group of each cell type, indexed by cell type.
    labels : pd.Series
        What to call each motif, indexed by its id.
    fdr : float
        Cells with a q-value below it are significant.
    limit : int
        Most motifs shown.
    """
    t, q = matrices(effects)
    if t.empty or len(t.columns) < 2:
        return nothing_to_show()
    n_tested, significant = len(t), q < fdr
    which = (
        f"{limit} of {n_tested} motifs, those with the strongest effects"
        if limit < n_tested
        else f"all {n_tested} motifs"
    )
    title = (
        f"Where motifs act: {which}\n"
        f"{significant.to_numpy().mean():.1%} of the effects in {len(t.columns)} cell types have q < {fdr:g}"
    )
    t = t.loc[strongest(t, limit)]
    rows, columns = cluster(t.to_numpy()), cluster(t.to_numpy().T)
    t = t.iloc[rows.order, columns.order]
    significant = significant.loc[t.index, t.columns]
    return _assemble(t, significant, rows, columns, groups, labels, fdr, title)


def matrices(effects: pd.DataFrame, target: str = "deviation") -> tuple[pd.DataFrame, pd.DataFrame]:
    """T and q of all motifs x cell types, both shape (motifs, cell types); motifs that cannot be estimated left out."""
    of_target = effects[effects["target"] == target]
    order = of_target["motif"].unique(), of_target["cell_type"].unique()
    t, q = (
        of_target.pivot(index="motif", columns="cell_type", values=value).reindex(index=order[0], columns=order[1])
        for value in ("t", "q")
    )
    estimable = t.notna().all(axis=1)
    return t[estimable], q[estimable]


def strongest(t: pd.DataFrame, limit: int) -> list[str]:
    """Motifs with the largest absolute t in any cell type, strongest first."""
    return list(t.abs().max(axis=1).sort_values(ascending=False, kind="stable").index[:limit])


def cluster(values: np.ndarray) -> Clustering:
    """Order rows by average linkage of Euclidean distances, similar ones beside each other (optimal leaf order)."""
    if len(values) < 3:
        return Clustering(np.arange(len(values)), None)
    tree = hierarchy.dendrogram(
        hierarchy.linkage(values, method="average", optimal_ordering=True), no_plot=True, get_leaves=True
    )
    return Clustering(np.array(tree["leaves"]), tree)


def group_colours(groups: pd.Series) -> tuple[pd.Series, dict[str, str]]:
    """Groups to show and their colours, largest group first; beyond 14 groups the smallest become ``other``.

    Parameters
    ----------
    groups : pd.Series
        Group of each cell type.

    Returns
    -------
    shown : pd.Series
        Same index; small groups merged.
    colours : dict of str to str
    """
    sizes = groups.value_counts()
    names = sorted(sizes.index, key=lambda name: (-sizes[name], name))
    if len(names) <= len(GROUP_COLOURS):
        return groups, dict(zip(names, GROUP_COLOURS, strict=False))
    kept = names[: len(GROUP_COLOURS) - 1]
    shown = groups.where(groups.isin(kept), OTHER)
    return shown, {**dict(zip(kept, GROUP_COLOURS, strict=False)), OTHER: style.GREY}


def group_legend(groups: pd.Series, colours: dict[str, str]) -> list[Patch]:
    """Legend entries with the number of cell types of each group."""
    sizes = groups.value_counts()
    return [
        Patch(color=colour, label=f"{shortened(name)} ({sizes[name]})")
        for name, colour in colours.items()
        if name in sizes
    ]


def _assemble(
    t: pd.DataFrame,
    significant: pd.DataFrame,
    rows: Clustering,
    columns: Clustering,
    groups: pd.Series,
    labels: pd.Series,
    fdr: float,
    title: str,
) -> Figure:
    n_rows, n_columns = t.shape
    shown_groups, colours = group_colours(groups.reindex(t.columns))
    names = [shortened(name, LONGEST_NAME) for name in t.columns]
    width = float(np.clip(n_columns * CELL_WIDTH, NARROWEST, WIDEST))
    height = max(1.2, n_rows * CELL_HEIGHT)
    full_width = width + 3.3
    # An entry of the legend takes about as many inches, and the colour scale the last quarter of the line.
    entry = 0.055 * max(len(shortened(name)) for name in colours) + 0.85
    n_legend_columns = max(1, int(0.72 * full_width / entry))
    legend_height = max(0.5, 0.17 * -(-len(colours) // n_legend_columns) + 0.1)
    label_height = 0.05 * max(map(len, names)) + 0.15
    figure = style.plt.figure(figsize=(full_width, height + label_height + legend_height + 1.25))
    figure.get_layout_engine().set(w_pad=0.02, h_pad=0.02, hspace=0, wspace=0)
    grid = figure.add_gridspec(4, 3, width_ratios=[0.45, width, 0.8], height_ratios=[0.45, 0.14, height, legend_height])
    heat = figure.add_subplot(grid[2, 1])
    shown = draw_heat(heat, t, significant)
    _label_columns(heat, names, width)
    draw_tree(figure.add_subplot(grid[0, 1]), columns, n_columns, "top")
    draw_tree(figure.add_subplot(grid[2, 0]), rows, n_rows, "left")
    bar = figure.add_subplot(grid[1, 1])
    bar.imshow([[to_rgb(colours[group]) for group in shown_groups]], aspect="auto", interpolation="nearest")
    bar.set_axis_off()
    draw_shares(figure.add_subplot(grid[2, 2]), significant, labels)
    below = figure.add_subplot(grid[3, :])
    below.set_axis_off()
    below.legend(
        handles=group_legend(shown_groups, colours),
        loc="upper left",
        ncols=n_legend_columns,
        fontsize=LEGEND_FONT,
        borderpad=0,
    )
    scale = below.inset_axes((0.77, 1 - 0.2 / legend_height, 0.2, 0.13 / legend_height))
    figure.colorbar(shown, cax=scale, orientation="horizontal", extend="both")
    scale.set_xlabel(f"t (faded: q ≥ {fdr:g})", fontsize=8)
    figure.suptitle(title, fontsize=10, weight="bold")
    return figure


def draw_heat(axes: Axes, t: pd.DataFrame, significant: pd.DataFrame) -> ScalarMappable:
    """Coloured cells, red above and blue below zero, those not significant faded; returns the colour scale."""
    bound = max(float(np.quantile(np.abs(t.to_numpy()), 0.99)), 1.0)
    shown = ScalarMappable(Normalize(-bound, bound), style.DIVERGING)
    colours = shown.to_rgba(t.to_numpy())[..., :3]
    faded = 1 - (1 - colours) * (1 - FADE)
    axes.imshow(np.where(significant.to_numpy()[..., None], colours, faded), aspect="auto", interpolation="nearest")
    axes.set_yticks([])
    axes.spines[:].set_visible(True)
    axes.spines[:].set_linewidth(0.5)
    return shown


def draw_tree(axes: Axes, clustering: Clustering, n_leaves: int, side: str) -> None:
    """The tree of the rows (``left``) or columns (``top``) of a heat map."""
    axes.set_axis_off()
    if clustering.tree is None:
        return
    along = (np.array(clustering.tree["icoord"]) - 5) / 10
    height = np.array(clustering.tree["dcoord"])
    lines = np.stack([along, height] if side == "top" else [height, along], axis=-1)
    axes.add_collection(LineCollection(lines, colors=style.BLACK, linewidths=0.5))
    top = 1.02 * height.max()
    if side == "top":
        axes.set(xlim=(-0.5, n_leaves - 0.5), ylim=(0, top))
    else:
        axes.set(xlim=(top, 0), ylim=(n_leaves - 0.5, -0.5))


def draw_shares(axes: Axes, significant: pd.DataFrame, labels: pd.Series) -> None:
    """Share of cell types in which each motif is significant, with the motifs' names at the right."""
    n_rows = len(significant)
    axes.barh(range(n_rows), 100 * significant.mean(axis=1), color=style.GREY, height=0.8)
    axes.set(xlim=(0, max(1.05 * 100 * significant.mean(axis=1).max(), 2)), ylim=(n_rows - 0.5, -0.5))
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(3, integer=True))
    axes.set_yticks(range(n_rows), [labels.get(motif, motif) for motif in significant.index], fontsize=7)
    axes.yaxis.tick_right()
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7)
    axes.set_xlabel("% of cell types\nsignificant", fontsize=7.5)


def _label_columns(axes: Axes, names: list[str], width: float) -> None:
    size = min(LARGEST_FONT, 72 * width / len(names) * 0.95)
    if size < SMALLEST_FONT:
        axes.set_xticks([])
        axes.set_xlabel(f"{len(names)} cell types")
        return
    axes.set_xticks(range(len(names)), names, rotation=90, fontsize=size)
    axes.tick_params(axis="x", length=0, pad=1)


def nothing_to_show() -> Figure:
    """What is drawn in place of a heat map where there is one cell type."""
    figure, (axes,) = style.panels(1, width=6, height=2)
    axes.set_axis_off()
    axes.text(0.5, 0.5, "effects that differ between cell types need at least two cell types", ha="center")
    return figure
