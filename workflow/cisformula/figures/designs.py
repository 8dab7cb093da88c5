"""Designs from rules beside their controls and designs without rules: what the network and others say of them."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.design_table import BACKGROUND, BOUND, RULES, SHUFFLED, UNBOUND, WRONG_GAPS
from . import style
from .network_performance import name_of

NAMES = {
    RULES: "designs from rules",
    WRONG_GAPS: "gaps that no rule allows",
    SHUFFLED: "sites shuffled",
    BACKGROUND: "background alone",
    BOUND: "bound test sequences",
    UNBOUND: "unbound test sequences",
}
JUDGES = {
    "logit": "ARGMINN's logit",
    "oracle": "log likelihood ratio, bound to unbound",
    "judge": "logit of another network",
}
GREEDY = "greedy_"


def draw(table: pd.DataFrame, scores: pd.DataFrame, judge: str) -> Figure:
    """A panel for each judge: the values of every method's sequences; and the share of placed sites attended to.

    Parameters
    ----------
    table : pd.DataFrame
        A row per sequence: ``method`` and :data:`JUDGES`, of which those that are missing throughout are not drawn.
    scores : pd.DataFrame
        From :func:`cisformula.argminn.design_scores.score_methods`.
    judge : str
        The network behind the column of that name.
    """
    shown = [name for name in JUDGES if table[name].notna().any()]
    methods = scores["method"].tolist()
    figure, panels = style.panels(len(shown) + 1, width=3.3, height=0.36 * len(methods) + 1.1)
    for axes, name in zip(panels, shown, strict=False):
        draw_values(axes, table, methods, name)
        axes.set_xlabel(f"logit of {label_of(judge)}" if name == "judge" else JUDGES[name])
    draw_attended(panels[-1], scores)
    numbers = [f"{label_of(row.method)} ({row.n:,})" for row in scores.itertuples()]
    for number, axes in enumerate(panels):
        axes.set_yticks(range(len(methods)), numbers if number == 0 else [""] * len(methods))
        axes.set_ylim(len(methods) - 0.5, -0.5)
    return figure


def label_of(method: str) -> str:
    """What a method or a network is called in the figure."""
    if method.startswith(GREEDY):
        return f"greedy, by {name_of(method.removeprefix(GREEDY))}"
    return NAMES.get(method, name_of(method))


def colour_of(method: str) -> str:
    """Its colour: designs from rules, designs without rules, controls, test sequences."""
    if method.startswith(GREEDY):
        return style.ORANGE
    return {RULES: style.BLUE, BOUND: style.GREEN, UNBOUND: style.GREEN}.get(method, style.GREY)


def draw_values(axes: Axes, table: pd.DataFrame, methods: list[str], name: str) -> None:
    """Quartiles, whiskers from the 5th to the 95th percentile, and the median as a number, of every method."""
    for row, method in enumerate(methods):
        values = table.loc[table["method"] == method, name].dropna().to_numpy(float)
        if not len(values):
            continue
        colour = colour_of(method)
        axes.boxplot(
            [values],
            positions=[row],
            orientation="horizontal",
            widths=0.55,
            whis=(5, 95),
            showfliers=False,
            patch_artist=True,
            boxprops={"facecolor": colour, "alpha": 0.35, "edgecolor": colour},
            medianprops={"color": colour, "linewidth": 1.8},
            whiskerprops={"color": colour},
            capprops={"color": colour},
        )
        axes.text(
            1.01, row, f"{np.median(values):.1f}", transform=axes.get_yaxis_transform(), va="center", fontsize=7.5
        )
    axes.axvline(0, color=style.GREY, lw=0.8, ls=":", zorder=0)
    axes.text(1.01, -0.55, "median", transform=axes.get_yaxis_transform(), va="bottom", fontsize=7.5)


def draw_attended(axes: Axes, scores: pd.DataFrame) -> None:
    """Share of the placed sites, and of the same places in controls, where an instance is called, with its interval."""
    for row, score in enumerate(scores.itertuples()):
        if not score.n_sites:
            continue
        reach = [[score.attended - score.attended_low], [score.attended_high - score.attended]]
        axes.errorbar(
            score.attended, row, xerr=reach, fmt="o", ms=4.5, capsize=2, lw=1.2, color=colour_of(score.method)
        )
        axes.text(1.01, row, f"{score.n_sites:,}", transform=axes.get_yaxis_transform(), va="center", fontsize=7.5)
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("share of sites that are attended to")
    axes.text(1.01, -0.55, "sites", transform=axes.get_yaxis_transform(), va="bottom", fontsize=7.5)
