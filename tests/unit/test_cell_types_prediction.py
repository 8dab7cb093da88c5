"""Predictions in cell types: held-out genes against a loop of ridge regressions, and refitted formulas."""

import numpy as np
import pandas as pd
import pytest
from cell_type_data import standardised
from sklearn.linear_model import Ridge

from cisformula import features, fitting, formula, linear, recipe
from cisformula.candidates import Candidates
from cisformula.cell_types.prediction import ColumnsByFold, held_out, performance_table, r2_columns, refit
from cisformula.performance import bootstrap_r2, r2
from cisformula.pwm import Motif


def test_held_out_is_the_loop_of_ridge_regressions():
    rng = np.random.default_rng(11)
    values = rng.normal(1, 2, (90, 3))
    folds = np.arange(90) % 3
    features = {fold: rng.normal(size=(90, 4 + fold)) for fold in range(3)}
    penalties = [1.0, 20.0, 300.0]
    predicted = held_out(features, values, folds, penalties)
    for fold in range(3):
        test, X = folds == fold, features[fold]
        centre, scale = X[~test].mean(axis=0), X[~test].std(axis=0)
        for i in range(3):
            model = Ridge(alpha=penalties[fold]).fit((X[~test] - centre) / scale, values[~test, i])
            np.testing.assert_allclose(predicted[test, i], model.predict((X[test] - centre) / scale))


def test_held_out_genes_do_not_see_their_own_expression():
    """LEAK TEST: columns that equal a cell type's expression on the test genes alone."""
    rng = np.random.default_rng(12)
    values, folds = rng.normal(size=(300, 2)), np.arange(300) % 3
    features = {}
    for fold in range(3):
        X = rng.normal(size=(300, 4))
        X[folds == fold, :2] = values[folds == fold]
        features[fold] = X
    predicted = held_out(features, values, folds, [1.0] * 3)
    assert r2_columns(values, predicted).max() < 0.1


def test_held_out_weighs_the_columns_of_each_fold():
    rng = np.random.default_rng(15)
    values, folds = rng.normal(1, 2, (90, 2)), np.arange(90) % 3
    columns = {fold: rng.normal(size=(90, 4 + fold)) for fold in range(3)}
    weights = [rng.uniform(0.1, 3, 4 + fold) for fold in range(3)]
    predicted = held_out(columns, values, folds, [5.0] * 3, weights)
    for fold in range(3):
        test, X = folds == fold, columns[fold]
        Z = weights[fold] * (X - X[~test].mean(axis=0)) / X[~test].std(axis=0)
        model = Ridge(alpha=5.0).fit(Z[~test], values[~test])
        np.testing.assert_allclose(predicted[test], model.predict(Z[test]))
    assert not np.allclose(predicted, held_out(columns, values, folds, [5.0] * 3))


# The formula with its effects fitted anew in every cell type ----------------------------------------------------------

WINDOW = formula.Reading("hits", upstream=79, downstream=20, p_value=1e-3, grades=1, both_strands=True)


def counted(n_bins, n_words, n_genes=300):
    """Five motifs and some words counted in random bins, and a formula of three of them fitted to a random target."""
    rng = np.random.default_rng(16)
    ids = [f"m{i}" for i in range(5)]
    pool = Candidates(
        motifs={name: Motif(name, name, np.full((6, 4), 0.25)) for name in ids},
        sources=dict.fromkeys(ids, "database"),
        counts={name: rng.poisson(1.0, (n_genes, 5, n_bins)) for name in ("strict", "loose")},
        edges=np.linspace(0, 100, n_bins + 1).astype(int),
        composition=rng.poisson(4.0, (n_genes, n_words * n_bins)).astype(float),
        runs={},
        filters={},
    )
    return pool, ids, rng


def test_columns_of_a_fold_are_those_of_its_own_motifs_reading_and_strength():
    pool, ids, _ = counted(n_bins=3, n_words=4)
    chosen = {0: ids[:2], 2: ids[1:]}
    fits = pd.DataFrame({"reading": ["strict", "loose"], "strength": [0.0, 0.3]})
    columns = ColumnsByFold(pool, chosen, fits)
    assert list(columns) == [0, 2]
    assert len(columns) == 2
    np.testing.assert_array_equal(columns[0], recipe.Columns.of(pool, ids[:2], "strict", 0.0))
    np.testing.assert_array_equal(columns[2], recipe.Columns.of(pool, ids[1:], "loose", 0.3))


