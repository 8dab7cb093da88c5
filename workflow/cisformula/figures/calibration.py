"""Are the tests in cell types to be believed? Against permuted genes, and against decoupler."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from . import style
from .cell_type_performance import TARGETS

STATISTICS = {"t": "t with HC3 error", "z": "activity z"}
METHODS = {"mlm": "all motifs at once (mlm)", "ulm": "one motif at a time (ulm)"}
COMPARED = [("t", "mlm"), ("z", "ulm")]


def draw(quantiles: pd.DataFrame, null: pd.DataFrame, ours: pd.DataFrame, theirs: pd.DataFrame) -> Figure:
    """Quantile-quantile plot of the p-values of each target, and our statistics against decoupler's.

    Parameters
    ----------
    quantiles : pd.DataFrame
        ``target threshold permuted permuted_low permuted_high observed``.
    null : pd.DataFrame
        ``target permutation significant_share``.
    ours : pd.DataFrame
        ``motif cell_type t z``, of the deviation.
    theirs : pd.DataFrame
        ``motif cell_type ulm mlm``.
    """
    figure, panels = style.panels(2, 2, width=3.9, height=3.3)
    targets = [target for target in TARGETS if target in set(quantiles["target"])]
    for axes, target in zip(panels[:2], targets, strict=True):
        permutations = null[null["target"] == target]
        draw_quantiles(axes, quantiles[quantiles["target"] == target], len(permutations))
        called = permutations["significant_share"].mean()
        axes.set_title(f"{TARGETS[target]}\nof permuted tests {called:.3%} are called", loc="left", fontsize=9)
    both = ours.merge(theirs, on=["motif", "cell_type"], validate="one_to_one")
    for axes, (statistic, method) in zip(panels[2:], COMPARED, strict=True):
        draw_agreement(axes, both, statistic, method)
    return figure


def draw_quantiles(axes: Axes, quantiles: pd.DataFrame, n_permutations: int) -> None:
    """Observed and permuted p-values against the uniform distribution, both as -log10."""
    y = -np.log10(quantiles["threshold"].to_numpy())
    limit = y.max() * 1.03
    axes.plot([0, limit], [0, limit], color=style.GREY, lw=0.8, zorder=0)
    low, high = (-np.log10(np.maximum(quantiles[name], 1e-12)) for name in ("permuted_high", "permuted_low"))
    axes.fill_betweenx(y, low, np.minimum(high, limit), color=style.ORANGE, alpha=0.25, linewidth=0)
    for name, colour, label in (
        ("permuted", style.ORANGE, f"genes permuted {n_permutations} times, 95 %"),
        ("observed", style.BLUE, "genes as they are"),
    ):
        seen = quantiles[name].to_numpy() > 0
        axes.plot(
            -np.log10(quantiles[name].to_numpy()[seen]), y[seen], color=colour, marker=".", ms=4, lw=1, label=label
        )
    axes.set(xlim=(0, limit), ylim=(0, limit))
    axes.set(xlabel="expected −log10 p (rank among the tests)", ylabel="−log10 p")
    axes.legend(loc="lower right")


def draw_agreement(axes: Axes, both: pd.DataFrame, statistic: str, method: str) -> None:
    """One of our statistics against one of decoupler's, over all pairs, as a density."""
    x, y = both[method].to_numpy(), both[statistic].to_numpy()
    known = np.isfinite(x) & np.isfinite(y)
    axes.hexbin(x[known], y[known], gridsize=60, bins="log", cmap=style.SEQUENTIAL, mincnt=1, linewidths=0)
    axes.axhline(0, color=style.GREY, lw=0.6)
    axes.axvline(0, color=style.GREY, lw=0.6)
    r = np.corrcoef(x[known], y[known])[0, 1] if known.sum() > 2 else np.nan
    axes.set_title(f"r = {r:.2f} over {known.sum():,} motif x cell type pairs", loc="left", fontsize=9)
    axes.set(xlabel=f"decoupler's t, {METHODS[method]}", ylabel=f"our {STATISTICS[statistic]}")
