"""What ARGMINN looks at: attention and activations along some sequences, and attention over many."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..argminn.attention_maps import AttentionMaps
from . import style

ATTENTION = style.BLACK
SITES = style.YELLOW
ROWS = 6
BIN = 5
"""Windows that share a pixel of the map, which has the highest attention of them."""
MOST_FILTERS = len(style.PALETTE) - 2
"""Black and yellow are taken."""


def draw(maps: AttentionMaps, names: dict[int, str], width: int, sites: pd.DataFrame | None = None) -> Figure:
    """Tracks of the first sequences on the left, the attention of all as a map on the right.

    Parameters
    ----------
    maps : AttentionMaps
    names : dict of int to str
        Motifs of the filters that are drawn, by their number.
    width : int
        Bases of a filter.
    sites : pd.DataFrame, optional
        ``sequence motif start end`` of planted sites.
    """
    n_rows = min(ROWS, len(maps.activations))
    figure = style.plt.figure(figsize=(10.5, 0.95 * n_rows + 1.3))
    left, right = figure.subfigures(1, 2, width_ratios=[1.9, 1])
    tracks = left.subplots(n_rows, 1, sharex=True, squeeze=False)[:, 0]
    colours = dict(
        zip(list(names)[:MOST_FILTERS], (c for c in style.PALETTE if c not in (ATTENTION, SITES)), strict=False)
    )
    highest = np.maximum(maps.activations.max(axis=(0, 1)), 1e-9)
    for axes, row, attention, activations in zip(tracks, maps.sequence, maps.attention, maps.activations, strict=False):
        own = None if sites is None else sites[sites["sequence"] == row]
        draw_track(axes, attention, activations / highest, colours, width, own)
    tracks[0].set_title("Activations, as shares of the highest (up), and attention (down)", loc="left")
    tracks[-1].set_xlabel("position (bp)")
    handles = [style.plt.Line2D([], [], color=colour, lw=3) for colour in colours.values()]
    labels = [names[number] for number in colours]
    if sites is not None:
        handles.append(style.plt.Rectangle((0, 0), 1, 1, color=SITES))
        labels.append("planted sites")
    left.legend(handles, labels, loc="outside lower center", ncols=min(4, max(len(labels), 1)))
    draw_map(right.subplots(), maps.attention, width)
    return figure


def draw_track(
    axes: Axes,
    attention: np.ndarray,
    activations: np.ndarray,
    colours: dict[int, str],
    width: int,
    sites: pd.DataFrame | None,
) -> None:
    """Activations as stems upwards and attention as a line downwards at the middles of windows, planted sites as bands.

    Parameters
    ----------
    axes : Axes
    attention : np.ndarray, shape (windows,)
    activations : np.ndarray, shape (windows, filters)
        As shares of the filter's highest.
    colours : dict of int to str
        By filter.
    width : int
    sites : pd.DataFrame or None
        ``motif start end``.
    """
    middles = np.arange(len(attention)) + width / 2
    for number, colour in colours.items():
        active = activations[:, number] > 0
        axes.vlines(middles[active], 0, activations[active, number], color=colour, lw=1.6, alpha=0.8)
    for start, end in [] if sites is None else sites[["start", "end"]].itertuples(index=False):
        axes.axvspan(start, end, color=SITES, alpha=0.6, lw=0, zorder=-1)
    axes.plot(middles, -attention, color=ATTENTION, lw=1.2)
    axes.set_xlim(0, len(attention) + width - 1)
    axes.set_ylim(-1.05, 1.05)
    axes.set_yticks([-1, 0, 1], ["1", "0", "1"])


def draw_map(axes: Axes, attention: np.ndarray, width: int) -> None:
    """Highest attention in every few windows, sequences in the order of the place that is attended to most."""
    order = np.argsort(attention.argmax(axis=1), kind="stable")
    starts = np.arange(0, attention.shape[1], BIN)
    binned = np.maximum.reduceat(attention[order], starts, axis=1)
    extent = (width / 2, width / 2 + BIN * len(starts), len(attention), 0)
    image = axes.imshow(binned, aspect="auto", extent=extent, cmap="Greys", vmin=0, vmax=1, interpolation="none")
    axes.figure.colorbar(image, ax=axes, label="highest attention over layers and heads", shrink=0.8)
    axes.set(xlabel="position (bp)", ylabel="bound sequences, by the place attended to most")
    axes.set_title(f"{len(attention):,} sequences with the highest logits", loc="left")
