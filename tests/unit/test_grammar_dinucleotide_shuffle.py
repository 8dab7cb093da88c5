"""Shuffled sequences: the same dinucleotides, every arrangement of them equally likely."""

from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from scipy import stats

from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.sequence import decode, encode


def dinucleotides(text):
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def random_codes(n, length, seed, unknown=0.0):
    rng = np.random.default_rng(seed)
    codes = rng.choice(4, (n, length), p=[0.1, 0.4, 0.4, 0.1]).astype(np.uint8)
    codes[rng.random(codes.shape) < unknown] = 4
    return codes


@pytest.mark.parametrize("block", [None, 50, 70])
def test_dinucleotides_are_kept_exactly(block):
    codes = random_codes(200, 300, seed=1)
    shuffled = shuffle(codes, np.random.default_rng(2), block)
    for before, after in zip(codes, shuffled, strict=True):
        assert dinucleotides(decode(after)) == dinucleotides(decode(before))
    assert (codes != shuffled).mean() > 0.5


def test_each_block_keeps_its_dinucleotides_and_its_ends():
    codes = random_codes(20, 120, seed=3)
    shuffled = shuffle(codes, np.random.default_rng(4), block=50)
    for start, end in ((0, 50), (50, 100), (100, 120)):
        for before, after in zip(codes[:, start:end], shuffled[:, start:end], strict=True):
            assert dinucleotides(decode(after)) == dinucleotides(decode(before))
            assert (before[0], before[-1]) == (after[0], after[-1])


def test_unknown_bases_stay_and_part_the_sequence():
    codes = random_codes(100, 80, seed=5, unknown=0.05)
    shuffled = shuffle(codes, np.random.default_rng(6))
    np.testing.assert_array_equal(codes == 4, shuffled == 4)
    for before, after in zip(codes, shuffled, strict=True):
        for part, new in zip(decode(before).split("N"), decode(after).split("N"), strict=True):
            assert dinucleotides(part) == dinucleotides(new)


@pytest.mark.parametrize("text", ["AACAGCAT", "ACGTACCA", "AGAGTGACA"])
def test_every_arrangement_is_equally_likely(text):
    """Against all sequences with these dinucleotides, found by enumeration."""
    wanted = dinucleotides(text)
    possible = sorted(
        {
            candidate
            for order in permutations(text[1:-1])
            if dinucleotides(candidate := text[0] + "".join(order) + text[-1]) == wanted
        }
    )
    assert len(possible) > 3
    codes = np.tile(encode(text), (20_000, 1))
    drawn = Counter(map(decode, shuffle(codes, np.random.default_rng(7))))
    assert set(drawn) == set(possible)
    assert stats.chisquare([drawn[candidate] for candidate in possible]).pvalue > 1e-3


def test_the_seed_decides():
    codes = random_codes(5, 60, seed=8)
    first, again, other = (shuffle(codes, np.random.default_rng(seed)) for seed in (9, 9, 10))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


@pytest.mark.parametrize("text", ["N", "A", "NAN", "AC", "AAAA"])
def test_what_cannot_change_does_not(text):
    codes = encode(text)[None]
    np.testing.assert_array_equal(shuffle(codes, np.random.default_rng(0)), codes)
