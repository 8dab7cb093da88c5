"""The best matches of learned motifs with known ones, drawn above each other as they align."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..pwm import Motif
from .logo_sheet import Box, draw_logo, placed, sheet
from .style import GREY

COLUMNS, ROWS = 3, 5
CELL = 3.1, 1.75
ABOVE, BELOW = Box(0.34, 0.99, 2.68, 0.58), Box(0.34, 0.25, 2.68, 0.58)
"""Inches of a cell, and where in it the two logos stand."""


def pages(queries: list[Motif], targets: list[Motif], matches: pd.DataFrame) -> Iterator[Figure]:
    """Logos of learned motifs above those of their best known matches, best first, 15 to a page.

    Parameters
    ----------
    queries, targets : list of Motif
        The motifs named in ``matches``; other rows are ignored.
    matches : pd.DataFrame
        Tomtom's columns; the best match of each query first.
    """
    query_of = {motif.id: motif for motif in queries}
    target_of = {motif.id: motif for motif in targets}
    known = matches[matches["Query_ID"].isin(query_of) & matches["Target_ID"].isin(target_of)]
    best = known.drop_duplicates("Query_ID").sort_values("p-value", kind="stable")
    for start in range(0, max(1, len(best)), COLUMNS * ROWS):
        shown = best[start : start + COLUMNS * ROWS]
        n_rows = max(1, -(-len(shown) // COLUMNS))
        which = f"{start + 1} to {start + len(shown)} of {len(best)}" if len(best) else "none"
        title = f"Learned motifs above their best known matches, best first: {which}"
        figure, axes, cells = sheet(n_rows, COLUMNS, *CELL, title)
        if shown.empty:
            figure.text(0.5, 0.5, "no learned motif has a match below the E-value threshold", ha="center")
        for cell, (_, match) in zip(cells, shown.iterrows(), strict=False):
            _draw_pair(axes, cell, query_of[match["Query_ID"]], target_of[match["Target_ID"]], match)
        yield figure


def _draw_pair(axes: Axes, cell: Box, query: Motif, target: Motif, match: pd.Series) -> None:
    oriented = target if match["Orientation"] == "+" else target.reverse_complement()
    offset = int(match["Optimal_offset"])
    limits = min(0, offset) - 0.6, max(target.width, offset + query.width) - 0.4
    above, below = ABOVE.inside(cell), BELOW.inside(cell)
    aligned = max(0, offset) - 0.5, min(target.width, offset + query.width) - 0.5
    for box, motif, start in ((above, query, offset), (below, oriented, 0)):
        shade = Rectangle((aligned[0], 0), aligned[1] - aligned[0], 2, color=GREY, alpha=0.18, linewidth=0, zorder=-1)
        shade.set_transform(placed(axes, box, *limits, 0, 2))
        axes.add_artist(shade)
        draw_logo(axes, box, motif.pfm, start, *limits)
    notes = [target.id] if target.id != target.name else []
    notes += [] if match["Orientation"] == "+" else ["reverse complement"]
    title = f"{query.id}: E = {match['E-value']:.2g}, q = {match['q-value']:.2g}"
    axes.text(above.middle, above.top + 0.05, title, fontsize=8, weight="bold", ha="center", va="baseline")
    text = f"{target.name} ({', '.join(notes)})" if notes else target.name
    axes.text(below.middle, below.bottom - 0.05, text, fontsize=7.5, ha="center", va="top")
