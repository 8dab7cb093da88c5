"""Nested evaluation on candidates that betray the target in a known way."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cisformula import fitting, linear, nested
from cisformula.candidates import Candidates
from cisformula.errors import InputError
from cisformula.nested import Chosen, Recipe
from cisformula.performance import r2
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot

N_GENES, N_FOLDS = 300, 3
FOLDS = np.arange(N_GENES) % N_FOLDS
FOLD_OF_RUN = {0: 0, 1: 1, 2: 2, 3: 0}
RECIPE = Recipe("lasso", 3, cluster_similarity=0.9, min_overlap=6, seed=1)
WORDS = {
    "R0M0": "ACACACAC",
    "R0M1": "GGGTTTCC",
    "R1M0": "TTTTGACG",
    "R1M1": "CCATGGAA",
    "R2M0": "GATTACAC",
    "R2M1": "AAAAAAAA",
    "R3M0": "CGCGGCTA",
    "R3M1": "TGCATTTG",
}
KNOWN = {"MA1": "CATCATCA", "MA2": "GAGACCGT"}


def word_motif(name, word):
    return Motif(name, name, 0.94 * one_hot(encode(word), dtype=float) + 0.015)


def noise_pool(seed=0):
    """Two unlike motifs of each of four runs and two known ones, all columns noise; and a target of noise."""
    rng = np.random.default_rng(seed)
    motifs = {name: word_motif(name, word) for name, word in (WORDS | KNOWN).items()}
    return Candidates(
        motifs=motifs,
        sources={name: "learned" if name in WORDS else "database" for name in motifs},
        features=pd.DataFrame(rng.normal(size=(N_GENES, len(motifs))), columns=list(motifs)),
        runs={name: int(name[1]) for name in WORDS},
        filters={},
    ), rng.normal(size=N_GENES)


def fold_r2(target, result, fold):
    inside = fold == FOLDS
    return r2(target[inside], result.predictions[inside])


@pytest.mark.parametrize("selection", ["stability", "lasso", "rfe"])
def test_a_motif_of_a_run_that_saw_the_fold_is_not_used_in_it(selection):
    """LEAK TEST: a motif of the run that held out fold 1 equals the target everywhere."""
    pool, target = noise_pool()
    pool.features["R1M0"] = target
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, replace(RECIPE, selection=selection))
    assert fold_r2(target, result, 1) > 0.99, "its own fold may use it: its run never saw these genes"
    for fold in (0, 2):
        assert fold_r2(target, result, fold) < 0.1
        assert "R1M0" not in result.selected[fold].ids


@pytest.mark.parametrize("selection", ["stability", "lasso", "rfe"])
def test_a_column_that_betrays_its_test_fold_is_of_no_use(selection):
    """LEAK TEST: a motif's column equals the target on the fold its run held out, and is noise elsewhere."""
    pool, target = noise_pool(1)
    for name, fold in {"R0M0": 0, "R1M0": 1, "R2M0": 2, "R3M1": 0}.items():
        pool.features.loc[fold == FOLDS, name] = target[fold == FOLDS]
    for fold, name in enumerate(("MA1", "MA2")):
        pool.features.loc[fold == FOLDS, name] = target[fold == FOLDS]
    recipe = replace(RECIPE, selection=selection)
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, recipe)
    final = nested.fit_all(pool, target, FOLD_OF_RUN, recipe).predict(pool)
    for fold in range(N_FOLDS):
        assert fold_r2(target, result, fold) < 0.1, f"fold {fold} profits from its own genes"
    assert r2(target, final) > 0.2, "the same columns do betray a fit on all genes"


def test_targets_and_features_of_a_fold_do_not_reach_what_is_fitted_without_it():
    pool, target = noise_pool(2)
    before = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, RECIPE)
    other = replace(pool, features=pool.features.copy())
    other.features.loc[FOLDS == 2] = 100 + 50 * other.features.loc[FOLDS == 2]
    after = nested.evaluate(other, np.where(FOLDS == 2, -9 * target, target), FOLDS, FOLD_OF_RUN, RECIPE)
    one, two = before.selected[2], after.selected[2]
    assert one.ids == two.ids
    np.testing.assert_array_equal(one.ridge.coefficients, two.ridge.coefficients)
    np.testing.assert_array_equal(one.ridge.standardisation.mean, two.ridge.standardisation.mean)
    assert (one.ridge.penalty, one.ridge.intercept) == (two.ridge.penalty, two.ridge.intercept)
    assert before.selected[0].ridge.intercept != after.selected[0].ridge.intercept, "the others do see the change"


