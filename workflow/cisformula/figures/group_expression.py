"""How the groups of genes differ in expression, how their number was chosen, and what the prediction alone explains."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .group_features import group_colours

ARMS = {
    "kmeans": "k-means",
    "leiden": "Leiden",
    "row_centred": "k-means, each gene's\nmean feature taken away",
    "prediction_quantiles": "prediction cut into\ngroups of equal size",
}
BINS = 30
HALF_WIDTH = 0.42


def draw(genes: pd.DataFrame, choice: pd.DataFrame, tests: pd.DataFrame, pairs: pd.DataFrame, fdr: float) -> Figure:
    """Expression of each group, the choice of their number, and shares of variance.

    Parameters
    ----------
    genes : pd.DataFrame
        ``group target``.
    choice, tests, pairs : pd.DataFrame
        As :mod:`cisformula.grammar.gene_groups` and :mod:`cisformula.grammar.group_expression` make them.
    fdr : float
        Pairs with a q-value below it differ.
    """
    n_groups = genes["group"].nunique()
    widths = [max(2.8, 0.55 * n_groups + 1), 2.6, 4.6]
    figure, axes = style.plt.subplots(1, 3, figsize=(sum(widths) + 2.4, 4.2), width_ratios=widths)
    draw_groups(axes[0], genes, pairs[pairs["arm"] == "kmeans"], fdr)
    draw_choice(axes[1], choice)
    draw_shares(axes[2], tests)
    return figure


def draw_groups(axes: Axes, genes: pd.DataFrame, pairs: pd.DataFrame, fdr: float) -> None:
    """A mirrored histogram per group, its quartiles as a bar and its median as a dot; the number of genes below."""
    labels = genes["group"].to_numpy()
    edges = np.histogram_bin_edges(genes["target"], BINS)
    for group, colour in group_colours(labels).items():
        values = genes.loc[labels == group, "target"]
        counts = np.histogram(values, edges)[0]
        half = HALF_WIDTH * np.repeat(counts / counts.max(), 2)
        axes.fill_betweenx(np.repeat(edges, 2)[1:-1], group - half, group + half, color=colour, lw=0)
        low, middle, high = values.quantile([0.25, 0.5, 0.75])
        axes.vlines(group, low, high, color=style.BLACK, lw=2)
        axes.scatter(group, middle, s=22, color="white", edgecolors=style.BLACK, zorder=3)
    sizes = genes.groupby("group").size()
    axes.set_xticks(sizes.index, [f"{group}\n{size:,}" for group, size in sizes.items()], fontsize=7.5)
    axes.set(xlabel="group\ngenes", ylabel="expression (SD of median log10 expression)")
    differ = int((pairs["q"] < fdr).sum())
    axes.set_title(f"Expression by group\n{differ} of {len(pairs)} pairs differ (q < {fdr:g})", loc="left")


def draw_choice(axes: Axes, choice: pd.DataFrame) -> None:
    """Silhouette and stability with its interval against the number of groups, the chosen one marked."""
    axes.fill_between(choice["k"], choice["stability_low"], choice["stability_high"], color=style.BLUE, alpha=0.2, lw=0)
    axes.plot(choice["k"], choice["stability"], color=style.BLUE, marker="o", ms=3.5, label="stability (adjusted Rand)")
    axes.plot(choice["k"], choice["silhouette"], color=style.VERMILION, marker="s", ms=3.5, label="silhouette")
    for number in choice.loc[choice["chosen"], "k"]:
        axes.axvline(number, color=style.BLACK, lw=0.8, ls="--", label=f"chosen: {number}")
    axes.set(xlabel="number of groups", ylim=(min(0, choice["silhouette"].min(), choice["stability_low"].min()), 1.02))
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(7, integer=True))
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.17))
    axes.set_title("How many groups?", loc="left")


def draw_shares(axes: Axes, tests: pd.DataFrame) -> None:
    """Share of the variance that groups explain, and groups and prediction together, against prediction alone."""
    table = tests.set_index(["arm", "measure"])
    arms = [arm for arm in ARMS if arm in tests["arm"].to_numpy()]
    alone = table.loc[(arms[0], "r2_prediction")]
    axes.axvspan(alone["low"], alone["high"], color=style.GREY, alpha=0.35, lw=0)
    axes.axvline(alone["value"], color=style.BLACK, lw=0.8, label=f"prediction alone: {alone['value']:.3f}")
    kinds = (("eta2", "groups alone", style.BLUE, -0.14), ("r2_both", "both", style.ORANGE, 0.14))
    right = max(table.loc[(arm, measure), "high"] for arm in arms for measure, *_ in kinds)
    for measure, label, colour, offset in kinds:
        rows = table.loc[[(arm, measure) for arm in arms]]
        places = np.arange(len(arms)) + offset
        axes.barh(places, rows["value"], height=0.26, color=colour, label=label)
        axes.hlines(places, rows["low"], rows["high"], color=style.BLACK, lw=1.2)
        for place, row in zip(places, rows.itertuples(), strict=True):
            text = f"{row.value:.3f}"
            if measure == "r2_both":
                text += f" (+{table.loc[(row.Index[0], 'beyond_prediction'), 'value']:.3f})"
            axes.text(right * 1.03, place, text, va="center", fontsize=7)
    # Adding 0 turns -0.00 into 0.00.
    agreement = [round(table.loc[(arm, "ari_folds"), "value"], 2) + 0.0 for arm in arms]
    names = [f"{ARMS[arm]}\n(Rand index to folds {found:.2f})" for arm, found in zip(arms, agreement, strict=True)]
    axes.set_yticks(range(len(arms)), names, fontsize=7)
    axes.set(xlim=(0, right * 1.32), ylim=(len(arms) - 0.5, -0.5), xlabel="share of the variance of expression")
    axes.legend(loc="upper center", bbox_to_anchor=(0.4, -0.17), ncols=3, columnspacing=1, handletextpad=0.4)
    axes.set_title("Do groups say more than the prediction?", loc="left")
