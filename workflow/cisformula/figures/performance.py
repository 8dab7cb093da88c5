"""How well sequence predicts expression of unseen genes: the formula beside networks and simple baselines."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .training import draw_agreement

NAMES = {
    "formula": "formula",
    "contextual_regression": "network: contextual regression",
    "contextual_regression_positional": "network: contextual regression, positional",
    "contextual_regression_published": "network: contextual regression, published",
    "contextual_regression_thresholded": "network: contextual regression, thresholded",
    "xpresso_cnn": "network: CNN, Xpresso-like",
    "explainn": "network: independent units, ExplaiNN-like",
    "argminn": "network: attention over motif sites, ARGMINN",
    "base_composition": "base composition",
    "gc_cpg": "GC and CpG",
    "composition_by_position": "composition by position",
    "4mer_ridge": "4-mers, ridge",
    "2to5mer_ridge": "2- to 5-mers, ridge",
    "2to5mer_and_composition_by_position": "2- to 5-mers and composition by position",
    "database_only": "database motifs only",
}
HELD_OUT = {
    "chromosome": "whole chromosomes held out",
    "paralogue": "families of similar promoters held out",
    "random": "random genes held out",
}
COLOURS = {"chromosome": style.BLUE, "paralogue": style.ORANGE, "random": style.GREEN}
MARKERS = {"chromosome": "o", "paralogue": "s", "random": "^"}
IN_SAMPLE, CEILING = "in_sample", "noise_ceiling"
LEAKY = "not held out: the genes it was fitted to"
FLOOR = -0.25
"""R2 below it is drawn at the edge, with a triangle."""


def draw(performance: pd.DataFrame, differences: pd.DataFrame, predictions: pd.DataFrame) -> Figure:
    """R2 of every predictor under every split, the lead of the formula, and its predictions of held-out genes.

    Parameters
    ----------
    performance : pd.DataFrame
        ``predictor split fold n_genes r2 r2_low r2_high pearson_r``; ``fold`` is ``all`` or a fold's number. The split
        of the first row is the main one.
    differences : pd.DataFrame
        ``predictor split difference low high block_low block_high n_blocks``, by which the R2 of the formula exceeds
        the predictor's.
    predictions : pd.DataFrame
        ``observed predicted``, out of fold.
    """
    main = performance["split"].iloc[0]
    order = ranked(performance, main)
    figure, (left, middle, right) = style.plt.subplots(
        1, 3, figsize=(14.5, max(4.0, 0.46 * len(order) + 1.6)), width_ratios=[1.7, 0.9, 1.15]
    )
    draw_scores(left, performance, order, main)
    draw_differences(middle, differences[differences["split"] == main], order)
    draw_agreement(right, predictions["observed"], predictions["predicted"], len(predictions), "genes")
    right.set_title(f"Formula on {len(predictions):,} held-out genes", loc="left")
    return figure


def ranked(performance: pd.DataFrame, main: str) -> list[str]:
    """Predictors from the highest R2 over all genes under the main split down."""
    overall = performance[(performance["split"] == main) & (performance["fold"].astype(str) == "all")]
    return overall.sort_values("r2", ascending=False, kind="stable")["predictor"].tolist()


def draw_scores(axes: Axes, performance: pd.DataFrame, order: list[str], main: str) -> None:
    """A marker with its 95 % interval per predictor and split; small open circles for the folds of the main split.

    Parameters
    ----------
    performance : pd.DataFrame
        As in :func:`draw`.
    order : list of str
        Predictors from top to bottom.
    main : str
        The split whose R2 is written out.
    """
    shown = performance[performance["predictor"].isin(order)]
    overall = shown[shown["fold"].astype(str) == "all"]
    schemes = [main, *(split for split in overall["split"].unique() if split not in (main, IN_SAMPLE))]
    offsets = dict(zip(schemes, np.linspace(-0.24, 0.24, len(schemes)) if len(schemes) > 1 else [0.0], strict=True))
    for scheme in schemes:
        of_scheme = overall[overall["split"] == scheme]
        places = of_scheme["predictor"].map(order.index) + offsets[scheme]
        _draw_intervals(axes, places, of_scheme, scheme)
    folds = shown[(shown["split"] == main) & (shown["fold"].astype(str) != "all")]
    _draw_folds(axes, folds, order, offsets[main], f"single folds ({main})")
    right = max(overall["r2_high"].max(), 0.05)
    _draw_in_sample(axes, overall[overall["split"] == IN_SAMPLE], order, right)
    for row in overall[overall["split"] == main].itertuples():
        text = f"{row.r2:.3f} ({row.r2_low:.3f} to {row.r2_high:.3f})"
        place = order.index(row.predictor)
        axes.annotate(text, (right, place), xytext=(10, 0), textcoords="offset points", va="center", fontsize=8)
    left = max(FLOOR, min(0, shown["r2_low"].min(), shown["r2"].min())) - 0.03 * right
    # Room for the numbers.
    axes.set_xlim(left, right + 0.48 * (right - left))
    axes.axvline(0, color=style.BLACK, lw=0.8)
    _label_rows(axes, order)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(6))
    ceiling = performance.loc[performance["predictor"] == CEILING, "r2"]
    note = f"; noise ceiling {ceiling.iloc[0]:.3f}" if len(ceiling) else ""
    axes.set_xlabel(f"R² (share of variance explained), {overall['n_genes'].max():,} genes{note}")
    axes.set_title("How well is expression predicted?", loc="left")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.11), ncols=2, columnspacing=1.2, handletextpad=0.4)


def _draw_intervals(axes: Axes, places: pd.Series, rows: pd.DataFrame, scheme: str) -> None:
    colour = COLOURS.get(scheme, style.BLACK)
    low, high, r2 = (np.maximum(rows[column], FLOOR) for column in ("r2_low", "r2_high", "r2"))
    axes.hlines(places, low, high, color=colour, lw=1.6)
    label = HELD_OUT.get(scheme, scheme)
    axes.scatter(r2, places, s=30, color=colour, marker=MARKERS.get(scheme, "D"), zorder=3, label=label)


def _draw_folds(axes: Axes, folds: pd.DataFrame, order: list[str], offset: float, label: str) -> None:
    dots = {"s": 9, "facecolor": "white", "edgecolor": style.BLACK, "linewidth": 0.6, "zorder": 4, "clip_on": False}
    places = folds["predictor"].map(order.index) + offset
    inside = folds["r2"] >= FLOOR
    axes.scatter(folds.loc[inside, "r2"], places[inside], label=label, **dots)
    axes.scatter([FLOOR] * (~inside).sum(), places[~inside], marker="<", **dots)


def _draw_in_sample(axes: Axes, rows: pd.DataFrame, order: list[str], right: float) -> None:
    if rows.empty:
        return
    places = rows["predictor"].map(order.index)
    axes.scatter(rows["r2"], places, s=36, marker="X", color=style.GREY, zorder=3, label=LEAKY)
    for r2, place in zip(rows["r2"], places, strict=True):
        below = {"xytext": (10, -10), "textcoords": "offset points", "va": "center", "fontsize": 7}
        axes.annotate(f"in-sample, leaks: {r2:.3f}", (right, place), color="dimgrey", **below)


def draw_differences(axes: Axes, differences: pd.DataFrame, order: list[str]) -> None:
    """By how much the formula exceeds each other predictor, with intervals paired over genes and over whole blocks.

    Parameters
    ----------
    differences : pd.DataFrame
        Rows of one split, as in :func:`draw`.
    order : list of str
        Predictors from top to bottom, the formula among them.
    """
    places = differences["predictor"].map(order.index).to_numpy()
    wins = np.where(differences["low"] > 0, style.GREEN, np.where(differences["high"] < 0, style.VERMILION, style.GREY))
    axes.hlines(places, differences["low"], differences["high"], color=wins, lw=3.2)
    axes.hlines(places, differences["block_low"], differences["block_high"], color=wins, lw=1)
    axes.scatter(differences["difference"], places, s=26, color=wins, zorder=3)
    ends = differences[["high", "block_high"]].max(axis=1)
    for place, difference, end in zip(places, differences["difference"], ends, strict=True):
        text = f"{difference:+.3f}".replace("-", "−")
        axes.annotate(text, (end, place), (5, 0), textcoords="offset points", va="center", fontsize=7.5)
    axes.axvline(0, color=style.BLACK, lw=0.8)
    _label_rows(axes, order)
    axes.tick_params(axis="y", labelleft=False, length=0)
    axes.margins(x=0.12)
    # Room for the longest number.
    axes.set_xlim(right=axes.get_xlim()[1] + 0.16 * np.ptp(axes.get_xlim()))
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(5))
    bars = "thick: 95 % interval over genes"
    if not differences[["low", "high"]].equals(
        differences[["block_low", "block_high"]].set_axis(["low", "high"], axis=1)
    ):
        bars += f"\nthin: over {differences['n_blocks'].iloc[0]:,} whole blocks"
    axes.set_xlabel(f"R² of the formula minus that of the other\n{bars}")
    axes.set_title("Lead of the formula", loc="left")


def _label_rows(axes: Axes, order: list[str]) -> None:
    axes.set_yticks(range(len(order)), [NAMES.get(name, name.replace("_", " ")) for name in order])
    for name, label in zip(order, axes.get_yticklabels(), strict=True):
        label.set_weight("bold" if name == "formula" else "normal")
    if "formula" in order:
        place = order.index("formula")
        axes.axhspan(place - 0.5, place + 0.5, color=style.SKY, alpha=0.18, lw=0)
    axes.set_ylim(len(order) - 0.4, -0.6)
