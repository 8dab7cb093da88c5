"""Gaps between the instances that ARGMINN calls, and the rules that they follow."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.site_gaps import KEY
from . import style
from .spacing_histograms import picture

COLUMNS = 2
SHORTEST, LONGEST = -5, 60
"""Gaps in bp that are drawn, unless a rule or a planted gap lies beyond."""
MARGIN = 10
IN_RULE, REST, PLANTED = style.VERMILION, style.SKY, style.BLACK


def draw(
    gaps: pd.DataFrame,
    rules: pd.DataFrame,
    planted: pd.DataFrame | None = None,
    heading: str | None = None,
    limit: int = 6,
) -> Figure:
    """Histograms of the gaps of the most frequent pairs, those with rules first.

    Parameters
    ----------
    gaps : pd.DataFrame
        From :func:`cisformula.argminn.syntax.add_significance`.
    rules : pd.DataFrame
        From :func:`cisformula.argminn.syntax.find_rules`.
    planted : pd.DataFrame, optional
        ``first second orientation order gap`` of the planted sites, with ``n_planted``.
    heading : str, optional
        Above all panels.
    limit : int
        Most panels.
    """
    by_number = gaps.groupby(KEY)["n"].sum().sort_values(ascending=False, kind="stable").reset_index()
    chosen = pd.concat([rules[KEY], by_number.loc[by_number["n"] > 0, KEY]]).drop_duplicates().head(limit)
    if chosen.empty:
        return _nothing()
    n_columns = min(COLUMNS, len(chosen))
    figure, panels = style.panels(n_columns, -(-len(chosen) // n_columns), width=4.6, height=2.7)
    for axes, key in zip(panels, chosen.itertuples(index=False, name=None), strict=False):
        of_key = (of_class(table, key) for table in (gaps, rules))
        draw_gaps(axes, *of_key, None if planted is None else of_class(planted, key))
        axes.set_title(title(*key), loc="left")
    for axes in panels[len(chosen) :]:
        axes.remove()
    if heading:
        figure.suptitle(heading, fontsize=10, weight="bold")
    figure.supxlabel("bases between the two sites", fontsize=9)
    figure.supylabel("pairs of instances", fontsize=9)
    return figure


def of_class(table: pd.DataFrame, key: tuple) -> pd.DataFrame:
    """Rows of one pair, orientation and order."""
    return table[(table[KEY] == list(key)).all(axis=1)]


def title(first: str, second: str, orientation: str, order: str) -> str:
    """The two sites as they lie, with arrows where they have a strand."""
    if orientation != "either":
        return picture(first, second, orientation, order)
    return f"{second}  {first}" if order == "second_first" else f"{first}  {second}"


def draw_gaps(axes: Axes, gaps: pd.DataFrame, rules: pd.DataFrame, planted: pd.DataFrame | None) -> None:
    """Bars of the pairs at each gap, those of rules in another colour, the expectation, planted gaps as triangles.

    Parameters
    ----------
    gaps, rules : pd.DataFrame
        Of one class.
    planted : pd.DataFrame or None
        Of that class.
    """
    marked = [] if planted is None else planted["gap"].tolist()
    first = min([SHORTEST, *rules["low"] - MARGIN, *marked])
    last = max([LONGEST, *rules["high"] + MARGIN, *marked])
    positions = np.arange(first, last + 1)
    table = gaps.set_index("gap").reindex(positions)
    observed, expected = table["n"].fillna(0).to_numpy(), table["expected"].fillna(0).to_numpy()
    in_rule = np.zeros(len(positions), dtype=bool)
    for rule in rules.itertuples():
        in_rule |= (positions >= rule.low) & (positions <= rule.high)
    axes.bar(positions, observed, width=0.85, color=np.where(in_rule, IN_RULE, REST))
    axes.plot(positions, expected, color=style.GREY, lw=1.2)
    top = max(observed.max(), expected.max(), 1)
    axes.set_ylim(-0.07 * top, 1.32 * top)
    axes.set_xlim(first - 0.6, last + 0.6)
    if marked:
        axes.plot(marked, [-0.04 * top] * len(marked), "^", color=PLANTED, ms=4, ls="none")
    for number, rule in enumerate(rules.head(2).itertuples()):
        place = f"{rule.low} bp" if rule.low == rule.high else f"{rule.low} to {rule.high} bp"
        text = f"{place}: {100 * rule.share:.0f} % of {rule.n_pairs:,} pairs"
        axes.text(
            0.98, 0.97 - 0.1 * number, text, transform=axes.transAxes, ha="right", va="top", fontsize=8, color=IN_RULE
        )
    axes.yaxis.set_major_locator(style.plt.MaxNLocator(4, integer=True))


def _nothing() -> Figure:
    figure, (axes,) = style.panels(1, width=7.5, height=1.4)
    axes.set_axis_off()
    axes.text(0.5, 0.5, "No sequence holds two instances.", transform=axes.transAxes, ha="center", va="center")
    return figure
