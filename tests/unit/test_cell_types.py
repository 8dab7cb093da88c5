"""Effects in cell types against statsmodels, one cell type at a time, and on noise."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.linear_model import Ridge
from statsmodels.stats.multitest import multipletests

from cisformula import cell_types, features, fitting, formula, linear, recipe
from cisformula.candidates import Candidates
from cisformula.cell_types import Null, estimate, factorise, held_out, in_sample_r2, permutation_p, permute
from cisformula.errors import InputError
from cisformula.performance import r2
from cisformula.pwm import Motif


def data(seed, n_genes=150, n_motifs=6, n_cell_types=5):
    """Hit counts, composition, and expression whose noise depends on the first motif."""
    rng = np.random.default_rng(seed)
    features = rng.poisson(1.5, (n_genes, n_motifs)).astype(float)
    composition = rng.normal(size=(n_genes, 2)) + features[:, :1]
    noise = rng.normal(size=(n_genes, n_cell_types)) * (0.3 + features[:, :1])
    values = features @ rng.normal(0, 0.3, (n_motifs, n_cell_types)) + composition[:, :1] + noise
    return features, composition, values


def standardised(X):
    return (X - X.mean(axis=0)) / X.std(axis=0)


def reference(features, composition, y):
    """Ordinary least squares of one cell type with HC3 errors; composition first, then motifs."""
    X = np.column_stack([np.ones(len(y)), standardised(composition), standardised(features)])
    return sm.OLS(y, X).fit(cov_type="HC3", use_t=True)


@pytest.mark.parametrize("n_covariates", [0, 2])
def test_effects_equal_statsmodels_one_cell_type_at_a_time(n_covariates):
    features, composition, values = data(1)
    composition = composition[:, :n_covariates]
    design = factorise(features, composition)
    found = estimate(design, values)
    assert design.estimable.all()
    assert design.degrees_of_freedom == 150 - 7 - n_covariates
    motifs = slice(1 + n_covariates, None)
    for i, y in enumerate(values.T):
        expected = reference(features, composition, y)
        np.testing.assert_allclose(found.coefficient[:, i], expected.params[motifs])
        np.testing.assert_allclose(found.standard_error[:, i], expected.bse[motifs])
        np.testing.assert_allclose(found.t[:, i], expected.tvalues[motifs])
        np.testing.assert_allclose(found.p[:, i], expected.pvalues[motifs])
        assert in_sample_r2(design, values)[i] == pytest.approx(expected.rsquared)
    plain = sm.OLS(values[:, 0], expected.model.exog).fit()
    assert not np.allclose(plain.bse[motifs], found.standard_error[:, 0], rtol=0.02), "HC3 differs here"


def test_q_is_benjamini_hochberg_over_all_pairs():
    features, composition, values = data(2)
    found = estimate(factorise(features, composition), values)
    expected = multipletests(found.p.ravel(), method="fdr_bh")[1]
    np.testing.assert_allclose(found.q.ravel(), expected)
    assert len(np.unique(found.q)) > 5


def test_a_planted_effect_is_found_where_it_was_planted():
    rng = np.random.default_rng(3)
    features = rng.poisson(0.5, (800, 10)).astype(float)
    values = rng.normal(size=(800, 20))
    values[:, 4] += 0.6 * standardised(features)[:, 7]
    values[:, 11] -= 0.6 * standardised(features)[:, 2]
    found = estimate(factorise(features, np.empty((800, 0))), values)
    assert set(zip(*np.nonzero(found.q < 0.001), strict=True)) == {(7, 4), (2, 11)}
    assert found.coefficient[7, 4] == pytest.approx(0.6, abs=3 * found.standard_error[7, 4])
    assert found.coefficient[2, 11] == pytest.approx(-0.6, abs=3 * found.standard_error[2, 11])


def test_motifs_that_repeat_others_are_not_estimable_and_change_nothing():
    features, composition, values = data(4)
    repeated = np.column_stack(
        [
            *[features[:, 0], features[:, 1], features[:, 0], np.full(150, 3.0), features[:, 2]],
            *[features[:, 1] - 2 * features[:, 2], features[:, 3:], composition[:, 1]],
        ]
    )
    design = factorise(repeated, composition)
    assert design.estimable.tolist() == [True, True, False, False, True, False, True, True, True, False]
    found, alone = estimate(design, values), estimate(factorise(features, composition), values)
    for name in ("coefficient", "standard_error", "t", "p", "q"):
        array = getattr(found, name)
        assert np.isnan(array[~design.estimable]).all()
        np.testing.assert_allclose(array[design.estimable], getattr(alone, name), rtol=1e-8)


def test_a_motif_carried_by_a_single_gene_is_not_tested():
    """Its gene is fitted exactly, so that nothing tells how far off it is: its t would be significant on pure noise."""
    rng = np.random.default_rng(5)
    features = rng.poisson(1.0, (400, 5)).astype(float)
    features[:, 3] = np.arange(400) == 17
    values = rng.normal(size=(400, 30))
    design = factorise(features, rng.normal(size=(400, 2)))
    assert design.estimable.tolist() == [True, True, True, False, True]
    found = estimate(design, values)
    assert np.isnan(found.p[3]).all()
    assert 0.01 < np.nanmean(found.p < 0.05) < 0.12


def test_more_columns_than_genes_is_an_input_error():
    rng = np.random.default_rng(6)
    for n_motifs in (38, 39, 60):
        with pytest.raises(InputError, match=r"40 genes.*n_motifs|n_motifs.*40 genes"):
            factorise(rng.normal(size=(40, n_motifs)), rng.normal(size=(40, 1)))
    assert factorise(rng.normal(size=(40, 37)), rng.normal(size=(40, 1))).degrees_of_freedom == 1


def test_the_test_is_calibrated_on_noise_whose_variance_depends_on_a_motif():
    rng = np.random.default_rng(7)
    features = rng.poisson(1.0, (1000, 10)).astype(float)
    values = rng.normal(size=(1000, 1000)) * (0.2 + features[:, :1])
    p = estimate(factorise(features, np.empty((1000, 0))), values).p
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.01)  # 10,000 tests: standard error 0.002
    assert (p[0] < 0.05).mean() == pytest.approx(0.05, abs=0.025), "the motif that sets the variance, too"
    X = sm.add_constant(standardised(features))
    naive = [sm.OLS(y, X).fit().pvalues[1] for y in values.T[:200]]
    assert np.mean(np.array(naive) < 0.05) > 0.15, "without HC3 it would be far too bold"


def test_a_constant_cell_type_has_no_effects():
    features, composition, values = data(8)
    values[:, 2] = 0.0
    found = estimate(factorise(features, composition), values)
    assert (found.t[:, 2] == 0).all()
    assert (found.p[:, 2] == 1).all()
    assert in_sample_r2(factorise(features, composition), values)[2] == 0


def test_targets_are_standardised_and_deviations_cancel():
    rng = np.random.default_rng(9)
    values = rng.normal(size=(60, 1)) * 3 + rng.normal(2, 0.5, (60, 7))
    made = cell_types.targets(values)
    assert tuple(made) == cell_types.TARGETS
    np.testing.assert_allclose(made["expression"], standardised(values))
    deviation = values - values.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(made["deviation"], standardised(deviation))
    back = made["deviation"] * deviation.std(axis=0) + deviation.mean(axis=0)
    np.testing.assert_allclose(back.sum(axis=1), 0, atol=1e-10)


def test_a_column_without_variance_is_standardised_to_zero():
    assert cell_types.standardise(np.column_stack([np.full(5, 3.0), np.arange(5)]))[:, 0].tolist() == [0] * 5


def test_permutation_p_counts_the_observed_order():
    null = Null(np.zeros(4), np.array([[0.1, 0.5], [0.2, 0.5], [0.3, 0.5], [0.4, 0.5]]))
    np.testing.assert_allclose(permutation_p(np.array([0.35, 0.5]), null), [2 / 5, 1])
    np.testing.assert_allclose(permutation_p(np.array([0.9, 0.4]), null), [1 / 5, 1])


def test_permuted_genes_keep_the_columns_and_lose_the_effects():
    features, composition, values = data(10)
    values[:, 1] = values[:, 0]
    values += 5 * features[:, :1]
    design = factorise(features, composition)
    null = permute(design, values, 40, 0.05, seed=1)
    assert null.significant.shape == (40,)
    np.testing.assert_allclose(null.r2[:, 0], null.r2[:, 1], err_msg="cell types are shuffled together")
    # The expected R2 of k columns that explain nothing is k / (n - 1).
    assert null.r2.mean() == pytest.approx(8 / 149, abs=0.015)
    assert null.significant.mean() < 0.02 < np.mean(estimate(design, values).q < 0.05)
    again, other = (permute(design, values, 3, 0.05, seed) for seed in (1, 2))
    np.testing.assert_array_equal(again.r2, null.r2[:3])
    assert not np.allclose(other.r2, again.r2)


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
    assert cell_types.r2_columns(values, predicted).max() < 0.1


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


def published(pool, ids, target, strength):
    """A formula of some motifs read loosely, whose motifs stand in another order than the candidates."""
    X = recipe.columns(pool.binned(ids, "loose"), pool.composition, strength)
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
    refitted = cell_types.refit(of_all, pool, "loose", strength, log_expression, list("uvwxyz"))
    assert refitted.motif_ids == [motif.id for motif in of_all.motifs] == ["m2", "m1", "m0"]
    assert refitted.cell_types == list("uvwxyz")
    assert refitted.effects.shape == (6, *of_all.effects.shape)
    assert refitted.covariate_effects.shape == (6, len(of_all.reading.covariates))
    np.testing.assert_array_equal(refitted.target_means, log_expression.mean(axis=0))
    np.testing.assert_array_equal(refitted.target_scales, log_expression.std(axis=0))

    X = recipe.columns(pool.binned(ids[:3], "loose"), pool.composition, strength)
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
    refitted = cell_types.refit(of_all, pool, "loose", 0.3, 3 + np.hstack([target, -2 * target]), ["up", "down"])
    for row, sign in enumerate((1, -1)):
        np.testing.assert_allclose(refitted.effects[row], sign * of_all.effects, atol=1e-9)
        np.testing.assert_allclose(refitted.covariate_effects[row], sign * of_all.covariate_effects, atol=1e-9)
        assert refitted.intercepts[row] == pytest.approx(sign * of_all.intercept)
    assert of_all.reading.covariates == features.covariate_names(pool.edges)


def test_r2_of_columns_equals_r2_of_each():
    rng = np.random.default_rng(13)
    observed, predicted = rng.normal(3, 1, (40, 5)), rng.normal(3, 1, (40, 5))
    expected = [r2(observed[:, i], predicted[:, i]) for i in range(5)]
    np.testing.assert_allclose(cell_types.r2_columns(observed, predicted), expected)


def test_the_table_names_the_pair_of_every_number():
    features, composition, values = data(14, n_motifs=3, n_cell_types=4)
    found = estimate(factorise(features, composition), values)
    motifs = pd.DataFrame({"motif": ["a", "b", "c"], "name": ["A", "B", "C"]})
    table = cell_types.effects_table(found, motifs, pd.Index(["w", "x", "y", "z"]), "deviation")
    assert len(table) == 12
    assert set(table["target"]) == {"deviation"}
    row = table[(table["motif"] == "b") & (table["cell_type"] == "y")].iloc[0]
    assert row["name"] == "B"
    for name in ("coefficient", "standard_error", "t", "p", "q"):
        assert row[name] == getattr(found, name)[1, 2]
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["coefficient"] / row["standard_error"]), 150 - 6))
