"""The effect of a preferred distance: planted effects, an independent regression, and promoters told apart by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.grammar.site_pairs import SitePairs, pair_number
from cisformula.grammar.spacing_expression import (
    Setting,
    carriers,
    comparisons,
    difference_of_means,
    spacing_expression,
)

NODES = pd.Index(["a", "b", "c"])
RULE = {
    "rule": 1,
    "first": "a",
    "second": "b",
    "first_name": "A",
    "second_name": "B",
    "orientation": "opposite",
    "order": "first_second",
    "low": 6,
    "high": 6,
}


def site_pairs(rows):
    """From (gene, first node, second node, class, distance)."""
    gene, first, second, kind, distance = np.array(rows).T
    return SitePairs(gene, np.zeros_like(gene), np.zeros_like(gene), pair_number(first, second, 3), kind, distance)


def test_promoters_are_told_apart_by_distance_and_class():
    rows = [(0, 0, 1, 2, 6), (1, 0, 1, 2, 7), (2, 0, 1, 2, 5), (3, 0, 1, 2, 8), (4, 0, 1, 0, 6), (5, 0, 2, 2, 6)]
    # The last promoter has the pair at the preferred distance and at another.
    rows += [(6, 0, 1, 2, 6), (6, 0, 1, 2, 50)]
    preferred, other = carriers(pd.Series(RULE), site_pairs(rows), NODES, 8)
    assert np.flatnonzero(preferred).tolist() == [0, 1, 2, 6]
    assert np.flatnonzero(other).tolist() == [3, 4]


def test_the_plain_difference_is_welchs():
    rng = np.random.default_rng(2)
    one, other = rng.normal(1, 1, 12), rng.normal(0, 3, 40)
    difference, low, high = difference_of_means(one, other)
    # Satterthwaite's degrees of freedom, by hand.
    errors = np.array([one.var(ddof=1) / 12, other.var(ddof=1) / 40])
    freedom = errors.sum() ** 2 / (errors**2 / [11, 39]).sum()
    reach = stats.t.ppf(0.975, freedom) * np.sqrt(errors.sum())
    assert (difference, low, high) == pytest.approx((one.mean() - other.mean(), difference - reach, difference + reach))


def made_up(effect, hits_effect, seed):
    rng = np.random.default_rng(seed)
    n = 600
    preferred = rng.random(n) < 0.3
    distance = np.where(preferred, 6, rng.integers(10, 90, n))
    pairs = site_pairs(np.column_stack([np.arange(n), np.zeros(n), np.ones(n), np.full(n, 2), distance]).astype(int))
    hits = np.column_stack([1 + rng.poisson(1 + 2 * preferred), 1 + rng.poisson(1, n), rng.poisson(1, n)]).astype(float)
    composition = rng.normal(size=(n, 2))
    target = effect * preferred + hits_effect * hits[:, 0] + composition[:, 0] + rng.normal(size=n)
    rules = pd.DataFrame([RULE, {**RULE, "rule": 2, "second": "c"}])
    return spacing_expression(rules, comparisons(rules, Setting(pairs, hits, NODES, composition)), target)


def test_a_planted_effect_is_found_with_its_interval():
    table = made_up(0.8, 0.0, seed=3)
    row = table.iloc[0]
    assert row["difference_low"] < 0.8 < row["difference_high"]
    assert row["adjusted_low"] < 0.8 < row["adjusted_high"]
    assert max(row["q"], row["adjusted_q"]) < 1e-4
    assert row["n_preferred"] + row["n_other"] == 600
    # A pair of nodes that is nowhere.
    assert (table.loc[1, ["n_preferred", "n_other"]] == 0).all()
    assert table.loc[1, ["difference", "p", "q", "adjusted"]].isna().all()


def test_what_the_number_of_sites_explains_is_not_laid_to_the_distance():
    adjusted = [made_up(0.0, 0.6, seed) for seed in range(4, 9)]
    assert all(table.loc[0, "q"] < 1e-3 for table in adjusted)
    assert np.median([table.loc[0, "adjusted_p"] for table in adjusted]) > 0.05
