"""Nested evaluation on candidates that betray the target in a known way."""

from dataclasses import replace

import numpy as np
import pytest

from cisformula import linear, nested
from cisformula.candidates import Candidates
from cisformula.errors import InputError
from cisformula.performance import r2
from cisformula.pwm import Motif
from cisformula.recipe import Chosen, Recipe
from cisformula.sequence import encode, one_hot

N_GENES, N_FOLDS = 300, 3
FOLDS = np.arange(N_GENES) % N_FOLDS
FOLD_OF_RUN = {0: 0, 1: 1, 2: 2, 3: 0}
RECIPE = Recipe("lasso", 3, max_similarity=0.9, min_overlap=6, seed=1)
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


def noise_pool(seed=0, n_bins=2, n_words=1, readings=("strict", "loose")):
    """Two unlike motifs of each of four runs and two known ones, all features noise; and a target of noise."""
    rng = np.random.default_rng(seed)
    motifs = {name: word_motif(name, word) for name, word in (WORDS | KNOWN).items()}
    return Candidates(
        motifs=motifs,
        sources={name: "learned" if name in WORDS else "database" for name in motifs},
        counts={reading: rng.normal(size=(N_GENES, len(motifs), n_bins)) for reading in readings},
        edges=np.linspace(0, 100, n_bins + 1).astype(int),
        composition=rng.normal(size=(N_GENES, n_words * n_bins)),
        runs={name: int(name[1]) for name in WORDS},
        filters={},
    ), rng.normal(size=N_GENES)


def plain_pool(seed):
    """The same with one bin, one reading and no composition: an ordinary matrix of features."""
    return noise_pool(seed, n_bins=1, n_words=0, readings=("strict",))


def plant(pool, name, total, rows=slice(None)):
    """Make a motif's total over the bins of some genes what is given, however hits are read."""
    place = list(pool.motifs).index(name)
    for counts in pool.counts.values():
        counts[rows, place, 0] = total[rows] - counts[rows, place, 1:].sum(axis=1)


def fold_r2(target, result, fold):
    inside = fold == FOLDS
    return r2(target[inside], result.predictions[inside])


@pytest.mark.parametrize("selection", ["stability", "lasso", "rfe"])
def test_a_motif_of_a_run_that_saw_the_fold_is_not_used_in_it(selection):
    """LEAK TEST: a motif of the run that held out fold 1 equals the target everywhere."""
    pool, target = noise_pool()
    plant(pool, "R1M0", target)
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
        plant(pool, name, target, fold == FOLDS)
    for fold, name in enumerate(("MA1", "MA2")):
        plant(pool, name, target, fold == FOLDS)
    recipe = replace(RECIPE, selection=selection)
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, recipe)
    final = nested.fit_all(pool, target, set(FOLD_OF_RUN), recipe)[0].predict(pool)
    for fold in range(N_FOLDS):
        assert fold_r2(target, result, fold) < 0.1, f"fold {fold} profits from its own genes"
    assert r2(target, final) > 0.2, "the same columns do betray a fit on all genes"


def test_targets_and_features_of_a_fold_do_not_reach_what_is_fitted_without_it():
    pool, target = noise_pool(2)
    before = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, RECIPE)
    inside = FOLDS == 2
    counts = {key: np.where(inside[:, None, None], 100 + 50 * values, values) for key, values in pool.counts.items()}
    composition = np.where(inside[:, None], 7 * pool.composition - 3, pool.composition)
    other = replace(pool, counts=counts, composition=composition)
    after = nested.evaluate(other, np.where(inside, -9 * target, target), FOLDS, FOLD_OF_RUN, RECIPE)
    one, two = before.selected[2], after.selected[2]
    assert (one.ids, one.reading, one.strength) == (two.ids, two.reading, two.strength)
    np.testing.assert_array_equal(one.ridge.coefficients, two.ridge.coefficients)
    np.testing.assert_array_equal(one.ridge.standardisation.mean, two.ridge.standardisation.mean)
    assert (one.ridge.penalty, one.ridge.intercept) == (two.ridge.penalty, two.ridge.intercept)
    assert before.selected[0].ridge.intercept != after.selected[0].ridge.intercept, "the others do see the change"


def test_each_fold_chooses_among_its_own_runs_and_the_known_motifs():
    pool, target = plain_pool(3)
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, replace(RECIPE, n_motifs=300))
    allowed = {
        0: {"R0M0", "R0M1", "R3M0", "R3M1", *KNOWN},
        1: {"R1M0", "R1M1", *KNOWN},
        2: {"R2M0", "R2M1", *KNOWN},
    }
    assert {fold: set(chosen.ids) for fold, chosen in result.selected.items()} == allowed
    assert {fold: chosen.n_candidates for fold, chosen in result.selected.items()} == {0: 6, 1: 4, 2: 4}
    for fold, chosen in result.selected.items():
        X = pool.matrix(chosen.ids, "strict")
        expected = linear.fit_ridge(X[fold != FOLDS], target[fold != FOLDS]).predict(X[fold == FOLDS])
        np.testing.assert_allclose(result.predictions[fold == FOLDS], expected, atol=1e-12)


