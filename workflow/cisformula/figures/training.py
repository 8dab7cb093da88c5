"""How the networks learned, and how well they predict genes they never saw."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from scipy import special

from . import style

ROLES = {"train": style.BLUE, "validation": style.ORANGE, "test": style.VERMILION}
"""Parts of a run's genes with their colours; the outer fold that a run never sees is its test part."""
Z_95 = 1.959964
TINY = 1e-12
FEWEST_RUNS = 3
"""The interval of a mean is drawn from this many runs on."""


def draw(history: pd.DataFrame, predictions: pd.DataFrame, runs: pd.DataFrame) -> Figure:
    """Predictions of the genes of each role, learning curves, and Pearson's r of every run.

    Parameters
    ----------
    history : pd.DataFrame
        ``run epoch loss validation_loss``.
    predictions : pd.DataFrame
        ``run gene_id role observed predicted``.
    runs : pd.DataFrame
        ``run fold``.
    """
    figure = style.plt.figure(figsize=(12.8, 8.2))
    above, below = figure.subfigures(2, 1)
    for axes, role in zip(above.subplots(1, len(ROLES)), ROLES, strict=True):
        of_role = predictions[predictions["role"] == role]
        if of_role.empty:
            axes.set_axis_off()
            continue
        n_genes = of_role["gene_id"].nunique()
        draw_agreement(axes, of_role["observed"], of_role["predicted"], n_genes, "predictions")
        axes.set_title(
            f"{role}: {len(of_role):,} predictions of {n_genes:,} genes".capitalize(), loc="left", fontsize=9
        )
    left, right = below.subplots(1, 2)
    draw_learning_curves(left, history)
    draw_correlations(right, correlations(predictions).merge(runs[["run", "fold"]], on="run"))
    return figure


def draw_learning_curves(axes: Axes, history: pd.DataFrame) -> None:
    """Training and validation loss of every run, with a dot at the epoch whose weights were kept."""
    shown = {"loss": ROLES["train"], "validation_loss": ROLES["validation"]}
    n_runs = history["run"].nunique()
    for _, of_run in history.groupby("run"):
        for column, colour in shown.items():
            axes.plot(of_run["epoch"], of_run[column], color=colour, lw=0.9, alpha=0.7)
    finite = history.dropna(subset="validation_loss")
    best = finite.sort_values("validation_loss", kind="stable").drop_duplicates("run").sort_values("run")
    axes.scatter(best["epoch"], best["validation_loss"], s=18, color=style.BLACK, zorder=3)
    losses = history[list(shown)].to_numpy()
    # The first epochs may be far above the rest.
    axes.set_ylim(top=min(np.nanmax(losses) * 1.05, 2 * np.nanmedian(losses)))
    axes.plot([], [], color=ROLES["train"], label="training")
    axes.plot([], [], color=ROLES["validation"], label="validation")
    axes.scatter([], [], s=18, color=style.BLACK, label=f"best epoch (median {best['epoch'].median():.0f})")
    # Below: curves may run anywhere.
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=3, columnspacing=1, handlelength=1.5)
    axes.set(xlabel="epoch", ylabel="mean squared error (z-scored expression)")
    axes.set_title(f"Learning curves of {n_runs} networks", loc="left")


def draw_agreement(axes: Axes, observed: pd.Series, predicted: pd.Series, n_genes: int, unit: str) -> None:
    """Density of genes over observed and predicted expression, the diagonal, and Pearson's r with its interval.

    Values beyond the 99.9 % range of both together are drawn at the edge.
    """
    low, high = np.quantile(np.concatenate([observed, predicted]), [0.0005, 0.9995])
    x, y = np.clip(observed, low, high), np.clip(predicted, low, high)
    margin = 0.02 * (high - low)
    low, high = low - margin, high + margin
    shown = axes.hexbin(x, y, gridsize=(40, 23), extent=(low, high, low, high), mincnt=1, cmap=style.SEQUENTIAL, lw=0.1)
    axes.axline((0, 0), slope=1, color=style.VERMILION, lw=1.2, ls="--")
    r = correlation(observed, predicted)
    r_low, r_high = correlation_interval(r, n_genes)
    text = f"Pearson r = {r:.3f}\n95 %: {r_low:.3f} to {r_high:.3f}"
    # Above the data, so that it hides none of them.
    top = high + 0.16 * (high - low)
    axes.text(0.03, 0.985, text, transform=axes.transAxes, ha="left", va="top", fontsize=8)
    axes.set(xlabel="observed expression (z)", ylabel="predicted expression (z)", xlim=(low, high), ylim=(low, top))
    axes.figure.colorbar(shown, ax=axes, label=f"{unit} per hexagon", shrink=0.8)


def draw_correlations(axes: Axes, scores: pd.DataFrame) -> None:
    """Pearson's r of each run by test fold and role; a line at the mean over runs, a band for its 95 % interval.

    Parameters
    ----------
    scores : pd.DataFrame
        ``run role pearson_r fold``.
    """
    folds = sorted(scores["fold"].unique())
    for number, (role, colour) in enumerate(ROLES.items()):
        of_role = scores[scores["role"] == role]
        if of_role.empty:
            continue
        mean = of_role["pearson_r"].mean()
        label = f"{role}: mean {mean:.3f}"
        if len(of_role) >= FEWEST_RUNS:
            error = of_role["pearson_r"].sem() or TINY
            low, high = mean + error * special.stdtrit(len(of_role) - 1, [0.025, 0.975])
            axes.axhspan(low, high, color=colour, alpha=0.18, lw=0)
            label += f" ({low:.3f} to {high:.3f})"
        axes.axhline(mean, color=colour, lw=1)
        x = of_role["fold"].map(folds.index) + (number - 1) * 0.22
        axes.scatter(x, of_role["pearson_r"], s=20, color=colour, label=label, zorder=3)
    axes.set_xticks(range(len(folds)), folds)
    axes.set_xlim(-0.6, len(folds) - 0.4)
    low, high = scores["pearson_r"].min(), scores["pearson_r"].max()
    spread = max(high - low, 0.05)
    axes.set_ylim(low - 0.1 * spread, high + 0.45 * spread)
    axes.legend(loc="upper left")
    axes.set(xlabel="outer fold held out as test", ylabel="Pearson r")
    axes.set_title(f"Every run by itself ({scores['run'].nunique()} runs)", loc="left")


def correlations(predictions: pd.DataFrame) -> pd.DataFrame:
    """Pearson's r of each run and role, columns ``run role pearson_r``."""
    rows = [
        (run, role, correlation(part["observed"], part["predicted"]))
        for (run, role), part in predictions.groupby(["run", "role"])
    ]
    return pd.DataFrame(rows, columns=["run", "role", "pearson_r"])


def correlation(x: np.ndarray, y: np.ndarray) -> float:
    """Pearson's r; zero if one side does not vary."""
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def correlation_interval(r: float, n: int) -> tuple[float, float]:
    """95 % interval of Pearson's r of ``n`` independent pairs, by Fisher's z."""
    if n <= 3:
        return -1.0, 1.0
    z, half = np.arctanh(np.clip(r, -1 + 1e-12, 1 - 1e-12)), Z_95 / np.sqrt(n - 3)
    return float(np.tanh(z - half)), float(np.tanh(z + half))
