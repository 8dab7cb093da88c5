"""Words at which filters begin: planted ones are found, in the right control, on either strand, once each."""

import keras
import numpy as np
import pytest

from cisformula.argminn import word_seeds
from cisformula.argminn.examples import Examples
from cisformula.argminn.peers import cnn
from cisformula.models import argminn
from cisformula.models.argminn import Architecture
from cisformula.sequence import UNKNOWN, decode, encode, reverse_complement_codes

LENGTH = 60
TELLING, AGAINST, SHARED = "TGACTCA", "AGATAAG", "CCGGAAG"


def background(rng, n):
    return rng.integers(0, 4, (n, LENGTH)).astype(np.uint8)


def plant(codes, word, rng):
    """Codes with a word somewhere in every sequence, in half of them its reverse complement."""
    planted = codes.copy()
    for row in planted:
        start = rng.integers(0, LENGTH - len(word))
        site = encode(word)
        row[start : start + len(word)] = site if rng.random() < 0.5 else reverse_complement_codes(site)
    return planted


class Planted:
    """A word in all sequences, one in bound sequences alone, and one in unbound ones alone."""

    length = LENGTH

    def epoch(self, number, size):
        rng = np.random.default_rng(number)
        codes, label = plant(background(rng, size), SHARED, rng), (np.arange(size) % 2).astype(np.float32)
        codes[label == 1] = plant(codes[label == 1], TELLING, rng)
        codes[label == 0] = plant(codes[label == 0], AGAINST, rng)
        return Examples(codes, label)


def strands(word):
    return {word, decode(reverse_complement_codes(encode(word)))}


def test_words_that_tell_bound_from_unbound_come_before_those_of_both():
    words = [decode(word) for word in word_seeds.source_words(Planted(), 7, 8, 1)]
    assert words[0] in strands(TELLING)
    assert words[1] in strands(AGAINST)
    assert words[2] in strands(SHARED)


def test_background_has_no_words():
    rng = np.random.default_rng(1)
    words, masked, _ = word_seeds.over_represented(background(rng, 2000), background(rng, 2000), 6, 8)
    assert words == []
    assert (masked != UNKNOWN).all()


def test_a_word_is_taken_once_and_masked_with_its_neighbours():
    rng = np.random.default_rng(2)
    bound = background(rng, 1500)
    bound[:750] = plant(bound[:750], TELLING, rng)
    bound[750:] = plant(bound[750:], "TGAGTCA", rng)  # its reverse complement but for the middle base
    before = bound.copy()
    words, masked, _ = word_seeds.over_represented(bound, background(rng, 1500), 7, 8)
    assert [decode(word) in strands(TELLING) | strands("TGAGTCA") for word in words] == [True]
    np.testing.assert_array_equal(bound, before)
    rows = ["".join(decode(row)) for row in masked]
    assert not any(word in row for row in rows for word in strands(TELLING))


@pytest.mark.parametrize("word", ["TGACTCA", "TGATCA"])
def test_the_z_value_counts_both_strands_and_a_palindrome_once(word, monkeypatch):
    """Without a control, n occurrences give n / sqrt(n + 1)."""
    bound = np.full((2, 20), UNKNOWN, dtype=np.uint8)
    bound[0, : len(word)] = encode(word)
    bound[1, 3 : 3 + len(word)] = reverse_complement_codes(encode(word))
    control = np.full_like(bound, UNKNOWN)
    for least, found in ((2 / 3**0.5 - 1e-9, 1), (2 / 3**0.5 + 1e-9, 0)):
        monkeypatch.setattr(word_seeds, "LEAST_Z", least)
        words, *_ = word_seeds.over_represented(bound, control, len(word), 1)
        assert len(words) == found


def test_filters_are_excited_by_their_word_and_by_few_mismatches():
    keras.utils.set_random_seed(1)
    model = argminn.build(LENGTH, Architecture(filters=4, width=10, layers=1))
    drawn = model.get_layer("motifs").get_weights()[0]
    words = word_seeds.begin_at_words(model, Planted(), 1)
    kernel, bias = model.get_layer("motifs").get_weights()[:2]
    assert len(words) == 3
    for number, word in enumerate(words):
        window = np.eye(4)[word]
        score = (kernel[1:8, :, number] * window).sum() + bias[number]
        assert score == pytest.approx(word_seeds.WEIGHT * 3)
        assert score - 2 * word_seeds.WEIGHT > 0
        assert score - 3 * word_seeds.WEIGHT == pytest.approx(0)
        assert np.abs(kernel[:, :, number]).sum() == pytest.approx(7 * word_seeds.WEIGHT)
    np.testing.assert_array_equal(kernel[:, :, 3:], drawn[:, :, 3:])


def test_a_network_of_one_strand_begins_at_both_strands_of_a_word():
    model = cnn.build(LENGTH, penalised=False)
    words = [decode(word) for word in word_seeds.begin_at_words(model, Planted(), 1)]
    assert [set(words[:2]), set(words[2:4])] == [strands(TELLING), strands(AGAINST)]


def test_a_filter_narrower_than_a_word_gets_a_shorter_one():
    model = argminn.build(LENGTH, Architecture(filters=4, width=5, layers=1))
    assert all(len(word) == 5 for word in word_seeds.begin_at_words(model, Planted(), 1))
