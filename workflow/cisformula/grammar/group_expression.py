"""What groups of genes say about expression, and whether they say more than the prediction that made them.

Weighted features sum to the prediction, so their groups differ in expression even if they are no more than genes sorted
by it. Three shares of the variance of the target tell: that of the groups (eta squared), of the prediction (squared
correlation) and of both together (analysis of covariance with one slope); and the same for groups that are made by
cutting the prediction. Intervals are of a bootstrap that draws families of similar promoters as a whole.
"""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from ..performance import BOOTSTRAPS, INTERVAL, resamplings

SUMMARY_COLUMNS = ["arm", "group", "n", "mean", "low", "high", "median", "q25", "q75", "predicted", "gc", "cpg_oe"]
TEST_COLUMNS = ["arm", "measure", "value", "low", "high", "p"]
PAIR_COLUMNS = ["arm", "first", "second", "n_first", "n_second", "difference", "low", "high"]
PAIR_COLUMNS += ["rank_biserial", "p", "q"]
QUANTILES = "prediction_quantiles"
"""The arm whose groups are the prediction cut into as many groups of equal size."""
SHARES = ["eta2", "r2_prediction", "r2_both", "beyond_prediction"]
"""Shares of variance explained; the last is what the groups add to the prediction."""


class Groups:
    """Genes sorted by group, and what is summed over each group in every resample.

    Parameters
    ----------
    labels : np.ndarray, shape (genes,), int
    predicted, observed : np.ndarray, shape (genes,)
    """

    def __init__(self, labels: np.ndarray, predicted: np.ndarray, observed: np.ndarray):
        self.names, group, self.sizes = np.unique(labels, return_inverse=True, return_counts=True)
        self.order = np.lexsort((observed, group))
        self.first = np.r_[0, np.cumsum(self.sizes)[:-1]]
        x, y = (values[self.order] - values.mean() for values in (predicted, observed))
        self.offset = observed.mean()
        self.y = y
        self.products = np.column_stack([np.ones(len(x)), x, y, x * x, x * y, y * y])

    def sums(self, weight: np.ndarray) -> np.ndarray:
        """Weight and weighted sums of x, y, xx, xy and yy of each group; shape (groups, 6)."""
        return np.add.reduceat(weight[self.order, None] * self.products, self.first, axis=0)

    def shares(self, weight: np.ndarray) -> np.ndarray:
        """:data:`SHARES` of weighted genes; shape (4,)."""
        sums = self.sums(weight)
        sums = sums[sums[:, 0] > 0]
        _, xx, xy, yy = _centred(sums.sum(axis=0, keepdims=True))
        _, within_xx, within_xy, within_yy = (part.sum() for part in _centred(sums))
        total, product, spread = yy[0], xy[0], xx[0]
        eta2 = 1 - within_yy / total
        by_prediction = _ratio(product**2, spread * total)
        both = eta2 + _ratio(within_xy**2, within_xx * total)
        return np.array([eta2, by_prediction, both, both - by_prediction])

    def means(self, weight: np.ndarray) -> np.ndarray:
        """Weighted mean target of each group, NaN without weight; shape (groups,)."""
        sums = self.sums(weight)
        return self.offset + np.divide(sums[:, 2], sums[:, 0], out=np.full(len(sums), np.nan), where=sums[:, 0] > 0)

    def medians(self, weight: np.ndarray) -> np.ndarray:
        """Weighted median target of each group (of two middle genes the lower), NaN without weight; shape (groups,)."""
        reached = np.cumsum(weight[self.order])
        before = np.r_[0, reached[self.first[1:] - 1]]
        total = np.r_[before[1:], reached[-1]] - before
        place = np.searchsorted(reached, before + total / 2)
        return np.where(total > 0, self.offset + self.y[np.minimum(place, len(self.y) - 1)], np.nan)


