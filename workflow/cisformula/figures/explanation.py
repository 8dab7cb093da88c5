"""Why the formula predicts what it predicts for one promoter: its hits as signed contributions along it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from ..explanation import Explanation, Site, label, summary
from ..formula import Formula
from . import style

RAISES, LOWERS = style.VERMILION, style.BLUE
LABELLED = 15
LONGEST_LABEL = 28
FONT = 7.0
WIDTH = 9.5
LABEL_SPACING = 0.15
"""Inches between the labels, which are written upwards."""
CHARACTER = 0.062
"""Inches that a character of a label takes."""


def draw(explanation: Explanation, formula: Formula, labelled: int = LABELLED) -> Figure:
    """The hits of one sequence, the strongest with labels, their sum along it, and the terms of the prediction.

    Parameters
    ----------
    explanation : Explanation
    formula : Formula
    labelled : int
        Most hits labelled.
    """
    names = {site: _shortened(label(formula, site.motif)) for site in explanation.sites[:labelled]}
    room = [
        0.45 + CHARACTER * max((len(name) for site, name in names.items() if (site.contribution > 0) == up), default=0)
        for up in (True, False)
    ]
    figure = style.plt.figure(figsize=(WIDTH, 3.9 + sum(room)))
    grid = figure.add_gridspec(2, 2, width_ratios=[6.2, 1], height_ratios=[2.2 + sum(room), 1.0])
    hits, along = figure.add_subplot(grid[0, 0]), figure.add_subplot(grid[1, 0])
    for axes in (hits, along):
        axes.set_xlim(-formula.reading.upstream - 0.5, formula.reading.downstream + 0.5)
        axes.axvline(0, color=style.GREY, lw=0.8, ls=":", zorder=0)
    draw_hits(hits, explanation.sites, names, room)
    draw_sum(along, explanation.sites, formula)
    hits.tick_params(labelbottom=False)
    along.set_xlabel("position relative to the TSS (bp)")
    draw_terms(figure.add_subplot(grid[:, 1]), summary(explanation, formula))
    z = explanation.predicted
    figure.suptitle(
        f"{_plain(explanation.id)}: predicted log expression {f'{z:+.2f}'.replace('-', '−')} SD from the mean gene "
        f"(log10 {float(formula.log10(z)):.2f}), {len(explanation.sites)} hits",
        fontsize=10,
        weight="bold",
    )
    return figure


def draw_hits(axes: Axes, sites: list[Site], names: dict[Site, str], room: list[float]) -> None:
    """Each hit as a bar over its bases, as high as what it adds; labels above and below, joined to their bars.

    Parameters
    ----------
    axes : Axes
    sites : list of Site
    names : dict of Site to str
        Labels of the hits that get one.
    room : list of float
        Inches kept above and below the bars for labels.
    """
    heights = np.array([site.contribution for site in sites] or [0.0])
    top, bottom = max(heights.max(), 0.0), min(heights.min(), 0.0)
    per_inch = max(top - bottom, 1e-9) / 2.2
    axes.set_ylim(bottom - room[1] * per_inch, top + room[0] * per_inch)
    bars = [_bar(site.start - 0.5, site.end + 0.5, site.contribution) for site in sites]
    colours = [RAISES if site.contribution > 0 else LOWERS for site in sites]
    axes.add_collection(PolyCollection(bars, facecolors=colours, edgecolors="none", alpha=0.45))
    axes.axhline(0, color=style.BLACK, lw=0.8)
    low, high = axes.get_xlim()
    for sign, edge in ((1, top + 0.3 * per_inch), (-1, bottom - 0.3 * per_inch)):
        of_sign = sorted(
            (site for site in names if (site.contribution > 0) == (sign > 0)), key=lambda site: site.start + site.end
        )
        middles = np.array([(site.start + site.end) / 2 for site in of_sign])
        places = spread(middles, LABEL_SPACING / (0.8 * WIDTH) * (high - low), low, high)
        for site, middle, place in zip(of_sign, middles, places, strict=True):
            colour = RAISES if sign > 0 else LOWERS
            axes.plot([middle, place], [site.contribution, edge], color=colour, lw=0.6, solid_capstyle="round")
            axes.text(
                place,
                edge,
                f" {names[site]} ",
                rotation=90,
                fontsize=FONT,
                ha="center",
                va="bottom" if sign > 0 else "top",
            )
    axes.set_ylabel("contribution of a hit\n(SD of log expression)")


def spread(middles: np.ndarray, distance: float, low: float, high: float) -> np.ndarray:
    """Places as near as can be to ascending ``middles`` that keep a distance and stay inside bounds.

    Least squares under the order: neighbours that are too near are pooled and shifted together.
    """
    shifts = distance * np.arange(len(middles))
    pools: list[list[float]] = []
    for value in middles - shifts:
        pools.append([value, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, n_one), (two, n_two) = pools[-2:]
            pools[-2:] = [[(one * n_one + two * n_two) / (n_one + n_two), n_one + n_two]]
    even = np.array([value for value, number in pools for _ in range(int(number))])
    last = shifts[-1] if len(shifts) else 0.0
    return np.clip(even, low, max(high - last, low)) + shifts


def draw_sum(axes: Axes, sites: list[Site], formula: Formula) -> None:
    """What the hits over each base add together, each hit spread evenly over its bases."""
    reading = formula.reading
    total = np.zeros(reading.length)
    for site in sites:
        first = site.start + reading.upstream
        width = site.end - site.start + 1
        total[first : first + width] += site.contribution / width
    places = np.arange(-reading.upstream, reading.downstream + 1)
    axes.fill_between(places, total, where=total > 0, step="mid", color=RAISES, lw=0)
    axes.fill_between(places, total, where=total < 0, step="mid", color=LOWERS, lw=0)
    axes.axhline(0, color=style.BLACK, lw=0.8)
    axes.set_ylabel("sum per base")


def draw_terms(axes: Axes, terms: list[tuple[str, float]]) -> None:
    """The terms of the prediction one upon the other, from the intercept to the sum."""
    names = [name for name, _ in terms[:-1]]
    values = np.array([value for _, value in terms[:-1]])
    ends = np.append(np.cumsum(values[:-1]), values[-1])
    starts = np.append(np.append(0.0, ends[:-2]), 0.0)
    colours = [RAISES if value > 0 else LOWERS for value in values[:-1]] + [style.BLACK]
    rows = np.arange(len(names))
    axes.barh(rows, ends - starts, left=starts, color=colours, height=0.6)
    for row, name, value in zip(rows, names, values, strict=True):
        signed = f"{name} {value:+.2f}".replace("-", "−")
        behind = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
        axes.text(0.03, row - 0.36, signed, transform=axes.get_yaxis_transform(), fontsize=FONT, bbox=behind)
    axes.axvline(0, color=style.BLACK, lw=0.8, zorder=0.5)
    axes.set(ylim=(len(names) - 0.5, -0.75), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(3))
    axes.set_xlabel("SD of log\nexpression")


def _bar(left: float, right: float, height: float) -> list[tuple[float, float]]:
    return [(left, 0.0), (left, height), (right, height), (right, 0.0)]


def _shortened(text: str) -> str:
    return _plain(text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…")


def _plain(text: str) -> str:
    # Matplotlib sets what stands between two dollar signs as a formula.
    return text.replace("$", r"\$")
