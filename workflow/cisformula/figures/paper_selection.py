"""How the formula was chosen: signed coefficients, importance in selection, and learned against known motifs."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .coefficients import SOURCES, Z_95, motif_labels

NAMED = 6
"""Motifs named at each end of the coefficients."""


def draw(formula: pd.DataFrame, split: pd.DataFrame) -> Figure:
    """All coefficients in order, the share of halves that chose each motif, and the split by source.

    Parameters
    ----------
    formula : pd.DataFrame
        ``motif name source consensus coefficient standard_error selection_probability match match_q``.
    split : pd.DataFrame
        From :func:`splits`.
    """
    figure, (left, middle, right) = style.plt.subplots(1, 3, figsize=(14, 4.4), width_ratios=[2.3, 1.2, 1])
    draw_signed(left, formula)
    draw_importance(middle, formula)
    draw_split(right, split)
    return figure


def splits(formula: pd.DataFrame, candidates: dict[str, int], published: dict[str, float]) -> pd.DataFrame:
    """Candidates and chosen motifs by source, published and of the run; columns ``where source candidates chosen``.

    Parameters
    ----------
    formula : pd.DataFrame
        ``source``.
    candidates : dict of str to int
        Candidates of the run by source; a source without any is left out.
    published : dict of str to float
        By key.
    """
    chosen = formula["source"].value_counts()
    rows = [
        ("published", "learned", published["learned_motifs"], published["formula_learned"]),
        ("published", "database", published["database_motifs"], published["formula_known"]),
        *(("this run", source, number, chosen.get(source, 0)) for source, number in candidates.items() if number),
    ]
    table = pd.DataFrame(rows, columns=["where", "source", "candidates", "chosen"])
    return table.astype({"candidates": int, "chosen": int})


def draw_signed(axes: Axes, formula: pd.DataFrame) -> None:
    """Coefficients with 95 % intervals from lowest to highest, those at both ends named."""
    ordered = formula.sort_values("coefficient", ignore_index=True)
    half = Z_95 * ordered["standard_error"]
    axes.vlines(ordered.index, ordered["coefficient"] - half, ordered["coefficient"] + half, color="#D0D0D0", lw=0.9)
    for source, colour in SOURCES.items():
        of_source = ordered[ordered["source"] == source]
        if of_source.empty:
            continue
        axes.scatter(
            of_source.index, of_source["coefficient"], s=7, color=colour, zorder=3, label=f"{source} ({len(of_source)})"
        )
    axes.axhline(0, color=style.BLACK, lw=0.8)
    labels = motif_labels(ordered).to_numpy()
    for names, x, y, side in (
        (labels[::-1][:NAMED], 0.74, 0.34, "raise most"),
        (labels[:NAMED], 0.24, 0.98, "lower most"),
    ):
        words = "\n".join([f"{side}:", *(f"  {name}" for name in names)])
        axes.text(x, y, words, transform=axes.transAxes, va="top", fontsize=7.5, linespacing=1.25)
    axes.set(
        xlabel="motifs, sorted by coefficient", ylabel="SD of expression per SD of feature", xlim=(-2, len(ordered) + 1)
    )
    # The same room on both sides of zero leaves two corners to words.
    bound = 1.05 * (ordered["coefficient"].abs() + half).max()
    axes.set_ylim(-bound, bound)
    axes.legend(loc="upper left", markerscale=2)
    raising = int((formula["coefficient"] > 0).sum())
    axes.set_title(
        f"{len(formula)} motifs: {raising} raise, {len(formula) - raising} lower; 95 % intervals", loc="left"
    )


def draw_importance(axes: Axes, formula: pd.DataFrame) -> None:
    """Selection probabilities from high to low, by source; absolute z where the selection gives none."""
    known = formula["selection_probability"].notna().any()
    values = formula["selection_probability"] if known else (formula["coefficient"] / formula["standard_error"]).abs()
    for source, colour in SOURCES.items():
        of_source = values[formula["source"] == source].sort_values(ascending=False)
        if of_source.empty:
            continue
        ranks = np.arange(1, len(of_source) + 1)
        axes.step(ranks, of_source, where="mid", color=colour, label=f"{source}, median {of_source.median():.2f}")
    axes.set_xlabel("motifs of the source, most important first")
    axes.set_ylabel("share of halves of the genes that chose it" if known else "absolute coefficient / standard error")
    axes.set_ylim(0, None)
    axes.legend(loc="lower left")
    axes.set_title("Importance in selection", loc="left")


def draw_split(axes: Axes, split: pd.DataFrame) -> None:
    """Chosen motifs by source as parts of a bar, published and of the run, with the number of candidates."""
    rows = list(split["where"].unique())
    for place, where in enumerate(rows):
        left = 0
        for source, colour in SOURCES.items():
            rows_of_source = split[(split["where"] == where) & (split["source"] == source)]
            if rows_of_source.empty:
                continue
            row = rows_of_source.iloc[0]
            axes.bar(place, row["chosen"], bottom=left, width=0.62, color=colour)
            share = f"{row['chosen'] / row['candidates']:.0%}" if row["candidates"] else "0%"
            words = f"{row['chosen']} {source}\n{share} of {row['candidates']:,}"
            axes.text(
                place,
                left + row["chosen"] / 2,
                words,
                ha="center",
                va="center",
                fontsize=7.5,
                color="white" if source == "learned" else style.BLACK,
            )
            left += row["chosen"]
    axes.set_xticks(range(len(rows)), rows)
    axes.set_ylabel("motifs of the formula")
    axes.set_title("Learned and known", loc="left")
