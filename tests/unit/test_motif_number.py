"""Curves over the number of motifs where the number that matters is planted."""

import numpy as np
import pandas as pd
import pytest

from cisformula import linear, motif_number, selection
from cisformula.performance import r2

NUMBERS = (5, 10, 20, 40, 80)
REAL = 20


def planted(seed, n_genes=2000, n_columns=120):
    """The first 20 of 120 columns act with equal strength; they explain four fifths of the variance."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_genes, n_columns))
    effects = np.where(np.arange(n_columns) < REAL, rng.choice([-1, 1], n_columns), 0)
    return X, X @ effects + np.sqrt(REAL / 4) * rng.normal(size=n_genes)


def table(r2, below_best_error):
    r2 = np.array(r2)
    return pd.DataFrame(
        {"n_motifs": NUMBERS, "r2": r2, "below_best": r2.max() - r2, "below_best_error": below_best_error}
    )


@pytest.mark.parametrize("method", ["lasso", "stability"])
@pytest.mark.parametrize("seed", [1, 2])
def test_the_curve_rises_to_the_planted_number_and_saturates_there(method, seed):
    X, y = planted(seed)
    train, test = np.arange(2000) < 1500, np.arange(2000) >= 1500
    predicted = motif_number.predict(X[train], y[train], X[test], method, 1, NUMBERS)
    found = motif_number.curve(y[test], predicted, NUMBERS, seed=1)
    by_number = found.set_index("n_motifs")["r2"]
    # Each column explains a twentieth of the explained variance.
    assert by_number[5] == pytest.approx(0.8 * 5 / REAL, abs=0.07)
    assert by_number[10] == pytest.approx(0.8 * 10 / REAL, abs=0.07)
    assert by_number[20] == pytest.approx(0.8, abs=0.05)
    assert by_number[80] == pytest.approx(0.8, abs=0.05)
    assert motif_number.saturation(found) == REAL


def test_predictions_are_those_of_the_ridge_on_the_first_columns_of_one_ranking():
    X, y = planted(3, n_genes=300)
    predicted = motif_number.predict(X[:200], y[:200], X[200:], "lasso", 1, (10, 30))
    order = selection.by_lasso(X[:200], y[:200], 30).order
    for column, number in enumerate((10, 30)):
        first = order[:number]
        expected = linear.fit_ridge(X[:200][:, first], y[:200]).predict(X[200:][:, first])
        np.testing.assert_allclose(predicted[:, column], expected, rtol=1e-10)


def test_the_curve_is_the_r2_of_each_number_with_its_interval():
    rng = np.random.default_rng(4)
    observed = rng.normal(size=500)
    predicted = observed[:, None] + np.array([2.0, 0.5, 1.0]) * rng.normal(size=(500, 3))
    found = motif_number.curve(observed, predicted, (1, 2, 3), seed=1)
    expected = np.array([r2(observed, column) for column in predicted.T])
    assert found.columns.tolist() == motif_number.COLUMNS
    np.testing.assert_allclose(found["r2"], expected)
    np.testing.assert_allclose(found["below_best"], expected[1] - expected)
    assert ((found["r2_low"] < found["r2"]) & (found["r2"] < found["r2_high"])).all()
    assert found.loc[1, "below_best_error"] == 0


def test_the_error_of_a_difference_is_paired():
    """Two formulas that err alike differ little, however uncertain the R2 of each is."""
    rng = np.random.default_rng(5)
    observed, error = rng.normal(size=(2, 300))
    predicted = np.column_stack([observed + error, observed + error + 0.01 * rng.normal(size=300)])
    found = motif_number.curve(observed, predicted, (1, 2), seed=1)
    assert found["r2_high"].sub(found["r2_low"]).min() > 0.2
    assert found["below_best_error"].max() < 0.01


def test_saturation_is_the_first_number_within_one_standard_error_of_the_best():
    assert motif_number.saturation(table([0.1, 0.2, 0.3, 0.34, 0.33], [0.02, 0.02, 0.02, 0, 0.02])) == 40
    assert motif_number.saturation(table([0.1, 0.2, 0.33, 0.34, 0.33], [0.02, 0.02, 0.02, 0, 0.02])) == 20
    assert motif_number.saturation(table([0.5, 0.2, 0.3, 0.34, 0.33], [0, 0.02, 0.02, 0.02, 0.02])) == 5
    assert motif_number.saturation(table([0.1, 0.2, 0.3, 0.34, 0.38], [0.02, 0.02, 0.02, 0.02, 0])) == 80


def test_numbers_end_at_the_candidates_and_at_half_the_genes():
    assert motif_number.numbers_for(831, 9_000) == list(motif_number.NUMBERS)
    assert motif_number.numbers_for(300, 9_000) == [10, 20, 50, 100, 150, 200, 300]
    assert motif_number.numbers_for(299, 9_000) == [10, 20, 50, 100, 150, 200]
    assert motif_number.numbers_for(7, 9_000) == [7]
    assert motif_number.numbers_for(831, 320) == [10, 20, 50, 100, 150]