def published(pool, ids, target, strength):
    """A formula of some motifs read loosely, whose motifs stand in another order than the candidates."""
    X = recipe.Columns.of(pool, ids, "loose", strength)
    n_words = pool.composition.shape[1] // pool.n_bins
    ridge = linear.fit_ridge(X, target, recipe.column_weights(len(ids), n_words, pool.n_bins, strength))
    chosen = recipe.Chosen(ids, np.full(len(ids), np.nan), "loose", strength, ridge, 5)
    evidence = [formula.Evidence(coefficient=float(i)) for i in range(len(ids))]
    return fitting.bind(chosen, pool, WINDOW, 0.0, 1.0, evidence)


@pytest.mark.parametrize("n_words", [0, 4])
@pytest.mark.parametrize(("n_bins", "strength"), [(1, 0.0), (3, 0.0), (3, 0.3), (4, 1.0)])
def test_refitted_formulas_predict_what_ridge_on_the_same_columns_predicts(n_bins, strength, n_words):
    pool, ids, rng = counted(n_bins, n_words)
    log_expression = rng.normal(2, 0.7, (300, 6)) + 0.3 * pool.matrix(ids[:2], "loose") @ rng.normal(size=(2, 6))
    of_all = published(pool, ids[:3], log_expression.mean(axis=1), strength)
    refitted = refit(of_all, pool, "loose", strength, log_expression, list("uvwxyz"))
    assert refitted.motif_ids == [motif.id for motif in of_all.motifs] == ["m2", "m1", "m0"]
    assert refitted.cell_types == list("uvwxyz")
    assert refitted.effects.shape == (6, *of_all.effects.shape)
    assert refitted.covariate_effects.shape == (6, len(of_all.reading.covariates))
    np.testing.assert_array_equal(refitted.target_means, log_expression.mean(axis=0))
    np.testing.assert_array_equal(refitted.target_scales, log_expression.std(axis=0))

    X = np.asarray(recipe.Columns.of(pool, ids[:3], "loose", strength))
    weights = recipe.column_weights(3, n_words, n_bins, strength)
    Z = weights * (X - X.mean(axis=0)) / X.std(axis=0)
    expected = Ridge(alpha=of_all.penalty).fit(Z, standardised(log_expression)).predict(Z)
    counts = pool.binned(refitted.motif_ids, "loose")
    read = counts if strength else counts.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(refitted.predict(read, pool.composition), expected, atol=1e-9)


def test_a_cell_type_that_follows_the_target_gets_the_formula_itself():
    pool, ids, rng = counted(3, 4)
    target = standardised(rng.normal(size=(300, 1)) + 0.4 * pool.counts["loose"][:, 1, :1])
    of_all = published(pool, ids[:3], target[:, 0], 0.3)
    refitted = refit(of_all, pool, "loose", 0.3, 3 + np.hstack([target, -2 * target]), ["up", "down"])
    for row, sign in enumerate((1, -1)):
        np.testing.assert_allclose(refitted.effects[row], sign * of_all.effects, atol=1e-9)
        np.testing.assert_allclose(refitted.covariate_effects[row], sign * of_all.covariate_effects, atol=1e-9)
        assert refitted.intercepts[row] == pytest.approx(sign * of_all.intercept)
    assert of_all.reading.covariates == features.covariate_names(pool.edges)


def test_r2_of_columns_equals_r2_of_each():
    rng = np.random.default_rng(13)
    observed, predicted = rng.normal(3, 1, (40, 5)), rng.normal(3, 1, (40, 5))
    expected = [r2(observed[:, i], predicted[:, i]) for i in range(5)]
    np.testing.assert_allclose(r2_columns(observed, predicted), expected)


def test_the_performance_table_scores_each_cell_type():
    rng = np.random.default_rng(17)
    observed = rng.normal(size=(400, 3))
    predicted = observed * [0.0, 0.5, 1.0] + rng.normal(0, 0.1, (400, 3))
    sheet = pd.DataFrame({"cell_type": ["a", "b", "c"], "group": ["g", "g", ""]})
    table = performance_table(observed, predicted, np.zeros_like(observed), sheet, seed=3)
    assert table[["cell_type", "group", "n_genes"]].to_numpy().tolist() == [
        ["a", "g", 400],
        ["b", "g", 400],
        ["c", "", 400],
    ]
    np.testing.assert_allclose(table["r2"], r2_columns(observed, predicted))
    np.testing.assert_allclose(table["composition_r2"], 0, atol=0.02)
    assert (table["r2_low"] < table["r2"]).all()
    assert (table["r2"] < table["r2_high"]).all()
    np.testing.assert_allclose(table["r2_low"], np.quantile(bootstrap_r2(observed, predicted, 3, 200), 0.025, axis=0))
