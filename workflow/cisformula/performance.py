"""How well predictions match observations, with intervals over genes, and how well anything could match them."""

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

COLUMNS = ["predictor", "split", "fold", "n_genes", "r2", "r2_low", "r2_high", "pearson_r"]
DIFFERENCE_COLUMNS = ["reference", "predictor", "split", "n_genes", "difference", "low", "high"]
DIFFERENCE_COLUMNS += ["n_blocks", "block_low", "block_high"]
BOOTSTRAPS = 1000
HALVINGS = 20
INTERVAL = (0.025, 0.975)


def r2(observed: np.ndarray, predicted: np.ndarray) -> float:
    """Share of variance explained, ``1 - SSE/SST`` about the mean of the same genes; below zero if worse than it."""
    return float(1 - ((observed - predicted) ** 2).sum() / ((observed - observed.mean()) ** 2).sum())


def average_held_out(runs: Sequence[pd.DataFrame]) -> np.ndarray:
    """Prediction of each gene by the mean over the runs that held it out.

    Parameters
    ----------
    runs : sequence of pd.DataFrame, each with a row per gene in the same order
        ``role`` (``test`` where the run held the gene out) and ``predicted``.

    Returns
    -------
    np.ndarray, shape (genes,)
        NaN for a gene that no run held out.
    """
    held_out = np.stack([run["role"] == "test" for run in runs])
    predicted = np.stack([run["predicted"] for run in runs])
    times = held_out.sum(axis=0)
    return np.where(times > 0, (predicted * held_out).sum(axis=0) / np.maximum(times, 1), np.nan)


def bootstrap_r2(
    observed: np.ndarray,
    predicted: np.ndarray,
    seed: int,
    n_bootstraps: int = BOOTSTRAPS,
    blocks: np.ndarray | None = None,
) -> np.ndarray:
    """R2 in each of ``n_bootstraps`` resamplings of the genes.

    The same seed and the same genes give the same resamplings, so that differences between predictors are paired.

    Parameters
    ----------
    observed, predicted : np.ndarray, shape (genes,) or (genes, targets)
    seed : int
    n_bootstraps : int
    blocks : np.ndarray, shape (genes,), optional
        Genes that are drawn together, such as those of a chromosome, because they are not independent of each other.
        By default each gene is drawn by itself.

    Returns
    -------
    np.ndarray, shape (n_bootstraps,) or (n_bootstraps, targets)
    """
    error, value = (observed - predicted) ** 2, observed - observed.mean(axis=0)
    scores = []
    for weight in resamplings(len(observed), seed, n_bootstraps, blocks):
        scatter = weight @ value**2 - (weight @ value) ** 2 / weight.sum()
        scores.append(1 - weight @ error / scatter)
    return np.array(scores)


def resamplings(n_genes: int, seed: int, n_bootstraps: int, blocks: np.ndarray | None) -> Iterator[np.ndarray]:
    """How often each gene is drawn, shape (genes,), in each bootstrap (Efron & Tibshirani 1993)."""
    rng = np.random.default_rng(seed)
    member = np.arange(n_genes) if blocks is None else np.unique(blocks, return_inverse=True)[1]
    n_blocks = member.max() + 1
    for _ in range(n_bootstraps):
        yield np.bincount(rng.integers(0, n_blocks, n_blocks), minlength=n_blocks).astype(float)[member]


def score(predictor: str, split: str, fold: str, observed: np.ndarray, predicted: np.ndarray, seed: int) -> dict:
    """One row of the performance table: R2 with its 95 % bootstrap interval and Pearson's r."""
    low, high = np.quantile(bootstrap_r2(observed, predicted, seed), INTERVAL)
    varies = np.ptp(predicted) > 0
    return {
        "predictor": predictor,
        "split": split,
        "fold": fold,
        "n_genes": len(observed),
        "r2": r2(observed, predicted),
        "r2_low": low,
        "r2_high": high,
        "pearson_r": float(np.corrcoef(observed, predicted)[0, 1]) if varies else 0.0,
    }


def score_folds(
    predictor: str, split: str, folds: np.ndarray, observed: np.ndarray, predicted: np.ndarray, seed: int
) -> pd.DataFrame:
    """Rows of the performance table for all genes together (fold ``all``) and for each fold."""
    rows = [score(predictor, split, "all", observed, predicted, seed)]
    for fold in np.unique(folds):
        inside = folds == fold
        rows.append(score(predictor, split, str(fold), observed[inside], predicted[inside], seed))
    return pd.DataFrame(rows, columns=COLUMNS)


