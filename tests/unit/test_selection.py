"""Selections of columns that were planted among noise."""

import warnings

import numpy as np
import pytest

from cisformula.selection import METHODS, lasso_path, recursive_elimination, select


def planted(seed, n_genes=400, n_columns=60, effects=None):
    """Standardised noise columns and a target made of some of them; ``effects`` by column."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_genes, n_columns))
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = sum(effect * X[:, column] for column, effect in (effects or {}).items()) + 0.5 * rng.normal(size=n_genes)
    return X, y - y.mean()


EFFECTS = {3: 1.0, 17: -0.8, 40: 0.6, 41: -0.5, 59: 0.4}


def test_the_lasso_finds_planted_columns_of_either_sign():
    X, y = planted(1, effects=EFFECTS)
    assert lasso_path(X, y, len(EFFECTS)).tolist() == sorted(EFFECTS)


def test_the_strongest_come_first():
    X, y = planted(2, effects=EFFECTS)
    assert lasso_path(X, y, 2).tolist() == [3, 17]
    assert lasso_path(X, y, 1).tolist() == [3]


@pytest.mark.parametrize("n_motifs", [1, 5, 20, 45])
def test_exactly_as_many_columns_as_asked_for(n_motifs):
    X, y = planted(3, effects=EFFECTS)
    chosen = lasso_path(X, y, n_motifs)
    assert len(chosen) == len(set(chosen)) == n_motifs
    assert np.all(np.diff(chosen) > 0)
    assert set(EFFECTS) <= set(chosen) or n_motifs < len(EFFECTS)


def test_of_orthogonal_columns_those_with_the_largest_covariance_are_chosen():
    """The lasso is then a soft threshold of the covariances."""
    rng = np.random.default_rng(4)
    X = np.linalg.qr(rng.normal(size=(200, 30)))[0] * np.sqrt(200)
    y = X @ rng.normal(size=30) + rng.normal(size=200)
    largest = np.argsort(-np.abs(X.T @ y))
    for n_motifs in (3, 10, 25):
        assert lasso_path(X, y, n_motifs).tolist() == sorted(largest[:n_motifs])


def test_duplicated_columns_do_not_break_the_path():
    X, y = planted(5, effects=EFFECTS)
    X = np.hstack([X, X[:, :50]])  # columns 60..109 repeat 0..49
    chosen = lasso_path(X, y, 30)
    assert len(chosen) == 30
    assert {column if column < 60 else column - 60 for column in chosen} >= set(EFFECTS)


def test_a_constant_column_is_never_chosen():
    X, y = planted(6, effects=EFFECTS)
    X[:, [0, 10, 20]] = 0
    assert not {0, 10, 20} & set(lasso_path(X, y, 40))
    assert lasso_path(X, y, 59).tolist() == [column for column in range(60) if column not in (0, 10, 20)]


def test_too_few_candidates_are_all_chosen():
    X, y = planted(7, n_columns=4, effects={0: 1})
    assert lasso_path(X, y, 4).tolist() == lasso_path(X, y, 300).tolist() == [0, 1, 2, 3]


def test_no_warning_reaches_the_log():
    X, y = planted(8, n_genes=60, n_columns=100, effects={3: 1.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert 3 in lasso_path(X, y, 30)


def test_elimination_keeps_planted_columns_and_repeats_itself():
    X, y = planted(9, effects={3: 1.0, 17: -1.0})
    chosen = recursive_elimination(X, y, 4, seed=1)
    assert len(chosen) == 4
    assert {3, 17} <= set(chosen)
    np.testing.assert_array_equal(chosen, recursive_elimination(X, y, 4, seed=1))
    others = [recursive_elimination(X, y, 20, seed).tolist() for seed in range(4)]
    assert len(set(map(tuple, others))) > 1, "the tree breaks ties by its seed"


def test_elimination_with_too_few_candidates_keeps_all():
    X, y = planted(10, n_columns=5, effects={0: 1})
    assert recursive_elimination(X, y, 300, seed=1).tolist() == [0, 1, 2, 3, 4]


def test_select_applies_the_method_named():
    X, y = planted(11, effects=EFFECTS)
    found = {method: select(method, X, y, 12, seed=2).tolist() for method in METHODS}
    assert found == {"lasso": lasso_path(X, y, 12).tolist(), "rfe": recursive_elimination(X, y, 12, 2).tolist()}
    assert found["lasso"] != found["rfe"]
