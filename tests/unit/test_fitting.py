"""Fitting the formula without a look at the test genes, and binding the fit to motifs."""

import numpy as np
import pytest

from cisformula import fitting, linear
from cisformula.formula import Evidence, Reading
from cisformula.performance import r2
from cisformula.pwm import Motif

READING = Reading(feature="hits", upstream=249, downstream=50, p_value=5e-4, grades=5, both_strands=True)


def random_motif(rng, name, width=8):
    return Motif(name, f"TF{name}", rng.dirichlet(np.ones(4), width), nsites=1037)


def ridge_of(coefficients, means, scales, intercept=0.7):
    standardisation = linear.Standardisation(np.array(means, dtype=float), np.array(scales, dtype=float))
    return linear.Ridge(standardisation, np.array(coefficients), intercept, 10.0)


def test_motifs_are_bound_in_order_of_their_size():
    rng = np.random.default_rng(2)
    motifs = [random_motif(rng, name) for name in "abc"]
    ridge = ridge_of([0.1, -0.9, 0.4], [1, 2, 3], [4, 5, 6])
    bound = fitting.from_fit(ridge, motifs, READING, {}, 0.0, 1.0)
    assert [motif.id for motif in bound.motifs] == ["b", "c", "a"]
    np.testing.assert_allclose(bound.effects, [[-0.9 / 5], [0.4 / 6], [0.1 / 4]])
    assert bound.intercept == pytest.approx(0.7 - 0.1 / 4 + 0.9 * 2 / 5 - 0.4 * 3 / 6)
    assert [known.coefficient for known in bound.evidence] == [-0.9, 0.4, 0.1]
    features = rng.normal(size=(5, 3))
    np.testing.assert_allclose(bound.predict(features[:, [1, 2, 0]]), ridge.predict(features))


def test_bins_and_covariates_are_bound_to_their_columns():
    rng = np.random.default_rng(3)
    motifs = [random_motif(rng, name) for name in "ab"]
    reading = Reading("hits", 249, 50, 5e-4, 5, True, bin_edges=(-249, -50, 51), covariates=("gc_count", "cpg_count"))
    ridge = ridge_of([0.3, 0.4, 0.6, -0.8, 0.2, -0.1], [1, 2, 3, 4, 150, 20], [1, 2, 3, 4, 5, 6])
    bound = fitting.from_fit(ridge, motifs, reading, {}, 0.0, 1.0)
    assert [motif.id for motif in bound.motifs] == ["b", "a"]
    np.testing.assert_allclose([known.coefficient for known in bound.evidence], [-1.0, 0.5])
    np.testing.assert_allclose(bound.effects, [[0.2, -0.2], [0.3, 0.2]])
    X = rng.normal(size=(5, 6))
    np.testing.assert_allclose(bound.predict(X[:, [2, 3, 0, 1]], X[:, 4:]), ridge.predict(X))


def test_evidence_given_sets_the_order():
    rng = np.random.default_rng(4)
    motifs = [random_motif(rng, name) for name in "ab"]
    evidence = [Evidence("learned", 0.1, 0.01, 0.5, "YY1"), Evidence("database", -0.2)]
    bound = fitting.from_fit(ridge_of([0.9, 0.1], [0, 0], [1, 1]), motifs, READING, {}, 0.0, 1.0, evidence)
    assert [motif.id for motif in bound.motifs] == ["b", "a"]
    assert bound.evidence == evidence[::-1]
    np.testing.assert_allclose(bound.effects, [[0.1], [0.9]])


def test_fit_selects_and_fits_on_the_same_rows():
    rng = np.random.default_rng(3)
    X = rng.poisson(1.0, (300, 20)).astype(float)
    y = 0.8 * X[:, 4] - 0.6 * X[:, 11] + 0.3 * rng.normal(size=300)
    fitted = fitting.fit(X, y, "lasso", 2, seed=1)
    assert fitted.columns.tolist() == [4, 11]
    np.testing.assert_allclose(fitted.ridge.coefficients / fitted.ridge.standardisation.scale, [0.8, -0.6], atol=0.06)
    expected = linear.fit_ridge(X[:, [4, 11]], y).predict(X[:, [4, 11]])
    np.testing.assert_allclose(fitted.predict(X), expected, atol=1e-12)


@pytest.mark.parametrize("method", ["lasso", "rfe"])
def test_a_column_that_betrays_a_fold_is_of_no_use_in_that_fold(method):
    """LEAK TEST: each planted column equals the target on the genes of one fold and is noise on all others."""
    rng = np.random.default_rng(4)
    folds = np.arange(400) % 5
    y = rng.normal(size=400)
    X = rng.normal(size=(400, 30))
    for fold in range(5):
        X[folds == fold, fold] = y[folds == fold]
    predictions = fitting.out_of_fold(X, y, folds, method, 5, seed=1)
    for fold in range(5):
        inside = folds == fold
        assert r2(y[inside], predictions[inside]) < 0.1, f"fold {fold} profits from its own genes"
    assert r2(y, fitting.fit(X, y, method, 5, 1).predict(X)) > 0.1, "the same columns do betray a fit on all genes"


@pytest.mark.parametrize("method", ["lasso", "rfe"])
def test_predictions_of_a_fold_do_not_depend_on_its_targets(method):
    rng = np.random.default_rng(5)
    folds = np.arange(150) % 3
    X, y = rng.normal(size=(150, 12)), rng.normal(size=150)
    changed = np.where(folds == 1, -5 * y + 3, y)
    before, after = (fitting.out_of_fold(X, values, folds, method, 4, 1) for values in (y, changed))
    np.testing.assert_array_equal(before[folds == 1], after[folds == 1])
    assert not np.allclose(before[folds != 1], after[folds != 1])
