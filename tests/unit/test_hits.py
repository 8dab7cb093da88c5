"""Motif hits against brute force and against the reference scanner."""

import itertools
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fimo_reference import read_reference

from cisformula import hits
from cisformula.hits import Scanner, count_hits, integer_scores, p_values, score_matrix
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement_codes

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))
UNEVEN = np.array([0.31, 0.19, 0.22, 0.28])


def random_motif(rng, width, nsites=50.0, sharpness=0.3):
    return Motif("m", "m", rng.dirichlet(np.full(4, sharpness), width), nsites)


def exact_motif(consensus):
    return Motif(consensus, consensus, np.eye(4)[encode(consensus)], 1000.0)


def naive_counts(codes, motifs, p_value, background, both_strands):
    """Score every window of every sequence on its own."""
    counts = np.zeros((len(codes), len(motifs)), dtype=int)
    for column, motif in enumerate(motifs):
        matrix = score_matrix(motif, [p_value], background)
        strands = [matrix.scores, matrix.scores[::-1, ::-1]][: 2 if both_strands else 1]
        for row, sequence in enumerate(codes):
            for start in range(len(sequence) - motif.width + 1):
                window = sequence[start : start + motif.width]
                if (window == 4).any():
                    continue
                scores = [scores[np.arange(motif.width), window].sum() for scores in strands]
                counts[row, column] += max(scores) >= matrix.thresholds[0]
    return counts


def test_integer_scores_of_a_known_column():
    # One site of A: (1 + 0.025) / 1.1 and 0.025 / 1.1 over 1/4 are 1.8981 and -3.4595 bits; offset -4, scale 169.
    scores = integer_scores(Motif("a", "a", np.array([[1.0, 0, 0, 0]]), 1.0))
    assert scores.tolist() == [[997, 91, 91, 91]]


def test_flat_motif_has_no_hits():
    flat = Motif("flat", "flat", np.full((8, 4), 0.25))
    assert integer_scores(flat).sum() == 0
    assert count_hits(encode("ACGTACGTACGTACGT")[None], [flat], 0.01).sum() == 0


@pytest.mark.parametrize("background", [np.full(4, 0.25), UNEVEN])
@pytest.mark.parametrize("width", [1, 3, 6])
def test_p_values_equal_enumeration_of_all_words(width, background):
    scores = integer_scores(random_motif(np.random.default_rng(width), width), background)
    words = np.array(list(itertools.product(range(4), repeat=width)))
    word_scores = scores[np.arange(width), words].sum(axis=1)
    probabilities = background[words].prod(axis=1)
    expected = [probabilities[word_scores >= score].sum() for score in range(word_scores.max() + 1)]
    np.testing.assert_allclose(p_values(scores, background), expected, rtol=1e-9)


def test_threshold_is_the_smallest_score_with_that_p_value():
    motif = random_motif(np.random.default_rng(3), 8)
    for p_value in (1e-2, 1e-3, 5e-4):
        matrix = score_matrix(motif, [p_value])
        table = p_values(matrix.scores)
        assert table[matrix.thresholds[0]] <= p_value < table[matrix.thresholds[0] - 1]


def test_no_hit_where_the_best_word_is_too_likely():
    # The single best word of 6 bases has p = 4^-6 = 2.4e-4.
    codes = encode("TTTTACGTGATTTT")[None]
    assert count_hits(codes, [exact_motif("ACGTGA")], 1e-4).sum() == 0
    assert count_hits(codes, [exact_motif("ACGTGA")], 4.0**-6).sum() == 1


@pytest.mark.parametrize("both_strands", [True, False])
@pytest.mark.parametrize("background", [np.full(4, 0.25), UNEVEN])
def test_counts_equal_those_of_every_window_scored_alone(background, both_strands):
    rng = np.random.default_rng(5)
    codes = rng.choice(5, size=(12, 90), p=[0.3, 0.2, 0.19, 0.3, 0.01]).astype(np.uint8)
    motifs = [random_motif(rng, width, sharpness=s) for width, s in [(4, 0.1), (8, 0.3), (8, 1), (11, 0.5), (21, 1)]]
    expected = naive_counts(codes, motifs, 0.005, background, both_strands)
    assert expected.sum(axis=0).min() > 0
    found = count_hits(codes, motifs, 0.005, background, both_strands)
    np.testing.assert_array_equal(found.toarray(), expected)
    assert found.dtype == np.int16


