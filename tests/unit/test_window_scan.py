"""The compiled scan for best sites finds what plain loops find, and passes on the gradient of a convolution."""

import keras
import numpy as np
import pytest

from cisformula.models.best_sites import best_sites, pooled_convolution
from cisformula.models.window_scan import OUTSIDE, Blocks, even_blocks, kernel_gradient, scan
from cisformula.sequence import encode, one_hot, reverse_complement_codes

LENGTH, FILTERS = 97, 13


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(1).choice(5, (30, LENGTH), p=[0.24, 0.24, 0.24, 0.24, 0.04]).astype(np.uint8)


def kernel_of(width):
    return np.random.default_rng(width).normal(size=(width, 4, FILTERS)).astype(np.float32)


def plain_scores(codes, kernel):
    """Score of every window on the given and on the other strand, shape (2, sequences, windows, filters)."""
    windows = np.lib.stride_tricks.sliding_window_view(one_hot(codes, dtype=float), len(kernel), axis=1)
    return np.stack([np.einsum("npbw,wbk->npk", windows, strand) for strand in (kernel, kernel[::-1, ::-1])])


# Widths on either side of how many bases are added together.
@pytest.mark.parametrize("width", [1, 3, 4, 5, 8, 11, 13, 19])
@pytest.mark.parametrize("size", [1, 10, 200])
def test_best_sites_score_most_in_their_block_and_lie_where_it_says(codes, width, size):
    kernel, blocks = kernel_of(width), even_blocks(LENGTH - width + 1, size)
    scores = plain_scores(codes, kernel)
    block = (np.arange(scores.shape[2]) + blocks.before) // size
    assert set(block) == set(range(blocks.number))
    expected = np.stack([scores[:, :, block == b].max(axis=(0, 2)) for b in range(blocks.number)], axis=1)

    best, place = scan(codes, kernel, blocks, True)

    np.testing.assert_allclose(best, expected, atol=1e-5)
    strand, window = (place < 0).astype(int), np.where(place < 0, ~place, place)
    np.testing.assert_array_equal(block[window], np.broadcast_to(np.arange(blocks.number)[:, None], place.shape))
    there = scores[strand, np.arange(len(codes))[:, None, None], window, np.arange(FILTERS)]
    np.testing.assert_allclose(there, expected, atol=1e-5)


def test_a_block_without_a_window_scores_what_is_outside():
    best, _ = scan(np.zeros((1, 10), np.uint8), kernel_of(4), Blocks(before=6, size=5, number=4), True)
    assert (best[0] == OUTSIDE).all(axis=1).tolist() == [True, False, False, True]


def test_the_first_of_equal_windows_and_the_given_strand_are_taken():
    palindrome = np.zeros((4, 4, 1), np.float32)
    palindrome[[0, 1, 2, 3], [0, 1, 2, 3]] = 1
    codes = encode("TTACGTTTACGTTT")[None]
    best, place = scan(codes, palindrome, Blocks(0, 20, 1), True)
    assert best[0, 0, 0] == 4
    assert place[0, 0, 0] == 2


def test_the_other_strand_is_told_by_the_complement_of_the_place():
    filters = np.zeros((4, 4, 1), np.float32)
    filters[:, 0] = 1
    best, place = scan(encode("CCCTTTTCC")[None], filters, Blocks(0, 20, 1), True)
    assert best[0, 0, 0] == 4
    assert place[0, 0, 0] == ~3


def test_unknown_bases_score_zero_whatever_their_code(codes):
    kernel, blocks = kernel_of(5), even_blocks(LENGTH - 4, 10)
    other = np.where(codes == 4, 255, codes).astype(np.uint8)
    np.testing.assert_array_equal(scan(codes, kernel, blocks, True)[0], scan(other, kernel, blocks, True)[0])
    assert not scan(np.full((1, LENGTH), 4, np.uint8), kernel, blocks, True)[0].any()


def test_the_reverse_complement_has_the_same_best_sites(codes):
    whole = Blocks(0, LENGTH, 1)
    best, _ = scan(codes, kernel_of(6), whole, True)
    np.testing.assert_allclose(scan(reverse_complement_codes(codes), kernel_of(6), whole, True)[0], best, atol=1e-5)


def test_the_gradient_is_the_counted_bases_of_best_sites():
    filters = np.zeros((3, 4, 2), np.float32)
    filters[:, 0, 0] = filters[:, 1, 1] = 1
    codes = encode("GGTTTGGGGCCCGG")[None]  # AAA on the other strand, CCC on the given one
    best, place = scan(codes, filters, Blocks(0, 20, 1), True)
    assert best[0, 0].tolist() == [3, 3]
    gradient = kernel_gradient(codes, place, np.array([[[2, 0.5]]], np.float32), 3)
    assert gradient[..., 0].tolist() == [[2, 0, 0, 0]] * 3
    assert gradient[:, 1, 1].tolist() in ([0.5] * 3,)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="compares with TensorFlow's own gradient")
@pytest.mark.parametrize("width", [4, 8, 11])
@pytest.mark.parametrize("both_strands", [True, False])
def test_values_and_gradient_are_those_of_a_pooled_convolution(codes, width, both_strands):
    import tensorflow as tf

    kernel, blocks = tf.constant(kernel_of(width)), even_blocks(LENGTH - width + 1, 10)
    upstream = np.random.default_rng(3).normal(size=(len(codes), blocks.number, FILTERS)).astype(np.float32)

    @tf.function
    def values_and_gradient(operation):
        with tf.GradientTape() as tape:
            tape.watch(kernel)
            best = operation(codes, kernel, blocks, both_strands)
        return best, tape.gradient(best, kernel, upstream)

    for fast, plain in zip(values_and_gradient(best_sites), values_and_gradient(pooled_convolution), strict=True):
        np.testing.assert_allclose(fast, plain, rtol=1e-5, atol=1e-5)
