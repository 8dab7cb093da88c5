"""How an ARGMINN reads one sequence, step by step: filters, attention layer by layer, prediction."""

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..pwm import Motif
from . import style
from .letters import COLOURS
from .motif_logos import FAINT, draw_logo

SHOWN = 110
"""Bases of the sequence that are drawn, around the places that are attended to."""
BASES = "ACGTN"


def draw(
    codes: np.ndarray,
    activations: np.ndarray,
    by_layer: np.ndarray,
    logit: float,
    motifs: dict[int, Motif],
    names: dict[int, str],
    sites: pd.DataFrame | None = None,
) -> Figure:
    """One sequence from its bases, on top, to the prediction, at the bottom.

    Parameters
    ----------
    codes : np.ndarray, shape (length,), uint8
    activations : np.ndarray, shape (windows, filters)
    by_layer : np.ndarray, shape (layers, windows)
        Attention.
    logit : float
        What the network says, log odds of being bound.
    motifs, names : dict by int
        Motif and name of each filter; those silent in the stretch that is drawn are left out.
    sites : pd.DataFrame, optional
        ``motif start end strand`` of the planted sites of this sequence.
    """
    first, last = shown_bases(by_layer, len(codes))
    motifs = {number: motif for number, motif in motifs.items() if activations[first:last, number].any()}
    width = len(codes) - len(by_layer[0]) + 1
    middles = np.arange(len(by_layer[0])) + width / 2
    heights = [0.5, *[0.8] * len(motifs), *[0.5] * len(by_layer), 0.5]
    figure = style.plt.figure(figsize=(10.5, 0.62 * sum(heights) + 1.3))
    grid = figure.add_gridspec(len(heights), 2, width_ratios=[1, 5], height_ratios=heights)
    axes = [figure.add_subplot(grid[row, 1]) for row in range(len(heights) - 1)]
    labels = [figure.add_subplot(grid[row, 0]) for row in range(len(heights) - 1)]
    result = figure.add_subplot(grid[len(heights) - 1, :])
    draw_sequence(axes[0], codes, first, last, sites)
    _label(labels[0], "the sequence")
    tracks = range(1, 1 + len(motifs))
    for row, number in zip(tracks, motifs, strict=True):
        track = activations[:, number] / max(activations[:, number].max(), 1e-9)
        axes[row].vlines(middles[track > 0], 0, track[track > 0], color=style.BLUE, lw=2)
        axes[row].set(ylim=(0, 1.1), yticks=[0, 1])
        draw_logo(labels[row], motifs[number].pfm)
        labels[row].set_xlabel(names[number], fontsize=7.5)
    for row, attention in enumerate(by_layer, start=1 + len(motifs)):
        axes[row].fill_between(middles, attention, step="mid", color=style.BLACK, lw=0)
        axes[row].set(ylim=(0, 1.1), yticks=[0, 1])
        _label(labels[row], f"layer {row - len(motifs)}")
    for row, panel in enumerate(axes):
        panel.set_xlim(first, last)
        panel.tick_params(axis="x", labelbottom=row == len(axes) - 1)
        for start, end in [] if sites is None else sites[["start", "end"]].itertuples(index=False):
            panel.axvspan(start, end, color=style.YELLOW, alpha=0.4, lw=0, zorder=-1)
    axes[1].set_title("Filters see motifs: activation, as a share of the highest in the sequence", loc="left")
    axes[1 + len(motifs)].set_title(
        "The memory looks at sites, layer by layer: highest attention of a head", loc="left"
    )
    axes[-1].set_xlabel("position (bp)")
    result.set_axis_off()
    text = f"Prediction: log odds {logit:+.1f}, probability of being bound {1 / (1 + math.exp(-logit)):.3f}"
    result.text(0.5, 0.0, text, ha="center", va="bottom", weight="bold", transform=result.transAxes)
    return figure


def shown_bases(by_layer: np.ndarray, length: int) -> tuple[int, int]:
    """The stretch of :data:`SHOWN` bases with the most attention of all layers; first base and the one after the last.

    Parameters
    ----------
    by_layer : np.ndarray, shape (layers, windows)
    length : int
        Bases of the sequence.
    """
    span = min(SHOWN, length)
    total = np.concatenate([[0.0], np.cumsum(by_layer.sum(axis=0))])
    width = length - by_layer.shape[1] + 1
    inside = span - width + 1
    if inside < 1:
        return 0, length
    held = total[inside:] - total[:-inside]
    # Of stretches with the same attention the middle one, so that sites do not stand at the edge.
    best = np.flatnonzero(held >= held.max() - 1e-6)
    first = int(best[len(best) // 2])
    return first, first + span


def draw_sequence(axes: Axes, codes: np.ndarray, first: int, last: int, sites: pd.DataFrame | None) -> None:
    """Coloured letters from ``first`` to before ``last``, the names of planted sites above them."""
    for place in range(first, last):
        base = BASES[codes[place]]
        colour = COLOURS.get(base, FAINT)
        axes.text(place + 0.5, 0.1, base, color=colour, fontsize=6, ha="center", va="bottom", weight="bold")
    for site in [] if sites is None else sites.itertuples():
        arrow = "→" if site.strand == "+" else "←"
        axes.text((site.start + site.end) / 2, 1.05, f"{site.motif} {arrow}", ha="center", va="bottom", fontsize=7.5)
    axes.set(ylim=(0, 1), yticks=[])
    axes.spines["left"].set_visible(False)


def _label(axes: Axes, text: str) -> None:
    axes.set_axis_off()
    axes.text(0.95, 0.4, text, ha="right", va="center", transform=axes.transAxes)
