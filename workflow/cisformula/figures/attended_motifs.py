"""Motifs that ARGMINN learned from promoters, where it attends to them, and what they add to its predictions."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.filter_motifs import filter_id
from ..argminn.promoter_sites import ANTISENSE, BIN, mean_changes, positions
from ..pwm import Motif
from . import style
from .motif_logos import FAINT, draw_logo

LIMIT = 16
"""Most rows of a page."""
FORWARD, BACKWARD = style.BLUE, style.ORANGE


class Row(NamedTuple):
    """A motif on a page.

    Attributes
    ----------
    name, note : str
    pfm : np.ndarray, shape (width, 4)
    places : pd.DataFrame
        ``low strand n``, from :func:`cisformula.argminn.promoter_sites.positions`.
    change : pd.Series or None
        ``change change_low change_high``; None without instances.
    """

    name: str
    note: str
    pfm: np.ndarray
    places: pd.DataFrame
    change: pd.Series | None


def pages(
    motifs: list[Motif],
    filters: pd.DataFrame,
    instances: pd.DataFrame,
    summary: pd.DataFrame,
    upstream: int,
    downstream: int,
) -> Iterator[Figure]:
    """The motifs of all runs together on the first page, then a page for the filters of each run.

    Parameters
    ----------
    motifs : list of Motif
        Of the filters that passed.
    filters : pd.DataFrame
        ``filter run passed motif reverse match match_q nsites`` of all filters.
    instances, summary : pd.DataFrame
        From :mod:`cisformula.argminn.promoter_sites`.
    upstream, downstream : int
        Bases of a promoter before the start site, and from it on.
    """
    n_runs, filters = filters["run"].nunique(), filters[filters["passed"]]
    by_id, turned = {motif.id: motif.pfm for motif in motifs}, filters["reverse"].astype(bool)
    # As the motif lies, whose strand is told, not as the filter does.
    pfm_of = {
        number: by_id[filter_id(number)][::-1, ::-1] if reverse else by_id[filter_id(number)]
        for number, reverse in zip(filters["filter"], turned, strict=True)
    }
    extent = -upstream, downstream
    title = f"Motifs of all runs: {min(len(summary), LIMIT)} of {len(summary)}, most instances first"
    yield draw(_motif_rows(pfm_of, filters, instances, summary.head(LIMIT), n_runs), title, extent)
    for run, of_run in filters.groupby("run"):
        title = f"Run {run}: filters that passed, most instances first"
        yield draw(_filter_rows(pfm_of, of_run, instances)[:LIMIT], title, extent)


def _motif_rows(
    pfm_of: dict[int, np.ndarray], filters: pd.DataFrame, instances: pd.DataFrame, summary: pd.DataFrame, n_runs: int
) -> list[Row]:
    """A row per motif, with the logo of the filter that was counted from most windows."""
    clearest = filters.sort_values("nsites", ascending=False).drop_duplicates("motif").set_index("motif")["filter"]
    places = positions(instances)
    return [
        Row(
            row.motif,
            f"{row.n:,} instances; {row.n_runs} of {n_runs} runs",
            pfm_of[clearest[row.motif]],
            places[places["motif"] == row.motif],
            pd.Series(row._asdict()) if row.n else None,
        )
        for row in summary.itertuples(index=False)
    ]


def _filter_rows(pfm_of: dict[int, np.ndarray], filters: pd.DataFrame, instances: pd.DataFrame) -> list[Row]:
    """A row per filter of a run."""
    own = instances[instances["filter"].isin(filters["filter"])]
    number = own.groupby("filter").size().reindex(filters["filter"], fill_value=0).to_numpy()
    changes = mean_changes(own, "filter")
    places = positions(own.assign(motif=own["filter"]))
    ranked = filters.assign(n=number).sort_values(["n", "filter"], ascending=[False, True])
    return [
        Row(
            f"{filter_id(row.filter)}: {row.match or 'no match'}",
            f"{row.n:,} instances" + (f"; q = {row.match_q:.1e}" if pd.notna(row.match_q) else ""),
            pfm_of[row.filter],
            places[places["motif"] == row.filter],
            changes.loc[row.filter] if row.n else None,
        )
        for row in ranked.fillna({"match": ""}).itertuples(index=False)
    ]


def draw(rows: list[Row], title: str, extent: tuple[int, int]) -> Figure:
    """A page: for each motif its logo, the places of its instances, and what they add to the prediction."""
    if not rows:
        figure, (axes,) = style.panels(1, width=7.5, height=1.4)
        axes.set_axis_off()
        axes.text(0.5, 0.5, f"{title}: none", transform=axes.transAxes, ha="center", va="center")
        return figure
    figure, grid = style.plt.subplots(
        len(rows), 3, figsize=(8.4, 0.82 * len(rows) + 1.1), squeeze=False, width_ratios=[1.5, 3, 1.1], sharex="col"
    )
    figure.suptitle(title, fontsize=10, weight="bold")
    for (logo, places, change), row in zip(grid, rows, strict=True):
        draw_logo(logo, row.pfm)
        logo.set_title(row.name, loc="left", fontsize=8, pad=2)
        draw_places(places, row.places, extent)
        places.set_title(row.note, loc="right", fontsize=7, weight="normal", color=FAINT, pad=2)
        draw_change(change, row.change)
    widest = max(len(row.pfm) for row in rows)
    grid[0, 0].set_xlim(-0.6, widest - 0.4)
    grid[-1, 1].set_xlabel("bases from the start site; up: sense, down: antisense")
    grid[-1, 2].set_xlabel("adds to prediction (s.d.)")
    return figure


def draw_places(axes: Axes, places: pd.DataFrame, extent: tuple[int, int]) -> None:
    """Instances in each bin, those on the other strand than the gene's downwards; palindromes upwards."""
    for below, sign, colour in ((False, 1, FORWARD), (True, -1, BACKWARD)):
        part = places[(places["strand"] == ANTISENSE) == below]
        axes.bar(part["low"] + BIN / 2, sign * part["n"], width=BIN * 0.92, color=colour)
    axes.axhline(0, color=style.BLACK, lw=0.6)
    axes.axvline(0, color=style.GREY, lw=0.8, ls=":")
    axes.set_xlim(*extent)
    top = max(1, places["n"].max()) if len(places) else 1
    axes.set_ylim(-1.08 * top, 1.08 * top)
    axes.set_yticks([-top, 0, top], [f"{top:,}", "0", f"{top:,}"], fontsize=6.5)


def draw_change(axes: Axes, change: pd.Series | None) -> None:
    """Mean change of the prediction with its 95 % interval."""
    axes.axvline(0, color=style.GREY, lw=0.8, ls=":")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    if change is not None:
        axes.plot(change[["change_low", "change_high"]], [0, 0], color=style.BLACK, lw=1.4)
        axes.plot(change["change"], 0, "o", color=style.BLACK, ms=4)
    axes.set_ylim(-1, 1)
