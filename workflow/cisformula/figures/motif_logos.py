"""Sequence logos, and a gallery of the motifs the networks agree on."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.transforms import Transform

from ..pwm import Motif
from . import style
from .letters import COLOURS, Letter, outline, stacked

SMALLEST = 0.01
"""Bits below which a letter is left out: it would be thinner than a hair in print."""
FAINT = "#666666"
SIGNIFICANT = 0.05
"""q-value below which the name of a match is printed in black instead of grey."""
GALLERY_COLUMNS = 5


def draw_logo(axes: Axes, pfm: np.ndarray, start: int = 0) -> None:
    """Draw a motif's information content, letters scaled by their share of it.

    Parameters
    ----------
    axes : matplotlib Axes
        The height is fixed to 0..2 bits; no ticks but those of the bits.
    pfm : np.ndarray, shape (width, 4)
        Frequencies of A, C, G, T.
    start : int
        Position of the first column on the x axis.
    """
    draw_letters(axes, pfm, start, axes.transData)
    axes.spines[:].set_visible(False)
    axes.set(xlim=(start - 0.5, start + len(pfm) - 0.5), ylim=(0, 2), yticks=[0, 1, 2], xticks=[])
    axes.spines["left"].set_visible(True)
    axes.tick_params(axis="y", labelsize=6, length=2)


def draw_letters(axes: Axes, pfm: np.ndarray, start: int, transform: Transform) -> None:
    """The letters of a logo alone.

    Parameters
    ----------
    axes : matplotlib Axes
    pfm : np.ndarray, shape (width, 4)
        Frequencies of A, C, G, T.
    start : int
        Position of the first column.
    transform : Transform
        From positions and bits to the display.
    """
    letters = list(stacked(pfm, SMALLEST))
    for base, colour in COLOURS.items():
        shapes = [_placed(letter, start) for letter in letters if letter.base == base]
        if shapes:
            outlines = Path.make_compound_path(*shapes)
            axes.add_artist(PathPatch(outlines, color=colour, linewidth=0, transform=transform))


def _placed(letter: Letter, start: int) -> Path:
    shape = outline(letter.base)
    corner = (letter.column + start - 0.5, letter.floor)
    return Path(shape.vertices * (1, letter.height) + corner, shape.codes)


def motif_gallery(
    motifs: list[Motif], clusters: pd.DataFrame, matches: pd.DataFrame, database: list[Motif], limit: int = 40
) -> Figure:
    """Logos of the cluster representatives found by most networks, each with its best known match.

    Parameters
    ----------
    motifs : list of Motif
        Cluster representatives, in the order of the cluster numbers.
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.
    matches : pd.DataFrame
        Tomtom's columns; the best match of each query first.
    database : list of Motif
        Known motifs, for their names.
    limit : int
        Most logos on the page.
    """
    shown = motifs[:limit]
    n_rows = -(-len(shown) // GALLERY_COLUMNS)
    figure, panels = style.panels(GALLERY_COLUMNS, n_rows, width=1.75, height=1.28)
    by_representative = clusters.drop_duplicates("representative").set_index("representative")
    best = matches.drop_duplicates("Query_ID").set_index("Query_ID")
    names = {motif.id: motif.name for motif in database}
    for panel in panels[len(shown) :]:
        panel.set_axis_off()
    for position, (panel, motif) in enumerate(zip(panels, shown, strict=False)):
        cluster = by_representative.loc[motif.id]
        draw_logo(panel, motif.pfm)
        panel.set_title(motif.id, fontsize=7.5, pad=2)
        text = f"{_count(cluster['cluster_size'], 'motif')}, {_count(cluster['n_runs'], 'run')}"
        panel.text(0.5, -0.06, text, transform=panel.transAxes, ha="center", va="top", fontsize=6.5)
        match, colour = _match_label(best, motif.id, names)
        panel.set_xlabel(match, fontsize=6.5, color=colour, labelpad=11)
        if position % GALLERY_COLUMNS:
            panel.set_yticklabels([])
        else:
            panel.set_ylabel("bits", fontsize=6.5)
    figure.suptitle(
        f"Learned motifs, one per cluster, most reproducible first: {len(shown)} of {len(motifs)}", fontsize=10
    )
    return figure


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _match_label(best: pd.DataFrame, motif_id: str, names: dict[str, str]) -> tuple[str, str]:
    """Name and q-value of the best known match, and the colour to print them in."""
    if motif_id not in best.index:
        return "no known match", FAINT
    match = best.loc[motif_id]
    name = names.get(match["Target_ID"], match["Target_ID"])
    colour = style.BLACK if match["q-value"] < SIGNIFICANT else FAINT
    return f"{name}, q = {match['q-value']:.2g}", colour
