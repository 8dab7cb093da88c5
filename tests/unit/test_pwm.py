"""Motif objects and MEME files: round trips, known answers, and every error with its line."""

import gzip

import numpy as np
import pytest

from cisformula.errors import InputError
from cisformula.pwm import Motif, column_information, read_meme, write_meme

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
        np.testing.assert_allclose(one.pfm.sum(axis=1), 1, rtol=1e-12)


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
def test_twenty_sites_where_none_are_given(tmp_path, header):
    (m,) = read_text(tmp_path, f"MOTIF a\n{header}\n{ROW}")
    assert m.nsites == 20


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


def test_a_protein_motif_is_refused(tmp_path):
    with pytest.raises(InputError, match="four frequencies"):
        read_text(tmp_path, "MOTIF a\nletter-probability matrix: alength= 20\n" + "0.05 " * 20 + "\n")
