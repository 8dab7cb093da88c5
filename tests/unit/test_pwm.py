"""Motif objects and MEME files: round trips, known answers, and every error with its line."""

import gzip

import numpy as np
import pytest

from cisformula.errors import InputError
from cisformula.pwm import Motif, column_information, read_meme, read_meme_file, write_meme

HEADER = "MEME version 5\n\nALPHABET= ACGT\n\n"
ROW = "0.25 0.25 0.25 0.25\n"


def motif(consensus, name="m", nsites=20.0):
    return Motif(name, name, np.eye(4)[["ACGT".index(base) for base in consensus]], nsites)


def read_text(tmp_path, text):
    path = tmp_path / "motifs.meme"
    path.write_text(HEADER + text)
    return read_meme(path)


def test_known_answers_of_a_motif():
    m = motif("ACGTT")
    assert m.width == 5
    assert m.consensus == "ACGTT"
    assert m.information == pytest.approx(10.0)
    assert m.reverse_complement().consensus == "AACGT"
    np.testing.assert_array_equal(m.reverse_complement().reverse_complement().pfm, m.pfm)


def test_information_of_known_columns():
    pfm = np.array([[0.25] * 4, [0.5, 0.5, 0, 0], [1, 0, 0, 0]])
    np.testing.assert_allclose(column_information(pfm), [0, 1, 2])


def test_consensus_takes_the_first_base_on_a_tie():
    assert Motif("m", "m", np.array([[0.1, 0.4, 0.4, 0.1]])).consensus == "C"


def test_round_trip(tmp_path):
    rng = np.random.default_rng(1)
    motifs = [
        Motif("MA0095.3", "YY1", rng.dirichlet(np.ones(4), 12), 322803),
        Motif("R0M1", "R0M1", rng.dirichlet(np.ones(4) / 5, 8), 1004),
        Motif("half", "half", rng.dirichlet(np.ones(4), 1), 10.5),
    ]
    write_meme(tmp_path / "a.meme", motifs)
    back = read_meme(tmp_path / "a.meme")
    assert [(m.id, m.name, m.nsites) for m in back] == [(m.id, m.name, m.nsites) for m in motifs]
    for one, other in zip(back, motifs, strict=True):
        np.testing.assert_allclose(one.pfm, other.pfm, atol=1.1e-6)
        np.testing.assert_allclose(one.pfm.sum(axis=1), 1, atol=4e-6)


def test_writing_what_was_read_changes_nothing(tmp_path):
    write_meme(tmp_path / "a.meme", [motif("ACCA", "x"), motif("GG", "y")])
    write_meme(tmp_path / "b.meme", read_meme(tmp_path / "a.meme"))
    assert (tmp_path / "a.meme").read_text() == (tmp_path / "b.meme").read_text()


def test_gzip_reads_like_plain(tmp_path):
    write_meme(tmp_path / "a.meme", [motif("ACCA")])
    (tmp_path / "a.meme.gz").write_bytes(gzip.compress((tmp_path / "a.meme").read_bytes()))
    assert read_meme(tmp_path / "a.meme.gz")[0].consensus == "ACCA"


def test_what_stands_around_a_matrix_is_ignored(tmp_path):
    text = f"MOTIF a b\n\nletter-probability matrix: alength= 4 w= 2 nsites= 7 E= 1e-3\n {ROW}\t{ROW}URL http://x/9\n"
    (m,) = read_text(tmp_path, text)
    assert (m.id, m.name, m.width, m.nsites) == ("a", "b", 2, 7)


@pytest.mark.parametrize("header", ["letter-probability matrix:", "letter-probability matrix: nsites= 0"])
def test_a_hundred_sites_where_none_are_given(tmp_path, header):
    (m,) = read_text(tmp_path, f"MOTIF a\n{header}\n{ROW}")
    assert m.nsites == 100


def test_repeated_ids_become_unique_and_keep_their_name(tmp_path):
    matrix = f"letter-probability matrix:\n{ROW}"
    ids = ["NFIC", "NFIC", "NFIC_2", "NFIC", "YY1"]
    motifs = read_text(tmp_path, "".join(f"MOTIF {name}\n{matrix}" for name in ids))
    assert [m.id for m in motifs] == ["NFIC", "NFIC_3", "NFIC_2", "NFIC_4", "YY1"]
    assert [m.name for m in motifs] == ids


