"""Fitting the formula without a look at the test genes, and binding the fit to motifs."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from cisformula import features, fitting, hits, linear, recipe
from cisformula.candidates import Candidates
from cisformula.formula import Evidence, Reading
from cisformula.pwm import Motif
from cisformula.recipe import Chosen, Recipe
from cisformula.scoring import Scorer

READING = Reading(feature="hits", upstream=99, downstream=20, p_value=0.01, grades=3, both_strands=True)
N_GENES, LENGTH, IDS = 400, 120, ["a", "b", "c", "d"]
PLAIN = Recipe("lasso", 4, max_similarity=0.9, min_overlap=6, seed=1)


def promoters(seed=1):
    rng = np.random.default_rng(seed)
    return rng.choice(5, size=(N_GENES, LENGTH), p=[0.25, 0.24, 0.25, 0.25, 0.01]).astype(np.uint8)


def counted_pool(bin_width=None, composition=False, filters=None):
    """Four motifs counted in random promoters; those with a filter are read by its mean activation."""
    rng, codes = np.random.default_rng(2), promoters()
    motifs = [Motif(name, f"TF{name}", rng.dirichlet(np.full(4, 0.4), 7), 1037) for name in IDS]
    edges = hits.bin_edges(LENGTH, bin_width)
    counts = hits.count_hits(codes, motifs, READING.p_value, grades=READING.grades, bin_edges=edges)
    counts = counts.toarray().reshape(N_GENES, len(IDS), -1).astype(float)
    if filters:
        counts[:, : len(filters), 0] = features.mean_activation(codes, np.stack(list(filters.values())))
    return Candidates(
        motifs={motif.id: motif for motif in motifs},
        sources=dict.fromkeys(IDS, "database"),
        counts={"graded": counts},
        edges=edges,
        composition=features.covariates(codes, features.covariate_names(edges) if composition else ()),
        runs={},
        filters=filters or {},
    )


def fitted(pool, target, strength):
    return recipe.choose(
        pool, [[name] for name in IDS], np.ones(N_GENES, dtype=bool), target, replace(PLAIN, strengths=(strength,))
    )


def noisy_target(pool, seed=3):
    rng = np.random.default_rng(seed)
    of_bins = pool.counts["graded"].reshape(N_GENES, -1)
    return of_bins @ rng.normal(size=of_bins.shape[1]) / of_bins.std() + rng.normal(size=N_GENES)


def chosen_of(pool, columns, intercept=0.7, strength=0.0):
    """A fit whose standardised coefficients, means and scales are given, one triple for each column."""
    coefficients, means, scales = np.array(columns, dtype=float).T
    ridge = linear.Ridge(linear.Standardisation(means, scales), coefficients, intercept, 10.0, np.nan)
    return Chosen(IDS[:2], np.full(2, np.nan), "graded", strength, ridge, 4)


# Binding --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("composition", [False, True])
@pytest.mark.parametrize(("bin_width", "strength"), [(None, 0.0), (50, 0.0), (50, 0.3), (25, 1.0)])
def test_the_formula_predicts_what_the_fit_predicts(bin_width, strength, composition):
    pool = counted_pool(bin_width, composition)
    target = noisy_target(pool)
    chosen = fitted(pool, target, strength)
    evidence = [Evidence(coefficient=float(value)) for value in fitting.coefficients(chosen, pool, target)[0]]
    formula = fitting.bind(chosen, pool, READING, 1.5, 0.5, evidence)
    expected = chosen.predict(pool)
    assert np.corrcoef(expected, target)[0, 1] > 0.3
    ids = [motif.id for motif in formula.motifs]
    counts = pool.binned(ids, "graded")
    read = counts if strength else counts.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(formula.predict(read, pool.composition), expected, atol=1e-10)
    np.testing.assert_allclose(Scorer(formula).read(promoters()).predicted, expected, atol=1e-10)
    assert formula.reading.n_bins == (pool.n_bins if strength else 1)
    assert formula.reading.covariates == (features.covariate_names(pool.edges) if composition else ())
    assert (formula.target_mean, formula.target_scale, formula.penalty) == (1.5, 0.5, chosen.ridge.penalty)


def test_a_formula_of_mean_activations_predicts_what_the_fit_predicts():
    rng = np.random.default_rng(4)
    pool = counted_pool(composition=True, filters={name: rng.normal(size=(7, 4)) for name in IDS[:2]})
    target = noisy_target(pool)
    chosen = fitted(pool, target, 0.0)
    formula = fitting.bind(
        chosen, pool, replace(READING, feature="mean_activation"), 0.0, 1.0, [Evidence(coefficient=0.1)] * 4
    )
    assert set(formula.filters) == {"a", "b"}
    np.testing.assert_allclose(Scorer(formula).read(promoters()).predicted, chosen.predict(pool), atol=1e-10)


def test_effects_and_intercept_that_can_be_worked_out():
    chosen = chosen_of(counted_pool(), [(0.1, 1, 4), (-0.9, 2, 5)])
    evidence = [Evidence(coefficient=0.1), Evidence(coefficient=-0.9)]
    formula = fitting.bind(chosen, counted_pool(), READING, 0.0, 1.0, evidence)
    assert [motif.id for motif in formula.motifs] == ["b", "a"]
    np.testing.assert_allclose(formula.effects, [[-0.9 / 5], [0.1 / 4]])
    assert formula.intercept == pytest.approx(0.7 - 0.1 / 4 + 0.9 * 2 / 5)


def test_bins_and_covariates_are_bound_to_their_columns():
    pool = counted_pool(60, composition=True)
    totals, words = [(0.3, 1, 1), (0.6, 2, 3)], [(0.4 * word, 20, 4) for word in range(4)]
    of_words = [(0.1 * column, 10, 2) for column in range(8)]
    of_motifs = [(0.2, 0.5, 1), (-0.2, 0.5, 2), (0.8, 1, 4), (-0.8, 1, 2)]
    chosen = chosen_of(pool, totals + words + of_words + of_motifs, strength=0.3)
    evidence = [Evidence(coefficient=1.0), Evidence(coefficient=-0.1)]
    formula = fitting.bind(chosen, pool, READING, 0.0, 1.0, evidence)
    assert formula.reading.bin_edges == (-99, -39, 21)
    np.testing.assert_allclose(formula.effects, [[0.5, 0.2], [0.4, -0.2]])
    assert formula.reading.covariates[:3] == ("A[0:60]", "A[60:120]", "C[0:60]")
    np.testing.assert_allclose(formula.covariate_effects[:4], [0, 0.05, 0.1 + 0.1, 0.1 + 0.15])


def test_evidence_given_sets_the_order():
    pool = counted_pool()
    evidence = [Evidence("learned", 0.1, 0.01, 0.5, "YY1"), Evidence("database", -0.2)]
    formula = fitting.bind(chosen_of(pool, [(0.9, 0, 1), (0.1, 0, 1)]), pool, READING, 0.0, 1.0, evidence)
    assert [motif.id for motif in formula.motifs] == ["b", "a"]
    assert formula.evidence == evidence[::-1]
    np.testing.assert_allclose(formula.effects, [[0.1], [0.9]])


# Coefficients of motifs -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("composition", [False, True])
@pytest.mark.parametrize(("bin_width", "strength"), [(None, 0.0), (50, 0.0), (50, 0.3), (25, 1.0)])
def test_a_coefficient_is_the_mean_effect_of_a_hit_times_the_deviation_of_hits(bin_width, strength, composition):
    pool = counted_pool(bin_width, composition)
    target = noisy_target(pool)
    chosen = fitted(pool, target, strength)
    coefficients, errors = fitting.coefficients(chosen, pool, target)
    evidence = [Evidence(coefficient=float(value)) for value in coefficients]
    formula = fitting.bind(chosen, pool, READING, 0.0, 1.0, evidence)
    deviation = pool.matrix([motif.id for motif in formula.motifs], "graded").std(axis=0)
    np.testing.assert_allclose([known.coefficient for known in formula.evidence], formula.per_unit * deviation)
    assert (np.diff(np.abs([known.coefficient for known in formula.evidence])) <= 0).all()
    assert (errors > 0).all()


@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_an_effect_that_is_the_same_everywhere_gives_effect_times_deviation(strength):
    pool = counted_pool(25)
    totals = pool.matrix(IDS, "graded")
    effects = np.array([0.5, -0.2, 0.1, 0.3])
    target = totals @ effects + 2.0
    coefficients, _ = fitting.coefficients(fitted(pool, target, strength), pool, target)
    np.testing.assert_allclose(coefficients, effects * totals.std(axis=0), rtol=0.005)


def unpenalised(pool, target, strength):
    """Least squares on the columns; where these repeat each other, a penalty that is next to nothing."""
    X = recipe.Columns.of(pool, IDS, "graded", strength)
    weights = recipe.column_weights(4, 0, pool.n_bins, strength)
    standardisation, coefficients, mean = linear.multi_target_ridge(X, target[:, None], 1e-5, weights)
    ridge = linear.Ridge(standardisation, coefficients[:, 0], float(mean[0]), 1e-5, np.nan)
    return Chosen(IDS, np.full(4, np.nan), "graded", strength, ridge, 4)


def test_without_penalty_coefficients_and_errors_are_those_of_least_squares():
    pool = counted_pool()
    totals = pool.matrix(IDS, "graded")
    target = noisy_target(pool) * (1 + totals[:, 0])  # errors that depend on a motif
    coefficients, errors = fitting.coefficients(unpenalised(pool, target, 0.0), pool, target)
    Z = (totals - totals.mean(axis=0)) / totals.std(axis=0)
    reference = sm.OLS(target, sm.add_constant(Z)).fit(cov_type="HC3")
    np.testing.assert_allclose(coefficients, reference.params[1:], rtol=1e-5)
    np.testing.assert_allclose(errors, reference.bse[1:], rtol=1e-5)


def test_without_penalty_a_mean_over_bins_has_the_error_of_that_mean():
    pool = counted_pool(50)  # bins of 50 and 70 bases: their effects weigh as their lengths
    assert pool.edges.tolist() == [0, 50, 120]
    target = noisy_target(pool)
    coefficients, errors = fitting.coefficients(unpenalised(pool, target, 0.3), pool, target)
    reference = sm.OLS(target, sm.add_constant(pool.counts["graded"].reshape(N_GENES, -1))).fit(cov_type="HC3")
    means = np.kron(np.eye(4), [50 / 120, 70 / 120]) * pool.matrix(IDS, "graded").std(axis=0)[:, None]
    test = reference.t_test(np.column_stack([np.zeros(4), means]))
    np.testing.assert_allclose(coefficients, test.effect, rtol=1e-4)
    np.testing.assert_allclose(errors, test.sd, rtol=1e-4)
