"""Moving a site: models that prefer a known distance say so, and a model that adds sites up says nothing."""

import keras
import numpy as np
import pandas as pd
import pytest

from cisformula.grammar import network_terms, relocation
from cisformula.grammar.relocation import Background, Rule, draw_background, interaction, relocate, rules_of, summarise
from cisformula.models.positional import BIN, SCALE, build
from cisformula.sequence import decode, encode, one_hot, reverse_complement, reverse_complement_codes

SITES = {"A": encode("GTGTCGTG"), "B": encode("TGCTGG")}
LENGTH = 150
EVERY = [(orientation, order) for orientation in ("same", "opposite") for order in ("first_second", "second_first")]
ALL = pytest.mark.parametrize(("orientation", "order"), EVERY)


@pytest.fixture(scope="module")
def background():
    """Promoters of A and C alone, which hold no site by chance, with the pair on either strand."""
    rng = np.random.default_rng(1)
    return draw_background(rng.integers(0, 2, (200, LENGTH)).astype(np.uint8), 40, rng)


def joined(orientation, order, distance):
    """The word that both sites form around bases that may be any; as two words and the gap."""
    first, second = (decode(SITES[name]) for name in "AB")
    if orientation == "opposite":
        second = reverse_complement(second)
    return (first, second, distance) if order == "first_second" else (second, first, distance)


def holds(codes, left, right, distance):
    """Whether each sequence holds two words at a distance, on either strand."""
    found = []
    for text in map(decode, codes):
        both = (text, reverse_complement(text))
        found.append(
            any(
                strand[start:].startswith(left) and strand[start + len(left) + distance :].startswith(right)
                for strand in both
                for start in range(len(strand))
            )
        )
    return np.array(found, dtype=float)


@ALL
def test_a_preferred_distance_is_found_in_its_orientation_and_order_alone(background, orientation, order):
    def predict(codes):
        return 3 * holds(codes, *joined(orientation, order, 7))

    distances = np.arange(12)
    for asked in EVERY:
        effects = interaction(predict, background, Rule("A", "B", *asked), SITES, distances)
        expected = np.where((distances == 7) & (asked == (orientation, order)), 3, 0)
        np.testing.assert_array_equal(effects, np.broadcast_to(expected, (40, 12)))


@pytest.mark.parametrize(
    ("orientation", "like"),
    [
        ("tandem", ("same", "first_second")),
        ("convergent", ("opposite", "first_second")),
        ("divergent", ("opposite", "second_first")),
    ],
)
def test_two_sites_of_one_motif_stand_as_their_orientation_says(background, orientation, like):
    word = decode(SITES["A"])
    other = word if like[0] == "same" else reverse_complement(word)
    left, right = (word, other) if like[1] == "first_second" else (other, word)

    def predict(codes):
        return holds(codes, left, right, 7)

    effects = interaction(predict, background, Rule("A", "A", orientation, "either"), SITES, np.array([6, 7]))
    np.testing.assert_array_equal(effects, np.tile([0, 1], (40, 1)))


@ALL
def test_sites_that_add_up_have_no_interaction_wherever_they_lie(background, orientation, order):
    """Each site counts by its place, so the test also fails if a site moves between the four variants."""

    def predict(codes):
        place = np.arange(LENGTH)
        return 0.1 * (one_hot(codes, dtype=float) * place[:, None] * [1, -2, 3, 5]).sum(axis=(1, 2))

    effects = interaction(predict, background, Rule("A", "B", orientation, order), SITES, np.arange(0, 60, 7))
    np.testing.assert_allclose(effects, 0, atol=1e-8)


@ALL
def test_the_sites_lie_where_they_should_and_nothing_else_changes(background, orientation, order):
    seen = []

    def predict(codes):
        seen.append(codes)
        return np.zeros(len(codes))

    distances = np.array([0, 5, 100])
    interaction(predict, background, Rule("A", "B", orientation, order), SITES, distances)
    variants = seen[0].reshape(40, 8, LENGTH)
    np.testing.assert_array_equal(variants[:, 0], background.codes)
    left, right, _ = joined(orientation, order, 0)
    for number, distance in enumerate(distances):
        both = variants[:, 3 + 2 * number]
        assert holds(both, left, right, distance).all()
        changed = (both != background.codes).sum(axis=1)
        assert changed.max() <= 14
    first_starts = {
        decode(codes if not back else reverse_complement_codes(codes)).find(decode(SITES["A"]))
        for codes, back in zip(variants[:, 1], background.reverse, strict=True)
    }
    lowest, highest = (0, 36) if order == "first_second" else (106, 142)
    assert min(first_starts) >= lowest
    assert max(first_starts) <= highest
    assert len(first_starts) > 10, "the pair lies at many places"
    assert 0 < background.reverse.mean() < 1


def test_a_pair_that_just_fits_goes_to_the_only_place():
    place = np.array([0, 0.5, 0.999999])
    background = Background(np.zeros((3, 24), np.uint8), place, np.zeros(3, bool))
    seen = []

    def predict(codes):
        seen.append(codes)
        return np.zeros(len(codes))

    interaction(predict, background, Rule("A", "B", "same", "first_second"), SITES, np.array([10]))
    assert [decode(codes) for codes in seen[0].reshape(3, 4, 24)[:, 3]] == ["GTGTCGTGAAAAAAAAAATGCTGG"] * 3