MATRIX = "letter-probability matrix: alength= 4 w= 2 nsites= 9\n"
BAD = [
    ("nothing here\n", None, "no line that starts with MOTIF"),
    (f"MOTIF\n{MATRIX}{ROW}{ROW}", 5, "without a name"),
    ("MOTIF a\n", 5, "no 'letter-probability matrix'"),
    (f"MOTIF a\nMOTIF b\n{MATRIX}{ROW}{ROW}", 5, "no 'letter-probability matrix'"),
    (f"MOTIF a\n{MATRIX}{ROW}", 5, "announces w= 2 rows and has 1"),
    (f"MOTIF a\n{MATRIX}{ROW}{ROW}{ROW}", 5, "announces w= 2 rows and has 3"),
    ("MOTIF a\nletter-probability matrix:\n\n", 5, "has 0"),
    (f"MOTIF a\n{MATRIX}{ROW}0.25 0.25 0.5\n", 8, "four frequencies"),
    (f"MOTIF a\n{MATRIX}{ROW}0.25 0.25 0.25 0.25 0\n", 8, "four frequencies"),
    (f"MOTIF a\n{MATRIX}0.25 x 0.25 0.25\n{ROW}", 7, "four frequencies"),
    (f"MOTIF a\n{MATRIX}-0.5 0.5 0.5 0.5\n{ROW}", 7, "four frequencies"),
    (f"MOTIF a\n{MATRIX}0.5 0.5 0.5 0.5\n{ROW}", 7, "four frequencies"),
    (f"MOTIF a\n{MATRIX}0.2 0.2 0.2 nan\n{ROW}", 7, "four frequencies"),
    (f"MOTIF a\nletter-probability matrix: w= two\n{ROW}", 6, "whole width"),
    (f"MOTIF a\nletter-probability matrix: nsites= many\n{ROW}", 6, "number of sites"),
    (f"MOTIF a\nletter-probability matrix: nsites= -3\n{ROW}", 6, "number of sites"),
]


@pytest.mark.parametrize(("text", "line", "message"), BAD)
def test_bad_files_name_the_line(tmp_path, text, line, message):
    with pytest.raises(InputError, match=message) as caught:
        read_text(tmp_path, text)
    path = str(tmp_path / "motifs.meme")
    assert caught.value.place == (path if line is None else f"{path}:{line}")
    assert caught.value.fix


def test_rows_are_rescaled_only_where_printing_does_not_explain_their_sum(tmp_path):
    rows = "0.1 0.2 0.3 0.399991\n0.1 0.2 0.3 0.39998\n"
    (m,) = read_text(tmp_path, f"MOTIF a\nletter-probability matrix:\n{rows}")
    assert m.pfm[0].tolist() == [0.1, 0.2, 0.3, 0.399991]
    assert m.pfm[1].sum() == pytest.approx(1, abs=1e-15)


def test_the_header_is_honoured(tmp_path):
    path = tmp_path / "a.meme"
    motifs = f"MOTIF a\nletter-probability matrix:\n{ROW}"
    path.write_text(f"MEME version 4\n\n{motifs}")
    plain = read_meme_file(path)
    assert plain.background.tolist() == [0.25] * 4
    assert plain.both_strands
    header = "ALPHABET= ACGT\nstrands: +\nBackground letter frequencies (from x):\nA 0.3 C 0.2\nG 0.2 T 0.3\n"
    path.write_text(f"MEME version 4\n{header}\n{motifs}")
    given = read_meme_file(path)
    assert given.background.tolist() == [0.3, 0.2, 0.2, 0.3]
    assert not given.both_strands
    write_meme(path, given.motifs, given.both_strands)
    assert not read_meme_file(path).both_strands


def test_renamed_ids_are_reported(tmp_path, caplog):
    read_text(tmp_path, f"MOTIF a\n{MATRIX}{ROW}{ROW}" * 2)
    assert "1 motifs repeat an id and were renamed: a to a_2" in caplog.text


BAD_HEADERS = [
    ("Background letter frequencies\nA 0.5 C 0.5\n", "background frequencies"),
    ("Background letter frequencies\nA 0.5 C 0.5 G 0 T 0\n", "background frequencies"),
    ("Background letter frequencies\nA 0.5 C 0.5 G 0.5 T 0.5\n", "background frequencies"),
    ("strands: - +\n", "expected 'strands"),
    ("strands:\n", "expected 'strands"),
    ("ALPHABET= ACDEFGHIKLMNPQRSTVWY\n", "not DNA"),
    ('ALPHABET "RNA" RNA-LIKE\nALPHABET= ACGU\n', "not DNA"),
]


@pytest.mark.parametrize(("header", "message"), BAD_HEADERS)
def test_bad_headers_name_the_line(tmp_path, header, message):
    with pytest.raises(InputError, match=message) as caught:
        read_text(tmp_path, f"{header}MOTIF a\n{MATRIX}{ROW}{ROW}")
    assert caught.value.place.startswith(f"{tmp_path / 'motifs.meme'}:")


def test_a_protein_motif_is_refused(tmp_path):
    with pytest.raises(InputError, match="four frequencies"):
        read_text(tmp_path, "MOTIF a\nletter-probability matrix: alength= 20\n" + "0.05 " * 20 + "\n")
