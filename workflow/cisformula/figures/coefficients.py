"""The formula's motifs with their coefficients."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .. import learned_ids
from ..pwm import Motif
from . import style
from .motif_logos import SIGNIFICANT, draw_logo

SOURCES = {"learned": style.BLUE, "ARGMINN": style.GREEN, "database": style.ORANGE}
COLUMNS = 2
Z_95 = 1.959964
LONGEST_LABEL = 26


def draw(formula: pd.DataFrame, motifs: list[Motif], n_folds: int, limit: int = 40) -> Figure:
    """The largest coefficients with logos, and all of them sorted.

    Parameters
    ----------
    formula : pd.DataFrame
        ``motif name source consensus coefficient standard_error selection_probability folds match match_q``.
    motifs : list of Motif
        The formula's motifs, for logos.
    n_folds : int
        Number of outer folds.
    limit : int
        Most motifs drawn with a logo.
    """
    ranked = formula.sort_values("coefficient", key=np.abs, ascending=False, kind="stable")
    shown = ranked.head(limit)
    n_rows = max(1, -(-len(shown) // COLUMNS))
    figure = style.plt.figure(figsize=(14.5, max(3.2, 0.3 * n_rows + 1.5)))
    figure.suptitle(
        f"The formula: {len(shown)} of {len(formula)} motifs, largest coefficients first", fontsize=10, weight="bold"
    )
    grid = figure.add_gridspec(1, 2 * COLUMNS + 1, width_ratios=[0.62, 1] * COLUMNS + [1])
    half = Z_95 * shown["standard_error"]
    limits = _padded((shown["coefficient"] - half).min(), (shown["coefficient"] + half).max())
    logos = {motif.id: motif for motif in motifs}
    for column in range(-(-len(shown) // n_rows)):
        part = shown.iloc[column * n_rows : (column + 1) * n_rows]
        draw_logos(figure.add_subplot(grid[2 * column]), part, logos, n_rows)
        draw_coefficients(figure.add_subplot(grid[2 * column + 1]), part, limits, n_folds, n_rows)
    draw_overview(figure.add_subplot(grid[-1]), formula)
    return figure


def motif_labels(formula: pd.DataFrame) -> pd.Series:
    """What to call each motif, indexed by its id: known motifs by name, learned ones by their significant match.

    ``SP1 (MA0079.5)``, ``R3M12 ≈ SP1``, or ``R3M12 CCGGAAGT`` without a match below a q-value of 0.05.
    """
    labels = [
        _motif_label(motif, name, source, consensus, match if match_q < SIGNIFICANT else "")
        for motif, name, source, consensus, match, match_q in zip(
            *(formula[column] for column in ("motif", "name", "source", "consensus", "match", "match_q")), strict=True
        )
    ]
    return pd.Series(labels, index=formula["motif"])


def _motif_label(motif: str, name: str, source: str, consensus: str, match: str) -> str:
    if source in learned_ids.SOURCES:
        return shortened(f"{motif} ≈ {match}" if match else f"{motif} {consensus}")
    return shortened(name if name == motif else f"{name} ({motif})")


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    """The text, its middle replaced by an ellipsis if it is longer than that: long names often differ at the end.

    Dollar signs are escaped, for matplotlib sets what stands between two of them as a formula.
    """
    if len(text) > longest:
        end = longest // 3
        text = text[: longest - 1 - end] + "…" + text[len(text) - end :]
    return text.replace("$", r"\$")


def draw_logos(axes: Axes, part: pd.DataFrame, logos: dict[str, Motif], n_rows: int) -> None:
    """Labels and small logos, one row per motif, first on top."""
    axes.set_ylim(n_rows - 0.5, -0.5)
    axes.set(xlim=(0, 1), xticks=[])
    axes.set_yticks(range(len(part)), motif_labels(part))
    axes.tick_params(axis="y", length=0)
    axes.spines[:].set_visible(False)
    for place, motif in enumerate(part["motif"]):
        if motif in logos:
            inset = axes.inset_axes((0, 1 - (place + 0.94) / n_rows, 1, 0.88 / n_rows))
            draw_logo(inset, logos[motif].pfm)
            inset.set_axis_off()


def draw_coefficients(axes: Axes, part: pd.DataFrame, limits: tuple[float, float], n_folds: int, n_rows: int) -> None:
    """Signed bars with 95 % intervals, coloured by source; at the right the folds and halves of genes that chose it."""
    colours = [SOURCES[source] for source in part["source"]]
    places = range(len(part))
    axes.barh(places, part["coefficient"], color=colours, height=0.74)
    axes.errorbar(
        part["coefficient"], places, xerr=Z_95 * part["standard_error"], fmt="none", ecolor=style.BLACK, elinewidth=0.9
    )
    axes.axvline(0, color=style.BLACK, lw=0.8)
    counts = [f"{folds}/{n_folds}" for folds in part["folds"]]
    _write_column(axes, 1.02, "folds", counts)
    if part["selection_probability"].notna().any():
        _write_column(axes, 1.17, "halves", [f"{100 * share:.0f} %" for share in part["selection_probability"]])
    axes.set(xlim=limits, ylim=(n_rows - 0.5, -0.5))
    axes.tick_params(axis="y", left=False, labelleft=False)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(5))
    axes.set_xlabel("coefficient with 95 % interval\n(SD of expression per SD of feature)")


def _write_column(axes: Axes, x: float, head: str, cells: list[str]) -> None:
    """Text beside the rows; ``x`` as a share of the width of the axes."""
    small = {"transform": axes.get_yaxis_transform(), "fontsize": 7}
    axes.text(x, -0.75, head, va="bottom", **small)
    for place, cell in enumerate(cells):
        axes.text(x, place, cell, va="center", **small)


def draw_overview(axes: Axes, formula: pd.DataFrame) -> None:
    """All coefficients from lowest to highest, coloured by source."""
    ordered = formula.sort_values("coefficient", ignore_index=True)
    for source, colour in SOURCES.items():
        of_source = ordered[ordered["source"] == source]
        if of_source.empty:
            continue
        axes.bar(of_source.index, of_source["coefficient"], width=1, color=colour, label=f"{source} ({len(of_source)})")
    axes.axhline(0, color=style.BLACK, lw=0.8)
    # The same room on both sides of zero leaves the upper left corner to the legend.
    bound = 1.05 * max(ordered["coefficient"].abs().max(), 1e-9)
    axes.set(xlabel="motifs, sorted", ylabel="coefficient", xlim=(-1, len(ordered)), ylim=(-bound, bound))
    axes.legend(loc="upper left")
    raising = (formula["coefficient"] > 0).sum()
    axes.set_title(f"All {len(formula)}: {raising} raise, {len(formula) - raising} lower", loc="left")


def _padded(low: float, high: float) -> tuple[float, float]:
    low, high = min(low, 0), max(high, 0)
    return low - 0.03 * (high - low), high + 0.03 * (high - low)