def _centred(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Weight and sums of squares and products about the means of each row of :meth:`Groups.sums`."""
    n, x, y, xx, xy, yy = sums.T
    return n, xx - x * x / n, xy - x * y / n, yy - y * y / n


def _ratio(numerator: float, denominator: float) -> float:
    return float(numerator / denominator) if denominator > 0 else 0.0


def tests(
    arms: dict[str, np.ndarray],
    predicted: np.ndarray,
    observed: np.ndarray,
    folds: np.ndarray,
    families: np.ndarray,
    seed: int,
) -> pd.DataFrame:
    """Shares of variance, tests, and agreement of groups with each other and with the folds.

    Parameters
    ----------
    arms : dict of str to np.ndarray, shape (genes,), int
        Groups by arm; the first arm is the main one, :data:`QUANTILES` must be among them.
    predicted, observed, folds, families : np.ndarray, shape (genes,)
    seed : int

    Returns
    -------
    pd.DataFrame
        :data:`TEST_COLUMNS`. Measures of an arm: :data:`SHARES` with their intervals, the F test of the groups given
        the prediction as p of ``beyond_prediction``, and Student's t test as p of ``r2_prediction``;
        ``eta2_minus_quantiles`` with a paired interval; ``kruskal_wallis`` (H); ``ari_folds`` and ``ari_main``, the
        adjusted Rand index to the folds and to the main arm, which is 0 on average for unrelated groups.
    """
    groups = {arm: Groups(labels, predicted, observed) for arm, labels in arms.items()}
    weights = list(resamplings(len(observed), seed, BOOTSTRAPS, families))
    drawn = {arm: np.array([of.shares(weight) for weight in weights]) for arm, of in groups.items()}
    main = next(iter(arms))
    rows = []
    for arm, labels in arms.items():
        shares = groups[arm].shares(np.ones(len(observed)))
        for measure, value, found in zip(SHARES, shares, drawn[arm].T, strict=True):
            rows.append((arm, measure, value, *np.quantile(found, INTERVAL), np.nan))
        rows[-1] = (*rows[-1][:-1], _p_beyond(shares, len(observed), len(groups[arm].names)))
        rows[-3] = (*rows[-3][:-1], stats.pearsonr(predicted, observed).pvalue)
        if arm != QUANTILES:
            against = groups[QUANTILES].shares(np.ones(len(observed)))[0]
            paired = np.quantile(drawn[arm][:, 0] - drawn[QUANTILES][:, 0], INTERVAL)
            rows.append((arm, "eta2_minus_quantiles", shares[0] - against, *paired, np.nan))
        rows.append((arm, "kruskal_wallis", *_kruskal(labels, observed)))
        rows.append((arm, "ari_folds", adjusted_rand_score(folds, labels), np.nan, np.nan, np.nan))
        if arm != main:
            rows.append((arm, "ari_main", adjusted_rand_score(arms[main], labels), np.nan, np.nan, np.nan))
    return pd.DataFrame(rows, columns=TEST_COLUMNS)


def _p_beyond(shares: np.ndarray, n_genes: int, n_groups: int) -> float:
    """Partial F test of the groups given the prediction, for errors of equal variance."""
    _, _, both, beyond = shares
    df1, df2 = n_groups - 1, n_genes - n_groups - 1
    if df1 == 0 or df2 <= 0 or both >= 1:
        return np.nan
    return float(stats.f.sf(max(beyond, 0) / df1 / ((1 - both) / df2), df1, df2))


def _kruskal(labels: np.ndarray, observed: np.ndarray) -> tuple[float, float, float, float]:
    """H of Kruskal and Wallis, no interval, and p; NaN for a single group."""
    parts = [observed[labels == name] for name in np.unique(labels)]
    if len(parts) < 2:
        return np.nan, np.nan, np.nan, np.nan
    found = stats.kruskal(*parts)
    return found.statistic, np.nan, np.nan, found.pvalue


def summary(
    arms: dict[str, np.ndarray], genes: pd.DataFrame, predicted: np.ndarray, families: np.ndarray, seed: int
) -> pd.DataFrame:
    """Size, expression and composition of each group.

    Parameters
    ----------
    arms : dict of str to np.ndarray, shape (genes,), int
    genes : pd.DataFrame
        ``target gc cpg_oe``.
    predicted, families : np.ndarray, shape (genes,)
    seed : int

    Returns
    -------
    pd.DataFrame
        :data:`SUMMARY_COLUMNS`: ``mean`` of the target with its bootstrap interval ``low`` to ``high``, ``median`` and
        quartiles of the target, and means of prediction, GC and CpG o/e.
    """
    parts = []
    for arm, labels in arms.items():
        groups = Groups(labels, predicted, genes["target"].to_numpy())
        bounds = _interval([groups.means(weight) for weight in resamplings(len(genes), seed, BOOTSTRAPS, families)])
        table = genes.assign(group=labels, predicted=predicted).groupby("group")
        target = table["target"]
        part = pd.DataFrame({"arm": arm, "n": target.size(), "mean": target.mean(), "low": bounds[0]})
        part["high"], part["median"] = bounds[1], target.median()
        part["q25"], part["q75"] = target.quantile(0.25), target.quantile(0.75)
        parts.append(part.join(table[["predicted", "gc", "cpg_oe"]].mean()).reset_index())
    return pd.concat(parts, ignore_index=True)[SUMMARY_COLUMNS]


def _interval(drawn: list[np.ndarray]) -> np.ndarray:
    """95 % interval of each column over resamples, leaving out those without a value; shape (2, columns)."""
    return np.nanquantile(np.array(drawn), INTERVAL, axis=0)


def pairs(arms: dict[str, np.ndarray], observed: np.ndarray, families: np.ndarray, seed: int) -> pd.DataFrame:
    """Every two groups of an arm compared.

    Parameters
    ----------
    arms : dict of str to np.ndarray, shape (genes,), int
    observed, families : np.ndarray, shape (genes,)
    seed : int

    Returns
    -------
    pd.DataFrame
        :data:`PAIR_COLUMNS`: median target of the second group minus that of the first with its bootstrap interval;
        ``rank_biserial``, the chance that a gene of the second group has the higher target minus the chance that one of
        the first has; p of the Mann-Whitney test, and q by Benjamini and Hochberg over the pairs of the arm.
    """
    parts = [_pairs_of(arm, labels, observed, families, seed) for arm, labels in arms.items()]
    return pd.DataFrame([row for part in parts for row in part], columns=PAIR_COLUMNS)


def _pairs_of(
    arm: str, labels: np.ndarray, observed: np.ndarray, families: np.ndarray, seed: int
) -> Iterator[tuple[object, ...]]:
    groups = Groups(labels, observed, observed)
    drawn = np.array([groups.medians(weight) for weight in resamplings(len(observed), seed, BOOTSTRAPS, families)])
    values = [observed[labels == name] for name in groups.names]
    couples = list(combinations(range(len(values)), 2))
    found = [stats.mannwhitneyu(values[j], values[i], method="asymptotic") for i, j in couples]
    q = stats.false_discovery_control([test.pvalue for test in found]) if found else []
    for (i, j), test, corrected in zip(couples, found, q, strict=True):
        sizes = len(values[i]), len(values[j])
        difference = np.median(values[j]) - np.median(values[i])
        low, high = np.nanquantile(drawn[:, j] - drawn[:, i], INTERVAL)
        rank_biserial = 2 * test.statistic / np.prod(sizes, dtype=float) - 1
        names = groups.names[i], groups.names[j]
        yield (arm, *names, *sizes, difference, low, high, rank_biserial, test.pvalue, corrected)
