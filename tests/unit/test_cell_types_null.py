"""The permutation null: against the tests repeated one by one, and its p-values against their definition."""

import numpy as np
import pytest
from cell_type_data import data
from scipy import stats

from cisformula.cell_types import null
from cisformula.cell_types.design import least_squares
from cisformula.cell_types.effects import Effects, estimate, group_test
from cisformula.cell_types.null import Null, p_of_effects, p_of_groups, permute


def test_every_permutation_is_the_analysis_of_shuffled_genes():
    features, composition, values = data(10)
    design = least_squares(features, composition)
    found = permute(design, values, 30, 0.3, seed=1)
    rng = np.random.default_rng(1)
    t = []
    for i in range(30):
        shuffled = values[rng.permutation(150)]
        expected = estimate(design, shuffled)
        assert found.significant[i] == pytest.approx((expected.q < 0.3).mean())
        np.testing.assert_allclose(found.f[i], group_test(design, shuffled).f, rtol=1e-3)
        np.testing.assert_allclose(
            found.below[i], (expected.p[..., None] <= null.THRESHOLDS).mean(axis=(0, 1)), atol=1.01 / 30
        )
        t.append(np.abs(expected.t))
    assert found.significant.max() > 0, "the case is not trivial"
    for step in (0, 57, 150, 240):
        expected = (np.stack(t) >= step * 0.01).sum(axis=(0, 2))
        assert np.abs(found.reached[:, step] - expected).max() <= 1


def test_cell_types_are_shuffled_together_and_the_seed_decides():
    features, composition, values = data(10)
    values[:, 1] = values[:, 0]
    design = least_squares(features, composition)
    found = permute(design, values, 5, 0.05, seed=1)
    np.testing.assert_allclose(found.f[:, 0], found.f[:, 1])
    again, other = (permute(design, values, 5, 0.05, seed) for seed in (1, 2))
    np.testing.assert_array_equal(again.f, found.f)
    assert not np.allclose(other.f, found.f)


def test_permuted_genes_lose_strong_effects():
    features, composition, values = data(10)
    values += 5 * features[:, :1]
    design = least_squares(features, composition)
    found = permute(design, values, 40, 0.05, seed=1)
    assert found.significant.mean() < 0.02 < (estimate(design, values).q < 0.05).mean()
    assert found.f.mean() == pytest.approx(141 / 139, abs=0.15), "the mean of the F distribution"
    assert (p_of_groups(group_test(design, values).f, found) == 1 / 41).all()
    by_permutation = p_of_effects(estimate(design, values), design, found)
    assert (by_permutation[0] == 1 / (1 + 40 * 5)).all()


def test_on_noise_the_share_below_each_threshold_is_the_threshold():
    rng = np.random.default_rng(2)
    features = rng.poisson(1.0, (1000, 20)).astype(float)
    values = rng.normal(size=(1000, 30))
    design = least_squares(features, rng.normal(size=(1000, 1)))
    table = null.quantiles(estimate(design, values), permute(design, values, 60, 0.05, seed=5))
    for threshold, tolerance in ((0.1, 0.01), (0.01, 0.003), (0.001, 0.0007)):
        row = table[np.isclose(table["threshold"], threshold)].squeeze()
        assert row["permuted"] == pytest.approx(threshold, abs=tolerance)
        assert row["permuted_low"] <= row["permuted"] <= row["permuted_high"]
    observed = estimate(design, values).p
    np.testing.assert_allclose(table["observed"], [(observed <= threshold).mean() for threshold in table["threshold"]])


def test_p_counts_the_observed_order_and_rounds_towards_caution():
    reached = np.zeros((2, 3000), dtype=int)
    reached[0, :250], reached[1, :100] = 99, 99
    reached[0, 250:300] = 4
    made = Null(np.zeros(1), np.zeros((1, 1)), np.zeros((1, 1)), reached)
    t = np.array([[-2.999, 3.001, 2.495], [np.nan] * 3, [0.5, -0.999, 40.0]])
    effects = Effects(t, t, t, t, t, t)
    design = least_squares(np.column_stack([np.arange(9) % 2, np.ones(9), np.arange(9) % 4]), np.empty((9, 0)))
    p = p_of_effects(effects, design, made)
    np.testing.assert_allclose(p, [[5 / 100, 1 / 100, 1], [np.nan] * 3, [1, 1, 1 / 100]])


def test_p_of_groups_counts_the_observed_order():
    made = Null(np.zeros(4), np.array([[0.1, 0.5], [0.2, 0.5], [0.3, 0.5], [0.4, 0.5]]), np.empty(0), np.empty(0))
    np.testing.assert_allclose(p_of_groups(np.array([0.35, 0.5]), made), [2 / 5, 1])
    np.testing.assert_allclose(p_of_groups(np.array([0.9, 0.4]), made), [1 / 5, 1])


def test_the_number_of_rejections_is_benjamini_hochbergs():
    rng = np.random.default_rng(4)
    for scale in (1.0, 1.5, 3.0):
        t = np.sort(np.abs(rng.normal(0, scale, 500)))[::-1]
        critical = stats.t.isf(0.1 * np.arange(1, 501) / 500 / 2, 40)
        expected = (stats.false_discovery_control(2 * stats.t.sf(t, 40)) < 0.1).sum()
        assert null._n_rejected(t, critical) == expected
    assert expected > 100