def test_a_fold_without_a_run_cannot_be_predicted():
    pool, target = noise_pool()
    with pytest.raises(InputError, match=r"fold 2.*runs"):
        nested.evaluate(pool, target, FOLDS, {0: 0, 1: 1, 2: 1, 3: 0}, RECIPE)


def test_the_published_fit_uses_all_genes_and_runs():
    pool, target = plain_pool(4)
    signal = target + pool.matrix(["R2M1", "MA2"], "strict") @ [2, -3]
    final, stands_for = nested.fit_all(pool, signal, set(FOLD_OF_RUN), replace(RECIPE, n_motifs=2))
    assert sorted(final.ids) == ["MA2", "R2M1"]
    assert stands_for == {"R2M1": ["R2M1"], "MA2": ["MA2"]}
    assert final.n_candidates == 10
    X = pool.matrix(final.ids, "strict")
    np.testing.assert_allclose(final.predict(pool), linear.fit_ridge(X, signal).predict(X), atol=1e-12)


def test_a_motif_found_twice_is_a_candidate_once():
    pool, target = noise_pool(5)
    pool.motifs["R3M0"] = word_motif("R3M0", WORDS["R0M0"]).reverse_complement()
    result = nested.evaluate(pool, target, FOLDS, FOLD_OF_RUN, replace(RECIPE, n_motifs=300))
    assert result.selected[0].n_candidates == 5
    assert len({"R0M0", "R3M0"} & set(result.selected[0].ids)) == 1


def chosen(ids, probabilities=None, n_candidates=10, reading="strict", strength=0.3):
    """A fit of which only what is written down matters."""
    ridge = linear.Ridge(linear.Standardisation(np.zeros(7), np.ones(7)), np.arange(7), 0.0, 2.5, 0.8)
    probabilities = np.full(len(ids), np.nan) if probabilities is None else np.array(probabilities)
    return Chosen(ids, probabilities, reading, strength, ridge, n_candidates)


def test_a_learned_motif_that_repeats_a_known_one_is_represented_by_it():
    pool, target = noise_pool(5)
    pool.motifs["R3M0"] = word_motif("R3M0", KNOWN["MA1"]).reverse_complement()
    final, stands_for = nested.fit_all(pool, target, set(FOLD_OF_RUN), replace(RECIPE, n_motifs=300))
    assert final.n_candidates == 9
    assert "R3M0" not in final.ids
    assert stands_for["MA1"] == ["R3M0", "MA1"]


def test_selection_table_has_a_row_per_fold_and_motif():
    pool, _ = noise_pool()
    table = nested.selection_table({0: chosen(["R0M0", "MA2"], [0.5, 0.25]), 2: chosen(["MA1"], [1.0])}, pool)
    assert table.to_dict("list") == {
        "fold": [0, 0, 2],
        "motif": ["R0M0", "MA2", "MA1"],
        "name": ["R0M0", "MA2", "MA1"],
        "source": ["learned", "database", "database"],
        "selection_probability": [0.5, 0.25, 1.0],
    }


def test_design_table_sees_duplicated_and_dependent_columns():
    pool, _ = noise_pool(6)
    total = pool.counts["strict"].sum(axis=2)
    columns = dict(zip(pool.motifs, total.T, strict=True))
    plant(pool, "R1M0", 3 * columns["R0M0"] + 7)  # the same once standardised
    plant(pool, "MA2", columns["MA1"] - columns["R2M0"])
    folds = {
        0: chosen(["R0M0", "R0M1", "R2M0"], n_candidates=6),
        1: chosen(["R0M0", "R1M0", "R0M1"], strength=0.0),
        "all": chosen(["MA1", "R2M0", "MA2", "R0M0", "R1M0"]),
    }
    table = nested.design_table(folds, pool).set_index("fold")
    assert table["rank"].to_dict() == {0: 3, 1: 2, "all": 3}
    assert table["motifs"].to_dict() == {0: 3, 1: 3, "all": 5}
    assert table["columns"].tolist() == [7] * 3
    assert table["candidates"].tolist() == [6, 10, 10]
    assert table["penalty"].tolist() == [2.5] * 3
    assert table["reading"].tolist() == ["strict"] * 3
    assert table["strength"].tolist() == [0.3, 0.0, 0.3]
    correlation = np.corrcoef(pool.matrix(["R0M0", "R0M1", "R2M0"], "strict").T)
    assert table.loc[0, "condition_number"] == pytest.approx(np.sqrt(np.linalg.cond(correlation)))
    # Two equal columns make sqrt(2) of one direction, beside R0M1.
    r = np.corrcoef(pool.matrix(["R0M0", "R0M1"], "strict").T)[0, 1]
    values = np.linalg.eigvalsh([[2, np.sqrt(2) * r], [np.sqrt(2) * r, 1]])
    assert table.loc[1, "condition_number"] == pytest.approx(np.sqrt(values[1] / values[0]))


def test_the_design_is_that_of_the_reading_chosen():
    pool, _ = noise_pool(7)
    ids = ["R0M0", "R0M1", "MA1"]
    pool.counts["loose"][:, list(pool.motifs).index("R0M1")] = pool.counts["loose"][:, 0]
    folds = {0: chosen(ids, reading="strict"), 1: chosen(ids, reading="loose")}
    assert nested.design_table(folds, pool)["rank"].tolist() == [3, 2]
