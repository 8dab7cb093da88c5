"""Motifs of the filters that passed above the motifs that they match."""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.filter_motifs import filter_number
from ..pwm import Motif
from .motif_logos import FAINT, SIGNIFICANT, draw_logo
from .network_performance import name_of
from .style import BLACK, GREY, plt

COLUMNS = 4
LINE = 110
"""Letters of a line of the title."""
NAMES = {"modisco": "TF-MoDISco"}
"""Methods that are no network, in words."""


def draw(
    motifs: list[Motif], known: list[Motif], matches: pd.DataFrame, filters: pd.DataFrame, scores: pd.DataFrame
) -> Figure:
    """A cell per filter that passed: its logo, below it the best match as it aligns, with q and the number of windows.

    Parameters
    ----------
    motifs : list of Motif
        Of the filters that passed.
    known : list of Motif
        Planted or known motifs.
    matches : pd.DataFrame
        Tomtom's columns, the best match of each query first.
    filters : pd.DataFrame
        ``filter nsites weight_correlation``; motif ids are ``F`` and the filter.
    scores : pd.DataFrame
        ``method match_score n_passed``, for the title.
    """
    n_rows = max(1, -(-len(motifs) // COLUMNS))
    figure = plt.figure(figsize=(2.7 * COLUMNS, 2.15 * n_rows + 0.7))
    figure.suptitle(heading(scores), fontsize=10, weight="bold")
    if not motifs:
        figure.text(0.5, 0.4, "no filter passed", ha="center")
    target_of = {motif.id: motif for motif in known}
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    rows = filters.set_index("filter")
    cells = figure.subfigures(n_rows, COLUMNS, squeeze=False).ravel()
    for cell, motif in zip(cells, motifs, strict=False):
        above, below = cell.subplots(2, 1, sharex=True)
        row = rows.loc[filter_number(motif.id)]
        above.set_title(
            f"{motif.id}: {row['nsites']:,.0f} windows, weights r = {row['weight_correlation']:.2f}", fontsize=8, pad=3
        )
        match = best.loc[motif.id] if motif.id in best.index else None
        draw_pair(above, below, motif, match, target_of)
    return figure


def heading(scores: pd.DataFrame) -> str:
    """Motifs that passed and match score of each method in words."""
    parts = [f"{label_of(row.method)} {row.match_score:.2f} ({row.n_passed} passed)" for row in scores.itertuples()]
    if not parts:
        return "Motifs of ARGMINN's filters"
    return textwrap.fill("Match score: " + ", ".join(parts), LINE, break_on_hyphens=False)


def label_of(method: str) -> str:
    """What a method is called in figures."""
    return NAMES.get(method, name_of(method))


def draw_pair(above: Axes, below: Axes, motif: Motif, match: pd.Series | None, target_of: dict[str, Motif]) -> None:
    """A motif above its match in one alignment; no second logo without a match."""
    offset = 0 if match is None else int(match["Optimal_offset"])
    draw_logo(above, motif.pfm, start=offset)
    above.set_ylabel("bits", fontsize=6.5)
    if match is None:
        below.set_axis_off()
        below.text(0.5, 0.6, "no match", transform=below.transAxes, ha="center", fontsize=7.5, color=FAINT)
        above.set_xlim(-0.6, motif.width - 0.4)
        return
    target = target_of[match["Target_ID"]]
    turned = match["Orientation"] == "-"
    draw_logo(below, (target.reverse_complement() if turned else target).pfm)
    below.set_ylabel("bits", fontsize=6.5)
    above.set_xlim(min(0, offset) - 0.6, max(target.width, offset + motif.width) - 0.4)
    for axes in (above, below):
        axes.axvspan(
            max(0, offset) - 0.5, min(target.width, offset + motif.width) - 0.5, color=GREY, alpha=0.15, lw=0, zorder=-1
        )
    text = f"{target.name}{' (reverse complement)' if turned else ''}, q = {match['q-value']:.1e}"
    below.set_xlabel(text, fontsize=7.5, color=BLACK if match["q-value"] < SIGNIFICANT else FAINT)
