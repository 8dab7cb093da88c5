"""Every motif in every cell type, clustered: what differs between cell types beside expression itself."""

import numpy as np
import pandas as pd
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import (
    Clustering,
    cluster,
    draw_heat,
    draw_tree,
    group_colours,
    group_legend,
    matrices,
    nothing_to_show,
)

HEIGHT, WIDTH = 8.5, 6.2
"""Of a heat map, in inches."""
TARGETS = {"deviation": "Deviation from the mean over cell types", "expression": "Expression"}


def ordered(effects: pd.DataFrame) -> tuple[pd.DataFrame, Clustering, Clustering]:
    """T of deviations, motifs x cell types, rows and columns clustered, and the trees of both."""
    t, _ = matrices(effects)
    rows, columns = cluster(t.to_numpy()), cluster(t.to_numpy().T)
    return t.iloc[rows.order, columns.order], rows, columns


def draw(effects: pd.DataFrame, groups: pd.Series, fdr: float) -> Figure:
    """Two heat maps of t with the same rows and columns, clustered by the first.

    Parameters
    ----------
    effects : pd.DataFrame
        ``target motif cell_type t q``.
    groups : pd.Series
        Group of each cell type, indexed by cell type.
    fdr : float
        Cells with a q-value below it are significant; others are faded.
    """
    t, rows, columns = ordered(effects)
    if t.empty or len(t.columns) < 2:
        return nothing_to_show()
    shown_groups, colours = group_colours(groups.reindex(t.columns))
    figure = style.plt.figure(figsize=(2 * WIDTH + 1.1, HEIGHT + 1.9))
    figure.get_layout_engine().set(w_pad=0.03, h_pad=0.02, hspace=0, wspace=0.01)
    grid = figure.add_gridspec(3, 3, width_ratios=[0.5, WIDTH, WIDTH], height_ratios=[0.5, 0.16, HEIGHT])
    tree = figure.add_subplot(grid[2, 0])
    draw_tree(tree, rows, len(t), "left")
    for column, (target, title) in enumerate(TARGETS.items(), start=1):
        values, q = (table.reindex(index=t.index, columns=t.columns) for table in matrices(effects, target))
        above, bar, heat = (figure.add_subplot(grid[row, column]) for row in range(3))
        draw_tree(above, columns, len(t.columns), "top")
        above.set_title(
            f"{title}: {(q < fdr).to_numpy().sum():,} of {q.size:,} effects have q < {fdr:g}", loc="left", fontsize=9
        )
        bar.imshow([[to_rgb(colours[group]) for group in shown_groups]], aspect="auto", interpolation="nearest")
        bar.set_axis_off()
        shown = draw_heat(heat, values.fillna(0), q < fdr)
        heat.set_xticks([])
        heat.set_ylabel(f"{len(t)} motifs, clustered by this heat map" if column == 1 else "")
        heat.set_xlabel(f"{len(t.columns)} cell types")
        scale = figure.colorbar(
            shown, ax=heat, orientation="horizontal", extend="both", shrink=0.5, aspect=30, pad=0.02
        )
        scale.set_label(f"t (faded: q ≥ {fdr:g})", fontsize=8)
    figure.legend(handles=group_legend(shown_groups, colours), loc="outside lower center", ncols=min(6, len(colours)))
    return figure


def as_table(effects: pd.DataFrame) -> pd.DataFrame:
    """T of deviations with rows and columns in the order drawn, indexed by motif."""
    t, _, _ = ordered(effects)
    return t.astype(np.float64)
