"""Whether the factors that may stand behind a motif are expressed where it is active: one panel per motif."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import group_colours, group_legend
from .coefficients import shortened

N_COLUMNS = 4
RUNNERS_UP = 2
LONGEST_TITLE = 34
TEXT_FONT = 7


def draw(
    factors: pd.DataFrame,
    expression: pd.DataFrame,
    activity: pd.DataFrame,
    groups: pd.Series,
    labels: pd.Series,
    fdr: float,
    limit: int = 12,
) -> Figure:
    """Scatter of factor expression and motif activity over cell types, for the factors that stand out most.

    Parameters
    ----------
    factors : pd.DataFrame
        As :func:`cisformula.factors.correlate` returns it.
    expression : pd.DataFrame, shape (genes, cell types)
        Log expression of the factors minus the mean of all genes, indexed by gene id.
    activity : pd.DataFrame, shape (motifs, cell types)
    groups : pd.Series
        Group of each cell type, indexed by cell type.
    labels : pd.Series
        What to call each motif, indexed by its id.
    fdr : float
        Pairs with a smaller q are shown.
    limit : int
        Most panels.
    """
    shown = standing_out(factors, fdr, limit)
    if shown.empty:
        return _nothing_to_show(fdr)
    shown_groups, colours = group_colours(groups.reindex(activity.columns))
    n_rows = -(-len(shown) // N_COLUMNS)
    figure, panels = style.panels(min(N_COLUMNS, len(shown)), n_rows, width=3.1, height=3.15)
    figure.get_layout_engine().set(h_pad=0.08)
    for axes in panels[len(shown) :]:
        axes.remove()
    for axes, pair in zip(panels, shown.itertuples(), strict=False):
        profile = activity.loc[pair.motif]
        draw_pair(axes, expression.loc[pair.gene_id, profile.index], profile, shown_groups.map(colours))
        axes.set_title(shortened(f"{labels.get(pair.motif, pair.motif)}: {pair.factor}", LONGEST_TITLE), loc="left")
        of_motif = factors[factors["motif"] == pair.motif]
        text = f"{describe(pair)}\n{runners_up(of_motif, pair.factor)}"
        axes.set_xlabel(f"log expression of {shortened(pair.factor)}")
        axes.annotate(text, (0, 0), (0, -32), "axes fraction", "offset points", va="top", fontsize=TEXT_FONT)
        if axes.get_subplotspec().is_first_col():
            axes.set_ylabel("activity (log units per SD of hits)")
    if len(colours) > 1:
        legend = group_legend(shown_groups, colours)
        figure.legend(handles=legend, loc="outside lower center", ncols=min(len(legend), 5))
    measured = factors["r"].notna().sum()
    figure.suptitle(
        "Factors whose expression goes with the activity of a motif (motif: factor): "
        f"{len(shown)} of {measured:,} pairs, one per family",
        fontsize=10,
        weight="bold",
    )
    return figure


def standing_out(factors: pd.DataFrame, fdr: float, limit: int) -> pd.DataFrame:
    """Pairs with q below a rate whose correlation the fewest other genes reach; one of each family of factors.

    Motifs that share a candidate factor are of one family. Of pairs that equally many genes reach the one with the
    larger absolute r comes first.
    """
    found = factors[factors["q"] < fdr].assign(strength=lambda table: table["r"].abs())
    found = found.sort_values(["p_genes", "strength"], ascending=[True, False], kind="stable")
    families = factors.groupby("motif")["factor"].agg(set)
    taken, kept = set(), []
    for place, pair in found.iterrows():
        if len(kept) < limit and families[pair["motif"]].isdisjoint(taken):
            kept.append(place)
            taken |= families[pair["motif"]]
    return factors.loc[kept]


def draw_pair(axes: Axes, expression: pd.Series, activity: pd.Series, colours: pd.Series) -> None:
    """One dot per cell type, and the least-squares line."""
    axes.axhline(0, color=style.GREY, lw=0.6, zorder=0)
    axes.scatter(expression, activity, s=16, c=colours.reindex(activity.index), alpha=0.85, linewidths=0)
    both = expression.notna() & activity.notna()
    slope, intercept = np.polyfit(expression[both], activity[both], 1)
    ends = np.array([expression.min(), expression.max()])
    axes.plot(ends, intercept + slope * ends, color=style.BLACK, lw=1)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(5))
    axes.yaxis.set_major_locator(style.plt.MaxNLocator(5))


def describe(pair: object) -> str:
    """The correlation in words: r with its interval, cell types, q, and how many genes are as strong."""
    return (
        f"r = {pair.r:.2f} ({pair.r_low:.2f} to {pair.r_high:.2f}), n = {pair.n:.0f}, q = {pair.q:.1g}\n"
        f"{100 * pair.p_genes:.2g} % of genes have as large an |r|"
    )


def runners_up(of_motif: pd.DataFrame, factor: str) -> str:
    """The motif's other factors with the largest absolute r."""
    others = of_motif[(of_motif["factor"] != factor) & of_motif["r"].notna()]
    others = others.sort_values("r", key=lambda r: -r.abs(), kind="stable")
    first = ", ".join(f"{row.factor} {row.r:.2f}" for row in others.head(RUNNERS_UP).itertuples())
    more = len(others) - RUNNERS_UP
    return f"next: {first}" + (f"; {more} more" if more > 0 else "") if first else "no other candidate with expression"


def _nothing_to_show(fdr: float) -> Figure:
    figure, (axes,) = style.panels(1, width=6, height=2)
    axes.set_axis_off()
    axes.text(0.5, 0.5, f"no factor's expression goes with the activity of its motif at q < {fdr:g}", ha="center")
    return figure
