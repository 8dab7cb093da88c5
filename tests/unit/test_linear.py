"""Ridge regressions against scikit-learn, statsmodels and themselves on other rows."""

import numpy as np
import pytest
import statsmodels.api as sm
from sklearn.linear_model import LinearRegression, RidgeCV
from sklearn.linear_model import Ridge as Reference

from cisformula import linear
from cisformula.linear import (
    PENALTIES,
    Ridge,
    Standardisation,
    fit_ridge,
    multi_target_ridge,
    out_of_fold,
    rank_and_condition,
    ridge_standard_errors,
)


@pytest.fixture(autouse=True, params=[linear.ROWS, 7], ids=["at-once", "by-seven"])
def rows_at_once(request, monkeypatch):
    """Everything holds whether the rows are worked on at once or a few at a time."""
    monkeypatch.setattr(linear, "ROWS", request.param)


def data(seed, n=80, p=6, noise=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, p)) * rng.uniform(0.1, 20, p) + rng.uniform(-5, 5, p)
    y = 3 + (X - X.mean(axis=0)) / X.std(axis=0) @ rng.normal(size=p) + noise * rng.normal(size=n)
    return X, y


def test_standardised_columns_have_mean_0_and_deviation_1():
    X, _ = data(1)
    Z = Standardisation.of(X).apply(X)
    np.testing.assert_allclose(Z.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(Z.std(axis=0), 1)
    np.testing.assert_allclose(Standardisation.of(X[:40]).apply(X), (X - X[:40].mean(axis=0)) / X[:40].std(axis=0))


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1])
def test_a_constant_column_has_scale_1(value):
    X = np.column_stack([np.full(300, value), np.arange(300)])
    standardisation = Standardisation.of(X)
    assert standardisation.scale[0] == 1
    np.testing.assert_allclose(standardisation.apply(X)[:, 0], 0, atol=1e-12)