def test_both_strands_do_not_care_for_the_strand_given():
    rng = np.random.default_rng(6)
    codes = rng.integers(0, 4, size=(20, 120)).astype(np.uint8)
    motifs = [random_motif(rng, 8), random_motif(rng, 12)]
    there = count_hits(codes, motifs, 1e-2)
    np.testing.assert_array_equal(there.toarray(), count_hits(reverse_complement_codes(codes), motifs, 1e-2).toarray())


def test_a_palindromic_site_counts_once():
    codes = encode("TTTTCACGTGTTTTCACGTGTT")[None]
    assert count_hits(codes, [exact_motif("CACGTG")], 1e-3)[0, 0] == 2


def test_overlapping_sites_count_each():
    assert count_hits(encode("CACACACACA")[None], [exact_motif("CACACA")], 1e-3)[0, 0] == 3


def test_a_window_across_two_sequences_never_counts():
    codes = np.stack([encode("TTTTTTTTTTACGT"), encode("GACTTTTTTTTTTT")])
    motif = exact_motif("ACGTGAC")
    assert count_hits(codes.reshape(1, -1), [motif], 1e-4).sum() == 1
    assert count_hits(codes, [motif], 1e-4).sum() == 0


def test_the_first_and_last_window_of_every_sequence_count():
    codes = np.stack([encode("ACGTGACTTTACGTGAC")] * 3)
    assert count_hits(codes, [exact_motif("ACGTGAC")], 1e-4).toarray().ravel().tolist() == [2, 2, 2]


def test_unknown_bases_are_never_hit():
    # The last column says nothing, so that any known base would do there.
    motif = Motif("m", "m", np.vstack([np.eye(4)[encode("ACGTGAC")], [[0.25] * 4]]), 1000.0)
    codes = np.stack([encode("TTACGTGACNTT"), encode("TTACGTGACTTT"), encode("NNNNNNNNNNNN")])
    assert count_hits(codes, [motif], 1e-4).toarray().ravel().tolist() == [0, 1, 0]


def test_a_motif_wider_than_the_sequences_has_no_hits():
    codes = np.stack([encode("ACGTA")] * 4)
    assert count_hits(codes, [exact_motif("ACGTAACGT")], 1e-3).sum() == 0
    assert count_hits(codes[:1], [exact_motif("ACGTAACGT")], 1e-3).shape == (1, 1)


@pytest.fixture(scope="module")
def fimo():
    return read_reference()


@pytest.mark.data
def test_hits_equal_the_reference(fimo):
    hits, motifs, codes, names = fimo
    places = hits.drop_duplicates(["motif_id", "sequence_name", "start"])
    expected = pd.crosstab(places["sequence_name"], places["motif_id"])
    expected = expected.reindex(index=names, columns=[m.name for m in motifs], fill_value=0)
    found = count_hits(codes, motifs, 1e-4).toarray()
    assert expected.to_numpy().sum() > 8000
    np.testing.assert_array_equal(found, expected.to_numpy())


@pytest.mark.data
def test_p_values_equal_the_reference(fimo):
    hits, motifs, _, _ = fimo
    for motif in motifs[::20]:
        scores = integer_scores(motif)
        table = p_values(scores)
        rows = hits[hits["motif_id"] == motif.name]
        found = [table[scores[np.arange(motif.width), encode(site)].sum()] for site in rows["matched_sequence"]]
        np.testing.assert_allclose(found, rows["p-value"].astype(float), rtol=0.006)


def test_a_strong_hit_counts_once_for_every_grade_it_reaches():
    motif = Motif("m", "m", np.tile([0.97, 0.01, 0.01, 0.01], (6, 1)))
    # AAAAAA has p = 4**-6; five As and another base have p = 19 * 4**-6.
    strong, weak = encode("CCCCAAAAAACCCC"), encode("CCCCAAACAACCCC")
    counts = count_hits(np.array([strong, weak]), [motif], 20 / 4**6, both_strands=False, grades=2)
    assert counts.toarray().ravel().tolist() == [4, 1]


def test_hits_have_their_place_strand_and_grade():
    # Two sequences: the site forward at 4, on the reverse strand at 9; a palindrome of the other motif at 2.
    codes = np.stack([encode("TTTTACGTGATTTTTTTT"), encode("GGCACGTGGTCACGTGGG")])
    site, palindrome = exact_motif("ACGTGA"), exact_motif("CACGTG")
    found = [
        sorted(zip(*(field.tolist() for field in hits), strict=True))
        for hits in Scanner([site, palindrome], 4.0**-6, grades=2).hits(codes)
    ]
    assert found == [[(0, 4, 1, 1), (1, 9, -1, 1)], [(1, 2, 0, 1), (1, 10, 0, 1)]]