def differences(
    split: str,
    observed: np.ndarray,
    predictions: dict[str, np.ndarray],
    reference: str,
    seed: int,
    blocks: np.ndarray | None = None,
) -> pd.DataFrame:
    """By how much the R2 of one predictor exceeds that of each other on the same held-out genes.

    Parameters
    ----------
    split : str
    observed : np.ndarray, shape (genes,)
    predictions : dict of str to np.ndarray, shape (genes,)
        By predictor, the reference among them.
    reference : str
        The predictor that the others are subtracted from.
    seed : int
    blocks : np.ndarray, shape (genes,), optional
        Groups of genes that the split keeps together; see :func:`bootstrap_r2`.

    Returns
    -------
    pd.DataFrame
        :data:`DIFFERENCE_COLUMNS`: ``low`` and ``high`` bound the 95 % interval of a bootstrap paired over genes,
        ``block_low`` and ``block_high`` that of one which draws whole blocks, wider where genes of a block resemble
        each other.
    """
    names = list(predictions)
    predicted = np.stack([predictions[name] for name in names], axis=1)
    repeated = np.repeat(observed[:, None], len(names), axis=1)
    scores = 1 - ((repeated - predicted) ** 2).sum(axis=0) / ((observed - observed.mean()) ** 2).sum()
    table = pd.DataFrame({"reference": reference, "predictor": names, "split": split, "n_genes": len(observed)})
    first = names.index(reference)
    table["difference"] = scores[first] - scores
    for prefix, of in (("", None), ("block_", blocks)):
        drawn = bootstrap_r2(repeated, predicted, seed, blocks=of)
        bounds = np.quantile(drawn[:, [first]] - drawn, INTERVAL, axis=0)
        table[f"{prefix}low"], table[f"{prefix}high"] = bounds
    table["n_blocks"] = len(observed) if blocks is None else len(np.unique(blocks))
    return table.drop(index=first)[DIFFERENCE_COLUMNS].reset_index(drop=True)


def noise_ceiling(values: np.ndarray, seed: int) -> dict | None:
    """The largest R2 any predictor of the median over cell types could reach, as a row of the performance table.

    The cell types are halved at random and the medians of the halves correlated over genes; with
    ``k = cell types / cell types in a half`` the reliability of the median of all of them is ``k r / (1 + (k - 1) r)``
    (Spearman 1910, Brown 1910; exact for means, a little high for medians of few). It is the share of the target's
    variance that is not noise, and so the R2 of a perfect predictor of the noiseless target (Lord & Novick 1968): not
    squared, for its square would be the R2 of one noisy measurement predicting another. Averaged over
    :data:`HALVINGS` halvings.

    Cell types are related samples and not replicates: what distinguishes them counts as noise here, and an error that
    they share, such as a misplaced start site, counts as signal. Read it as a guide.

    Parameters
    ----------
    values : np.ndarray, shape (genes, cell types)
        Log expression.
    seed : int

    Returns
    -------
    dict or None
        None if there is only one cell type. ``pearson_r`` is the largest attainable correlation.
    """
    n_genes, n_types = values.shape
    half = n_types // 2
    if half == 0:
        return None
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(n_types) for _ in range(HALVINGS)]
    one, other = (
        np.stack([np.median(values[:, order[part]], axis=1) for order in orders], axis=1)
        for part in (slice(half), slice(half, 2 * half))
    )
    one, other = one - one.mean(axis=0), other - other.mean(axis=0)
    moments = np.hstack([one, other, one**2, other**2, one * other])

    def reliability(weight: np.ndarray) -> float:
        mean_one, mean_other, square_one, square_other, product = np.split(weight @ moments / weight.sum(), 5)
        variances = (square_one - mean_one**2) * (square_other - mean_other**2)
        r = np.maximum((product - mean_one * mean_other) / np.sqrt(variances), 0)
        k = n_types / half
        return float(np.mean(k * r / (1 + (k - 1) * r)))

    ceiling = reliability(np.ones(n_genes))
    low, high = np.quantile([reliability(weight) for weight in resamplings(n_genes, seed, BOOTSTRAPS, None)], INTERVAL)
    row = ("noise_ceiling", "replicates", "all", n_genes, ceiling, low, high, float(np.sqrt(ceiling)))
    return dict(zip(COLUMNS, row, strict=True))
