"""Held-out R2 of the formula against the number of its motifs."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from . import style
from .performance import NAMES, ranked

KMERS = "2to5mer_ridge"
REFERENCE_COLOURS = [style.GREEN, style.ORANGE, style.PURPLE]
BACKGROUND = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}


def draw(curve: pd.DataFrame, saturation: int, n_motifs: int, references: Mapping[str, float] | None = None) -> Figure:
    """R2 with its interval for every number of motifs, and where it saturates.

    Parameters
    ----------
    curve : pd.DataFrame
        ``n_motifs r2 r2_low r2_high``.
    saturation : int
        The smallest number of motifs whose R2 is within one standard error of the best.
    n_motifs : int
        Motifs in the formula of this run, pointed out if they are on the curve.
    references : mapping of str to float, optional
        Held-out R2 of other predictors by name, drawn as level lines.
    """
    figure, (axes,) = style.panels(1, width=6.4, height=3.9)
    draw_curve(axes, curve, saturation, n_motifs)
    draw_references(axes, references or {})
    best = curve.loc[curve["r2"].idxmax()]
    reached = curve.set_index("n_motifs").at[saturation, "r2"]
    axes.set_title(
        f"R² saturates at {saturation} motifs: {reached:.3f}; best {best['r2']:.3f} with {best['n_motifs']:.0f}",
        loc="left",
    )
    return figure


def reference_scores(performance: pd.DataFrame) -> dict[str, float]:
    """R2 of the formula itself, the best network and the k-mers under the main split, where there are such rows.

    Parameters
    ----------
    performance : pd.DataFrame
        ``predictor split fold r2``; the split of the first row is the main one.
    """
    main = performance["split"].iloc[0]
    order = ranked(performance, main)
    networks = [name for name in order if NAMES.get(name, "").startswith("network")]
    rows = performance[(performance["split"] == main) & (performance["fold"].astype(str) == "all")]
    r2 = rows.set_index("predictor")["r2"]
    return {name: float(r2[name]) for name in ("formula", *networks[:1], KMERS) if name in r2}


def draw_curve(axes: Axes, curve: pd.DataFrame, saturation: int, n_motifs: int) -> None:
    """The curve over a logarithmic axis, a dashed line where it saturates, and a ring around the run's own number."""
    curve = curve.sort_values("n_motifs")
    axes.set_xscale("log")
    axes.fill_between(curve["n_motifs"], curve["r2_low"], curve["r2_high"], color=style.SKY, alpha=0.3, lw=0)
    axes.plot(curve["n_motifs"], curve["r2"], color=style.BLUE, marker="o", ms=4.5, lw=1.4)
    axes.axvline(saturation, color=style.BLACK, lw=1, ls="--")
    own = curve[curve["n_motifs"] == n_motifs]
    axes.scatter(own["n_motifs"], own["r2"], s=110, facecolor="none", edgecolor=style.VERMILION, lw=1.5, zorder=3)
    for row in own.itertuples():
        axes.annotate(
            f"{row.n_motifs}, as in this run\nR² = {row.r2:.3f}",
            (row.n_motifs, row.r2),
            xytext=(0, -14),
            textcoords="offset points",
            ha="center",
            va="top",
            color=style.VERMILION,
            fontsize=8,
            bbox=BACKGROUND,
            zorder=4,
        )
    axes.xaxis.set_major_locator(FixedLocator(curve["n_motifs"]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter("{x:.0f}")
    axes.set(
        xlabel="motifs in the formula, each with one effect at all positions", ylabel="held-out R², with 95 % interval"
    )


def draw_references(axes: Axes, references: Mapping[str, float]) -> None:
    """Level lines of other predictors, named in a legend from the highest to the lowest."""
    for (name, r2), colour in zip(references.items(), np.resize(REFERENCE_COLOURS, len(references)), strict=True):
        label = f"{NAMES.get(name, name.replace('_', ' '))}: {r2:.3f}"
        axes.axhline(r2, color=colour, lw=1.3, ls=":", label=label)
    if references:
        lines = sorted(axes.get_legend_handles_labels()[0], key=lambda line: -line.get_ydata()[0])
        axes.legend(handles=lines, loc="lower right", frameon=True, framealpha=1, edgecolor="none")
