"""What the workflow does, drawn with the numbers and the data of one run."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import ConnectionPatch, FancyBboxPatch, Polygon

from .. import learned_ids
from ..pwm import Motif
from . import cell_type_effects, style
from .coefficients import SOURCES, motif_labels, shortened
from .letters import COLOURS
from .motif_logos import draw_logo

STAGES = ("Promoters", "Networks", "Motifs", "Selection", "Formula", "Cell types")
DRAWN_PROMOTERS, DRAWN_LOGOS, DRAWN_TERMS, DRAWN_EFFECTS = 30, 3, 6, 30
"""How many promoters, logos, terms of the formula and rows of the heat map are drawn."""


@dataclass(frozen=True)
class Run:
    """What one run was asked for.

    Attributes
    ----------
    upstream, downstream : int
        The promoter window, in bp before and after the TSS base.
    network : str
        Predictor whose filters become motifs.
    runs, filters, width : int
        Its networks, filters of each, and their width in bp.
    selection : str
        How the motifs of the formula are chosen.
    n_folds : int
    fdr : float
    """

    upstream: int
    downstream: int
    network: str
    runs: int
    filters: int
    width: int
    selection: str
    n_folds: int
    fdr: float


@dataclass(frozen=True)
class Tables:
    """What one run produced.

    Attributes
    ----------
    codes : np.ndarray, shape (genes, width), uint8
        Promoters, codes 0..3 for A, C, G, T and 4 for anything else.
    clusters : pd.DataFrame
        ``motif cluster n_runs``, one row per learned motif.
    n_database : int
        Known motifs.
    design : pd.DataFrame
        ``fold candidates``; the row ``all`` is that of the published formula.
    formula : pd.DataFrame
        ``motif name source consensus coefficient match match_q``.
    motifs : list of Motif
        Those of the formula.
    performance : pd.DataFrame
        ``predictor split fold r2 r2_low r2_high``.
    effects : pd.DataFrame
        ``target motif cell_type t q``.
    """

    codes: np.ndarray
    clusters: pd.DataFrame
    n_database: int
    design: pd.DataFrame
    formula: pd.DataFrame
    motifs: list[Motif]
    performance: pd.DataFrame
    effects: pd.DataFrame


def draw(run: Run, tables: Tables) -> Figure:
    """Six stages from left to right, each with a small drawing of its data and what it made."""
    figure, panels = style.panels(len(STAGES), width=2.3, height=3.4)
    figure.get_layout_engine().set(w_pad=0.13)
    figure.suptitle("From promoters to a formula and its cell types", fontsize=11, weight="bold")
    draw_promoters(panels[0], tables.codes, run)
    draw_networks(panels[1], tables, run)
    draw_motifs(panels[2], tables)
    draw_selection(panels[3], tables, run)
    draw_formula(panels[4], tables)
    draw_cell_types(panels[5], tables.effects, run)
    for number, (panel, stage) in enumerate(zip(panels, STAGES, strict=True), start=1):
        panel.set_title(f"{number}  {stage}", loc="left")
        panel.set_box_aspect(1)
    for left, right in pairwise(panels):
        arrow = ConnectionPatch(
            (1.03, 0.5),
            (-0.03, 0.5),
            left.transAxes,
            right.transAxes,
            arrowstyle="simple,head_width=0.8,head_length=0.6,tail_width=0.3",
            color=style.GREY,
            lw=0,
            mutation_scale=12,
        )
        arrow.set_in_layout(False)
        figure.add_artist(arrow)
    return figure


def _say(axes: Axes, *lines: str) -> None:
    axes.text(0, -0.17, "\n".join(lines), transform=axes.transAxes, va="top", fontsize=8, linespacing=1.35)


def _clear(axes: Axes) -> None:
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_visible(False)


def draw_promoters(axes: Axes, codes: np.ndarray, run: Run) -> None:
    """Some of the sequences as rows of coloured bases, with the TSS marked."""
    chosen = np.unique(np.linspace(0, len(codes) - 1, DRAWN_PROMOTERS).astype(int))
    colours = ListedColormap([*COLOURS.values(), "white"])
    extent = (-run.upstream - 0.5, run.downstream + 0.5, len(chosen) - 0.5, -0.5)
    axes.imshow(codes[chosen], cmap=colours, vmin=0, vmax=4, aspect="auto", interpolation="nearest", extent=extent)
    axes.axvline(0, color=style.BLACK, lw=1.5)
    _clear(axes)
    axes.set_xticks([-run.upstream, 0, run.downstream], [f"−{run.upstream}", "TSS", f"+{run.downstream}"], fontsize=7)
    axes.get_xticklabels()[0].set_ha("left")
    axes.get_xticklabels()[2].set_ha("right")
    if run.downstream < 0.25 * (run.upstream + run.downstream):
        axes.get_xticklabels()[1].set_ha("right")
    _say(axes, f"{len(codes):,} genes,", f"one promoter of {codes.shape[1]} bp each,", "and their median expression")


def draw_networks(axes: Axes, tables: Tables, run: Run) -> None:
    """Filters, their activities weighted by context, and their sum."""
    _clear(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    heights = np.linspace(0.86, 0.14, 5)
    colours = style.PALETTE[: len(heights)]
    for height, colour in zip(heights, colours, strict=True):
        box = FancyBboxPatch((0.03, height - 0.05), 0.2, 0.1, boxstyle="round,pad=0.01", color=colour, lw=0)
        axes.add_patch(box)
        axes.annotate("", (0.47, height), (0.26, height), arrowprops={"arrowstyle": "-", "color": style.GREY})
        axes.scatter(0.5, height, s=70, color=colour, zorder=3)
        weight = 0.8 + 2.5 * abs(np.sin(7 * height))
        axes.plot([0.53, 0.86], [height, 0.5], color=style.GREY, lw=weight, zorder=0)
    axes.scatter(0.89, 0.5, s=190, facecolor="white", edgecolor=style.BLACK, zorder=3)
    axes.text(0.89, 0.49, "Σ", ha="center", va="center", zorder=4)
    weighed_by = "attention" if run.network == "argminn" else "weights\nby context"
    for x, word in ((0.13, "filters"), (0.5, "activities"), (0.86, weighed_by)):
        axes.text(x, 0.0, word, ha="center", va="top", fontsize=7)
    _say(
        axes,
        f"{run.runs} networks of {run.filters} filters,",
        f"{run.width} bp wide; on held-out genes",
        _r2(tables.performance, run.network),
    )


def draw_motifs(axes: Axes, tables: Tables) -> None:
    """Logos of the learned motifs with the largest coefficients."""
    _clear(axes)
    learned = tables.formula[tables.formula["source"].isin(learned_ids.SOURCES)]
    largest = learned.reindex(learned["coefficient"].abs().sort_values(ascending=False, kind="stable").index)
    logos = {motif.id: motif for motif in tables.motifs}
    labels = motif_labels(tables.formula)
    shown = [motif for motif in largest["motif"] if motif in logos][:DRAWN_LOGOS]
    if not shown:
        axes.text(0.5, 0.5, "no learned motif\nwas selected", transform=axes.transAxes, ha="center", va="center")
    step = 1 / DRAWN_LOGOS
    for place, motif in enumerate(shown):
        inset = axes.inset_axes((0.0, 1 - (place + 1) * step + 0.03, 1, 0.62 * step))
        draw_logo(inset, logos[motif].pfm)
        inset.set_axis_off()
        axes.text(0, 1 - place * step - 0.005, labels[motif], transform=axes.transAxes, va="top", fontsize=7)
    found = tables.clusters.drop_duplicates("cluster")
    _say(
        axes,
        f"{len(tables.clusters):,} motifs from filters in",
        f"{len(found):,} clusters, {(found['n_runs'] > 1).sum():,} of them",
        "found by several networks",
    )


def draw_selection(axes: Axes, tables: Tables, run: Run) -> None:
    """All motifs, learned and known, narrowing to those of the formula."""
    _clear(axes)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    n_candidates = int(tables.design.set_index(tables.design["fold"].astype(str)).at["all", "candidates"])
    is_known = tables.formula["source"] == "database"
    n_chosen = (~is_known).sum(), is_known.sum()
    counts = np.array([[len(tables.clusters), n_chosen[0]], [tables.n_database, n_chosen[1]]])
    edges = np.vstack([[0, 0], counts.cumsum(axis=0)]) / counts[:, 0].sum()
    # Both sides centred on the same line.
    edges = 0.5 + 0.9 * (edges[-1] / 2 - edges)
    for number, source in enumerate(("learned", "database")):
        colour = SOURCES[source]
        (top_left, top_right), (low_left, low_right) = edges[number], edges[number + 1]
        for x, low, top in ((0.02, low_left, top_left), (0.78, low_right, top_right)):
            axes.fill_between([x, x + 0.2], low, top, color=colour, lw=0)
        funnel = [(0.22, top_left), (0.78, top_right), (0.78, low_right), (0.22, low_left)]
        axes.add_patch(Polygon(funnel, color=colour, alpha=0.25, lw=0))
        middle = (top_left + low_left) / 2
        axes.text(0.26, middle, f"{counts[number, 0]:,}\n{source}", va="center", fontsize=7)
        at = edges[0, 1] + 0.03 if number == 0 else edges[-1, 1] - 0.03
        axes.text(0.88, at, f"{counts[number, 1]:,}", va="bottom" if number == 0 else "top", ha="center", fontsize=7)
    _say(
        axes,
        f"{n_candidates:,} unlike each other,",
        f"{len(tables.formula)} chosen by {run.selection.upper() if run.selection == 'rfe' else run.selection},",
        f"anew in each of {run.n_folds} folds",
    )


def draw_formula(axes: Axes, tables: Tables) -> None:
    """The largest terms as signed bars with their names."""
    sizes = tables.formula["coefficient"].abs().sort_values(ascending=False, kind="stable")
    terms = tables.formula.loc[sizes.index[:DRAWN_TERMS]]
    labels = motif_labels(tables.formula)
    colours = [SOURCES[source] for source in terms["source"]]
    places = np.arange(len(terms))
    axes.barh(places + 0.2, terms["coefficient"], color=colours, height=0.36)
    axes.vlines(np.zeros(len(terms)), places, places + 0.4, color=style.BLACK, lw=0.8)
    bound = max(sizes.iloc[0], 1e-9) * 1.1
    for place, (motif, coefficient) in enumerate(zip(terms["motif"], terms["coefficient"], strict=True)):
        text = f"{coefficient:+.2f} × {shortened(labels[motif], 20)}".replace("-", "−", 1)
        axes.text(-bound, place - 0.22, text, fontsize=7, va="center")
    _clear(axes)
    axes.set(xlim=(-bound, bound), ylim=(DRAWN_TERMS - 0.4, -0.6))
    axes.text(0, DRAWN_TERMS - 0.35, "…", ha="center", va="top")
    _say(
        axes,
        f"expression = sum over {len(tables.formula)} motifs;",
        "on held-out genes",
        _r2(tables.performance, "formula"),
    )


def draw_cell_types(axes: Axes, effects: pd.DataFrame, run: Run) -> None:
    """A small clustered heat map of the strongest effects."""
    t, q = cell_type_effects.matrices(effects)
    _clear(axes)
    if len(t):
        rows = t.loc[cell_type_effects.strongest(t, DRAWN_EFFECTS)].to_numpy()
        rows = rows[cell_type_effects.cluster(rows).order][:, cell_type_effects.cluster(rows.T).order]
        bound = max(float(np.quantile(np.abs(rows), 0.99)), 1.0)
        axes.imshow(rows, cmap=style.DIVERGING, vmin=-bound, vmax=bound, aspect="auto", interpolation="nearest")
        axes.set_xlabel(f"{len(rows)} motifs x {len(t.columns)} cell types", fontsize=7)
    significant = int((q < run.fdr).to_numpy().sum())
    _say(
        axes,
        f"{effects['cell_type'].nunique():,} cell types: {significant:,}",
        f"of {q.size:,} deviations from",
        f"the mean have q < {run.fdr:g}",
    )


def _r2(performance: pd.DataFrame, predictor: str) -> str:
    overall = performance[
        (performance["predictor"] == predictor)
        & (performance["split"] != "in_sample")
        & (performance["fold"].astype(str) == "all")
    ]
    if overall.empty:
        return "R² was not measured"
    row = overall.iloc[0]
    return f"R² = {row['r2']:.3f} ({row['r2_low']:.3f} to {row['r2_high']:.3f})"
