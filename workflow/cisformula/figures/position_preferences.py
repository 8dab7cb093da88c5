"""Where motifs lie relative to the TSS, real against shuffled promoters."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style

CORE = "core element"
COLUMNS = 4
SMOOTHED = 5
"""Bases that a drawn count is averaged over; single ones of thousands of promoters are too noisy to read."""
STRANDS = (("sense", style.VERMILION), ("antisense", style.BLUE))


def draw(
    positions: pd.DataFrame,
    profiles: pd.DataFrame,
    nodes: pd.Series,
    fdr: float,
    min_fold: float,
    n_motifs: int = 16,
    n_core: int = 8,
) -> Figure:
    """Profiles of the core promoter elements, and of the motifs with the strongest preferences, similar ones once.

    Parameters
    ----------
    positions, profiles : pd.DataFrame
        From :func:`cisformula.grammar.positions.position_table` and ``profile_table``.
    nodes : pd.Series
        Node of each motif, by its id: of those of one node the one with the smallest p-value is drawn.
    fdr, min_fold : float
        A motif prefers a place if a bin of ten has at most this q-value and at least this fold.
    n_motifs, n_core : int
        Most panels of either kind.
    """
    core = positions["kind"] == CORE
    preferring = positions[(positions["bin_q"] < fdr) & (positions["bin_fold"] >= min_fold) & ~core]
    ranked = preferring.sort_values(["bin_p", "bin_fold"], ascending=[True, False], kind="stable")
    motifs = ranked[~ranked["motif"].map(nodes).duplicated()].head(n_motifs)
    elements = positions[core & positions["expected_position"].notna()].head(n_core)
    shown = pd.concat([elements, motifs])
    if shown.empty:
        return _nothing(len(positions))
    n_rows = -(-len(shown) // COLUMNS)
    figure, panels = style.panels(COLUMNS, n_rows, width=3.2, height=1.95)
    by_motif = profiles.set_index("motif")
    for axes, row in zip(panels, shown.itertuples(), strict=False):
        draw_profile(axes, by_motif.loc[[row.motif]])
        axes.set_title(row.name, loc="left", fontsize=9)
        axes.set_title(_summary(row), loc="right", fontsize=7.5, weight="normal")
    for axes in panels[len(shown) :]:
        axes.remove()
    title = f"Places of motifs: {len(preferring)} of {(~core).sum()} prefer one"
    if len(elements):
        title += f"; first {len(elements)} core promoter elements, then the {len(motifs)} strongest of unlike motifs"
    figure.suptitle(title, fontsize=10, weight="bold")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels))
    for axes in panels[max(0, len(shown) - COLUMNS) : len(shown)]:
        axes.set_xlabel("bp from the TSS")
    figure.supylabel(f"promoters with a hit at a position, mean over {SMOOTHED} bp", fontsize=9)
    return figure


def _summary(row: tuple) -> str:
    if row.kind == CORE:
        return f"{row.near_position:+.0f}: {row.near_fold:.3g}-fold, {_q(row.near_q)}"
    return f"{row.bin_low:+.0f} to {row.bin_high:+.0f}: {row.bin_fold:.3g}-fold"


def _q(value: float) -> str:
    """A q-value, of which the smallest numbers that can be written are none."""
    return f"q = {value:.1g}" if value > 1e-300 else "q < 1e-300"


def draw_profile(axes: Axes, profile: pd.DataFrame) -> None:
    """Observed promoters by position on either strand, and the mean expectation of a strand; the TSS is marked.

    Parameters
    ----------
    axes : Axes
    profile : pd.DataFrame
        ``strand position observed expected`` of one motif.
    """
    kernel = np.ones(SMOOTHED)
    expected = []
    for strand, colour in STRANDS:
        rows = profile[profile["strand"] == strand].sort_values("position")
        position = rows["position"].to_numpy()
        # At the ends there are fewer bases to average over.
        number = np.convolve(np.ones(len(rows)), kernel, "same")
        smooth = np.convolve(rows["observed"], kernel, "same") / number
        axes.plot(position, smooth, color=colour, lw=1.1, label=strand)
        expected.append(rows["expected"].to_numpy())
    axes.plot(position, np.mean(expected, axis=0), color=style.BLACK, lw=1.1, ls="--", label="expected, per strand")
    axes.axvline(0, color=style.BLACK, lw=0.9, ls=":", label="TSS")
    axes.set_xlim(position[0], position[-1])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(style.plt.MaxNLocator(4))


def _nothing(n_motifs: int) -> Figure:
    figure, (axes,) = style.panels(1, width=7.5, height=1.6)
    axes.set_axis_off()
    text = f"None of {n_motifs} motifs prefers a place relative to the TSS."
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", fontsize=10)
    return figure
