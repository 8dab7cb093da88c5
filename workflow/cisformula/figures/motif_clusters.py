"""Clusters of learned motifs: the merged motif of each above its members, aligned."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from ..archetypes import Archetype, oriented
from ..pwm import Motif
from .coefficients import shortened
from .letters import COLOURS
from .logo_sheet import Box, draw_logo, placed, sheet
from .motif_logos import FAINT, SIGNIFICANT
from .style import BLACK

COLUMNS, ROWS = 5, 5
CELL = 2.2, 1.95
LOGO, MEMBERS = Box(0.34, 1.1, 1.76, 0.66), Box(0.34, 0.05, 1.76, 0.74)
"""Inches of a cell, and where in it the logo and the words of the members stand."""
MOST_MEMBERS = 6


def pages(
    motifs: list[Motif], merged: list[Archetype], clusters: pd.DataFrame, names: pd.DataFrame
) -> Iterator[Figure]:
    """One page for every 25 clusters, those found by most networks first; clusters of one motif are left out.

    Parameters
    ----------
    motifs : list of Motif
    merged : list of Archetype
        From :func:`cisformula.archetypes.archetypes`.
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.
    names : pd.DataFrame
        From :func:`cisformula.cluster_names.name_clusters`.
    """
    by_id = {motif.id: motif for motif in motifs}
    archetype_of = {archetype.motif.id: archetype for archetype in merged}
    groups = [(cluster, rows) for cluster, rows in clusters.groupby("cluster") if len(rows) > 1]
    alone = len(clusters["cluster"].unique()) - len(groups)
    described = names.set_index("cluster")
    for start in range(0, max(1, len(groups)), COLUMNS * ROWS):
        shown = groups[start : start + COLUMNS * ROWS]
        which = f"{start + 1} to {start + len(shown)} of {len(groups)}" if groups else "none"
        title = f"Clusters of learned motifs, most reproducible first: {which}; alone and not shown: {alone}"
        figure, axes, cells = sheet(ROWS, COLUMNS, *CELL, title)
        for cell, (cluster, rows) in zip(cells, shown, strict=False):
            members = [(row, by_id[row.motif]) for row in rows.itertuples()]
            _draw(axes, cell, archetype_of[f"A{cluster}"], members, described.loc[cluster])
        yield figure


def _draw(axes: Axes, cell: Box, merged: Archetype, members: list, about: pd.Series) -> None:
    shown = members[:MOST_MEMBERS]
    pfm, first = merged.motif.pfm, merged.first
    left = min(first, *(int(row.offset) for row, _ in shown))
    right = max(first + len(pfm), *(int(row.offset) + motif.width for row, motif in shown))
    limits = left - 0.6, right - 0.4
    logo = LOGO.inside(cell)
    draw_logo(axes, logo, pfm, first, *limits)
    runs = "1 run" if about["n_runs"] == 1 else f"{about['n_runs']} runs"
    title = f"{about['representative']}: {about['cluster_size']} motifs, {runs}"
    axes.text(logo.middle, logo.top + 0.04, title, fontsize=7.5, weight="bold", ha="center", va="baseline")
    _draw_members(axes, placed(axes, MEMBERS.inside(cell), *limits, -MOST_MEMBERS - 0.5, 0.6), shown)
    if len(members) > len(shown):
        place = placed(axes, MEMBERS.inside(cell), 0, 1, -MOST_MEMBERS - 0.5, 0.6)
        axes.text(0.5, -len(shown), f"and {len(members) - len(shown)} more", color=FAINT, transform=place, **_SMALL)
    known = pd.notna(about["q"]) and about["q"] < SIGNIFICANT
    colour = BLACK if known else FAINT
    axes.text(logo.middle, logo.bottom - 0.04, _match(about), fontsize=6.5, color=colour, ha="center", va="top")


def _draw_members(axes: Axes, place: Transform, shown: list) -> None:
    for line, (row, motif) in enumerate(shown):
        for position, base in enumerate(oriented(motif, row.reverse).consensus, start=int(row.offset)):
            axes.text(position, -line, base, color=COLOURS[base], transform=place, **_SMALL)


def _match(about: pd.Series) -> str:
    """The best known match of a cluster, and below it the family that most of its members match."""
    text = f"{shortened(about['match'], 22)}, q = {about['q']:.2g}" if pd.notna(about["match"]) else "no known match"
    if pd.notna(about["family"]):
        text += f"\n{shortened(about['family'], 34)} ({int(about['family_members'])} of {about['cluster_size']})"
    return text


_SMALL = {"fontsize": 6, "ha": "center", "va": "center"}
