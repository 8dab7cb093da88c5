"""The verdict on simulated data: what was planted, and what was found."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .coefficients import shortened
from .training import correlation

RECOVERED = 0.9
"""Similarity above which a planted motif counts as recovered."""
PANEL_HEIGHT, LINE_HEIGHT = 3.7, 0.26
"""Height of the effect panels and of a line of the table, in inches."""
MARKS = {"True": ("✓", style.GREEN), "False": ("✗", style.VERMILION)}
"""Mark and colour of a goal met or missed; a measure without a goal has neither."""


def draw(
    recovery: pd.DataFrame, controls: pd.DataFrame, cell_types: pd.DataFrame, verdict: pd.DataFrame, fdr: float
) -> Figure:
    """Planted motifs, effects and motif x cell type effects against what the run found, and the marks it gets.

    Parameters
    ----------
    recovery : pd.DataFrame
        ``planted name width n_sites found similarity n_runs recovered true_effect found_effect sign_right``.
    controls : pd.DataFrame
        ``planted similarity``: planted motifs with shuffled columns, several each.
    cell_types : pd.DataFrame
        ``true_effect estimated q planted_effect``, one row per motif and cell type.
    verdict : pd.DataFrame
        ``measure value goal passed``.
    fdr : float
        Effects with a q-value below it are significant.
    """
    height = max(7.2, 0.17 * len(recovery) + 1.2)
    figure = style.plt.figure(figsize=(13.5, height))
    passed = verdict["passed"].astype(str)
    figure.suptitle(
        f"Verdict on planted truth: {(passed == 'True').sum()} of {passed.isin(MARKS).sum()} goals met",
        fontsize=11,
        weight="bold",
    )
    left, right = figure.subfigures(1, 2, width_ratios=[1, 1.45])
    draw_similarity(left.subplots(), recovery, controls)
    above, below = right.subfigures(2, 1, height_ratios=[PANEL_HEIGHT, height - PANEL_HEIGHT - 0.3])
    effects, atlas = above.subplots(1, 2)
    draw_effects(effects, recovery)
    draw_cell_types(atlas, cell_types, fdr)
    draw_verdict(below.subplots(), verdict, int((height - PANEL_HEIGHT - 0.3) / LINE_HEIGHT))
    return figure


def draw_similarity(axes: Axes, recovery: pd.DataFrame, controls: pd.DataFrame) -> None:
    """Similarity of each planted motif to its best learned motif, most similar on top; grey: its shuffled controls."""
    rows = recovery.sort_values("similarity", ascending=False, kind="stable", ignore_index=True)
    place = {planted: number for number, planted in enumerate(rows["planted"])}
    axes.scatter(
        controls["similarity"], controls["planted"].map(place), s=9, color=style.GREY, label="shuffled controls", lw=0
    )
    is_recovered = rows["recovered"].astype(str) == "True"
    for mask, colour, label in ((is_recovered, style.BLUE, "recovered"), (~is_recovered, style.VERMILION, "missed")):
        part = rows[mask]
        axes.scatter(part["similarity"], part.index, s=28, color=colour, label=f"{label} ({len(part)})", zorder=3)
    axes.axvline(RECOVERED, color=style.BLACK, lw=1, ls="--")
    labels = [
        f"{shortened(name, 16)} ({width} bp, {sites:,} sites)"
        for name, width, sites in zip(rows["name"], rows["width"], rows["n_sites"], strict=True)
    ]
    axes.set_yticks(range(len(rows)), labels, fontsize=7.5)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(right=1.01)
    axes.set_xlabel("similarity to the best learned motif (Pearson r)")
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside lower center", ncols=3)
    false = (controls["similarity"] > RECOVERED).mean() if len(controls) else 0.0
    axes.set_title(
        f"{is_recovered.sum()} of {len(rows)} motifs recovered; {false:.1%} of {len(controls):,} controls", loc="left"
    )


def draw_effects(axes: Axes, recovery: pd.DataFrame) -> None:
    """Found against true effect of each planted motif, coloured by sign."""
    found = recovery.dropna(subset=["true_effect", "found_effect"])
    is_right = found["sign_right"].astype(str) == "True"
    for mask, colour, word in ((is_right, style.BLUE, "right"), (~is_right, style.VERMILION, "wrong")):
        part = found[mask]
        axes.scatter(part["true_effect"], part["found_effect"], s=22, color=colour, label=f"{word} sign ({len(part)})")
    for _, row in found[~is_right].iterrows():
        axes.annotate(
            shortened(row["name"], 16),
            (row["true_effect"], row["found_effect"]),
            xytext=(4, 3),
            textcoords="offset points",
            fontsize=7,
        )
    _cross(axes)
    axes.set(xlabel="true effect (log10 expression per site)", ylabel="effect of the learned motif (SD per hit)")
    axes.legend(loc="upper left")
    _headroom(axes)
    title = f"Effects of {len(found)} of {len(recovery)} motifs"
    if len(found) > 1:
        title += f": r = {correlation(found['true_effect'], found['found_effect']):.2f}"
    axes.set_title(title, loc="left")


def draw_cell_types(axes: Axes, cell_types: pd.DataFrame, fdr: float) -> None:
    """Estimated against true effect of every motif in every cell type; null effects called significant marked."""
    planted = cell_types["planted_effect"].astype(str) == "True"
    significant = cell_types["q"] < fdr
    # True effects take few values: spread the points beside them.
    spread = 0.02 * (cell_types["true_effect"].max() - cell_types["true_effect"].min())
    jitter = spread * np.random.default_rng(0).uniform(-1, 1, len(cell_types))
    kinds = (
        (~planted & ~significant, style.GREY, ".", "null, not significant"),
        (planted & ~significant, style.SKY, ".", "planted, missed"),
        (planted & significant, style.BLUE, ".", "planted, found"),
        (~planted & significant, style.VERMILION, "x", f"null, called at q < {fdr:g}"),
    )
    for mask, colour, marker, label in kinds:
        part = cell_types[mask]
        text = f"{label} ({len(part):,})"
        axes.scatter(
            part["true_effect"] + jitter[mask],
            part["estimated"],
            s=14,
            color=colour,
            marker=marker,
            lw=0.8,
            label=text,
            rasterized=True,
        )
    _cross(axes)
    axes.set(xlabel="true effect (log10 expression per site)", ylabel="estimated effect (SD per SD of hits)")
    axes.legend(loc="upper left", fontsize=7, handletextpad=0.2)
    _headroom(axes, 0.42)
    null = (~planted).sum()
    share = (~planted & significant).sum() / null if null else 0.0
    axes.set_title(f"Cell types: {share:.1%} of null effects called", loc="left")


def draw_verdict(axes: Axes, verdict: pd.DataFrame, n_lines: int) -> None:
    """The table of measures with their goals, met or not, in a space of ``n_lines`` lines."""
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(max(len(verdict) + 1, n_lines) - 0.4, -0.6))
    columns = ((0.0, "left"), (0.68, "right"), (0.74, "left"), (0.97, "center"))
    for (x, align), text in zip(columns, ("measure", "value", "goal", "met"), strict=True):
        axes.text(x, 0, text, ha=align, va="center", weight="bold")
    axes.axhline(0.5, color=style.BLACK, lw=0.8)
    for place, row in enumerate(verdict.itertuples(), start=1):
        mark, colour = MARKS.get(str(row.passed), ("", style.BLACK))
        goal = "" if pd.isna(row.goal) else str(row.goal)
        cells = (shortened(str(row.measure), 58), f"{row.value:.3f}", shortened(goal, 24), mark)
        for (x, align), text in zip(columns, cells, strict=True):
            axes.text(x, place, text, ha=align, va="center", color=colour if text is mark else style.BLACK)


def _cross(axes: Axes) -> None:
    axes.axhline(0, color=style.BLACK, lw=0.6, zorder=0)
    axes.axvline(0, color=style.BLACK, lw=0.6, zorder=0)


def _headroom(axes: Axes, share: float = 0.25) -> None:
    """Raise the upper limit, so that the legend hides no point."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))
