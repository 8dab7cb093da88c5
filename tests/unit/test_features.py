"""Sequence features against counts made in plain Python, and the rank that makes the published feature poor."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from cisformula.features import (
    base_composition,
    covariate_names,
    covariates,
    gc_and_cpg,
    is_covariate,
    kmer_counts,
    mean_activation,
)
from cisformula.sequence import encode, one_hot


def random_sequences(seed, n, length, unknown=0.03):
    rng = np.random.default_rng(seed)
    p = np.append(np.full(4, (1 - unknown) / 4), unknown)
    return ["".join(rng.choice(list("ACGTN"), length, p=p)) for _ in range(n)]


def encoded(sequences):
    return np.stack([encode(sequence) for sequence in sequences])


def test_composition_of_a_sequence_that_can_be_counted_by_hand():
    codes = encoded(["AACGCGNNTT", "CGCGCGCGCG"])
    np.testing.assert_allclose(base_composition(codes), [[0.2, 0.2, 0.2, 0.2], [0, 0.5, 0.5, 0]])
    np.testing.assert_array_equal(gc_and_cpg(codes), [[4, 2], [10, 5]])


def test_a_cpg_across_an_unknown_base_does_not_count():
    np.testing.assert_array_equal(gc_and_cpg(encoded(["CNG", "GCC"])), [[2, 0], [3, 0]])


@pytest.mark.parametrize("k", [1, 2, 4])
def test_kmer_counts_equal_a_counter_in_lexicographic_order(k):
    sequences = random_sequences(k, 12, 60)
    counts = kmer_counts(encoded(sequences), k)
    words = ["".join(letters) for letters in product("ACGT", repeat=k)]
    assert counts.shape == (12, 4**k)
    for row, text in zip(counts, sequences, strict=True):
        counter = Counter(text[i : i + k] for i in range(len(text) - k + 1))
        assert row.tolist() == [counter[word] for word in words]


def test_kmers_with_unknown_bases_are_not_counted():
    assert kmer_counts(encoded(["AANAA"]), 2).sum() == 2
    assert kmer_counts(encoded(["NNNNN"]), 2).sum() == 0
    assert kmer_counts(encoded(["ACGTACGTAC"]), 5).sum() == 6


def test_mean_activation_is_the_mean_of_the_convolution():
    rng = np.random.default_rng(3)
    codes = encoded(random_sequences(4, 5, 40))
    filters = rng.normal(size=(3, 8, 4)).astype(np.float32)
    expected = np.zeros((5, 3))
    for i, bases in enumerate(one_hot(codes, dtype=float)):
        for j, motif in enumerate(filters):
            expected[i, j] = np.mean([(bases[start : start + 8] * motif).sum() for start in range(33)])
    np.testing.assert_allclose(mean_activation(codes, filters), expected, atol=1e-6)


def test_mean_activation_of_any_number_of_filters_has_rank_24():
    # 8 positions x 4 bases, less one for each position (frequencies sum to one) once centred.
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 4, (400, 60)).astype(np.uint8)
    activation = mean_activation(codes, rng.random((200, 8, 4)).astype(np.float32))
    values = np.linalg.svd(activation - activation.mean(axis=0), compute_uv=False)
    assert values[23] > 1e-4 * values[0]
    assert values[24] < 1e-12 * values[0]


def test_covariates_are_counts_in_bins_of_one_word_after_the_other():
    names = covariate_names([0, 4, 10])
    assert names == (*("A[0:4]", "A[4:10]", "C[0:4]", "C[4:10]", "G[0:4]", "G[4:10]", "CG[0:4]", "CG[4:10]"),)
    codes = encoded(["AACGCGNNTT", "CGCCGGCGCG", "NNNNNNNNNN"])
    expected = [
        [2, 0, 1, 1, 1, 1, 1, 1],
        # The C of the second CpG is the last base of its bin and the G the first of the next.
        [0, 0, 3, 2, 1, 4, 2, 2],
        [0] * 8,
    ]
    np.testing.assert_array_equal(covariates(codes, names), expected)


def test_a_cpg_across_a_border_counts_in_the_bin_of_its_c_and_not_in_the_other():
    names = covariate_names([0, 3, 6])
    np.testing.assert_array_equal(covariates(encoded(["TTCGTT"]), names)[0, 6:], [1, 0])
    np.testing.assert_array_equal(covariates(encoded(["TTCNGT"]), names)[0, 6:], [0, 0])
    np.testing.assert_array_equal(covariates(encoded(["TTTTCG"]), names)[0, 6:], [0, 1])
    # A window that ends in C and another that starts with G make no CpG of two genes.
    np.testing.assert_array_equal(covariates(encoded(["TTTTTC", "GTTTTT"]), names)[:, 6:], np.zeros((2, 2)))


@pytest.mark.parametrize("edges", [[0, 60], [0, 20, 40, 60], [0, 7, 59, 60]])
def test_bins_add_up_to_the_counts_of_the_window(edges):
    sequences = random_sequences(6, 9, 60)
    counts = covariates(encoded(sequences), covariate_names(edges)).reshape(9, 4, len(edges) - 1).sum(axis=2)
    expected = [[text.count(word) for word in ("A", "C", "G", "CG")] for text in sequences]
    np.testing.assert_array_equal(counts, expected)


def test_covariates_come_in_the_order_asked_for():
    codes = encoded(["AACGCGNNTT"])
    np.testing.assert_array_equal(covariates(codes, ("CG[0:10]", "A[1:2]", "G[0:6]")), [[2, 1, 2]])
    assert covariates(codes, ()).shape == (1, 0)


def test_names_that_are_no_covariates_are_told_apart():
    assert all(map(is_covariate, covariate_names([0, 50, 300])))
    for name in ("T[0:50]", "A[0-50]", "A", "GC[0:5]", "A[0:50] ", "A[-5:50]", 7, None):
        assert not is_covariate(name), name
