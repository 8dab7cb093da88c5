"""Motif files of the four formats: known answers, errors with their line, and files that are damaged or hostile."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisformula.errors import InputError
from cisformula.motif_files import read_motifs
from cisformula.pwm import UNIFORM, Motif, MotifFile, write_meme

PFM = np.array([[0.5, 0.25, 0.25, 0], [0, 0, 1, 0], [0.25, 0.25, 0.25, 0.25]])

JASPAR = """>MA0001.1 AGL3
A  [ 2 0 1 ]
C  [ 1 0 1 ]
G  [ 1 4 1 ]
T  [ 0 0 1 ]
>MA0002.1\tRUNX1 (var.2)
A [4]
C [0]
G [0]
T [0]
"""
RAW_COUNTS = """>one
2 0 1
1 0 1
1 4 1
0 0 1
"""
TRANSFAC = """VV  a database
XX
//
AC  M00001
XX
ID  V$MYOD_01
XX
NA  MyoD
P0      A      C      G      T
01      2      1      1      0      R
02      0      0      4      0      G
03      1      1      1      1      N
XX
BA  5 sites
//
ID  second
PO A C G T
1 0 0 0 7
//
"""
HOMER = """>AGN\t1-AGN,BestGuess:x(1.0)\t8.06\t-10935.2\t0\tT:17311.0(44.36%),B:2181.5(5.80%),P:1e-4748
0.5\t0.25\t0.25\t0
0.001\t0.001\t0.997\t0.001
0.25\t0.25\t0.25\t0.25
>T\tsecond
0\t0\t0\t1
"""


def read_text(folder, text, name="motifs"):
    path = folder / name
    path.write_text(text)
    return read_motifs(path)


@pytest.mark.parametrize(
    ("text", "identities", "n_sites"),
    [
        (JASPAR, [("MA0001.1", "AGL3"), ("MA0002.1", "RUNX1_(var.2)")], [4, 4]),
        (RAW_COUNTS, [("one", "one")], [4]),
        (TRANSFAC, [("M00001", "MyoD"), ("second", "second")], [4, 7]),
    ],
)
def test_counts_become_frequencies(tmp_path, text, identities, n_sites):
    file = read_text(tmp_path, text)
    assert [(motif.id, motif.name) for motif in file.motifs] == identities
    assert [motif.nsites for motif in file.motifs] == n_sites
    np.testing.assert_array_equal(file.motifs[0].pfm, PFM)
    assert file.background.tolist() == UNIFORM.tolist()
    assert file.both_strands


def test_homer_motifs_have_their_name_and_sites(tmp_path):
    first, second = read_text(tmp_path, HOMER).motifs
    assert (first.id, first.nsites) == ("1-AGN,BestGuess:x(1.0)", 17311)
    assert (second.id, second.nsites, second.consensus) == ("second", 100, "T")
    np.testing.assert_allclose(first.pfm, PFM, atol=0.004)


def test_meme_files_are_read_with_their_header(tmp_path):
    write_meme(tmp_path / "a.meme", [Motif("x", "X", PFM, 12)], both_strands=False)
    file = read_motifs(tmp_path / "a.meme")
    assert isinstance(file, MotifFile)
    assert (file.motifs[0].id, file.motifs[0].name, file.motifs[0].nsites, file.both_strands) == ("x", "X", 12, False)


def test_frequencies_in_a_count_format_have_an_unknown_number_of_sites(tmp_path):
    (motif,) = read_text(tmp_path, ">a\n0.5 0\n0.5 0\n0 1\n0 0\n").motifs
    assert motif.nsites == 100


def test_repeated_ids_become_unique(tmp_path, caplog):
    assert [motif.id for motif in read_text(tmp_path, RAW_COUNTS * 2).motifs] == ["one", "one_2"]
    assert "renamed: one to one_2" in caplog.text


@pytest.mark.parametrize("text", [JASPAR, RAW_COUNTS, TRANSFAC, HOMER])
def test_gzip_and_windows_line_ends_read_alike(tmp_path, text):
    plain = read_text(tmp_path, text)
    (tmp_path / "packed").write_bytes(gzip.compress(text.replace("\n", "\r\n").encode()))
    packed = read_motifs(tmp_path / "packed")
    assert [motif.id for motif in plain.motifs] == [motif.id for motif in packed.motifs]
    for one, other in zip(plain.motifs, packed.motifs, strict=True):
        np.testing.assert_array_equal(one.pfm, other.pfm)


BAD = {
    "jaspar with three rows": (">a x\nA [1]\nC [1]\nG [1]\n", 1, "has 3 rows of counts"),
    "jaspar in another order": (">a x\nA [1]\nT [1]\nG [1]\nC [1]\n", 3, "expected the counts of C"),
    "jaspar ragged": (">a x\nA [1 2]\nC [1]\nG [1]\nT [1]\n", 1, "have 2, 1, 1, 1 counts"),
    "jaspar without id": (">\nA [1]\nC [1]\nG [1]\nT [1]\n", 1, "without id"),
    "jaspar negative": (">a x\nA [1]\nC [-1]\nG [1]\nT [1]\n", 3, "counts of at least 0"),
    "jaspar not a number": (">a x\nA [1]\nC [nan]\nG [1]\nT [1]\n", 3, "counts of at least 0"),
    "jaspar with more behind the bracket": (">a x\nA [1] \1\nC [1]\nG [1]\nT [1]\n", 2, "counts of at least 0"),
    "jaspar infinite": (">a x\nA [1]\nC [inf]\nG [1]\nT [1]\n", 3, "counts of at least 0"),
    "jaspar empty column": (">a x\nA [1 0]\nC [1 0]\nG [1 0]\nT [1 0]\n", 1, "position 2 of motif a has no counts"),
    "jaspar without columns": (">a x\nA []\nC []\nG []\nT []\n", 1, "have 0, 0, 0, 0 counts"),
    "homer without name": (">AC\n0.5 0.5 0 0\n1 0 0 0\n", 1, "without name"),
    "homer without rows": (">AC\tx\t1\n>GT\ty\t1\n0 0 1 0\n", 1, "has no rows"),
    "homer row": (">AC\tx\t1\n1 0 0 0\n1 1 0 0\n", 3, "four frequencies"),
    "transfac order": ("ID a\nP0 A C T G\n1 1 1 1 1\n//\n", 2, "expected columns A C G T"),
    "transfac row": ("ID a\nP0 A C G T\n1 1 1 1\n//\n", 3, "four counts"),
    "transfac cut short": ("ID a\nP0 A C G T\n1 1 1 1 1\n", 3, "does not end in '//'"),
    "transfac without id": ("NA a\nP0 A C G T\n1 1 1 1 1\n//\n", 1, "without line AC or ID"),
    "transfac without rows": ("ID a\nP0 A C G T\n//\n", 1, "without rows"),
    "transfac without motifs": ("ID a\nXX\n//\n", None, "holds no motif"),
    "empty": ("", None, "no line that starts with MOTIF"),
    "blank": ("\n \n\t\n", None, "no line that starts with MOTIF"),
    "other text": ("<html>not found</html>\n", None, "no line that starts with MOTIF"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_files_name_the_line(tmp_path, case):
    text, line, message = BAD[case]
    with pytest.raises(InputError, match=message) as caught:
        read_text(tmp_path, text)
    path = str(tmp_path / "motifs")
    assert caught.value.place == (path if line is None else f"{path}:{line}")
    assert caught.value.fix


def test_a_gzip_file_cut_short_is_refused(tmp_path):
    whole = gzip.compress((JASPAR * 50).encode())
    (tmp_path / "cut.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InputError, match="damaged or cut short"):
        read_motifs(tmp_path / "cut.gz")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match="cannot be read") as caught:
        read_motifs(tmp_path / "none.meme")
    assert "none.meme" in caught.value.place


def test_a_hundred_thousand_motifs_are_read(tmp_path):
    matrix = "letter-probability matrix: alength= 4 w= 2 nsites= 20\n1 0 0 0\n0 0 0 1\n"
    (tmp_path / "many.meme").write_text("MEME version 5\n" + "".join(f"MOTIF m{i}\n{matrix}" for i in range(100_000)))
    motifs = read_motifs(tmp_path / "many.meme").motifs
    assert (len(motifs), motifs[-1].id, motifs[-1].consensus) == (100_000, "m99999", "AT")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "<script>alert(1)</script>", "$(rm-rf)", "a;b|c&d", "ID=1;x", "é☃"]
)
def test_odd_ids_are_kept_as_they_are(tmp_path, name):
    write_meme(tmp_path / "a.meme", [Motif(name, name, PFM)])
    assert read_motifs(tmp_path / "a.meme").motifs[0].id == name


def read_or_refuse(path):
    try:
        return read_motifs(path).motifs, None
    except InputError as error:
        return [], error


MEME = (
    "MEME version 5\n\nALPHABET= ACGT\n\nstrands: + -\n\nBackground letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n\n"
    "MOTIF a b\nletter-probability matrix: alength= 4 w= 2 nsites= 20 E= 0\n0.5 0.5 0 0\n0 0 1 0\n"
)


@pytest.mark.parametrize("text", [MEME, JASPAR, RAW_COUNTS, TRANSFAC, HOMER])
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_files_are_read_or_refused_with_a_message(tmp_path_factory, text, data):
    """Cut, overwritten and spliced files: whatever is read is a motif, whatever is not is refused by name."""
    damaged = bytearray(text.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(damaged)))
        end = min(len(damaged), start + data.draw(st.integers(0, 30)))
        damaged[start:end] = data.draw(
            st.binary(max_size=12) | st.sampled_from([b"", b"nan", b"-1", b">", b"\n", b"//"])
        )
    path = tmp_path_factory.mktemp("damaged") / "motifs"
    path.write_bytes(damaged)
    motifs, error = read_or_refuse(path)
    assert bool(motifs) != (error is not None and str(path) in error.place and bool(error.fix))
    for motif in motifs:
        assert motif.pfm.shape == (motif.width, 4)
        assert motif.width > 0
        assert 0 < motif.nsites < np.inf
        np.testing.assert_allclose(motif.pfm.sum(axis=1), 1, atol=1e-4)
    assert len({motif.id for motif in motifs}) == len(motifs)
