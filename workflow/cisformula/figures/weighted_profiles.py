"""Where in the promoter each weighted feature raises or lowers the prediction, on average over genes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..pwm import Motif
from . import style
from .coefficients import draw_logos
from .position_effects import draw_heat, reading_order


def draw(features: pd.DataFrame, profiles: pd.DataFrame, motifs: list[Motif], n_genes: int, limit: int = 40) -> Figure:
    """Logos, mean weighted feature in every position bin, and share of the predictions' variance.

    Parameters
    ----------
    features, profiles : pd.DataFrame
        As :func:`cisformula.grammar.weighted_features.describe` and ``profiles`` return them.
    motifs : list of Motif
        The features' representatives, for logos.
    n_genes : int
        Genes that the means are over.
    limit : int
        Most features drawn, those with the largest shares of variance.
    """
    largest = features.sort_values("share_of_variance", ascending=False, kind="stable")["feature"].head(limit)
    means = profiles.pivot(index="feature", columns="bin_start", values="mean")
    edges = np.append(means.columns, profiles["bin_end"].max() + 1) - 0.5
    order = reading_order(means.loc[largest])
    shown = features.set_index("feature", drop=False).loc[order].rename(columns={"feature": "motif"})
    figure = style.plt.figure(figsize=(11, max(3.6, 0.21 * len(shown) + 1.9)))
    figure.suptitle(
        f"Weighted features by position: {len(shown)} of {len(features)} features, those with the largest share of the "
        f"variance;\nmeans over {n_genes:,} genes, each by networks that never saw it",
        fontsize=10,
        weight="bold",
    )
    logos, heat, bars = figure.subplots(1, 3, width_ratios=[0.45, 1.3, 0.45])
    learned = shown.assign(source="learned", match=shown["match"].fillna(""))
    draw_logos(logos, learned, {motif.id: motif for motif in motifs}, len(shown))
    scale = draw_heat(heat, means.loc[order], edges)
    label = "mean weighted feature (SD of expression)"
    figure.colorbar(scale, ax=heat, label=label, location="bottom", extend="both", aspect=40, pad=0.01)
    draw_shares(bars, shown)
    return figure


def draw_shares(axes: Axes, shown: pd.DataFrame) -> None:
    """Bars of the share of variance, one row per feature, first on top; at the right how many networks found it."""
    shares, places = 100 * shown["share_of_variance"], np.arange(len(shown))
    axes.barh(places, shares, height=0.74, color=style.GREY)
    axes.axvline(0, color=style.BLACK, lw=0.8)
    small = {"transform": axes.get_yaxis_transform(), "fontsize": 7, "va": "center"}
    axes.text(1.04, -0.9, "networks", **small)
    for place, runs in zip(places, shown["n_runs"], strict=True):
        axes.text(1.04, place, str(runs), **small)
    axes.set(ylim=(len(shown) - 0.5, -0.5), yticks=[])
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(style.plt.MaxNLocator(4))
    axes.set_xlabel("share of the variance\nof the prediction (%)")
