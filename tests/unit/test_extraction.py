"""Windows and motifs from filters whose best windows are known."""

from collections import Counter

import numpy as np
import pytest

from cisformula import extraction
from cisformula.extraction import distinct_windows, top_window_motifs
from cisformula.sequence import decode, encode, one_hot, reverse_complement


def encoded(*sequences):
    return np.stack([encode(sequence) for sequence in sequences])


def word_filter(word):
    """A filter whose score is the number of bases that agree with a word; shape (1, width, 4)."""
    return one_hot(encode(word))[None]


def windows_of(sequences, width, both_strands):
    """Counter of all windows without N, in plain Python."""
    texts = [*sequences, *(map(reverse_complement, sequences) if both_strands else ())]
    windows = (text[i : i + width] for text in texts for i in range(len(text) - width + 1))
    return Counter(window for window in windows if "N" not in window)


def reference_pfm(weights):
    """Base frequencies of words with weights, in plain Python."""
    pfm = np.zeros((len(next(iter(weights))), 4))
    for word, weight in weights.items():
        for position, base in enumerate(word):
            pfm[position, "ACGT".index(base)] += weight
    return pfm / sum(weights.values())


@pytest.mark.parametrize("both_strands", [True, False])
@pytest.mark.parametrize("width", [1, 3, 8])
def test_distinct_windows_equal_a_counter(width, both_strands):
    rng = np.random.default_rng(width)
    sequences = ["".join(rng.choice(list("ACGTN"), 40, p=[0.3, 0.3, 0.2, 0.15, 0.05])) for _ in range(30)]
    windows, counts = distinct_windows(encoded(*sequences), width, both_strands)
    found = {decode(window): int(count) for window, count in zip(windows, counts, strict=True)}
    assert len(found) == len(windows), "each window is listed once"
    assert found == windows_of(sequences, width, both_strands)


def test_widest_window_does_not_overflow():
    word = "T" * 31
    windows, counts = distinct_windows(encoded(word), 31, both_strands=False)
    assert (decode(windows[0]), counts.tolist()) == (word, [1])


def test_a_planted_word_is_the_motif_with_its_true_number_of_sites():
    rng = np.random.default_rng(1)
    word = "ACGTTGCC"
    background = ["".join(rng.choice(list("AG"), 60)) for _ in range(40)]
    sequences = [text[:20] + word + text[28:] if i < 25 else text for i, text in enumerate(background)]
    (motif,) = top_window_motifs(word_filter(word), encoded(*sequences), run=3, n_windows=25, both_strands=False)
    assert (motif.id, motif.name, motif.nsites) == ("R3M0", "R3M0", 25)
    np.testing.assert_array_equal(motif.pfm, one_hot(encode(word)))


def test_ties_at_the_last_window_are_all_kept():
    # Six perfect windows; seven that miss one base; n_windows 8 reaches into the seven, so all thirteen are kept.
    sequences = ["CCCAACC"] * 6 + ["CCCATCC"] * 7 + ["CCCTTCC"] * 9
    (motif,) = top_window_motifs(word_filter("CCCAACC"), encoded(*sequences), 0, n_windows=8, both_strands=False)
    assert motif.nsites == 13
    np.testing.assert_allclose(motif.pfm[4], [6 / 13, 0, 0, 7 / 13])
    np.testing.assert_array_equal(motif.pfm[3], [1, 0, 0, 0])
    (motif,) = top_window_motifs(word_filter("CCCAACC"), encoded(*sequences), 0, n_windows=6, both_strands=False)
    assert motif.nsites == 6, "the sixth window is the last perfect one"


