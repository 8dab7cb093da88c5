"""R2 of every predictor as bars, held-out and in-sample, with published numbers of like predictors as diamonds."""

from textwrap import fill
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .performance import NAMES, ranked

HELD_OUT, IN_SAMPLE = style.BLUE, "#C9DDEB"


PUBLISHED = {
    "xpresso_r2": ("xpresso_cnn", True, "Xpresso, tuned"),
    "xpresso_manual_r2": ("xpresso_cnn", True, "manual"),
    "1mer_r2": ("base_composition", True, "1-mers"),
    "4mer_r2": ("4mer_ridge", True, "4-mers"),
    "5mer_r2": ("2to5mer_ridge", True, "5-mers"),
    "jaspar_4mer_r2": ("database_only", True, "JASPAR 2016 and 4-mers"),
    "known_300_r2": ("database_only", True, "300 JASPAR counts"),
    "known_300_in_sample_r2": ("database_only", False, "the same, in-sample"),
}
"""Published R2 by their keys: the predictor in whose row each is drawn, whether it was held out, and its words."""


class Mark(NamedTuple):
    """A published R2 in the row of a predictor."""

    predictor: str
    r2: float
    held_out: bool
    words: str


def marks(published: dict[str, float]) -> list[Mark]:
    """The diamonds: those of :data:`PUBLISHED` whose number is known, lowest first."""
    found = [
        Mark(predictor, published[key], held_out, words)
        for key, (predictor, held_out, words) in PUBLISHED.items()
        if key in published
    ]
    return sorted(found, key=lambda mark: mark.r2)


def draw(performance: pd.DataFrame, in_sample: pd.DataFrame, published: list[Mark]) -> Figure:
    """One row per predictor, the best on held-out genes on top, with its numbers at the right.

    Parameters
    ----------
    performance : pd.DataFrame
        ``predictor split fold n_genes r2 r2_low r2_high``; the split of the first row is the main one.
    in_sample : pd.DataFrame
        ``predictor r2``, on the genes each was fitted to.
    published : list of Mark
        From :func:`marks`; of predictors that are not in ``performance`` none is drawn.
    """
    main = performance["split"].iloc[0]
    order = ranked(performance, main)
    overall = performance[(performance["split"] == main) & (performance["fold"].astype(str) == "all")]
    held_out = overall.set_index("predictor").loc[order]
    fitted = in_sample.set_index("predictor")["r2"].reindex(order)
    shown = [mark for mark in published if mark.predictor in order]
    figure, (axes,) = style.panels(1, width=12, height=max(3.4, 0.36 * len(order) + 1.7))
    draw_bars(axes, held_out, fitted)
    draw_published(axes, shown, order)
    write_numbers(axes, held_out["r2"], fitted, shown)
    axes.set_xlabel(f"R², {held_out['n_genes'].max():,} genes of this run; diamonds: other genes, for orientation only")
    axes.set_title("Held-out and in-sample R², beside published numbers", loc="left", pad=22)
    figure.legend(loc="outside lower center", ncols=4)
    return figure


def draw_bars(axes: Axes, held_out: pd.DataFrame, in_sample: pd.Series) -> None:
    """Held-out bars with 95 % intervals upon wider in-sample bars, first row on top.

    Parameters
    ----------
    held_out : pd.DataFrame
        ``r2 r2_low r2_high``, indexed by predictor.
    in_sample : pd.Series
        R2 in the same order; NaN draws nothing.
    """
    places = np.arange(len(held_out))
    axes.barh(places, in_sample, height=0.8, color=IN_SAMPLE, label="genes it was fitted to: no measure of prediction")
    axes.barh(places, held_out["r2"], height=0.5, color=HELD_OUT, label="held-out genes, 95 % interval")
    axes.hlines(places, held_out["r2_low"], held_out["r2_high"], color=style.BLACK, lw=1)
    axes.set_yticks(places, [NAMES.get(name, name) for name in held_out.index])
    axes.set_ylim(len(held_out) - 0.5, -0.5)
    axes.axvline(0, color=style.BLACK, lw=0.8)


def draw_published(axes: Axes, shown: list[Mark], order: list[str]) -> None:
    """Diamonds at published R2, open where it was measured on the genes fitted to."""
    for held_out, label in ((True, "published, held-out"), (False, "published, in-sample")):
        of_kind = [mark for mark in shown if mark.held_out == held_out]
        if of_kind:
            axes.scatter(
                [mark.r2 for mark in of_kind],
                [order.index(mark.predictor) for mark in of_kind],
                s=34,
                marker="D",
                color=style.VERMILION if held_out else "white",
                edgecolor=style.VERMILION,
                zorder=4,
                label=label,
            )


def write_numbers(axes: Axes, held_out: pd.Series, in_sample: pd.Series, shown: list[Mark]) -> None:
    """Columns of text at the right: held-out R2, in-sample R2, and the published ones with their words."""
    published = {
        predictor: fill(
            "; ".join(f"{mark.r2:.3f} {mark.words}" for mark in shown if mark.predictor == predictor),
            46,
            break_on_hyphens=False,
        )
        for predictor in held_out.index
    }
    columns = (
        (1.03, "held-out", [f"{r2:.3f}" for r2 in held_out], style.BLACK),
        (1.17, "in-sample", [f"{r2:.3f}" if np.isfinite(r2) else "" for r2 in in_sample], "dimgrey"),
        (1.32, "published", list(published.values()), style.VERMILION),
    )
    for x, head, cells, colour in columns:
        axes.text(x, 1.02, head, transform=axes.transAxes, va="bottom", fontsize=8, weight="bold", color=colour)
        for place, cell in enumerate(cells):
            axes.text(x, place, cell, transform=axes.get_yaxis_transform(), va="center", fontsize=8, color=colour)
