"""R2 in closed form, and its bootstrap."""

import numpy as np
import pandas as pd
import pytest

from cisformula import performance
from cisformula.performance import average_held_out, bootstrap_r2, differences, noise_ceiling, r2, score, score_folds


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


def test_a_gene_is_predicted_by_the_runs_that_held_it_out():
    runs = [
        pd.DataFrame({"role": ["test", "train", "test", "validation"], "predicted": [1.0, 50, 2, 50]}),
        pd.DataFrame({"role": ["test", "train", "train", "test"], "predicted": [3.0, 50, 50, 7]}),
    ]
    np.testing.assert_array_equal(average_held_out(runs), [2, np.nan, 2, 7])


def test_blocks_are_drawn_whole():
    observed, predicted = correlated(9, 60, 0.5)
    blocks = np.repeat(list("cabd"), [10, 25, 5, 20])
    rng = np.random.default_rng(4)
    rows_of = [np.flatnonzero(blocks == name) for name in "abcd"]
    expected = []
    for _ in range(20):
        rows = np.concatenate([rows_of[block] for block in rng.integers(0, 4, 4)])
        expected.append(r2(observed[rows], predicted[rows]))
    np.testing.assert_allclose(bootstrap_r2(observed, predicted, 4, 20, blocks), expected)


def clustered(seed, n_blocks=30, size=20):
    """Two predictors of which one errs by the same amount for all genes of a block."""
    rng = np.random.default_rng(seed)
    blocks = np.repeat(np.arange(n_blocks), size)
    truth = rng.normal(size=n_blocks * size)
    observed = truth + rng.normal(0, 0.2, len(truth))
    return (
        blocks,
        observed,
        {
            "formula": truth + rng.normal(0, 0.5, n_blocks)[blocks],
            "other": truth + rng.normal(0, 0.5, len(truth)),
        },
    )


def test_differences_are_those_of_the_scores_and_paired():
    _, observed, predictions = clustered(1)
    predictions["worse"] = predictions["formula"] + 0.01 * (predictions["formula"] - observed)
    table = differences("random", observed, predictions, "formula", seed=2).set_index("predictor")
    assert list(table.index) == ["other", "worse"]
    assert list(table.reset_index().columns.sort_values()) == sorted(performance.DIFFERENCE_COLUMNS)
    for name in table.index:
        expected = r2(observed, predictions["formula"]) - r2(observed, predictions[name])
        assert table.at[name, "difference"] == pytest.approx(expected)
        drawn = bootstrap_r2(observed, predictions["formula"], 2) - bootstrap_r2(observed, predictions[name], 2)
        np.testing.assert_allclose(table.loc[name, ["low", "high"]].astype(float), np.quantile(drawn, [0.025, 0.975]))
    # One hundredth more of the same error is worse in every resample, however uncertain either score is.
    assert 0 < table.at["worse", "low"] < table.at["worse", "high"] < 0.05
    low, high = np.quantile(bootstrap_r2(observed, predictions["formula"], 2), [0.025, 0.975])
    assert high - low > 5 * (table.at["worse", "high"] - table.at["worse", "low"])
    assert (table["low"] == table["block_low"]).all()
    assert (table["n_blocks"] == 600).all()


def test_intervals_over_blocks_are_wider_where_genes_of_a_block_err_together():
    blocks, observed, predictions = clustered(2)
    row = differences("chromosome", observed, predictions, "formula", 1, blocks).iloc[0]
    assert row["n_blocks"] == 30
    assert row["block_high"] - row["block_low"] > 1.3 * (row["high"] - row["low"])


def test_noise_ceiling_is_the_share_of_variance_that_is_not_noise():
    rng = np.random.default_rng(3)
    truth = rng.normal(size=(20_000, 1))
    for n_types, noise in ((2, 1.0), (8, 2.0), (40, 3.0)):
        values = truth + noise * rng.normal(size=(len(truth), n_types))
        row = noise_ceiling(values, seed=1)
        target = np.median(values, axis=1)
        # No predictor of the target does better than the noiseless truth at its best scale.
        best = np.corrcoef(truth[:, 0], target)[0, 1] ** 2
        assert row["r2"] == pytest.approx(best, abs=0.03), n_types
        assert row["r2_low"] < row["r2"] < row["r2_high"]
        assert row["pearson_r"] == pytest.approx(np.sqrt(row["r2"]))
    assert (row["predictor"], row["split"], row["fold"], row["n_genes"]) == (
        "noise_ceiling",
        "replicates",
        "all",
        20_000,
    )
    assert list(row) == performance.COLUMNS


def test_noise_alone_has_no_ceiling_and_one_cell_type_no_halves():
    rng = np.random.default_rng(4)
    assert noise_ceiling(rng.normal(size=(3000, 10)), seed=1)["r2"] == pytest.approx(0, abs=0.05)
    assert noise_ceiling(rng.normal(size=(30, 1)), seed=1) is None
    same = noise_ceiling(np.repeat(rng.normal(size=(50, 1)), 4, axis=1), seed=1)
    assert same["r2"] == pytest.approx(1)