def test_a_site_on_both_strands_has_the_grade_of_the_better_one():
    motif = Motif("m", "m", 0.8 * np.eye(4)[encode("CACGTA")] + 0.05)
    matrix = score_matrix(motif, [1.0])
    table = p_values(matrix.scores)
    scores = [matrix.scores[np.arange(6), encode(word)].sum() for word in ("CACGTA", "TACGTG")]
    limit = table[scores[1]]
    assert table[scores[0]] <= limit / 4
    for word in ("CACGTA", "TACGTG"):
        (found,) = Scanner([motif], limit, grades=2).hits(encode(f"TTTT{word}TTTT")[None])
        there = found.start == 4
        assert (found.strand[there].tolist(), found.grade[there].tolist()) == ([0], [2])


@pytest.mark.parametrize(
    ("length", "width", "expected"),
    [
        (300, 50, [0, 50, 100, 150, 200, 250, 300]),
        (120, 50, [0, 50, 120]),  # a rest of 20 is less than half a bin and joins the one before
        (124, 50, [0, 50, 124]),
        (125, 50, [0, 50, 100, 125]),  # half a bin stands alone
        (149, 50, [0, 50, 100, 149]),
        (60, 50, [0, 60]),
        (50, 50, [0, 50]),
        (49, 50, [0, 49]),
        (300, None, [0, 300]),
        (16, 5, [0, 5, 10, 16]),
        (18, 5, [0, 5, 10, 15, 18]),
    ],
)
def test_bins_have_their_width_and_a_short_rest_joins_the_last(length, width, expected):
    assert hits.bin_edges(length, width).tolist() == expected


def test_bins_add_up_to_the_counts_of_the_window():
    rng = np.random.default_rng(8)
    codes = rng.integers(0, 4, size=(30, 124)).astype(np.uint8)
    motifs = [random_motif(rng, 8), random_motif(rng, 11)]
    binned = count_hits(codes, motifs, 1e-2, grades=3, bin_edges=hits.bin_edges(124, 50)).toarray()
    whole = count_hits(codes, motifs, 1e-2, grades=3).toarray()
    np.testing.assert_array_equal(binned.reshape(30, 2, 2).sum(axis=2), whole)
    assert whole.sum() > 100


@pytest.mark.parametrize(
    ("length", "grades", "dtype"), [(6000, 5, np.int16), (7000, 5, np.int32), (40_000, 1, np.int32)]
)
def test_counts_fit_their_type_where_every_window_is_a_hit(length, grades, dtype):
    counts = count_hits(np.zeros((1, length), dtype=np.uint8), [exact_motif("AAAAAAAAAA")], 1e-3, grades=grades)
    assert counts.dtype == dtype
    assert counts.toarray().tolist() == [[(length - 9) * grades]]


def test_hits_fall_into_the_bin_of_their_middle_base():
    motif = exact_motif("ACGTGA")
    codes = np.stack([encode("ACGTGATTTTTTTTT"), encode("TTTTTACGTGATTTT"), encode("TTTTTTTTTACGTGA")])
    counts = count_hits(codes, [motif, motif], 4.0**-6, bin_edges=[0, 4, 8, 15])
    assert counts.toarray().tolist() == [[1, 0, 0] * 2, [0, 0, 1] * 2, [0, 0, 1] * 2]
    counts = count_hits(codes, [motif], 4.0**-6, bin_edges=[0, 3, 9, 15])
    assert counts.toarray().tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 1]]
    np.testing.assert_array_equal(
        count_hits(codes, [motif], 1e-2, grades=3, bin_edges=[0, 4, 8, 15]).sum(axis=1),
        count_hits(codes, [motif], 1e-2, grades=3).toarray(),
    )


def test_sequences_scanned_in_groups_count_the_same(monkeypatch):
    rng = np.random.default_rng(7)
    codes = rng.integers(0, 4, size=(23, 60)).astype(np.uint8)
    motifs = [random_motif(rng, 8), random_motif(rng, 12)]
    at_once = count_hits(codes, motifs, 1e-2, grades=4).toarray()
    monkeypatch.setattr(hits, "CHUNK_BASES", 250)
    assert [len(group) for group in hits.chunks(codes)] == [4] * 5 + [3]
    np.testing.assert_array_equal(count_hits(codes, motifs, 1e-2, grades=4).toarray(), at_once)
    assert at_once.sum() > 0
