"""Clusters of learned motifs: the merged motif of each above its members, aligned."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..archetypes import Archetype, oriented
from ..pwm import Motif
from .coefficients import shortened
from .letters import COLOURS
from .motif_logos import FAINT, SIGNIFICANT, draw_logo
from .style import BLACK, plt

COLUMNS, ROWS = 5, 5
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
        figure = plt.figure(figsize=(2.2 * COLUMNS, 1.95 * ROWS + 0.4))
        which = f"{start + 1} to {start + len(shown)} of {len(groups)}" if groups else "none"
        figure.suptitle(
            f"Clusters of learned motifs, most reproducible first: {which}; alone and not shown: {alone}", fontsize=10
        )
        for cell, (cluster, rows) in zip(figure.subfigures(ROWS, COLUMNS, squeeze=False).ravel(), shown, strict=False):
            above, below = cell.subplots(2, 1, gridspec_kw={"height_ratios": [1, 1]})
            members = [(row, by_id[row.motif]) for row in rows.itertuples()]
            _draw(above, below, archetype_of[f"A{cluster}"], members, described.loc[cluster])
        yield figure


def _draw(above: Axes, below: Axes, merged: Archetype, members: list, about: pd.Series) -> None:
    shown = members[:MOST_MEMBERS]
    pfm, first = merged.motif.pfm, merged.first
    left = min(first, *(int(row.offset) for row, _ in shown))
    right = max(first + len(pfm), *(int(row.offset) + motif.width for row, motif in shown))
    draw_logo(above, pfm, start=first)
    above.set_ylabel("bits", fontsize=6.5)
    runs = "1 run" if about["n_runs"] == 1 else f"{about['n_runs']} runs"
    above.set_title(f"{about['representative']}: {about['cluster_size']} motifs, {runs}", fontsize=7.5, pad=2)
    for line, (row, motif) in enumerate(shown):
        for place, base in enumerate(oriented(motif, row.reverse).consensus, start=int(row.offset)):
            below.text(place, -line, base, color=COLOURS[base], fontsize=6, ha="center", va="center")
    if len(members) > len(shown):
        below.text((left + right - 1) / 2, -len(shown), f"and {len(members) - len(shown)} more", **_SMALL)
    below.set(ylim=(-MOST_MEMBERS - 0.5, 0.6))
    below.set_axis_off()
    for axes in (above, below):
        axes.set_xlim(left - 0.6, right - 0.4)
    known = pd.notna(about["q"]) and about["q"] < SIGNIFICANT
    text = f"{shortened(about['match'], 22)}, q = {about['q']:.2g}" if pd.notna(about["match"]) else "no known match"
    if pd.notna(about["family"]):
        text += f"\n{shortened(about['family'], 34)} ({about['family_members']} of {about['cluster_size']})"
    above.set_xlabel(text, fontsize=6.5, color=BLACK if known else FAINT, labelpad=2)


_SMALL = {"color": FAINT, "fontsize": 6, "ha": "center", "va": "center"}