@pytest.mark.parametrize("both_strands", [True, False])
@pytest.mark.parametrize("n_windows", [1, 50, 400])
def test_random_filters_equal_a_plain_reference(n_windows, both_strands):
    rng = np.random.default_rng(n_windows)
    filters = rng.integers(-8, 9, (3, 4, 4)).astype(np.float32)  # whole numbers: ties are exact
    sequences = ["".join(rng.choice(list("ACGTN"), 30, p=[0.25, 0.25, 0.25, 0.2, 0.05])) for _ in range(20)]
    counts = windows_of(sequences, 4, both_strands)
    for index, motif in enumerate(top_window_motifs(filters, encoded(*sequences), 1, n_windows, both_strands)):
        scores = {word: sum(filters[index, i, "ACGT".index(base)] for i, base in enumerate(word)) for word in counts}
        every = sorted((scores[word] for word in counts.elements()), reverse=True)
        limit = every[min(n_windows, len(every)) - 1]
        kept = {word: count for word, count in counts.items() if scores[word] >= limit}
        assert motif.id == f"R1M{index}"
        assert motif.nsites == sum(kept.values())
        np.testing.assert_allclose(motif.pfm, reference_pfm(kept), atol=1e-6)


def test_the_other_strand_is_read_only_when_asked_for():
    word = "AACCG"
    sequences = encoded(*[reverse_complement("TTT" + word + "TTT")] * 4)
    (both,) = top_window_motifs(word_filter(word), sequences, 0, n_windows=4, both_strands=True)
    assert (both.consensus, both.nsites) == (word, 4)
    (sense,) = top_window_motifs(word_filter(word), sequences, 0, n_windows=4, both_strands=False)
    assert sense.consensus != word


def test_windows_with_unknown_bases_are_left_out():
    sequences = encoded("AANAATTTT", "CAACCCCCC")
    (motif,) = top_window_motifs(word_filter("AAA"), sequences, 0, n_windows=1, both_strands=False)
    # AAN and NAA would reach two of three as well; only CAA, AAC, AAT stand without N.
    assert motif.nsites == 3
    np.testing.assert_allclose(motif.pfm, reference_pfm({"CAA": 1, "AAC": 1, "AAT": 1}), atol=1e-6)


def test_activation_weights_lower_the_windows_that_are_barely_kept():
    # Scores 3 (twice), 2 (once); 1e-6 keeps the lowest from vanishing: weights 2 (1 + 1e-6) and 1e-6.
    sequences = encoded("AAA", "AAA", "AAC")
    options = {"n_windows": 3, "both_strands": False}
    (plain,) = top_window_motifs(word_filter("AAA"), sequences, 0, **options)
    np.testing.assert_allclose(plain.pfm[2], [2 / 3, 1 / 3, 0, 0], atol=1e-6)
    (weighted,) = top_window_motifs(word_filter("AAA"), sequences, 0, **options, weighting="activation")
    assert weighted.pfm[2, 1] == pytest.approx(1e-6 / (2 + 3e-6), rel=1e-3)
    assert weighted.nsites == plain.nsites == 3, "sites are counted, not weighted"


def test_equal_activations_have_equal_weights():
    sequences = encoded("AAC", "AAG", "AAG", "CCC")
    (motif,) = top_window_motifs(word_filter("AAT"), sequences, 0, 3, both_strands=False, weighting="activation")
    np.testing.assert_allclose(motif.pfm[2], [0, 1 / 3, 2 / 3, 0], atol=1e-6)


def test_a_filter_of_equal_weights_gives_no_motif_and_leaves_the_other_ids():
    rng = np.random.default_rng(2)
    codes = rng.integers(0, 4, (20, 50)).astype(np.uint8)
    filters = rng.normal(size=(4, 8, 4)).astype(np.float32)
    filters[1], filters[2] = 0, 0.1
    assert [motif.id for motif in top_window_motifs(filters, codes, 5, 20)] == ["R5M0", "R5M3"]
    assert [motif.id for motif in top_window_motifs(filters, codes, 5, 20, network="argminn")] == ["A5M0", "A5M3"]


def test_filters_taken_a_few_at_a_time_give_the_same_motifs(monkeypatch):
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, (20, 50)).astype(np.uint8)
    filters = rng.integers(-8, 9, (5, 6, 4)).astype(np.float32)
    whole = top_window_motifs(filters, codes, 0, 30)
    monkeypatch.setattr(extraction, "FILTERS_AT_ONCE", 2)
    for one, other in zip(whole, top_window_motifs(filters, codes, 0, 30), strict=True):
        assert one.id == other.id
        np.testing.assert_array_equal(one.pfm, other.pfm)
