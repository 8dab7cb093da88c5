"""The best matches of learned motifs with known ones, drawn above each other as they align."""

from collections.abc import Iterator

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..pwm import Motif
from .motif_logos import draw_logo
from .style import GREY, plt

COLUMNS, ROWS = 3, 5


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
        figure = plt.figure(figsize=(3.1 * COLUMNS, 1.75 * n_rows + 0.4))
        which = f"{start + 1} to {start + len(shown)} of {len(best)}" if len(best) else "none"
        figure.suptitle(f"Learned motifs above their best known matches, best first: {which}", fontsize=10)
        if shown.empty:
            figure.text(0.5, 0.5, "no learned motif has a match below the E-value threshold", ha="center")
        cells = figure.subfigures(n_rows, COLUMNS, squeeze=False).ravel()
        for cell, (_, match) in zip(cells, shown.iterrows(), strict=False):
            above, below = cell.subplots(2, 1, sharex=True)
            _draw_pair(above, below, query_of[match["Query_ID"]], target_of[match["Target_ID"]], match)
        yield figure


def _draw_pair(above: Axes, below: Axes, query: Motif, target: Motif, match: pd.Series) -> None:
    oriented = target if match["Orientation"] == "+" else target.reverse_complement()
    offset = int(match["Optimal_offset"])
    draw_logo(above, query.pfm, start=offset)
    draw_logo(below, oriented.pfm)
    first, last = min(0, offset), max(target.width, offset + query.width)
    above.set_xlim(first - 0.6, last - 0.4)
    for axes in (above, below):
        aligned = max(0, offset) - 0.5, min(target.width, offset + query.width) - 0.5
        axes.axvspan(*aligned, color=GREY, alpha=0.18, linewidth=0, zorder=-1)
        axes.set_ylabel("bits", fontsize=6.5)
    notes = [target.id] if target.id != target.name else []
    notes += [] if match["Orientation"] == "+" else ["reverse complement"]
    above.set_title(f"{query.id}: E = {match['E-value']:.2g}, q = {match['q-value']:.2g}", fontsize=8, pad=3)
    below.set_xlabel(f"{target.name} ({', '.join(notes)})" if notes else target.name, fontsize=7.5)
