"""Where in the promoter a hit of a motif matters: its effect in every position bin."""

import re

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from ..pwm import Motif
from . import style
from .coefficients import draw_logos, motif_labels

BIN_COLUMN = re.compile(r"per_hit_(-?\d+)_(-?\d+)")
UNIT = "SD of expression per hit"
POSITION = "position relative to the TSS (bp)"
PROFILE_COLUMNS = 2
RAISES, LOWERS = style.VERMILION, style.BLUE
CLIPPED = 0.99
"""Share of the drawn effects that the colour scale spans; stronger ones have the colours of its ends."""


def draw(formula: pd.DataFrame, motifs: list[Motif], limit: int = 40, n_profiles: int = 8) -> Figure:
    """A heat map of the motifs with the largest coefficients, and profiles of those whose effect varies most.

    A formula without position effects gets a panel that says so.

    Parameters
    ----------
    formula : pd.DataFrame
        ``motif name source consensus coefficient per_hit match match_q``, and ``per_hit_FROM_TO`` for every position
        bin if there are several, with its first and last position in bp relative to the TSS.
    motifs : list of Motif
        The formula's motifs, for logos.
    limit : int
        Most motifs in the heat map.
    n_profiles : int
        Most profiles.
    """
    edges, effects = by_position(formula)
    if effects.empty:
        return _no_position_effects(len(formula))
    largest = formula["coefficient"].abs().sort_values(ascending=False, kind="stable").index[:limit]
    order = reading_order(effects.loc[formula.loc[largest, "motif"]])
    shown = formula.set_index("motif", drop=False).loc[order]
    profiled = most_variable(effects.loc[order], edges, n_profiles)
    figure = style.plt.figure(figsize=(13.5, max(4.2, 0.21 * len(shown) + 1.7)))
    figure.suptitle(
        f"Where a hit matters: {len(shown)} of {len(formula)} motifs, those with the largest coefficients",
        fontsize=10,
        weight="bold",
    )
    left, right = figure.subfigures(1, 2, width_ratios=[1.15, 1])
    logos, heat = left.subplots(1, 2, width_ratios=[0.4, 1])
    draw_logos(logos, shown, {motif.id: motif for motif in motifs}, len(shown))
    scale = draw_heat(heat, effects.loc[order], edges)
    bar = {"location": "bottom", "extend": "both", "aspect": 40, "pad": 0.01}
    left.colorbar(scale, ax=heat, label=f"effect of a hit ({UNIT})", **bar)
    draw_profiles(right, effects.loc[profiled], edges, shown.set_index("motif")["per_hit"], motif_labels(formula))
    return figure


def by_position(formula: pd.DataFrame) -> tuple[np.ndarray, pd.DataFrame]:
    """Edges of the position bins and the effect of a hit in each.

    Parameters
    ----------
    formula : pd.DataFrame
        As in :func:`draw`.

    Returns
    -------
    edges : np.ndarray, shape (bins + 1,)
        In bp relative to the TSS, half a base before the first and after the last base of a bin.
    effects : pd.DataFrame, shape (motifs, bins)
        In standard deviations of expression per graded hit, indexed by motif; no columns without position bins.
    """
    bins = [match for match in map(BIN_COLUMN.fullmatch, formula.columns) if match]
    bins.sort(key=lambda match: int(match[1]))
    edges = [int(match[1]) - 0.5 for match in bins] + [int(match[2]) + 0.5 for match in bins[-1:]]
    return np.array(edges), formula.set_index("motif")[[match[0] for match in bins]]


def reading_order(effects: pd.DataFrame) -> list[str]:
    """Motifs by the bin of their strongest effect, from upstream; in a bin those that raise first, strongest first."""
    values = effects.to_numpy()
    at = np.abs(values).argmax(axis=1)
    peak = values[np.arange(len(values)), at]
    return list(effects.index[np.lexsort((-np.abs(peak), peak < 0, at))])


