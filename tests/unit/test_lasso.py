"""Lasso paths against scikit-learn, the optimality conditions and closed forms."""

import numpy as np
import pytest
from sklearn.linear_model import Lasso, lars_path_gram

from cisformula.lasso import path


def correlated(seed, n_genes=200, n_columns=40, n_factors=8):
    """Columns that share hidden factors, so that coefficients change sign and columns leave the path again."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_genes, n_factors)) @ rng.normal(size=(n_factors, n_columns))
    X = X + 0.7 * rng.normal(size=(n_genes, n_columns))
    y = X @ rng.normal(size=n_columns) + 3 * rng.normal(size=n_genes)
    return X - X.mean(axis=0), y - y.mean()


def orthogonal(seed, n_columns=30):
    """Columns with a sum of squares of 1, and their covariances with the target."""
    rng = np.random.default_rng(seed)
    X = np.linalg.qr(rng.normal(size=(100, n_columns)))[0]
    return X, X.T @ rng.normal(size=100)


@pytest.mark.parametrize("n_columns", [1, 5, 20, 39])
def test_the_coefficients_solve_the_lasso_at_the_penalty(n_columns):
    X, y = correlated(1)
    found = path(X.T @ X, X.T @ y, n_columns)
    reference = Lasso(alpha=found.penalty / len(y), tol=1e-12, max_iter=1_000_000).fit(X, y)
    np.testing.assert_allclose(found.coefficients, reference.coef_, atol=1e-6)
    assert len(found.columns) == n_columns
    # The last column stands on the threshold.
    assert set(np.flatnonzero(found.coefficients)) == set(found.columns[:-1])


@pytest.mark.parametrize("seed", range(5))
def test_covariances_with_the_residual_reach_the_penalty_inside_and_nowhere_exceed_it(seed):
    X, y = correlated(seed, n_genes=60, n_columns=90)
    found = path(X.T @ X, X.T @ y, 30)
    covariance = X.T @ (y - X @ found.coefficients)
    np.testing.assert_allclose(np.abs(covariance[found.columns]), found.penalty)
    assert np.abs(covariance).max() <= found.penalty * (1 + 1e-9)
    inside = found.columns[:-1]
    np.testing.assert_array_equal(np.sign(covariance[inside]), np.sign(found.coefficients[inside]))


def test_the_path_is_that_of_scikit_learn_where_columns_leave_it_too():
    X, y = correlated(2)
    penalties, _, reference = lars_path_gram(X.T @ y, X.T @ X, n_samples=len(y), method="lasso")
    inside = reference != 0
    assert (inside[:, :-1] & ~inside[:, 1:]).any(), "the example must have a column that leaves"
    for n_columns in range(2, 40):
        found = path(X.T @ X, X.T @ y, n_columns)
        expected = [np.interp(-found.penalty / len(y), -penalties, values) for values in reference]
        np.testing.assert_allclose(found.coefficients, expected, atol=1e-8)
        assert len(found.columns) == n_columns


def test_orthogonal_columns_enter_by_size_of_covariance_and_are_soft_thresholded():
    X, covariance = orthogonal(3)
    by_size = np.argsort(-np.abs(covariance))
    found = path(X.T @ X, covariance, 12)
    assert found.columns.tolist() == by_size[:12].tolist()
    threshold = np.abs(covariance[by_size[11]])
    assert found.penalty == pytest.approx(threshold)
    expected = np.sign(covariance) * np.maximum(np.abs(covariance) - threshold, 0)
    np.testing.assert_allclose(found.coefficients, expected, atol=1e-12)


def test_of_tied_columns_the_first_enters_first_and_none_is_lost():
    found = path(np.eye(6), np.array([1.0, -3.0, 3.0, 2.0, 3.0, -2.0]), 5)
    assert found.columns.tolist() == [1, 2, 4, 3, 5]


def test_repeated_columns_enter_once():
    X, y = correlated(4)
    once = path(X.T @ X, X.T @ y, 25)
    twice = np.hstack([X, X, -X])
    found = path(twice.T @ twice, twice.T @ y, 25)
    assert (found.columns % 40).tolist() == once.columns.tolist()
    assert found.penalty == pytest.approx(once.penalty)


def test_the_path_ends_at_least_squares_when_no_independent_column_is_left():
    rng = np.random.default_rng(5)
    X = rng.normal(size=(50, 7)) @ rng.normal(size=(7, 20))
    y = rng.normal(size=50)
    found = path(X.T @ X, X.T @ y, 20)
    assert len(found.columns) == 7
    assert found.penalty == 0
    np.testing.assert_allclose(X @ found.coefficients, X @ np.linalg.lstsq(X, y)[0], atol=1e-6)


def test_columns_of_zeros_never_enter():
    X, y = correlated(6)
    X[:, [0, 7, 39]] = 0
    found = path(X.T @ X, X.T @ y, 40)
    assert sorted(found.columns) == [column for column in range(40) if column not in (0, 7, 39)]
    np.testing.assert_allclose(found.coefficients, np.linalg.lstsq(X, y)[0], atol=1e-8)


def test_only_candidates_enter():
    X, y = correlated(7)
    candidates = np.arange(1, 40, 3)
    found = path(X.T @ X, X.T @ y, 8, candidates)
    alone = path(X[:, candidates].T @ X[:, candidates], X[:, candidates].T @ y, 8)
    assert found.columns.tolist() == candidates[alone.columns].tolist()


@pytest.mark.parametrize(("gram", "covariance"), [(np.eye(3), np.zeros(3)), (np.zeros((3, 3)), np.zeros(3))])
def test_nothing_enters_where_nothing_explains_the_target(gram, covariance):
    found = path(gram, covariance, 2)
    assert len(found.columns) == 0
    assert not found.coefficients.any()


def test_the_input_is_left_as_it_was():
    X, y = correlated(8)
    gram, covariance = X.T @ X, X.T @ y
    path(gram, covariance, 20)
    np.testing.assert_array_equal(gram, X.T @ X)
    np.testing.assert_array_equal(covariance, X.T @ y)
