"""The simulated tasks: planted motifs, and the configurations that tell bound from unbound sequences."""

from textwrap import fill

from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from matplotlib.patches import Polygon

from ..argminn.tasks import Configuration, Task
from ..pwm import Motif
from . import style
from .motif_logos import draw_logo

COLUMNS = 2
HALF_HEIGHT = 0.28
"""Half the height of a site, in rows."""
TIP = 2.5
"""Length of the tip that shows a site's strand, in bp."""
LINE = 74
"""Characters of a line of the description."""


def draw(tasks: list[Task], motifs: list[list[Motif]]) -> Figure:
    """A panel for each task: logos of its motifs, then its configurations, with the weights of their gaps.

    Parameters
    ----------
    tasks : list of Task
    motifs : list of list of Motif
        Planted motifs of each task.
    """
    n_rows = -(-len(tasks) // COLUMNS)
    n_columns = min(COLUMNS, len(tasks))
    heights = [max(_n_lines(task) for task in tasks[row * COLUMNS : (row + 1) * COLUMNS]) for row in range(n_rows)]
    size = 5.2 * n_columns, sum(1.75 + 0.26 * height for height in heights)
    figure = style.plt.figure(figsize=size)
    ratios = [1.75 + 0.26 * height for height in heights]
    parts = figure.subfigures(n_rows, n_columns, squeeze=False, height_ratios=ratios).ravel()
    for part, task, planted in zip(parts, tasks, motifs, strict=False):
        _draw_task(part, task, planted)
    return figure


def _n_lines(task: Task) -> int:
    return len(task.positives) + len(task.negatives)


def _draw_task(part: SubFigure, task: Task, motifs: list[Motif]) -> None:
    colours = {motif.id: colour for motif, colour in zip(motifs, style.PALETTE, strict=False)}
    part.suptitle(task.name, fontsize=10, weight="bold", x=0.02, ha="left")
    grid = part.add_gridspec(2, len(motifs), height_ratios=[0.75, 0.35 + 0.26 * _n_lines(task)])
    for column, motif in enumerate(motifs):
        axes = part.add_subplot(grid[0, column])
        draw_logo(axes, motif.pfm)
        axes.set_title(motif.id, fontsize=8, color=colours[motif.id], pad=2)
        if column:
            axes.set_yticklabels([])
        else:
            axes.set_ylabel("bits", fontsize=7)
    axes = part.add_subplot(grid[1, :])
    axes.set_title(fill(task.description, LINE), fontsize=7.5, weight="normal", loc="left")
    _draw_configurations(axes, task, {motif.id: motif.width for motif in motifs}, colours)


def _draw_configurations(axes: Axes, task: Task, widths: dict[str, int], colours: dict[str, str]) -> None:
    """A line for each configuration, bound ones first, on one scale in bp."""
    lines = [(label, configuration) for label in (1, 0) for configuration in task.configurations(label)]
    axes.axhline(len(task.negatives) - 0.5, color=style.GREY, lw=0.6)
    longest = max(_draw_line(axes, len(lines) - 1 - row, line[1], widths, colours) for row, line in enumerate(lines))
    axes.set(ylim=(-0.6, len(lines) - 0.4), xlim=(-2, longest + 2), xlabel="bp")
    axes.set_yticks(
        range(len(lines)),
        [f"{'bound' if label else 'unbound'} {choice.weight:.3g}" for label, choice in reversed(lines)],
        fontsize=7,
    )
    axes.xaxis.label.set_size(7)
    axes.tick_params(axis="x", labelsize=6.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _draw_line(
    axes: Axes, y: float, configuration: Configuration, widths: dict[str, int], colours: dict[str, str]
) -> float:
    """Sites at their largest gaps, and in each gap a bar for every number of bases it may have; returns the end."""
    if not configuration.motifs:
        axes.plot([0, 20], [y, y], color=style.GREY, lw=0.8)
        axes.text(21, y, "background", fontsize=6.5, va="center")
        return 45.0
    x = 0.0
    for number, (motif, strand) in enumerate(zip(configuration.motifs, configuration.strands, strict=True)):
        if number:
            gap = configuration.gaps[number - 1]
            axes.plot([x, x + max(gap)], [y, y], color=style.GREY, lw=0.8, zorder=0)
            scale = 2 * HALF_HEIGHT / max(gap.values())
            heights = [weight * scale for weight in gap.values()]
            places = [x + bases for bases in gap]
            axes.bar(places, heights, 0.4, bottom=y - HALF_HEIGHT, color=style.GREY, zorder=3)
            x += max(gap)
        axes.add_patch(_site(x, y, widths[motif], strand, colours[motif]))
        x += widths[motif]
    return x


def _site(x: float, y: float, width: float, strand: str, colour: str) -> Polygon:
    """A box with a tip towards the end of its strand, or on either side where both are as likely."""
    left, right = (TIP if strand in "-?" else 0), (TIP if strand in "+?" else 0)
    low, high = y - HALF_HEIGHT, y + HALF_HEIGHT
    corners = [(x + left, low), (x + width - right, low), (x + width, y if right else low)]
    corners += [(x + width, y if right else high), (x + width - right, high), (x + left, high)]
    corners += [(x, y if left else high), (x, y if left else low)]
    return Polygon(corners, facecolor=colour, edgecolor="white", lw=0.5, zorder=2)