@pytest.mark.parametrize("n", [80, 10], ids=["tall", "wide"])
def test_weighted_columns_are_those_of_a_design_scaled_by_hand(n):
    X, y = data(12, n=n, p=12)
    X[:, 3] = 2.0
    weights = np.random.default_rng(13).uniform(0.1, 3, 12)
    Z = weights * Standardisation.of(X).apply(X)
    weighted = Standardisation.of(X, weights).apply(X)
    np.testing.assert_allclose(weighted, Z, atol=1e-12)
    np.testing.assert_allclose(weighted.std(axis=0), np.where(np.arange(12) == 3, 0, weights), atol=1e-12)
    fitted = fit_ridge(X, y, weights)
    reference = RidgeCV(alphas=PENALTIES).fit(Z, y)
    assert fitted.penalty == pytest.approx(reference.alpha_)
    np.testing.assert_allclose(fitted.coefficients, reference.coef_, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(fitted.predict(X), reference.predict(Z), rtol=1e-6, atol=1e-9)
    unweighted = Reference(alpha=fitted.penalty).fit(Standardisation.of(X).apply(X), y)
    assert not np.allclose(fitted.predict(X), unweighted.predict(Standardisation.of(X).apply(X)), rtol=1e-3)
    new = data(14, p=12)[0]
    np.testing.assert_allclose(fitted.predict(new), reference.predict(weights * Standardisation.of(X).apply(new)))


def test_equal_weights_only_rescale_the_penalty():
    X, y = data(15, n=40, noise=8.0)
    # Columns ten times as wide bear a hundred times the penalty, four steps further on the grid.
    plain, tenfold = fit_ridge(X, y), fit_ridge(X, y, np.full(6, 10.0))
    assert tenfold.penalty == pytest.approx(100 * plain.penalty)
    np.testing.assert_allclose(tenfold.predict(X), plain.predict(X), rtol=1e-9)
    assert tenfold.left_out_error == pytest.approx(plain.left_out_error)


def test_fit_equals_scikit_learn_at_the_same_penalty():
    X, y = data(2)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    fitted = fit_ridge(X, y)
    reference = Reference(alpha=fitted.penalty).fit(Z, y)
    np.testing.assert_allclose(fitted.coefficients, reference.coef_)
    assert fitted.intercept == pytest.approx(y.mean())
    new = data(3)[0]
    expected = reference.predict((new - X.mean(axis=0)) / X.std(axis=0))
    np.testing.assert_allclose(fitted.predict(new), expected)


def test_the_penalty_has_the_smallest_leave_one_out_error():
    X, y = data(4, n=30, p=5, noise=6.0)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    errors = []
    for penalty in PENALTIES:
        left_out = [
            y[i] - Reference(alpha=penalty).fit(np.delete(Z, i, 0), np.delete(y, i)).predict(Z[[i]])[0]
            for i in range(30)
        ]
        errors.append(np.square(left_out).mean())
    best = PENALTIES[int(np.argmin(errors))]
    assert PENALTIES[0] < best < PENALTIES[-1], "a case in which the choice matters"
    fitted = fit_ridge(X, y)
    assert fitted.penalty == pytest.approx(best)
    assert fitted.left_out_error == pytest.approx(min(errors))


@pytest.mark.parametrize(
    ("n", "p"), [(200, 7), (60, 40), (30, 30), (25, 60)], ids=["tall", "wide", "square", "more-columns"]
)
@pytest.mark.parametrize("noise", [0.1, 3.0, 30.0])
def test_fit_is_that_of_scikit_learns_leave_one_out_search(n, p, noise):
    X, y = data(n + p, n, p, noise)
    X[:, 1] = X[:, 0]
    X[:, 2] = 4.0
    Z = Standardisation.of(X).apply(X)
    reference = RidgeCV(alphas=PENALTIES).fit(Z, y)
    fitted = fit_ridge(X, y)
    assert fitted.penalty == pytest.approx(reference.alpha_)
    np.testing.assert_allclose(fitted.coefficients, reference.coef_, rtol=1e-6, atol=1e-9)
    assert fitted.intercept == pytest.approx(reference.intercept_, rel=1e-9)
    np.testing.assert_allclose(fitted.predict(X), reference.predict(Z), rtol=1e-6, atol=1e-9)


def test_penalty_falls_with_signal():
    weak, strong = (fit_ridge(*data(5, noise=noise)).penalty for noise in (30.0, 0.01))
    assert strong == PENALTIES[0] < weak


def test_standard_errors_without_penalty_are_hc3():
    X, y = data(6)
    y = y * (1 + np.abs(X[:, 0] - X[:, 0].mean()) / X[:, 0].std())  # errors that depend on a column
    standardisation = Standardisation.of(X)
    ols = sm.OLS(y, sm.add_constant(standardisation.apply(X))).fit(cov_type="HC3")
    ridge = Ridge(standardisation, ols.params[1:], ols.params[0], 0.0, np.nan)
    np.testing.assert_allclose(ridge_standard_errors(ridge, X, y), ols.bse[1:])
    assert not np.allclose(ols.bse, sm.OLS(y, ols.model.exog).fit().bse, rtol=0.02), "HC3 differs here"


def test_standard_errors_with_penalty_are_the_sandwich():
    X, y = data(7, n=25, p=4)
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    model = Reference(alpha=10.0).fit(Z, y)
    ridge = Ridge(Standardisation.of(X), model.coef_, model.intercept_, 10.0, np.nan)
    # Jackknife-like residuals of the penalised fit, gene by gene.
    bread = np.linalg.inv(Z.T @ Z + 10 * np.eye(4))
    meat = np.zeros((4, 4))
    for i in range(25):
        leverage = 1 / 25 + Z[i] @ bread @ Z[i]
        meat += np.outer(Z[i], Z[i]) * ((y[i] - model.predict(Z[[i]])[0]) / (1 - leverage)) ** 2
    np.testing.assert_allclose(ridge_standard_errors(ridge, X, y), np.sqrt(np.diag(bread @ meat @ bread)))


def test_standard_errors_of_sums_are_those_of_statsmodels():
    X, y = data(16)
    standardisation = Standardisation.of(X)
    ols = sm.OLS(y, sm.add_constant(standardisation.apply(X))).fit(cov_type="HC3")
    ridge = Ridge(standardisation, ols.params[1:], ols.params[0], 0.0, np.nan)
    sums = np.array([[1, 0, 0, 0, 0, 0], [0, 1, -1, 0, 0, 0], [0.2, 0.3, 0.5, 0, 2, 0]])
    test = ols.t_test(np.column_stack([np.zeros(3), sums]))
    np.testing.assert_allclose(ridge_standard_errors(ridge, X, y, sums), test.sd)
    np.testing.assert_allclose(ridge_standard_errors(ridge, X, y, np.eye(6)), ridge_standard_errors(ridge, X, y))


def test_rank_and_condition_of_columns_known_beforehand():
    Q = np.linalg.qr(np.column_stack([np.ones(50), np.random.default_rng(17).normal(size=(50, 4))]))[0][:, 1:]
    assert rank_and_condition(3 * Q + 5) == (4, pytest.approx(1)), "uncorrelated columns, whatever their scale"
    # Two columns with correlation r have squared singular values in proportion of 1 + r and 1 - r.
    pair = np.column_stack([Q[:, 0], 0.6 * Q[:, 0] + 0.8 * Q[:, 1]])
    assert rank_and_condition(pair) == (2, pytest.approx(2))
    repeated = np.column_stack([pair, 1 - 4 * pair[:, 0], np.full(50, 3.0), pair.sum(axis=1)])
    assert rank_and_condition(repeated)[0] == 2
    assert rank_and_condition(np.tile(Q[:, :1], 3)) == (1, pytest.approx(1)), "of the directions there are"


@pytest.mark.parametrize("weights", [None, np.array([1.0, 3.0, 0.3, 1.0, 2.0])], ids=["alike", "weighted"])
@pytest.mark.parametrize("penalty", [0.0, 7.0])
def test_many_targets_are_fitted_as_one_by_one(penalty, weights):
    rng = np.random.default_rng(8)
    X, new = (rng.normal(4, 3, (n, 5)) for n in (50, 20))
    Y = rng.normal(2, 1, (50, 3))
    Z = (X - X.mean(axis=0)) / X.std(axis=0) * (1 if weights is None else weights)
    standardisation, coefficients, intercepts = multi_target_ridge(X, Y, penalty, weights)
    np.testing.assert_allclose(standardisation.apply(X), Z, atol=1e-12)
    predicted = standardisation.predict(new, coefficients, intercepts)
    for i in range(3):
        reference = (Reference(alpha=penalty) if penalty else LinearRegression()).fit(Z, Y[:, i])
        np.testing.assert_allclose(coefficients[:, i], reference.coef_)
        assert intercepts[i] == pytest.approx(reference.intercept_)
        np.testing.assert_allclose(predicted[:, i], reference.predict(standardisation.apply(new)))


def test_out_of_fold_is_the_loop_over_folds():
    X, y = data(9)
    folds = np.arange(80) % 4
    predictions = out_of_fold(X, y, folds)
    for fold in range(4):
        expected = fit_ridge(X[folds != fold], y[folds != fold]).predict(X[folds == fold])
        np.testing.assert_array_equal(predictions[folds == fold], expected)


def test_a_gene_does_not_see_its_own_fold():
    X, y = data(10)
    folds = np.arange(80) % 4
    changed = y.copy()
    changed[folds == 2] += 1000 * X[folds == 2, 0]
    before, after = out_of_fold(X, y, folds), out_of_fold(X, changed, folds)
    np.testing.assert_array_equal(before[folds == 2], after[folds == 2])
    assert not np.allclose(before[folds != 2], after[folds != 2]), "the other folds do learn from it"


def test_features_of_the_test_fold_do_not_shift_the_standardisation(monkeypatch):
    X, y = data(11)
    folds = np.arange(80) % 4
    seen = []
    fit = linear.fit_ridge
    monkeypatch.setattr(linear, "fit_ridge", lambda X, y: seen.append(len(X)) or fit(X, y))
    changed = X.copy()
    changed[folds == 0] *= 50
    before, after = out_of_fold(X, y, folds), out_of_fold(changed, y, folds)
    assert seen == [60] * 8
    expected = fit(X[folds != 0], y[folds != 0]).predict(changed[folds == 0])
    np.testing.assert_array_equal(after[folds == 0], expected)
    assert not np.allclose(before[folds == 0], after[folds == 0])