def test_each_fold_chooses_among_its_own_runs_and_the_known_motifs():
    pool, target = noise_pool(3)
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, replace(RECIPE, n_motifs=300))
    allowed = {
        0: {"R0M0", "R0M1", "R3M0", "R3M1", *KNOWN},
        1: {"R1M0", "R1M1", *KNOWN},
        2: {"R2M0", "R2M1", *KNOWN},
    }
    assert {fold: set(chosen.ids) for fold, chosen in result.selected.items()} == allowed
    assert {fold: chosen.n_candidates for fold, chosen in result.selected.items()} == {0: 6, 1: 4, 2: 4}
    for fold, chosen in result.selected.items():
        X = pool.matrix(chosen.ids)
        expected = linear.fit_ridge(X[fold != FOLDS], target[fold != FOLDS]).predict(X[fold == FOLDS])
        np.testing.assert_allclose(result.predictions[fold == FOLDS], expected, atol=1e-12)


def test_a_fold_without_a_run_cannot_be_predicted():
    pool, target = noise_pool()
    with pytest.raises(InputError, match=r"fold 2.*runs"):
        nested.evaluate(pool, target, FOLDS, {0: 0, 1: 1, 2: 1, 3: 0}, RECIPE)


def test_the_published_fit_uses_all_genes_and_runs():
    pool, target = noise_pool(4)
    signal = target + 2 * pool.features["R2M1"].to_numpy() - 3 * pool.features["MA2"].to_numpy()
    final = nested.fit_all(pool, signal, FOLD_OF_RUN, replace(RECIPE, n_motifs=2))
    assert sorted(final.ids) == ["MA2", "R2M1"]
    assert final.n_candidates == 10
    X = pool.matrix(final.ids)
    np.testing.assert_allclose(final.predict(pool), fitting.fit(X, signal, "lasso", 2, 1).predict(X), atol=1e-12)


def test_a_motif_found_twice_is_a_candidate_once():
    pool, target = noise_pool(5)
    pool.motifs["R3M0"] = word_motif("R3M0", WORDS["R0M0"]).reverse_complement()
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, replace(RECIPE, n_motifs=300))
    assert result.selected[0].n_candidates == 5
    assert len({"R0M0", "R3M0"} & set(result.selected[0].ids)) == 1


def chosen(ids, coefficients=None, n_candidates=10):
    n = len(ids)
    ridge = linear.Ridge(
        linear.Standardisation(np.zeros(n), np.ones(n)), np.arange(n) if coefficients is None else coefficients, 0, 2.5
    )
    return Chosen(ids, ridge, n_candidates)


def test_support_counts_the_same_known_and_a_similar_learned_motif():
    pool, _ = noise_pool()
    # In fold 1 the word of R0M0 was found on the other strand; MA1 is in the database, so its likeness does not count.
    pool.motifs["R1M0"] = word_motif("R1M0", WORDS["R0M0"]).reverse_complement()
    pool.motifs["R1M1"] = word_motif("R1M1", KNOWN["MA1"])
    selected = {0: ["R0M0", "MA2"], 1: ["R1M0", "R1M1"], 2: ["MA2", "MA1"]}
    motifs = [pool.motifs[name] for name in ("R0M0", "MA1", "MA2", "R0M1", "R1M1")]
    assert nested.folds_supporting(motifs, selected, pool, RECIPE).tolist() == [2, 1, 2, 0, 1]


def test_selection_table_has_a_row_per_fold_and_motif():
    pool, _ = noise_pool()
    table = nested.selection_table({0: chosen(["R0M0", "MA2"], [0.5, -0.25]), 2: chosen(["MA1"], [1.0])}, pool)
    assert table.to_dict("list") == {
        "fold": [0, 0, 2],
        "motif": ["R0M0", "MA2", "MA1"],
        "name": ["R0M0", "MA2", "MA1"],
        "source": ["learned", "database", "database"],
        "coefficient": [0.5, -0.25, 1.0],
    }


def test_design_table_sees_duplicated_and_dependent_columns():
    pool, _ = noise_pool(6)
    pool.features["R1M0"] = 3 * pool.features["R0M0"] + 7  # the same once standardised
    pool.features["MA2"] = pool.features["MA1"] - pool.features["R2M0"]
    folds = {
        0: chosen(["R0M0", "R0M1", "R2M0"], n_candidates=6),
        1: chosen(["R0M0", "R1M0", "R0M1"]),
        "all": chosen(["MA1", "R2M0", "MA2", "R0M0", "R1M0"]),
    }
    table = nested.design_table(folds, pool).set_index("fold")
    assert table["rank"].to_dict() == {0: 3, 1: 2, "all": 3}
    assert table["motifs"].to_dict() == {0: 3, 1: 3, "all": 5}
    assert table["candidates"].tolist() == [6, 10, 10]
    assert table["penalty"].tolist() == [2.5] * 3
    correlation = np.corrcoef(pool.matrix(["R0M0", "R0M1", "R2M0"]).T)
    assert table.loc[0, "condition_number"] == pytest.approx(np.sqrt(np.linalg.cond(correlation)))
    # Two equal columns make sqrt(2) of one direction, beside R0M1.
    r = np.corrcoef(pool.matrix(["R0M0", "R0M1"]).T)[0, 1]
    values = np.linalg.eigvalsh([[2, np.sqrt(2) * r], [np.sqrt(2) * r, 1]])
    assert table.loc[1, "condition_number"] == pytest.approx(np.sqrt(values[1] / values[0]))
