"""Encoding, complement and FASTA against plain text operations."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cisformula.sequence import (
    canonical_words,
    decode,
    encode,
    one_hot,
    read_fasta,
    reverse_complement,
    reverse_complement_codes,
    write_fasta,
)


def test_every_letter_has_its_code():
    assert encode("ACGTacgtNRn-").tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 4, 4, 4, 4]
    assert encode("AéT").tolist() == [0, 4, 3], "a letter beyond ASCII is one unknown base"
    assert encode("ACGT").dtype == np.uint8


@given(st.text("ACGTN", max_size=40))
def test_decoding_undoes_encoding(text):
    assert decode(encode(text)) == text


@given(st.text("ACGTN", max_size=40))
def test_both_reverse_complements_agree(text):
    pairs = dict(zip("ACGTN", "TGCAN", strict=True))
    expected = "".join(pairs[base] for base in reversed(text))
    assert reverse_complement(text) == expected
    assert decode(reverse_complement_codes(encode(text))) == expected


def test_reverse_complement_of_many_works_along_the_last_axis():
    codes = np.array([[[0, 1, 4], [2, 2, 3]]], dtype=np.uint8)
    assert reverse_complement_codes(codes).tolist() == [[[4, 2, 3], [0, 1, 1]]]


def test_a_word_has_the_number_of_its_reverse_complement():
    codes = encode("ACGTTGCAAT")[None]
    forward, known = canonical_words(codes, 4)
    backward, _ = canonical_words(reverse_complement_codes(codes), 4)
    assert known.all()
    np.testing.assert_array_equal(forward, backward[:, ::-1])
    # ACGT is its own reverse complement: 0 * 64 + 1 * 16 + 2 * 4 + 3.
    assert forward[0, 0] == 27
    assert len(np.unique(canonical_words(encode("ACTGAGGTCATTC")[None], 4)[0])) == 10


def test_words_with_unknown_bases_are_not_known():
    codes = encode("ACGTNACGTA")[None]
    assert canonical_words(codes, 4)[1][0].tolist() == [True, False, False, False, False, True, True]


def test_one_hot_of_an_unknown_base_is_zero():
    expected = [[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert one_hot(encode("ATN")).tolist() == expected
    assert one_hot(np.stack([encode("ATN")] * 2)).shape == (2, 3, 4)


def test_fasta_round_trip_joins_lines_and_keeps_blanks_in_ids(tmp_path):
    records = {"b 1": "ACGTACGT", "b 2": "NNA"}
    write_fasta(tmp_path / "x.fa", records)
    assert list(read_fasta(tmp_path / "x.fa").items()) == list(records.items())
    (tmp_path / "y.fa").write_text(">b 1\nACGT\nACGT\n>b 2\nNN\nA\n")
    assert read_fasta(tmp_path / "y.fa") == records
