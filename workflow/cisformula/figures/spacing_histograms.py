"""Distances between the sites of two motifs, against what the places of either lead to expect."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import stats

from . import style

KEY = ["first", "second", "orientation", "order"]
COLUMNS = 3
LISTED = ("rule", "composite")
NOTES = {"rule": "", "composite": ", one composite motif or repeat"}
RESTS = style.SKY
CHOSEN = style.VERMILION


def draw(rules: pd.DataFrame, histograms: pd.DataFrame, pairs: pd.DataFrame, limit: int = 12) -> Figure:
    """Small multiples of the strongest rules, then of the profiles that deviate most without one.

    Parameters
    ----------
    rules : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.rule_table`.
    histograms : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.histogram_table`.
    pairs : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.pair_table`, the most significant first.
    limit : int
        Most panels.
    """
    listed = rules[rules["status"].isin(LISTED)]
    shadows = pd.MultiIndex.from_frame(rules.loc[~rules["status"].isin(LISTED), KEY])
    chosen = listed[KEY].drop_duplicates()
    drawn = pd.MultiIndex.from_frame(histograms[KEY].drop_duplicates())
    others = pairs[pd.MultiIndex.from_frame(pairs[KEY]).isin(drawn.difference(shadows))]
    chosen = pd.concat([chosen, others[KEY]]).drop_duplicates().head(limit)
    if chosen.empty:
        return _nothing(len(pairs))
    n_rows = -(-len(chosen) // COLUMNS)
    n_columns = min(COLUMNS, len(chosen))
    figure, panels = style.panels(n_columns, n_rows, width=max(4.1, 7.5 / n_columns), height=2.6)
    by_class = histograms.set_index(KEY).sort_index()
    promoters = pairs.set_index(KEY)
    for axes, key in zip(panels, chosen.itertuples(index=False, name=None), strict=False):
        own = listed[(listed[KEY] == list(key)).all(axis=1)]
        draw_profile(axes, by_class.loc[[key]], own)
        row = promoters.loc[key]
        axes.set_title(f"{picture(row['first_name'], row['second_name'], *key[2:])}", loc="left")
        axes.set_title(f"n = {row['n_promoters']:,}", loc="right", fontsize=8, weight="normal")
    for axes in panels[len(chosen) :]:
        axes.remove()
    n_rules = len(listed)
    figure.suptitle(
        f"Distances between sites: {n_rules} rule{'s' * (n_rules != 1)} among {len(pairs):,} pairs and orientations",
        fontsize=10,
        weight="bold",
    )
    figure.supxlabel("bases between the two sites", fontsize=9)
    figure.supylabel("promoters, one per family of similar ones", fontsize=9)
    return figure


def picture(first: str, second: str, orientation: str, order: str) -> str:
    """The two sites as they lie on the strand of the first, with arrows that point downstream of each."""
    ahead, back = "{}→", "←{}"
    if orientation in ("same", "tandem"):
        left, right = (second, first) if order == "second_first" else (first, second)
        return f"{ahead.format(left)}  {ahead.format(right)}"
    if orientation == "divergent" or order == "second_first":
        return f"{back.format(second)}  {ahead.format(first)}"
    return f"{ahead.format(first)}  {back.format(second)}"


def draw_profile(axes: Axes, histogram: pd.DataFrame, rules: pd.DataFrame) -> None:
    """Bars of observed promoters, those of rules in another colour, and the expectation with its Poisson band.

    Parameters
    ----------
    axes : Axes
    histogram : pd.DataFrame
        ``distance observed expected``.
    rules : pd.DataFrame
        Rules of this pair and class: ``distance low high resolution fold q status``.
    """
    distance = histogram["distance"].to_numpy()
    observed, expected = histogram["observed"].to_numpy(), histogram["expected"].to_numpy()
    in_rule = np.zeros(len(distance), dtype=bool)
    for row in rules.itertuples():
        in_rule |= (distance >= row.low) & (distance <= row.high)
    low, high = stats.poisson.interval(0.95, np.maximum(expected, 1e-9))
    edges = np.append(distance, distance[-1] + 1) - 0.5
    axes.stairs(high, edges, baseline=low, fill=True, color=style.GREY, alpha=0.35, lw=0, zorder=0)
    axes.bar(distance, observed, width=0.8, color=np.where(in_rule, CHOSEN, RESTS))
    axes.stairs(expected, edges, baseline=None, color=style.BLACK, lw=1.1, zorder=3)
    axes.set_xlim(edges[0], edges[-1])
    top = max(observed.max(), high.max(), 1)
    axes.set_ylim(0, top * 1.3)
    axes.yaxis.set_major_locator(style.plt.MaxNLocator(4, integer=True))
    for row in rules.head(1).itertuples():
        place = f"{row.low} bp" if row.low == row.high else f"{row.low} to {row.high} bp"
        text = f"{place}: {row.fold:.3g}-fold, q = {row.q:.1e}{NOTES[row.status]}"
        axes.text(0.98, 0.97, text, transform=axes.transAxes, ha="right", va="top", fontsize=7.5, color=CHOSEN)


def _nothing(n_profiles: int) -> Figure:
    figure, (axes,) = style.panels(1, width=7.5, height=1.6)
    axes.set_axis_off()
    text = f"No pair of motifs keeps a distance:\nnone of {n_profiles:,} pairs and orientations deviates from its null."
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=10, linespacing=1.8)
    return figure
