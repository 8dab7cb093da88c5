"""How well sequence predicts expression of unseen genes: the formula beside the network and simple baselines."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .training import draw_agreement

NAMES = {
    "formula": "formula",
    "contextual_regression": "network (contextual regression)",
    "base_composition": "base composition",
    "gc_cpg": "GC and CpG",
    "4mer_ridge": "4-mers (ridge)",
    "2to5mer_ridge": "2- to 5-mers (ridge)",
    "database_only": "database motifs only",
}
IN_SAMPLE = "in_sample"
HELD_OUT = {"chromosome": "whole chromosomes held out", "random": "random genes held out"}
FLOOR = -0.25
"""R2 below it is drawn at the edge, with a triangle."""


def draw(performance: pd.DataFrame, predictions: pd.DataFrame) -> Figure:
    """Bars of R2 for every predictor beside the formula's predictions of held-out genes.

    Parameters
    ----------
    performance : pd.DataFrame
        ``predictor split fold n_genes r2 r2_low r2_high pearson_r``; ``fold`` is ``all`` or a fold's number.
    predictions : pd.DataFrame
        ``observed predicted``, out of fold.
    """
    rows = bars(performance)
    figure, (left, right) = style.plt.subplots(
        1, 2, figsize=(11.5, max(3.6, 0.42 * len(rows) + 1.1)), width_ratios=[1.75, 1]
    )
    draw_bars(left, rows, performance)
    draw_agreement(right, predictions["observed"], predictions["predicted"], len(predictions), "genes")
    right.set_title(f"Formula on {len(predictions):,} held-out genes", loc="left")
    return figure


def bars(performance: pd.DataFrame) -> pd.DataFrame:
    """Rows over all genes, in drawing order: highest held-out R2 first, a predictor's in-sample row right below."""
    overall = performance[performance["fold"].astype(str) == "all"].copy()
    is_in_sample = overall["split"] == IN_SAMPLE
    held_out = overall[~is_in_sample].groupby("predictor")["r2"].max()
    overall["rank"] = overall["predictor"].map(held_out.rank(ascending=False, method="first")).fillna(len(overall))
    return overall.assign(in_sample=is_in_sample).sort_values(["rank", "in_sample"], kind="stable", ignore_index=True)


def draw_bars(axes: Axes, rows: pd.DataFrame, performance: pd.DataFrame) -> None:
    """Horizontal bars with 95 % intervals, first row on top; one dot per fold.

    Parameters
    ----------
    rows : pd.DataFrame
        From :func:`bars`.
    performance : pd.DataFrame
        All rows, for those of single folds.
    """
    folds = performance[performance["fold"].astype(str) != "all"]
    several_splits = rows.loc[~rows["in_sample"], "split"].nunique() > 1
    labels, ends = [], []
    for place, row in rows.iterrows():
        _draw_bar(axes, place, row)
        of_bar = folds.loc[(folds["predictor"] == row["predictor"]) & (folds["split"] == row["split"]), "r2"]
        _draw_folds(axes, place, of_bar)
        labels.append(_label(row, several_splits))
        ends.append(max([row["r2_high"], *of_bar, 0]))
    right = max(max(ends), 0.05)
    for place, row in rows.iterrows():
        text = f"{row['r2']:.3f} ({row['r2_low']:.3f} to {row['r2_high']:.3f})"
        axes.annotate(text, (right, place), xytext=(8, 0), textcoords="offset points", va="center", fontsize=8)
    lowest = min(0, *rows["r2_low"], *folds["r2"]) if len(folds) else min(0, *rows["r2_low"])
    axes.set_xlim(max(FLOOR, lowest) - 0.03 * right if lowest < 0 else 0, right * 1.42)
    axes.set_yticks(range(len(rows)), labels)
    axes.set_ylim(len(rows) - 0.4, -1.0)
    axes.axvline(0, color=style.BLACK, lw=0.8)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(6))
    held_out = rows.loc[~rows["in_sample"]]
    how = HELD_OUT.get(held_out["split"].iloc[0], "held out") if len(held_out) else "held out"
    n_genes = rows["n_genes"].max()
    note = "bar: all genes, with 95 % interval; dots: each fold"
    axes.set_xlabel(f"R² (share of variance explained), {n_genes:,} genes, {how}\n{note}")
    axes.set_title("How well is expression predicted?", loc="left")


def _draw_bar(axes: Axes, place: int, row: pd.Series) -> None:
    is_formula = row["predictor"] == "formula"
    colour = style.BLUE if is_formula else style.SKY
    look = {"facecolor": "white", "edgecolor": colour, "hatch": "////"} if row["in_sample"] else {"color": colour}
    axes.barh(place, max(row["r2"], FLOOR), height=0.72, **look)
    ends = np.maximum([row["r2_low"], row["r2_high"]], FLOOR)
    axes.plot(ends, [place, place], color=style.BLACK, lw=1.1, marker="|", ms=6)


def _draw_folds(axes: Axes, place: int, r2: pd.Series) -> None:
    inside, below = r2[r2 >= FLOOR], r2[r2 < FLOOR]
    dots = {"s": 16, "facecolor": "white", "edgecolor": style.BLACK, "linewidth": 0.8, "zorder": 3, "clip_on": False}
    axes.scatter(inside, [place + 0.2] * len(inside), **dots)
    axes.scatter([FLOOR] * len(below), [place + 0.2] * len(below), marker="<", **dots)


def _label(row: pd.Series, several_splits: bool) -> str:
    name = NAMES.get(row["predictor"], row["predictor"].replace("_", " "))
    if row["in_sample"]:
        return f"{name}, in-sample\n(paper-style, not held out)"
    return f"{name}, {row['split']} split" if several_splits else name