def test_a_network_with_a_hand_made_preference(tmp_path):
    """B counts where A lies in the bin before, and only there: the context of its filter is the activity of A's."""
    model = build(LENGTH, 2, 8)
    model.set_weights([np.zeros(weight.shape) for weight in model.get_weights()])
    kernel = np.zeros((8, 4, 2))
    kernel[:, :, 0], kernel[:6, :, 1] = one_hot(SITES["A"]), one_hot(SITES["B"])
    model.get_layer("motifs").kernel.assign(kernel)
    model.get_layer("activity").threshold.assign([7, 5])
    normalisation = next(layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization))
    normalisation.gamma.assign([np.sqrt(1 + normalisation.epsilon)] * 2)
    normalisation.moving_variance.assign([1, 1])
    convolution = next(layer for layer in model.layers if isinstance(layer, keras.layers.Conv1D))
    weights = np.zeros(convolution.kernel.shape)
    weights[2, 0, 0] = 1 / SCALE  # channel 0 of a bin is the activity of A in the bin before
    convolution.kernel.assign(weights)
    first, second, last = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
    bins, channels = LENGTH // BIN, convolution.kernel.shape[2]
    identity = np.zeros(first.kernel.shape)
    identity[np.arange(bins) * channels, np.arange(bins)] = 1
    first.kernel.assign(identity)
    second.kernel.assign(np.eye(second.units))
    to_context = np.zeros(last.kernel.shape)
    to_context[np.arange(bins), np.arange(bins) * 2 + 1] = 2 / SCALE
    last.kernel.assign(to_context)
    codes = np.zeros((6, LENGTH), np.uint8)
    background = Background(codes, np.zeros(6), np.zeros(6, bool))
    distances = np.array([0, 12, 13, 37, 38, 60])
    rule = Rule("A", "B", "same", "first_second")
    effects = interaction(network_terms.predictor(model), background, rule, SITES, distances)
    # A starts at 0; the middle of B's window of 8 bases is at 12 + distance, in bin 1 from 25 to 49.
    np.testing.assert_allclose(effects, np.broadcast_to([0, 0, 2, 2, 0, 0], (6, 6)), atol=1e-5)


def test_intervals_are_those_of_a_mean():
    effects = np.array([[0.0, 1], [2, 1], [4, 1], [6, 1]])
    table = summarise(Rule("A", "B", "same", "first_second"), np.array([0, 5]), effects)
    half = 1.959964 * np.std([0, 2, 4, 6], ddof=1) / 2
    assert table.columns.tolist() == relocation.COLUMNS
    assert table.loc[0, ["n", "effect", "low", "high"]].tolist() == pytest.approx([4, 3, 3 - half, 3 + half])
    assert table.loc[1, ["effect", "low", "high"]].tolist() == [1, 1, 1]


def test_intervals_hold_the_true_effect_as_often_as_they_say():
    rng = np.random.default_rng(2)
    effects = rng.normal(1, 2, (200, 1000))
    table = summarise(Rule("A", "B", "same", "first_second"), np.arange(1000), effects)
    assert 0.93 < ((table["low"] < 1) & (table["high"] > 1)).mean() < 0.97


def test_every_network_is_asked_about_its_own_promoters():
    def network(value, number):
        rng = np.random.default_rng(number)
        background = draw_background(rng.integers(0, 2, (number, LENGTH)).astype(np.uint8), 100, rng)
        return (lambda codes: value * holds(codes, *joined("same", "first_second", 4))), background

    rules = [Rule("A", "B", "same", "first_second"), Rule("B", "A", "opposite", "first_second")]
    table = relocate([network(1, 10), network(5, 30)], rules, SITES, 8, 2)
    assert table["distance"].tolist() == [0, 2, 4, 6, 8] * 2
    assert (table["n"] == 40).all()
    assert table["effect"].tolist() == [0, 0, 4, 0, 0] + [0] * 5
    assert table["second"].tolist() == ["B"] * 5 + ["A"] * 5


def test_distances_end_where_the_promoter_does():
    assert relocation.distances_that_fit(SITES["A"], SITES["B"], 150, 100, 25).tolist() == [0, 25, 50, 75, 100]
    assert relocation.distances_that_fit(SITES["A"], SITES["B"], 50, 100, 10).tolist() == [0, 10, 20, 30]
    assert relocation.distances_that_fit(SITES["A"], SITES["B"], 13, 100, 10).tolist() == []


def test_no_rules_give_an_empty_table(background):
    table = relocate([(lambda codes: np.zeros(len(codes)), background)], [], SITES, 100, 5)
    assert table.columns.tolist() == relocation.COLUMNS
    assert table.empty


def test_the_first_different_rules_are_taken():
    rows = [("A", "C", "same", "first_second", 8, "shadow")]
    rows += [("A", "B", "same", "first_second", 3, "rule"), ("A", "B", "same", "first_second", 13, "rule")]
    rows += [("A", "B", "opposite", "first_second", 3, "rule"), ("B", "A", "same", "second_first", 3, "rule")]
    spacing = pd.DataFrame(rows, columns=["first", "second", "orientation", "order", "distance", "status"])
    assert rules_of(spacing, 2) == [Rule("A", "B", "same", "first_second"), Rule("A", "B", "opposite", "first_second")]


def test_background_is_drawn_from_the_seed_without_repeats():
    codes = np.arange(50, dtype=np.uint8)[:, None] * np.ones(4, np.uint8)
    one, two = (draw_background(codes, 20, np.random.default_rng(3)) for _ in range(2))
    np.testing.assert_array_equal(one.codes, two.codes)
    np.testing.assert_array_equal(one.place, two.place)
    assert len(set(one.codes[:, 0])) == 20
    assert len(draw_background(codes, 80, np.random.default_rng(3)).codes) == 50
