"""Expression at the preferred distance of two motifs against other distances, and what the network says of it."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .spacing_histograms import KEY, picture

PLAIN, ADJUSTED = style.GREY, style.BLUE
ROW = 0.42
CURVE_COLUMNS = 3


def draw(effects: pd.DataFrame, relocation: pd.DataFrame | None = None, limit: int = 25, n_curves: int = 6) -> Figure:
    """Differences of expression with intervals, and below the network's prediction as one site moves.

    Parameters
    ----------
    effects : pd.DataFrame
        From :func:`cisformula.grammar.spacing_expression.spacing_expression`, in the order of the rules.
    relocation : pd.DataFrame, optional
        ``first second orientation order distance n effect low high``: what a pair adds to the prediction.
    limit : int
        Most rules.
    n_curves : int
        Most curves, those of the first rules that have one.
    """
    shown = effects.dropna(subset="difference").head(limit).reset_index(drop=True)
    curves = _curves(shown, relocation, n_curves)
    n_rows = -(-len(curves) // CURVE_COLUMNS)
    upper, lower = ROW * max(len(shown), 1) + 1.5, 2.5 * n_rows
    figure = style.plt.figure(figsize=(9.5, upper + lower))
    parts = figure.subfigures(2, 1, height_ratios=[upper, lower]) if curves else [figure]
    draw_effects(parts[0].subplots(), shown, len(effects))
    if curves:
        draw_curves(parts[1], curves)
    return figure


def _curves(shown: pd.DataFrame, relocation: pd.DataFrame | None, number: int) -> list[tuple[pd.Series, pd.DataFrame]]:
    """Rules that the network was asked about, with its answers by distance."""
    if relocation is None or relocation.empty:
        return []
    found = []
    for _, rule in shown.drop_duplicates(KEY).iterrows():
        curve = relocation[(relocation[KEY] == rule[KEY].tolist()).all(axis=1)]
        if len(curve):
            found.append((rule, curve.sort_values("distance")))
    return found[:number]


def draw_effects(axes: Axes, shown: pd.DataFrame, n_rules: int) -> None:
    """One row per rule, first on top: plain and adjusted difference, numbers of promoters and q-value."""
    axes.axvline(0, color=style.BLACK, lw=0.8)
    places = np.arange(len(shown))
    kinds = (("difference", PLAIN, -0.14, "plain"), ("adjusted", ADJUSTED, 0.14, "composition and hits held fixed"))
    for name, colour, shift, label in kinds:
        value = shown[name].to_numpy(float)
        reach = np.abs(np.stack([shown[f"{name}_low"], shown[f"{name}_high"]]).astype(float) - value)
        axes.errorbar(value, places + shift, xerr=reach, fmt="o", ms=4, lw=1.4, color=colour, label=label)
    axes.set_yticks(places, [_label(row) for row in shown.itertuples()])
    axes.set_ylim(max(len(shown), 1) - 0.4, -0.9)
    small = {"transform": axes.get_yaxis_transform(), "fontsize": 7.5, "va": "center"}
    axes.text(1.02, -0.75, "n preferred / other", weight="bold", **small)
    axes.text(1.24, -0.75, "adjusted q", weight="bold", **small)
    for place, row in zip(places, shown.itertuples(), strict=True):
        axes.text(1.02, place, f"{row.n_preferred:,} / {row.n_other:,}", **small)
        axes.text(1.24, place, f"{row.adjusted_q:.2g}" if pd.notna(row.adjusted_q) else "-", **small)
    axes.set_xlabel("difference of expression, preferred less other distances (SD), with 95 % interval")
    axes.set_title(f"Expression at the preferred distance: {len(shown)} of {n_rules} rules", loc="left", pad=10)
    if len(shown):
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.5 / (ROW * len(shown) + 0.3)), ncols=2)
    else:
        axes.text(0.5, -0.2, "no rule with enough promoters", ha="center", transform=axes.get_xaxis_transform())


def _label(row: tuple) -> str:
    place = f"{row.low:.0f}" if row.low == row.high else f"{row.low:.0f} to {row.high:.0f}"
    return f"{picture(row.first_name, row.second_name, row.orientation, row.order)}  {place} bp"


def draw_curves(figure: Figure, curves: list[tuple[pd.Series, pd.DataFrame]]) -> None:
    """A panel per rule: what the pair adds to the network's prediction by distance; the preferred one is shaded."""
    n_columns = min(CURVE_COLUMNS, len(curves))
    panels = figure.subplots(-(-len(curves) // n_columns), n_columns, squeeze=False).ravel()
    for axes, (rule, curve) in zip(panels, curves, strict=False):
        axes.axvspan(rule["low"] - 0.5, rule["high"] + 0.5, color=style.VERMILION, alpha=0.3, lw=0)
        axes.axhline(0, color=style.BLACK, lw=0.6)
        axes.fill_between(curve["distance"], curve["low"], curve["high"], color=style.SKY, alpha=0.4, lw=0)
        axes.plot(curve["distance"], curve["effect"], color=style.BLUE, lw=1.3)
        names = rule["first_name"], rule["second_name"], rule["orientation"], rule["order"]
        axes.set_title(picture(*names), loc="left", fontsize=9)
        axes.set_title(f"n = {curve['n'].max():,}", loc="right", fontsize=8, weight="normal")
    for axes in panels[len(curves) :]:
        axes.remove()
    figure.suptitle("In the network: one site moved along promoters it never saw", fontsize=10, weight="bold")
    figure.supxlabel("bases between the two sites; shaded: preferred", fontsize=9)
    figure.supylabel("effect of the pair\nbeyond its parts (SD)", fontsize=9)
