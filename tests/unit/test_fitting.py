"""Fitting the formula without a look at the test genes, and binding the fit to motifs."""

import numpy as np
import pytest

from cisformula import fitting, linear, recipe
from cisformula.candidates import Candidates
from cisformula.formula import Evidence, Reading
from cisformula.performance import r2
from cisformula.pwm import Motif
from cisformula.recipe import Chosen

READING = Reading(feature="hits", upstream=9, downstream=10, p_value=5e-4, grades=5, both_strands=True)
EVIDENCE = [Evidence("learned", 0.1, 0.01, 0.5, "YY1"), Evidence("database", -0.2), Evidence("database", 0.15)]


def random_pool(rng, edges=(0, 20), words=0):
    """Three candidates with random hits in 50 genes."""
    motifs = {name: Motif(name, f"TF{name}", rng.dirichlet(np.ones(4), 8)) for name in "abc"}
    n_bins = len(edges) - 1
    return Candidates(
        motifs=motifs,
        sources=dict.fromkeys(motifs, "database"),
        counts={"weak": rng.poisson(2.0, (50, 3, n_bins)).astype(np.int16)},
        edges=np.array(edges),
        composition=rng.poisson(5.0, (50, words * n_bins)).astype(float),
        runs={},
        filters={},
    )


def made(pool, ids, strength, rng):
    """A fit with random coefficients on the columns of some motifs."""
    X = recipe.columns(pool.binned(ids, "weak"), pool.composition, strength)
    standardisation = linear.Standardisation(rng.normal(size=X.shape[1]), rng.uniform(1, 2, X.shape[1]))
    ridge = linear.Ridge(standardisation, rng.normal(size=X.shape[1]), 0.7, 10.0, 0.5)
    return Chosen(ids, np.full(len(ids), np.nan), "weak", strength, ridge, 3)


@pytest.mark.parametrize(
    ("edges", "words", "strength"), [((0, 20), 0, 0.0), ((0, 20), 4, 0.0), ((0, 8, 20), 4, 0.0), ((0, 8, 20), 4, 0.3)]
)
def test_the_formula_predicts_what_the_fit_does(edges, words, strength):
    rng = np.random.default_rng(2)
    pool = random_pool(rng, edges, words)
    chosen = made(pool, ["a", "c", "b"], strength, rng)
    bound = fitting.bind(chosen, pool, READING, 0.0, 1.0, EVIDENCE)
    assert [motif.id for motif in bound.motifs] == ["c", "b", "a"], "in the order of their coefficients"
    assert bound.evidence == [EVIDENCE[1], EVIDENCE[2], EVIDENCE[0]]
    assert bound.penalty == 10.0
    assert bound.reading.n_bins == (len(edges) - 1 if strength else 1)
    assert bound.reading.edges[[0, -1]].tolist() == [-9, 11]
    assert len(bound.reading.covariates) == words * (len(edges) - 1)
    counts = pool.binned(["c", "b", "a"], "weak").astype(float)
    if not strength:
        counts = counts.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(bound.predict(counts, pool.composition), chosen.predict(pool))


def test_bins_lie_relative_to_the_start_site():
    rng = np.random.default_rng(3)
    pool = random_pool(rng, (0, 8, 20))
    bound = fitting.bind(made(pool, ["a", "b", "c"], 1.0, rng), pool, READING, 0.0, 1.0, EVIDENCE)
    assert bound.reading.bin_edges == (-9, -1, 11)


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
