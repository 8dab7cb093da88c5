"""The recipe finds planted readings and position effects, in the genes it is given and in no others."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from cisformula import linear, recipe, selection
from cisformula.candidates import Candidates
from cisformula.pwm import Motif
from cisformula.recipe import Recipe

N_GENES, N_BINS = 1200, 4
EDGES = np.array([0, 30, 60, 100, 120])
IDS = [f"m{i}" for i in range(8)]
ALONE = [[name] for name in IDS]
PLAIN = Recipe("lasso", 6, max_similarity=0.9, min_overlap=6, seed=1)
EVERYWHERE = np.array([0.5, -0.5, 0.4, -0.4, 0.3, -0.3, 0, 0])


def pool_of(counts, composition):
    motif = Motif("m", "m", np.full((6, 4), 0.25))
    n_bins = next(iter(counts.values())).shape[2]
    return Candidates(
        motifs={name: replace(motif, id=name) for name in IDS},
        sources=dict.fromkeys(IDS, "database"),
        counts=counts,
        edges=EDGES if n_bins == N_BINS else np.array([0, 120]),
        composition=composition,
        runs={},
        filters={},
    )


def random_pool(seed, n_bins=N_BINS):
    """Hits of eight motifs at a strict and at a loose threshold, which finds others beside them; counts of two words.

    Returns the pool and the generator, for noise that is independent of it.
    """
    rng = np.random.default_rng(seed)
    strict = rng.poisson(0.3, (N_GENES, len(IDS), n_bins))
    loose = strict + rng.poisson(1.0, strict.shape)
    return pool_of({"strict": strict, "loose": loose}, rng.poisson(5.0, (N_GENES, 2 * n_bins)).astype(float)), rng


def total_effects(pool, reading, rng, noise=0.5):
    """A target to which hits add the same wherever they lie."""
    return pool.matrix(IDS, reading) @ EVERYWHERE + noise * rng.normal(size=N_GENES)


ALL = np.ones(N_GENES, dtype=bool)


# Columns and effects --------------------------------------------------------------------------------------------------


def columns_of(counts, composition, in_bins):
    return recipe.Columns(counts.sum(axis=2), composition, counts.shape[2], counts if in_bins else None)


@pytest.mark.parametrize("strength", [0.0, 0.3])
@pytest.mark.parametrize("n_words", [0, 3])
@pytest.mark.parametrize("n_bins", [1, 4])
def test_columns_predict_what_effects_in_bins_predict(n_bins, n_words, strength):
    rng = np.random.default_rng(1)
    counts = rng.poisson(1.0, (50, 5, n_bins))
    composition = rng.poisson(3.0, (50, n_words * n_bins)).astype(float)
    X = np.asarray(columns_of(counts, composition, in_bins=strength and n_bins > 1))
    # Whole numbers, so that sums in any order are the same to the last digit.
    per_column = rng.integers(-9, 10, X.shape[1]).astype(float)
    of_motifs, of_words = recipe.effects(per_column, 5, n_words, n_bins, bool(strength))
    assert of_motifs.shape == (5, n_bins if strength else 1)
    assert of_words.shape == (n_words * n_bins,)
    expected = 7 + composition @ of_words
    for motif in range(5):
        for position in range(n_bins):
            effect = of_motifs[motif, position if strength else 0]
            expected = expected + counts[:, motif, position] * effect
    np.testing.assert_array_equal(X @ per_column + 7, expected)


@pytest.mark.parametrize("in_bins", [False, True])
def test_columns_of_some_genes_are_rows_of_those_of_all(in_bins):
    rng = np.random.default_rng(2)
    columns = columns_of(rng.poisson(1.0, (50, 5, 4)), rng.random((50, 12)), in_bins)
    array = np.asarray(columns, dtype=np.float64)
    assert columns.shape == array.shape
    some = rng.random(50) < 0.3
    for rows in (slice(10, 20), some, ~some):
        assert columns[rows].shape == array[rows].shape
        np.testing.assert_array_equal(columns[rows], array[rows])


def test_columns_are_made_a_few_genes_at_a_time(monkeypatch):
    pool, rng = random_pool(10)
    target = pool.counts["strict"][:, 0, 2] + rng.normal(size=N_GENES)
    made, make = [], recipe.Columns.__array__

    def noted(columns, *options):
        made.append(len(columns.totals))
        return make(columns, *options)

    expected = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    monkeypatch.setattr(recipe.Columns, "__array__", noted)
    monkeypatch.setattr(linear, "ROWS", 30)
    chosen = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    np.testing.assert_allclose(chosen.predict(pool), expected.predict(pool), rtol=1e-9)
    assert chosen.ids == expected.ids
    assert max(made) == 30


def test_columns_and_weights_that_can_be_written_down():
    counts = np.array([[[1, 2], [3, 4], [5, 6]]])
    composition = np.array([[10.0, 20.0, 30.0, 40.0]])
    totals, words, by_word, by_motif = [3, 7, 11], [30, 70], [10, 20, 30, 40], [1, 2, 3, 4, 5, 6]
    assert np.asarray(columns_of(counts, composition, False)).tolist() == [totals + words + by_word]
    assert np.asarray(columns_of(counts, composition, True)).tolist() == [totals + words + by_word + by_motif]
    assert np.asarray(columns_of(counts[:, :, :1], composition[:, ::2], False)).tolist() == [[1, 3, 5, 10, 30]], (
        "one bin"
    )
    strong = recipe.COMPOSITION_WEIGHT
    assert recipe.column_weights(3, 2, 2, 0.0).tolist() == [1] * 3 + [strong] * 2 + [1] * 4
    assert recipe.column_weights(3, 2, 2, 0.3).tolist() == [1] * 3 + [strong] * 2 + [1] * 4 + [0.3] * 6
    assert recipe.column_weights(3, 2, 1, 0.3).tolist() == [1] * 3 + [strong] * 2


def test_an_effect_in_a_bin_is_the_motifs_plus_the_bins():
    of_motifs, of_words = recipe.effects(np.arange(1.0, 14.0), n_motifs=2, n_words=2, n_bins=3, by_position=False)
    # Motifs 1, 2; words 3, 4; bins of the words 5 to 10: what follows belongs to no bin of a motif.
    assert of_motifs.tolist() == [[1], [2]]
    assert of_words.tolist() == [3 + 5, 3 + 6, 3 + 7, 4 + 8, 4 + 9, 4 + 10]
    of_motifs, _ = recipe.effects(np.arange(1.0, 17.0), n_motifs=2, n_words=2, n_bins=3, by_position=True)
    assert of_motifs.tolist() == [[1 + 11, 1 + 12, 1 + 13], [2 + 14, 2 + 15, 2 + 16]]


def test_effects_of_many_targets_are_those_of_each():
    per_column = np.random.default_rng(2).normal(size=(4, 3 + 2 + 4 + 6))
    of_motifs, of_words = recipe.effects(per_column, 3, 2, 2, by_position=True)
    for row, motifs, words in zip(per_column, of_motifs, of_words, strict=True):
        expected = recipe.effects(row, 3, 2, 2, by_position=True)
        np.testing.assert_array_equal(motifs, expected[0])
        np.testing.assert_array_equal(words, expected[1])


# The choice -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("planted", ["strict", "loose"])
def test_the_planted_reading_is_chosen(planted):
    pool, rng = random_pool(3)
    target = total_effects(pool, planted, rng)
    chosen = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    assert chosen.reading == planted
    assert chosen.ids == IDS[:6]
    assert chosen.n_candidates == 8


def test_motifs_are_selected_in_the_reading_that_is_chosen():
    pool, rng = random_pool(15)
    pool.counts["strict"][:] = rng.permutation(pool.counts["strict"])
    target = total_effects(pool, "loose", rng)
    chosen = recipe.choose(pool, ALONE, ALL, target, replace(PLAIN, n_motifs=2))
    assert (chosen.reading, chosen.ids) == ("loose", ["m0", "m1"])


def test_a_reading_does_not_win_by_its_place_in_the_list():
    pool, rng = random_pool(4)
    turned = replace(pool, counts={name: pool.counts[name] for name in ("loose", "strict")})
    target = total_effects(pool, "strict", rng)
    assert recipe.choose(turned, ALONE, ALL, target, PLAIN).reading == "strict"


@pytest.mark.parametrize("seed", [5, 6, 7])
def test_an_effect_that_is_the_same_everywhere_has_strength_0(seed):
    pool, rng = random_pool(seed)
    target = total_effects(pool, "strict", rng, noise=1.0)
    chosen = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    assert chosen.strength == 0
    effects = recipe.effects(per_column(chosen), 6, 2, N_BINS, by_position=False)[0]
    np.testing.assert_allclose(effects[:, 0], EVERYWHERE[:6], atol=0.12)


def per_column(chosen):
    return chosen.ridge.coefficients / chosen.ridge.standardisation.scale


def test_a_motif_that_acts_in_one_bin_only_is_seen_to_do_so():
    pool, rng = random_pool(8)
    inside = pool.counts["strict"][:, 0, 2]
    chosen = recipe.choose(pool, ALONE, ALL, 1.5 * inside + 0.5 * rng.normal(size=N_GENES), PLAIN)
    assert chosen.strength > 0
    effects = recipe.effects(per_column(chosen), 6, 2, N_BINS, by_position=True)[0]
    assert chosen.ids[0] == "m0"
    np.testing.assert_allclose(effects[0], [0, 0, 1.5, 0], atol=0.1)
    np.testing.assert_allclose(effects[1:], 0, atol=0.1)


def test_composition_that_acts_in_one_bin_needs_no_position_effects_of_motifs():
    pool, rng = random_pool(9)
    target = total_effects(pool, "strict", rng) + pool.composition[:, 5]
    chosen = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    of_words = recipe.effects(per_column(chosen), 6, 2, N_BINS, bool(chosen.strength))[1]
    np.testing.assert_allclose(of_words, [0, 0, 0, 0, 0, 1, 0, 0], atol=0.06)


def test_the_strength_has_the_smallest_leave_one_out_error():
    pool, rng = random_pool(10)
    target = pool.counts["strict"][:, 0, 2] + 0.3 * pool.counts["strict"][:, 1].sum(axis=1) + rng.normal(size=N_GENES)
    chosen = recipe.choose(pool, ALONE, ALL, target, PLAIN)
    errors = {}
    for strength in recipe.STRENGTHS:
        X = np.asarray(recipe.Columns.of(pool, chosen.ids, "strict", strength))
        # Scaled and penalised by hand: the deviations of the bins count as much as their weight says.
        Z = recipe.column_weights(6, 2, N_BINS, strength) * (X - X.mean(axis=0)) / X.std(axis=0)
        errors[strength] = min(left_out_error(Z, target, penalty) for penalty in linear.PENALTIES)
    assert chosen.strength == min(errors, key=errors.get) > 0
    assert chosen.ridge.left_out_error == pytest.approx(errors[chosen.strength])


def left_out_error(Z, y, penalty):
    hat = Z @ np.linalg.solve(Z.T @ Z + penalty * np.eye(Z.shape[1]), Z.T) + 1 / len(y)
    return float((((y - hat @ y) / (1 - np.diag(hat))) ** 2).mean())


def test_a_single_bin_has_no_position_effects():
    pool, rng = random_pool(11, n_bins=1)
    chosen = recipe.choose(pool, ALONE, ALL, total_effects(pool, "loose", rng), PLAIN)
    assert (chosen.reading, chosen.strength, len(chosen.ridge.coefficients)) == ("loose", 0.0, 6 + 2)


def test_only_strengths_of_the_recipe_are_tried():
    pool, rng = random_pool(12)
    target = total_effects(pool, "strict", rng)
    assert recipe.choose(pool, ALONE, ALL, target, replace(PLAIN, strengths=(0.3,))).strength == 0.3


def test_motifs_are_selected_by_their_totals_among_the_ids_given():
    pool, rng = random_pool(13)
    target = total_effects(pool, "strict", rng)
    some = ["m7", "m0", "m3", "m1"]
    chosen = recipe.choose(
        pool, [[name] for name in some], ALL, target, replace(PLAIN, selection="stability", n_motifs=3)
    )
    expected = selection.by_stability(pool.matrix(some, "strict"), target, 3, seed=1)
    assert chosen.ids == [some[column] for column in expected.columns] == ["m0", "m3", "m1"]
    np.testing.assert_array_equal(chosen.probabilities, expected.probabilities)
    assert chosen.n_candidates == 4


def test_one_motif_stands_for_its_group_and_only_the_given_genes_say_which():
    pool, rng = random_pool(14)
    rows = np.arange(N_GENES) % 3 > 0
    noise = rng.normal(size=N_GENES)
    m1, m2 = pool.matrix(["m1", "m2"], "strict").T
    target = np.where(rows, m1, 50 * m2) + 0.1 * noise
    groups = [["m1", "m2", "m3"], ["m5"], ["m6", "m7"]]
    chosen = recipe.choose(pool, groups, rows, target, PLAIN)
    assert "m1" in chosen.ids
    assert not {"m2", "m3"} & set(chosen.ids)
    assert len(chosen.ids) == chosen.n_candidates == 3
    assert "m2" in recipe.choose(pool, groups, ALL, target, PLAIN).ids


@pytest.mark.parametrize("method", ["stability", "lasso", "rfe"])
def test_genes_outside_the_rows_are_never_looked_at(method):
    """LEAK TEST: everything about the other genes changes, and what is chosen does not, to the last digit."""
    pool, rng = random_pool(14)
    target = total_effects(pool, "strict", rng) + pool.counts["strict"][:, 2, 1]
    rows = rng.random(N_GENES) < 0.6
    other = replace(
        pool,
        counts={
            reading: np.where(rows[:, None, None], counts, rng.permutation(90 * counts))
            for reading, counts in pool.counts.items()
        },
        composition=np.where(rows[:, None], pool.composition, -50.0),
    )
    of_this = replace(PLAIN, selection=method)
    one = recipe.choose(pool, ALONE, rows, target, of_this)
    two = recipe.choose(other, ALONE, rows, np.where(rows, target, -20 * target), of_this)
    assert (one.ids, one.reading, one.strength) == (two.ids, two.reading, two.strength)
    assert one.ridge.left_out_error == two.ridge.left_out_error
    np.testing.assert_array_equal(one.probabilities, two.probabilities)
    np.testing.assert_array_equal(one.predict(pool), two.predict(pool))
    seen = recipe.choose(other, ALONE, ALL, np.where(rows, target, -20 * target), of_this)
    assert not np.allclose(seen.predict(pool), one.predict(pool)), "genes that may be looked at do count"


def test_the_reading_is_chosen_by_the_genes_given():
    """LEAK TEST: elsewhere another motif tells the target in the better reading, and the right one in the worse."""
    pool, rng = random_pool(16)
    rows = rng.random(N_GENES) < 0.5
    target = pool.matrix(["m0"], "strict")[:, 0] + 0.3 * rng.normal(size=N_GENES)
    elsewhere = rng.poisson(40.0, N_GENES)
    target[~rows] = elsewhere[~rows]
    pool.counts["strict"][~rows, 7, 0] = pool.counts["loose"][~rows, 0, 0] = elsewhere[~rows]
    chosen = recipe.choose(pool, ALONE, rows, target, replace(PLAIN, n_motifs=1))
    assert (chosen.reading, chosen.ids) == ("strict", ["m0"])


def test_the_recipe_of_a_job_is_that_of_its_parameters():
    params = SimpleNamespace(selection="rfe", n_motifs=30, max_similarity=0.8, min_overlap=5, seed=9)
    assert recipe.from_params(params) == Recipe("rfe", 30, 0.8, 5, 9, recipe.STRENGTHS)
