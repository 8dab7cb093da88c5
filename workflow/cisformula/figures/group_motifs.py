"""Which motifs set the groups of genes apart, and whether their sites raise or lower the prediction."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import cluster
from .coefficients import shortened

ROLES = {"active": style.VERMILION, "repressive": style.BLUE, "unclear": style.GREY}
Z_95 = 1.959964
BOUND = 2.0
"""Largest log2 odds of the colour scale."""


def draw(
    motifs: pd.DataFrame,
    roles: pd.DataFrame,
    summary: pd.DataFrame,
    labels: pd.Series,
    fdr: float,
    limit: int = 45,
) -> Figure:
    """Map of log2 odds, groups by motifs, beside the contribution of a site of each motif.

    Parameters
    ----------
    motifs : pd.DataFrame
        ``group motif log2_odds p logistic_p call``, see :func:`cisformula.grammar.group_enrichment.enrichment`.
    roles : pd.DataFrame
        ``motif contribution standard_error role``.
    summary : pd.DataFrame
        ``group n mean`` of each group.
    labels : pd.Series
        What to call each motif, indexed by its id.
    fdr : float
        Rate that calls are made at.
    limit : int
        Most motifs shown.
    """
    shown = strongest(motifs, limit)
    odds = motifs.pivot(index="motif", columns="group", values="log2_odds").loc[shown]
    odds = odds.iloc[cluster(odds.to_numpy()).order]
    called = motifs.pivot(index="motif", columns="group", values="call").loc[odds.index] != "none"
    table = roles.set_index("motif").loc[odds.index]
    width = max(2.2, 0.5 * odds.shape[1])
    figure, (left, right) = style.plt.subplots(
        1, 2, figsize=(width + 5.6, max(3.4, 0.17 * len(odds) + 2.2)), width_ratios=[width, 2.6]
    )
    n_called = motifs.loc[motifs["call"] != "none", "motif"].nunique()
    figure.suptitle(
        f"Motifs of gene groups: {len(odds)} of {motifs['motif'].nunique()}, the strongest of each group;\n"
        f"{n_called} are enriched or depleted in a group by both tests at q < {fdr:g} (dots)",
        fontsize=10,
        weight="bold",
    )
    draw_odds(left, odds, called, summary, labels)
    draw_contributions(right, table)
    return figure


def strongest(motifs: pd.DataFrame, limit: int) -> list[str]:
    """Each group's motifs in turn, those that are called first, then by the larger p of both tests."""
    ranked = motifs.assign(uncalled=motifs["call"] == "none", larger=motifs[["p", "logistic_p"]].max(axis=1))
    ranked = ranked.sort_values(["uncalled", "larger"], kind="stable")
    turn = ranked.groupby("group").cumcount()
    ranked = ranked.assign(turn=turn).sort_values(["uncalled", "turn", "group"], kind="stable")
    return ranked.drop_duplicates("motif")["motif"].head(limit).tolist()


def draw_odds(axes: Axes, odds: pd.DataFrame, called: pd.DataFrame, summary: pd.DataFrame, labels: pd.Series) -> None:
    """Heat map of log2 odds against the matched background, a dot where both tests agree."""
    scale = ScalarMappable(Normalize(-BOUND, BOUND), style.DIVERGING)
    axes.imshow(odds, cmap=style.DIVERGING, vmin=-BOUND, vmax=BOUND, aspect="auto", interpolation="nearest")
    marked = np.argwhere(called.to_numpy())
    axes.scatter(marked[:, 1], marked[:, 0], s=6, color=style.BLACK, linewidths=0)
    of_group = summary.set_index("group")
    heads = [f"{group}\n{of_group.loc[group, 'n']:,}\n{of_group.loc[group, 'mean']:.2f}" for group in odds.columns]
    axes.set_xticks(range(odds.shape[1]), heads, fontsize=7)
    axes.set_xlabel("group\ngenes\nmean expression (SD)")
    axes.set_yticks(range(len(odds)), [shortened(labels.get(motif, motif)) for motif in odds.index], fontsize=7)
    axes.tick_params(length=0)
    bar = axes.figure.colorbar(scale, ax=axes, extend="both", location="bottom", shrink=0.9, aspect=25, pad=0.01)
    bar.set_label("log2 odds against promoters\nof the same GC and CpG o/e", fontsize=7.5)


def draw_contributions(axes: Axes, table: pd.DataFrame) -> None:
    """What a site of each motif adds to the prediction, with its 95 % interval, coloured by role."""
    places = np.arange(len(table))
    for role, colour in ROLES.items():
        of_role = (table["role"] == role).to_numpy()
        rows = table[of_role]
        label = f"{role} ({len(rows)})"
        axes.errorbar(
            rows["contribution"],
            places[of_role],
            xerr=Z_95 * rows["standard_error"],
            fmt="o",
            ms=4,
            lw=1.2,
            color=colour,
            label=label,
        )
    axes.axvline(0, color=style.BLACK, lw=0.8)
    axes.set(ylim=(len(table) - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(4))
    axes.set_xlabel("contribution of a site to the prediction\n(SD of expression, 95 % interval)")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1, handletextpad=0.2)
