"""Which motifs keep company, in which communities, and how promoters that carry a community are expressed."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .coefficients import shortened

MOST_NODES = 60
LONGEST_NAME = 14
CELL = (2.5, 2.1)
"""Inches across and down that a community has."""
ALONE = "#BBBBBB"
COLOURS = [colour for colour in style.PALETTE if colour not in (style.BLACK, style.YELLOW)]


def draw(nodes: pd.DataFrame, pairs: pd.DataFrame, carriers: pd.Series, summary: pd.DataFrame) -> Figure:
    """The network of motifs beside the expression of the carriers of each community.

    Parameters
    ----------
    nodes : pd.DataFrame
        ``node name community degree strength``; ``community`` missing where there is none.
    pairs : pd.DataFrame
        ``first second z edge``.
    carriers : pd.Series
        Promoters with a site of each node, by its id.
    summary : pd.DataFrame
        As :func:`cisformula.grammar.community_expression.summarise` returns it.
    """
    shown = strongest(nodes)
    columns, rows = grid(shown["group"].nunique())
    height = max(CELL[1] * rows + 1.3, 0.5 * len(summary) + 1.9)
    width = CELL[0] * columns
    figure, (left, right) = style.plt.subplots(1, 2, figsize=(width + 5.0, height), width_ratios=[width, 5.0])
    draw_network(left, shown, pairs[pairs["edge"]], carriers)
    left.set_title(title(nodes, shown, int(pairs["edge"].sum())), loc="left")
    draw_expression(right, summary)
    return figure


def strongest(nodes: pd.DataFrame) -> pd.DataFrame:
    """The nodes to show, at most :data:`MOST_NODES`, with their ``group``: the community, or 0; strongest first."""
    joined = nodes[nodes["degree"] > 0].sort_values("strength", ascending=False, kind="stable").head(MOST_NODES)
    return joined.assign(group=joined["community"].fillna(0).astype(int)).reset_index(drop=True)


def grid(n_groups: int) -> tuple[int, int]:
    """Columns and rows for the communities, at least two columns and one row."""
    columns = max(2, int(np.ceil(np.sqrt(n_groups))))
    return columns, max(1, -(-n_groups // columns))


def colour_of(community: object) -> str:
    """Colour of a community by its number, grey for none; after the last colour the first comes again."""
    return ALONE if pd.isna(community) else COLOURS[(int(community) - 1) % len(COLOURS)]


def draw_network(axes: Axes, shown: pd.DataFrame, edges: pd.DataFrame, carriers: pd.Series) -> None:
    """Each community in a circle of its own: size by promoters, colour by community, width of edges by z."""
    axes.set_axis_off()
    if shown.empty:
        axes.text(0.5, 0.5, "No two motifs share promoters\nmore often than by chance.", ha="center", va="center")
        return
    edges = edges[edges["first"].isin(shown["node"]) & edges["second"].isin(shown["node"])]
    index = pd.Index(shown["node"])
    ends = np.stack([index.get_indexer(edges["first"]), index.get_indexer(edges["second"])], axis=1)
    place, outward = layout(shown["group"].to_numpy())
    group, colours = shown["group"].to_numpy(), [colour_of(community) for community in shown["community"]]
    largest = edges["z"].max()
    for (first, second), z in zip(ends, edges["z"], strict=True):
        same = group[first] == group[second]
        line = {"color": colours[first] if same else ALONE, "zorder": 1 if same else 0}
        axes.plot(*place[[first, second]].T, linewidth=0.4 + 3.6 * z / largest, alpha=0.6, **line)
    n = carriers.loc[shown["node"]].to_numpy(float)
    most = n.max()
    area = 30 + 250 * n / most
    axes.scatter(*place.T, s=area, c=colours, edgecolors="white", linewidths=0.8, zorder=2)
    for name, at, (right, up), size in zip(shown["name"], place, outward, area, strict=True):
        away = 2.5 + np.sqrt(size) / 2
        axes.annotate(
            shortened(name, LONGEST_NAME),
            at,
            xytext=(right * away, up * away),
            textcoords="offset points",
            ha="left" if right > 0.05 else "right" if right < -0.05 else "center",
            va="bottom" if up > 0.3 else "top" if up < -0.3 else "center",
            fontsize=7.5,
            zorder=3,
        )
    columns, rows = grid(len(set(group)))
    axes.set(xlim=(-0.5, columns - 0.5), ylim=(0.5 - rows, 0.5))
    handles = [axes.scatter([], [], s=30 + 250 * count / most, color=ALONE) for count in scale(most)]
    axes.legend(
        handles,
        [f"{count:,}" for count in scale(most)],
        title=f"dot: promoters with a site; line: z, at most {largest:.1f}",
        loc="upper center",
        bbox_to_anchor=(0.5, 0.0),
        ncols=3,
    )


def title(nodes: pd.DataFrame, shown: pd.DataFrame, n_edges: int) -> str:
    """What the network shows."""

    def number(count: int, one: str, many: str) -> str:
        return f"{count:,} {one if count == 1 else many}"

    n_joined = int((nodes["degree"] > 0).sum())
    communities = number(nodes["community"].nunique(), "community", "communities")
    some = "" if len(shown) == n_joined else f" (shown: the strongest {len(shown)})"
    return f"{number(n_joined, 'motif', 'motifs')}, {number(n_edges, 'edge', 'edges')}, {communities}{some}"


def scale(most: float) -> list[int]:
    """Three round numbers of promoters up to the largest."""
    unit = 10 ** int(np.floor(np.log10(max(most, 1))))
    top = max(int(most // unit) * unit, 1)
    return sorted({max(top // 4, 1), max(top // 2, 1), top})


def layout(group: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Places of nodes: every group on a circle in a cell of a grid, row by row; those of none (0) in the last one.

    Parameters
    ----------
    group : np.ndarray, shape (nodes,), int

    Returns
    -------
    place, outward : np.ndarray, shape (nodes, 2), float64
        In units of a cell; and the direction away from the middle of the group.
    """
    place, outward = np.zeros((len(group), 2)), np.zeros((len(group), 2))
    numbers = sorted(set(group.tolist()), key=lambda number: (number == 0, number))
    columns, _ = grid(len(numbers))
    for cell, number in enumerate(numbers):
        members = np.flatnonzero(group == number)
        # Two lie side by side, more begin at the top.
        angle = (0 if len(members) <= 2 else np.pi / 2) + 2 * np.pi * np.arange(len(members)) / len(members)
        outward[members] = np.stack([np.cos(angle), np.sin(angle)], axis=1).round(6)
        radius = 0.0 if len(members) == 1 else 0.12 + 0.015 * min(len(members), 12)
        place[members] = np.array([cell % columns, -(cell // columns)]) + radius * outward[members]
    return place, outward


def draw_expression(axes: Axes, summary: pd.DataFrame) -> None:
    """Difference of carriers and matched promoters, and what carrying the community adds to single effects."""
    known = summary.dropna(subset=["difference"])
    axes.set_title("Expression of carriers", loc="left")
    if known.empty:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "No community with enough promoters.", ha="center", va="center")
        return
    row = np.arange(len(known))
    kinds = [
        ("carriers minus matched promoters", "difference", "low", "high", "q", "o", -0.14),
        ("added to the members' single effects", "together", "together_low", "together_high", "together_q", "s", 0.14),
    ]
    colours = [colour_of(community) for community in known["community"]]
    for label, value, low, high, q, marker, shift in kinds:
        significant = known[q] < 0.05
        axes.hlines(row + shift, known[low], known[high], color=colours, linewidth=1.6)
        face = [colour if filled else "white" for colour, filled in zip(colours, significant, strict=True)]
        axes.scatter(known[value], row + shift, c=face, edgecolors=colours, marker=marker, s=34, zorder=3)
        axes.scatter([], [], c=style.GREY, marker=marker, s=34, label=label)
    axes.axvline(0, color=style.GREY, linewidth=0.8, zorder=0)
    labels = [
        f"{shortened(community.members.replace(' ', ', '), 34)}\n{community.n_carriers:,} promoters"
        for community in known.itertuples()
    ]
    axes.set_yticks(row, labels, fontsize=7.5)
    axes.set_ylim(len(known) - 0.4, -0.6)
    axes.set_xlabel("difference in standardised log expression\n(95 % interval; filled: q < 0.05)")
    axes.figure.legend(*axes.get_legend_handles_labels(), loc="outside lower right", ncols=2)
