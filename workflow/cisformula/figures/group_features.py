"""What the groups of genes are made of: weighted features of all genes, and the groups among principal components."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize, to_rgb
from matplotlib.figure import Figure

from . import style
from .cell_type_effects import cluster
from .coefficients import shortened

MOST_ROWS = 500
"""Most rows of the heat map, each the mean of genes that follow each other in it."""
SMALLEST_DOT, LARGEST_DOT = 1.0, 14.0


def draw(
    features: pd.DataFrame, groups: pd.DataFrame, genes: pd.DataFrame, names: pd.Series, limit: int = 50
) -> Figure:
    """Heat map of genes and features by group, and the first two principal components.

    Parameters
    ----------
    features : pd.DataFrame, shape (genes, features)
        Standardised, see :func:`cisformula.grammar.comparable_features.comparable`.
    groups : pd.DataFrame
        ``group pc1 pc2`` of each gene.
    genes : pd.DataFrame
        ``predicted observed`` of each gene, in standard deviations.
    names : pd.Series
        What to call each feature, indexed by feature.
    limit : int
        Most features shown, those of which the groups explain most.
    """
    labels = groups["group"].to_numpy()
    shown = most_different(features, labels, limit)
    figure = style.plt.figure(figsize=(13.5, 6.4))
    heat, scatter = figure.subplots(1, 2, width_ratios=[1.9, 1])
    draw_heat(heat, features[shown], labels, genes, names)
    heat.set_title(
        f"Weighted features of {len(labels):,} genes in {len(np.unique(labels))} groups:\n"
        f"{len(shown)} of {features.shape[1]} features, of which the groups explain most",
        loc="left",
    )
    draw_components(scatter, groups)
    return figure


def group_colours(labels: np.ndarray) -> dict[int, tuple[float, float, float, float]]:
    """A colour for each group, from the lowest expression (dark) to the highest (light)."""
    names = np.unique(labels)
    return dict(
        zip(names.tolist(), style.plt.get_cmap(style.SEQUENTIAL)(np.linspace(0, 0.93, len(names))), strict=True)
    )


def most_different(features: pd.DataFrame, labels: np.ndarray, limit: int) -> list[str]:
    """The features of whose variance the groups explain most, those with similar means beside each other."""
    means = features.groupby(labels).mean()
    sizes = pd.Series(labels).value_counts().loc[means.index]
    explained = (means.sub(features.mean()) ** 2).mul(sizes, axis=0).sum() / (features - features.mean()).pow(2).sum()
    chosen = explained.sort_values(ascending=False, kind="stable").index[:limit]
    return chosen[cluster(means[chosen].to_numpy().T).order].tolist()


def in_blocks(labels: np.ndarray, predicted: np.ndarray) -> np.ndarray:
    """Row of the heat map of each gene: by group, then by prediction, as many genes to a row as room asks for."""
    order = np.lexsort((predicted, labels))
    step = -(-len(labels) // MOST_ROWS)
    sizes = np.unique(labels, return_counts=True)[1]
    within = np.concatenate([np.arange(size) // step for size in sizes])
    first = np.cumsum([0, *(-(-sizes // step))])[:-1]
    rows = np.empty(len(labels), dtype=np.int64)
    rows[order] = within + np.repeat(first, sizes)
    return rows


def draw_heat(axes: Axes, features: pd.DataFrame, labels: np.ndarray, genes: pd.DataFrame, names: pd.Series) -> None:
    """Genes by group from top to bottom; group colours at the left, prediction and expression at the right."""
    rows = in_blocks(labels, genes["predicted"].to_numpy())
    values = features.groupby(rows).mean()
    group_of_row = pd.Series(labels).groupby(rows).first()
    limit = max(float(np.quantile(np.abs(values), 0.99)), 1e-6)
    scale = ScalarMappable(Normalize(-limit, limit), style.DIVERGING)
    axes.imshow(scale.to_rgba(values.to_numpy())[..., :3], aspect="auto", interpolation="nearest")
    axes.set_xticks(
        range(values.shape[1]), [shortened(str(names[name]), 16) for name in values], rotation=90, fontsize=6
    )
    axes.tick_params(length=0)
    colours = group_colours(labels)
    bar = axes.inset_axes((-0.03, 0, 0.022, 1))
    bar.imshow([[to_rgb(colours[group])] for group in group_of_row], aspect="auto", interpolation="nearest")
    bar.set_xticks([])
    middles = pd.Series(np.arange(len(group_of_row))).groupby(group_of_row.to_numpy()).mean()
    sizes = pd.Series(labels).value_counts()
    bar.set_yticks(middles, [f"{group}\n({sizes[group]:,})" for group in middles.index], fontsize=7)
    bar.tick_params(length=0)
    bar.set_ylabel("group (genes)")
    beside = axes.inset_axes((1.01, 0, 0.05, 1))
    levels = genes[["predicted", "observed"]].groupby(rows).mean()
    beside.imshow(levels, cmap=style.DIVERGING, vmin=-1.5, vmax=1.5, aspect="auto", interpolation="nearest")
    beside.set_xticks([0, 1], ["predicted", "measured"], rotation=90, fontsize=6)
    for part in (axes, bar, beside):
        for place in np.flatnonzero(np.diff(group_of_row)):
            part.axhline(place + 0.5, color=style.BLACK, lw=0.5)
    for part in (axes, beside):
        part.set_yticks([])
        part.tick_params(length=0)
    each = -(-len(labels) // MOST_ROWS)
    rows_are = "a row is a gene" if each == 1 else f"a row is the mean of up to {each} genes"
    label = f"standardised weighted feature; at the right expression (SD, ±1.5)\n{rows_are}"
    axes.figure.colorbar(scale, ax=axes, label=label, extend="both", shrink=0.6, pad=0.07)


def draw_components(axes: Axes, groups: pd.DataFrame) -> None:
    """One dot per gene at its first two components, coloured by group, and each group's number at its middle."""
    if groups["pc2"].isna().all():
        axes.text(0.5, 0.5, "The features have one principal component.", ha="center")
        axes.set_axis_off()
        return
    colours = group_colours(groups["group"].to_numpy())
    size = float(np.clip(3e4 / len(groups), SMALLEST_DOT, LARGEST_DOT))
    dots = {"s": size, "linewidths": 0, "alpha": 0.6, "rasterized": True}
    axes.scatter(groups["pc1"], groups["pc2"], c=[colours[group] for group in groups["group"]], **dots)
    box = {"boxstyle": "circle,pad=0.25", "fc": "white", "ec": style.BLACK, "lw": 0.8}
    for group, middle in groups.groupby("group")[["pc1", "pc2"]].median().iterrows():
        axes.text(middle["pc1"], middle["pc2"], str(group), ha="center", va="center", fontsize=8, bbox=box)
    axes.set(xlabel="first principal component", ylabel="second principal component")
    axes.set_title("Groups among principal components\n(1: lowest predicted expression)", loc="left")
