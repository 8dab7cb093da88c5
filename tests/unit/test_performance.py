"""R2 in closed form, and its bootstrap."""

import numpy as np
import pytest

from cisformula import performance
from cisformula.performance import bootstrap_r2, r2, score, score_folds


def correlated(seed, n, share):
    """Observations whose best predictor explains ``share`` of the variance."""
    rng = np.random.default_rng(seed)
    predicted = rng.normal(0, np.sqrt(share), n)
    return predicted + rng.normal(0, np.sqrt(1 - share), n), predicted


def test_r2_in_closed_form():
    observed = np.array([1.0, 2.0, 3.0, 4.0])
    assert r2(observed, observed) == 1
    assert r2(observed, np.full(4, 2.5)) == 0
    assert r2(observed, observed[::-1]) == pytest.approx(1 - 20 / 5)
    assert r2(observed, observed + 1) == pytest.approx(1 - 4 / 5), "a shift is an error, unlike in a correlation"


def test_bootstrap_equals_r2_of_each_resample():
    observed, predicted = correlated(1, 50, 0.5)
    rng = np.random.default_rng(9)
    expected = []
    for _ in range(20):
        rows = rng.integers(0, 50, 50)
        expected.append(r2(observed[rows], predicted[rows]))
    np.testing.assert_allclose(bootstrap_r2(observed, predicted, seed=9, n_bootstraps=20), expected)


def test_two_predictors_see_the_same_resamples():
    observed, predicted = correlated(2, 80, 0.5)
    half = (predicted + observed) / 2  # halves every error, so that 1 - R2 falls to a quarter in any resample
    one, other = (bootstrap_r2(observed, guess, seed=3, n_bootstraps=30) for guess in (predicted, half))
    np.testing.assert_allclose(1 - other, (1 - one) / 4)
    assert not np.allclose(one, bootstrap_r2(observed, predicted, seed=4, n_bootstraps=30))


def test_many_targets_are_scored_as_one_by_one():
    rng = np.random.default_rng(5)
    observed, predicted = rng.normal(3, 1, (60, 4)), rng.normal(3, 1, (60, 4))
    together = bootstrap_r2(observed, predicted, seed=1, n_bootstraps=15)
    alone = [bootstrap_r2(observed[:, i], predicted[:, i], seed=1, n_bootstraps=15) for i in range(4)]
    np.testing.assert_allclose(together, np.stack(alone, axis=1))


def test_the_interval_covers_the_true_r2_about_as_often_as_it_says():
    covered = []
    for seed in range(100):
        observed, predicted = correlated(seed, 300, 0.4)
        low, high = np.quantile(bootstrap_r2(observed, predicted, seed, 200), [0.025, 0.975])
        covered.append(low < 0.4 < high)
    assert 0.88 <= np.mean(covered) <= 0.99


def test_a_row_holds_interval_and_correlation():
    observed, predicted = correlated(6, 400, 0.5)
    row = score("formula", "chromosome", "2", observed, predicted, seed=1)
    assert list(row) == performance.COLUMNS
    assert (row["predictor"], row["split"], row["fold"], row["n_genes"]) == ("formula", "chromosome", "2", 400)
    assert row["r2_low"] < row["r2"] < row["r2_high"]
    assert row["pearson_r"] == pytest.approx(np.corrcoef(observed, predicted)[0, 1])
    assert score("x", "y", "all", observed, -predicted, 1)["pearson_r"] == pytest.approx(-row["pearson_r"])


def test_a_constant_prediction_has_correlation_zero():
    observed, _ = correlated(7, 100, 0.5)
    row = score("mean", "chromosome", "all", observed, np.full(100, observed.mean()), seed=1)
    assert row["pearson_r"] == 0
    assert row["r2"] == pytest.approx(0)


def test_folds_are_scored_about_their_own_mean():
    folds = np.array([0] * 60 + [1] * 40)
    observed, predicted = correlated(8, 100, 0.5)
    observed = observed + 5 * folds
    table = score_folds("formula", "chromosome", folds, observed, predicted + 5 * folds, seed=1)
    assert table["fold"].tolist() == ["all", "0", "1"]
    assert table["n_genes"].tolist() == [100, 60, 40]
    inside = folds == 1
    assert table["r2"][2] == pytest.approx(r2(observed[inside] - 5, predicted[inside]))
    assert table["r2"][0] > table["r2"][1:].max(), "the difference between folds counts only for all genes together"
    again = score_folds("formula", "chromosome", folds, observed, predicted + 5 * folds, seed=1)
    assert table.equals(again)