def most_variable(effects: pd.DataFrame, edges: np.ndarray, number: int) -> list[str]:
    """Motifs whose effect has the largest standard deviation over the positions of the window, largest first."""
    widths = np.diff(edges)
    mean = np.average(effects, axis=1, weights=widths)
    variance = np.average((effects - mean[:, None]) ** 2, axis=1, weights=widths)
    return list(effects.index[np.argsort(-variance, kind="stable")[:number]])


def draw_heat(axes: Axes, effects: pd.DataFrame, edges: np.ndarray) -> ScalarMappable:
    """Motifs x position bins as wide as they are, red above and blue below zero; returns the colour scale."""
    bound = max(float(np.quantile(np.abs(effects), CLIPPED)), 1e-9)
    rows = np.arange(len(effects) + 1) - 0.5
    axes.pcolormesh(
        edges, rows, effects, cmap=style.DIVERGING, norm=Normalize(-bound, bound), edgecolor="white", lw=0.4
    )
    axes.set(ylim=(len(effects) - 0.5, -0.5), yticks=[], xlabel=POSITION)
    axes.spines["left"].set_visible(False)
    _mark_tss(axes, edges)
    axes.set_title("TSS", x=_share(edges, 0), fontsize=8, weight="normal", pad=3)
    return axes.collections[0]


def draw_profiles(
    figure: Figure, effects: pd.DataFrame, edges: np.ndarray, means: pd.Series, labels: pd.Series
) -> None:
    """A small panel per motif with its effect along the promoter and, dashed, its mean over the window.

    Parameters
    ----------
    figure : Figure or SubFigure
    effects : pd.DataFrame, shape (motifs, bins)
        In the order of the panels.
    edges : np.ndarray, shape (bins + 1,)
    means : pd.Series
        Mean effect of each motif, indexed by its id.
    labels : pd.Series
        What to call each motif, indexed by its id.
    """
    n_rows = -(-len(effects) // PROFILE_COLUMNS)
    panels = figure.subplots(n_rows, PROFILE_COLUMNS, sharex=True, sharey=True, squeeze=False).ravel()
    for axes in panels[len(effects) :]:
        axes.remove()
    for axes, (motif, profile) in zip(panels, effects.iterrows(), strict=False):
        _draw_profile(axes, profile.to_numpy(), edges, means[motif])
        axes.set_title(labels[motif], loc="left", fontsize=9)
        _mark_tss(axes, edges)
        axes.tick_params(labelbottom=True, labelleft=True)
    figure.suptitle(f"The {len(effects)} of them whose effect varies most", fontsize=10, weight="bold")
    figure.supxlabel(POSITION, fontsize=9)
    figure.supylabel(f"effect of a hit ({UNIT}); dashed: mean over the window", fontsize=9)


def _draw_profile(axes: Axes, profile: np.ndarray, edges: np.ndarray, mean: float) -> None:
    for part, colour in ((np.maximum(profile, 0), RAISES), (np.minimum(profile, 0), LOWERS)):
        axes.stairs(part, edges, fill=True, color=colour, alpha=0.35, lw=0)
    axes.stairs(profile, edges, baseline=None, color=style.BLACK, lw=1.3)
    axes.axhline(mean, color=style.BLACK, lw=0.9, ls="--")
    axes.axhline(0, color=style.BLACK, lw=0.6)


def _mark_tss(axes: Axes, edges: np.ndarray) -> None:
    axes.axvline(0, color=style.BLACK, lw=1.1, ls=":")
    axes.set_xlim(edges[0], edges[-1])


def _share(edges: np.ndarray, position: float) -> float:
    return float((position - edges[0]) / (edges[-1] - edges[0]))


def _no_position_effects(n_motifs: int) -> Figure:
    figure, (axes,) = style.panels(1, width=7.5, height=1.6)
    axes.set_axis_off()
    text = (
        f"Position does not enter this formula:\neach of its {n_motifs} motifs has the same effect wherever in the "
        "promoter it lies."
    )
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=10, linespacing=1.8)
    return figure
