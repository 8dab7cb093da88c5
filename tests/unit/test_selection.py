"""Selections of columns that were planted among noise."""

import warnings

import numpy as np
import pytest

from cisformula import lasso, selection
from cisformula.selection import METHODS, by_elimination, by_lasso, by_stability, distinct_columns, select

EFFECTS = {3: 1.0, 17: -0.8, 40: 0.6, 41: -0.5, 59: 0.4}
ALWAYS_EXACT = [by_lasso, lambda X, y, n_motifs: by_stability(X, y, n_motifs, seed=1, n_pairs=4)]


@pytest.fixture(params=ALWAYS_EXACT, ids=["lasso", "stability"])
def choose(request):
    return request.param


def planted(seed, n_genes=400, n_columns=60, effects=None):
    """Noise columns and a target made of some of them; ``effects`` by column."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_genes, n_columns))
    y = sum(effect * X[:, column] for column, effect in (effects or {}).items()) + 0.5 * rng.normal(size=n_genes)
    return X, y


def test_planted_columns_of_either_sign_are_found(choose):
    X, y = planted(1, effects=EFFECTS)
    assert choose(X, y, len(EFFECTS)).columns.tolist() == sorted(EFFECTS)


def test_the_order_is_that_of_the_effects(choose):
    X, y = planted(2, n_genes=2000, effects=EFFECTS)
    assert choose(X, y, 5).order.tolist() == list(EFFECTS)
    assert choose(X, y, 20).order[:5].tolist() == list(EFFECTS)
    assert choose(X, y, 2).columns.tolist() == [3, 17]


@pytest.mark.parametrize("n_motifs", [1, 5, 20, 45, 60])
def test_exactly_as_many_columns_as_asked_for(choose, n_motifs):
    X, y = planted(3, effects=EFFECTS)
    chosen = choose(X, y, n_motifs)
    assert len(chosen.columns) == len(chosen.probabilities) == n_motifs
    assert np.all(np.diff(chosen.columns) > 0)
    assert sorted(chosen.order) == chosen.columns.tolist()
    assert set(EFFECTS) <= set(chosen.columns) or n_motifs < len(EFFECTS)


def test_of_orthogonal_columns_the_lasso_takes_those_with_the_largest_covariance():
    """The lasso is then a soft threshold of the covariances."""
    rng = np.random.default_rng(4)
    X = rng.normal(size=(200, 30))
    X = np.linalg.qr(X - X.mean(axis=0))[0]
    y = X @ rng.normal(size=30) + rng.normal(size=200)
    largest = np.argsort(-np.abs(X.T @ y))
    for n_motifs in (3, 10, 25):
        assert by_lasso(X, y, n_motifs).order.tolist() == largest[:n_motifs].tolist()


def test_scale_and_origin_of_columns_do_not_matter(choose):
    X, y = planted(5, effects=EFFECTS)
    moved = X * np.geomspace(1e-3, 1e3, 60) + np.linspace(-5, 5, 60)
    np.testing.assert_array_equal(choose(moved, 7 * y + 100, 20).order, choose(X, y, 20).order)


def test_of_repeated_columns_the_first_is_chosen(choose):
    X, y = planted(6, effects=EFFECTS)
    noise = np.random.default_rng(6).normal(size=(400, 2))
    almost = np.column_stack([X[:, 3] + 0.1 * noise[:, 0], -X[:, 17] + 0.1 * noise[:, 1]])
    repeated = np.hstack([X, almost, X[:, :50] * 3 + 1])  # columns 60 and 61, then 62..111
    chosen = choose(repeated, y, 60)
    assert chosen.columns.tolist() == list(range(60))
    np.testing.assert_array_equal(chosen.order, choose(X, y, 60).order)
    np.testing.assert_array_equal(choose(repeated, y, 30).columns, choose(X, y, 30).columns)


def test_fewer_are_chosen_where_fewer_differ(choose):
    X, y = planted(7, n_columns=4, effects={0: 1})
    chosen = choose(np.hstack([X, X]), y, 300)
    assert chosen.columns.tolist() == [0, 1, 2, 3]
    assert chosen.order[0] == 0


def test_a_constant_column_is_never_chosen(choose):
    X, y = planted(8, effects=EFFECTS)
    X[:, 0], X[:, 10], X[:, 20] = 0, 0.1, -1e6
    assert not {0, 10, 20} & set(choose(X, y, 40).columns)
    assert choose(X, y, 60).columns.tolist() == [column for column in range(60) if column not in (0, 10, 20)]


def test_a_column_that_is_constant_in_a_half_does_no_harm():
    X, y = planted(9, effects=EFFECTS)
    X[:, 5], X[:, 6] = 0, 0
    X[200, 5], X[[7, 30, 31], 6] = 1, np.log1p([1, 2, 4])  # few genes, in one half of most pairs
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen = by_stability(X, y, 60, seed=1)
    probability = dict(zip(chosen.columns, chosen.probabilities, strict=True))
    assert probability[5] == 0.5, "60 columns are asked for, so that each enters where it varies"
    assert 0.5 <= probability[6] <= 1
    assert all(value == 1 for column, value in probability.items() if column not in (5, 6))


def test_dependent_columns_make_up_the_number_by_their_correlation_with_the_target(choose):
    rng = np.random.default_rng(10)
    X = rng.normal(size=(300, 6)) @ rng.normal(size=(6, 30))
    y = X[:, 12] + 0.5 * rng.normal(size=300)
    assert len(distinct_columns(X)) == 30
    chosen = choose(X, y, 25)
    assert len(chosen.columns) == 25
    left_out = [column for column in range(30) if column not in chosen.columns]
    correlation = np.abs(np.corrcoef(X.T, y)[-1, :-1])
    filled = chosen.order[-10:]
    assert correlation[filled].min() > correlation[left_out].max()


def test_more_columns_than_genes(choose):
    X, y = planted(11, n_genes=60, n_columns=150, effects={3: 1.0})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        chosen = choose(X, y, 100)
    assert len(chosen.columns) == 100
    assert chosen.order[0] == 3


def test_probabilities_are_high_for_what_is_planted_and_chance_for_the_rest():
    X, y = planted(12, n_genes=1000, n_columns=100, effects=EFFECTS)
    chosen = by_stability(X, y, 30, seed=1)
    probability = dict(zip(chosen.columns, chosen.probabilities, strict=True))
    assert all(probability[column] == 1 for column in EFFECTS)
    # Of 95 noise columns 25 enter in each half; the 25 most frequent of them are a little above their share.
    others = [value for column, value in probability.items() if column not in EFFECTS]
    assert 25 / 95 < np.mean(others) < 0.6


def test_probabilities_of_all_candidates_add_up_to_the_number_of_motifs(monkeypatch):
    """In every half exactly n_motifs are picked, so that the sum over candidates is known."""
    X, y = planted(13, effects=EFFECTS)
    picked = []

    def recorded(*arguments):
        picked.append(path(*arguments).columns)
        return path(*arguments)

    path = lasso.path
    monkeypatch.setattr(lasso, "path", recorded)
    chosen = by_stability(X, y, 20, seed=1, n_pairs=10)
    counts = np.bincount(np.concatenate(picked), minlength=60)
    assert len(picked) == 20
    assert counts.sum() == 20 * 20
    np.testing.assert_allclose(chosen.probabilities, counts[chosen.columns] / 20)
    assert chosen.probabilities.min() >= np.delete(counts, chosen.columns).max() / 20


def test_halves_are_complementary_and_about_equal(monkeypatch):
    X, y = planted(14, n_genes=403, effects=EFFECTS)
    halves, gram = [], selection._Gram

    def recorded(products, chosen):
        halves.append(products[chosen].sum(axis=0))
        return gram(products, chosen)

    monkeypatch.setattr(selection, "_Gram", recorded)
    by_stability(X, y, 10, seed=1, n_pairs=3)
    total, *halves = halves
    Z = np.column_stack([X, y, np.ones(403)])
    np.testing.assert_allclose(total, Z.T @ Z)
    for first, second in zip(halves[::2], halves[1::2], strict=True):
        np.testing.assert_allclose(first + second, total)
        assert 190 < first[-1, -1] < 213
    assert not np.allclose(halves[0], halves[2])


def test_standardising_sums_is_standardising_columns():
    X, y = planted(15)
    X = X * 5 + 3
    gram, covariance = selection._standardised(selection._products(X, y))
    Z = (X - X.mean(axis=0)) / X.std(axis=0)
    np.testing.assert_allclose(gram, Z.T @ Z, atol=1e-8)
    np.testing.assert_allclose(covariance, Z.T @ (y - y.mean()), atol=1e-8)


def test_rows_of_some_blocks_are_those_of_the_matrix_of_their_genes():
    X, y = planted(17, n_genes=320)
    X[:150, 3] = 0
    products = selection._products_of_blocks(X, y, np.arange(320))
    chosen = np.arange(selection.BLOCKS) < 7  # the first 140 genes
    gram = selection._Gram(products, chosen)
    whole, covariance = selection._standardised(selection._products(X[:140], y[:140]))
    np.testing.assert_allclose([gram[column] for column in range(X.shape[1])], whole, atol=1e-8)
    np.testing.assert_allclose(gram.diagonal(), np.diag(whole), atol=1e-8)
    np.testing.assert_allclose(gram.covariance, covariance, atol=1e-8)
    assert [gram[3].any(), gram.diagonal()[3], gram.covariance[3]] == [0, 0, 0]


def test_stability_follows_from_its_seed():
    X, y = planted(16)
    first, again, other = (by_stability(X, y, 20, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.order, again.order)
    np.testing.assert_array_equal(first.probabilities, again.probabilities)
    assert first.order.tolist() != other.order.tolist()


def test_stability_prefers_a_weak_effect_over_one_that_a_few_genes_make_up():
    """A rare column with a few extreme genes is picked only in the half that they fall in."""
    X, y = planted(17, n_genes=2000, n_columns=40, effects={3: 0.1})
    X[:, 30] = 0
    X[:2, 30] = 1
    y[:2] += 6
    assert by_lasso(X, y, 2).order.tolist() == [30, 3]
    chosen = by_stability(X, y, 2, seed=1)
    assert chosen.columns.tolist() == [3, 30]
    assert chosen.probabilities[0] == 1 > chosen.probabilities[1]


def test_lasso_and_elimination_have_no_probabilities():
    X, y = planted(18, effects=EFFECTS)
    assert np.isnan(by_lasso(X, y, 5).probabilities).all()
    assert np.isnan(by_elimination(X, y, 5, seed=1).probabilities).all()


def test_elimination_keeps_planted_columns_and_repeats_itself():
    X, y = planted(19, effects={3: 1.0, 17: -0.8})
    chosen = by_elimination(X, y, 4, seed=1)
    assert len(chosen.columns) == 4
    assert chosen.order[:2].tolist() == [3, 17]
    assert sorted(chosen.order) == chosen.columns.tolist()
    np.testing.assert_array_equal(chosen.order, by_elimination(X, y, 4, seed=1).order)
    others = [by_elimination(X, y, 20, seed).columns.tolist() for seed in range(4)]
    assert len(set(map(tuple, others))) > 1, "the tree breaks ties by its seed"


def test_elimination_with_too_few_candidates_keeps_all():
    X, y = planted(20, n_columns=5, effects={0: 1})
    assert by_elimination(X, y, 300, seed=1).columns.tolist() == [0, 1, 2, 3, 4]


def test_select_applies_the_method_named():
    X, y = planted(21, effects=EFFECTS)
    expected = {
        "stability": by_stability(X, y, 12, 2),
        "lasso": by_lasso(X, y, 12),
        "rfe": by_elimination(X, y, 12, 2),
    }
    assert tuple(expected) == METHODS
    for method in METHODS:
        np.testing.assert_array_equal(select(method, X, y, 12, seed=2).order, expected[method].order)
    assert len({tuple(found.order) for found in expected.values()}) == 3


def test_distinct_columns_by_the_greedy_rule():
    """Column 1 lies between 0 and 2 and is redundant with either; 3 is constant, 4 the negative of 0."""
    rng = np.random.default_rng(22)
    a, b = np.linalg.qr(np.column_stack([np.ones(200), rng.normal(size=(200, 2))]))[0].T[1:]
    angle = np.arccos(0.97)
    left, middle, right = (np.cos(turn) * a + np.sin(turn) * b for turn in (0, angle / 2, angle))
    X = np.column_stack([left, middle, right, np.full(200, 3.0), 2 - 7 * left])
    assert distinct_columns(X, 0.98).tolist() == [0, 2]
    assert distinct_columns(X[:, [1, 0, 2]], 0.98).tolist() == [0]
    assert distinct_columns(X[:, ::-1], 0.98).tolist() == [0, 2]
    assert distinct_columns(X, 0.96).tolist() == [0]
    assert distinct_columns(X, 0.999).tolist() == [0, 1, 2]
