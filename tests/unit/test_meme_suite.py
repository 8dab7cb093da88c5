"""The MEME Suite's programs: how they are called, and what is said when they are missing or fail."""

import shutil
import stat
import sys

import numpy as np
import pandas as pd
import pytest

from cisformula import meme_suite, sites, tomtom
from cisformula.errors import InputError
from cisformula.match_table import COLUMNS
from cisformula.pwm import Motif, write_meme
from cisformula.sequence import encode


def install(folder, monkeypatch, body, name="tomtom"):
    """Put a stand-in for a program of the MEME Suite on the PATH."""
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport pathlib, sys\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setenv("PATH", str(folder))


REAL_TABLE = (
    "\\t".join(COLUMNS)
    + "\\nR0M0\\tNA\\t-1\\t1e-05\\t0.008\\t0.01\\t7\\tACCGGAAG\\tCCGGAAGT\\t-\\n\\n# Tomtom (Motif Comparison Tool)\\n"
)


def test_the_real_program_is_called_with_its_options(tmp_path, monkeypatch):
    body = f"""
out = pathlib.Path(sys.argv[sys.argv.index("-oc") + 1])
(out / "tomtom.tsv").write_text("{REAL_TABLE}")
pathlib.Path(__file__).with_name("called").write_text("\\n".join(sys.argv[1:]))"""
    install(tmp_path, monkeypatch, body)
    table = meme_suite.tomtom("my queries.meme", "$(touch x).meme", distance="ed", min_overlap=3, threshold=0.5)
    called = (tmp_path / "called").read_text().split("\n")
    assert "-no-ssc" in called
    assert "-evalue" in called
    for option, value in [("-min-overlap", "3"), ("-dist", "ed"), ("-thresh", "0.5")]:
        assert called[called.index(option) + 1] == value
    # Paths are passed as they are, whatever they hold.
    assert called[-2:] == ["my queries.meme", "$(touch x).meme"]
    assert list(table.columns) == COLUMNS
    assert table.iloc[0].tolist() == ["R0M0", "NA", -1, 1e-5, 0.008, 0.01, 7, "ACCGGAAG", "CCGGAAGT", "-"]


def test_a_missing_program_names_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="not on the PATH") as caught:
        meme_suite.tomtom("a.meme", "b.meme")
    assert "engine: builtin" in caught.value.fix
    assert "bioconda" in caught.value.fix


def test_a_failing_program_is_quoted(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, "sys.exit('FATAL: no motifs')")
    with pytest.raises(InputError, match="FATAL: no motifs"):
        meme_suite.tomtom("a.meme", "b.meme")


E_BOX = Motif("E-box", "MYC", 0.97 * np.eye(4)[encode("CACGTG")] + 0.0075)
CODES = np.stack([encode("GGCACGTGAA"), encode("TTTTTTTTTT")])
FIMO_TABLE = (
    "motif_id\\tmotif_alt_id\\tsequence_name\\tstart\\tstop\\tstrand\\tscore\\tp-value\\tq-value\\tmatched_sequence\\n"
    "E-box\\tMYC\\t0\\t3\\t8\\t-\\t11.7\\t0.000244\\t\\tCACGTG\\n"
    "E-box\\tMYC\\t0\\t3\\t8\\t+\\t11.7\\t0.000244\\t\\tCACGTG\\n"
)


def test_fimo_is_called_with_its_options_and_files(tmp_path, monkeypatch):
    body = f"""
*options, motifs, sequences = sys.argv[1:]
here = pathlib.Path(__file__)
files = [motifs, sequences, options[options.index("--bfile") + 1]]
here.with_name("called").write_text("\\n".join(options))
here.with_name("read").write_text("".join(pathlib.Path(file).read_text() for file in files))
print("{FIMO_TABLE}", end="")"""
    install(tmp_path, monkeypatch, body, "fimo")
    found = meme_suite.fimo(CODES, [E_BOX], 0.001, np.array([0.3, 0.2, 0.2, 0.3]), both_strands=False)
    called = (tmp_path / "called").read_text().split("\n")
    assert {"--text", "--norc"} < set(called)
    assert called[called.index("--thresh") + 1] == "0.001"
    read = (tmp_path / "read").read_text()
    assert "MOTIF E-box MYC" in read
    assert ">0\nGGCACGTGAA\n>1\nTTTTTTTTTT\n" in read
    assert "A 0.3\nC 0.2\nG 0.2\nT 0.3" in read
    # The same rows as the builtin engine's.
    builtin = sites.find_sites(CODES, [E_BOX], 0.001)
    exact = ["sequence", "start", "end", "strand", "motif"]
    pd.testing.assert_frame_equal(found[exact], builtin[exact])
    assert found.dtypes.to_dict() == builtin.dtypes.to_dict()
    np.testing.assert_allclose(found["p_value"], builtin["p_value"], rtol=0.005)


def test_fimo_without_sites_gives_an_empty_table(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, f"print('{FIMO_TABLE}'.split(chr(10))[0])", "fimo")
    found = meme_suite.fimo(CODES, [E_BOX], 1e-9)
    assert found.empty
    assert found.dtypes.to_dict() == sites.find_sites(CODES, [E_BOX], 1e-9).dtypes.to_dict()


def test_a_missing_fimo_names_its_key(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="'fimo' of the MEME Suite") as caught:
        meme_suite.fimo(CODES, [E_BOX], 1e-3)
    assert caught.value.place == "configuration key sites/engine"


STREME_MOTIFS = """MEME version 5.5.9 (Release date: none)
ALPHABET= ACGT
strands: + -
Background letter frequencies
A 0.25 C 0.25 G 0.25 T 0.25

MOTIF 1-CACGTG STREME-1
letter-probability matrix: alength= 4 w= 2 nsites= 41 E= 6.6e-019
 0.000000 1.000000 0.000000 0.000000
 1.000000 0.000000 0.000000 0.000000

MOTIF 2-GT STREME-2
letter-probability matrix: alength= 4 w= 1 nsites= 7 S= 1.0e-003
 0.000000 0.000000 0.500000 0.500000

"""


def test_streme_is_called_with_its_options_and_files(tmp_path, monkeypatch):
    body = f"""
options = sys.argv[1:]
here = pathlib.Path(__file__)
here.with_name("called").write_text("\\n".join(options))
for name in ("--p", "--n"):
    here.with_name(name).write_text(pathlib.Path(options[options.index(name) + 1]).read_text())
print({STREME_MOTIFS!r})"""
    install(tmp_path, monkeypatch, body, "streme")
    found = meme_suite.streme(CODES[:1], CODES, seed=7)
    called = (tmp_path / "called").read_text().split("\n")
    assert {"--text", "--dna"} < set(called)
    for option, value in [("--seed", "7"), ("--thresh", "0.05"), ("--verbosity", "1")]:
        assert called[called.index(option) + 1] == value
    assert (tmp_path / "--p").read_text() == ">0\nGGCACGTGAA\n"
    assert (tmp_path / "--n").read_text() == ">0\nGGCACGTGAA\n>1\nTTTTTTTTTT\n"
    assert [(motif.id, motif.name, motif.nsites) for motif in found.motifs] == [
        ("1-CACGTG", "STREME-1", 41),
        ("2-GT", "STREME-2", 7),
    ]
    np.testing.assert_allclose(found.motifs[0].pfm, np.eye(4)[[1, 0]])
    # Without sequences held out STREME prints a score, which is no E-value.
    assert found.e_values == pytest.approx([6.6e-19, np.nan], nan_ok=True)


def test_streme_may_find_nothing(tmp_path, monkeypatch):
    install(tmp_path, monkeypatch, f"print({STREME_MOTIFS.split('MOTIF')[0]!r})", "streme")
    assert meme_suite.streme(CODES, CODES, seed=1) == ([], [])


def test_a_missing_streme_names_its_key_and_both_ways_out(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="'streme' of the MEME Suite") as caught:
        meme_suite.streme(CODES, CODES, seed=1)
    assert caught.value.place == "configuration key grammar/de_novo"
    assert "de_novo: none" in caught.value.fix
    assert "bioconda" in caught.value.fix


# Where the programs are installed: both engines agree -----------------------------------------------------------------


@pytest.fixture(scope="module")
def random_motifs():
    rng = np.random.default_rng(1)
    return [Motif(f"m{i}", f"m{i}", rng.dirichlet(np.full(4, 0.3), rng.integers(6, 15)), 50) for i in range(80)]


@pytest.mark.skipif(not shutil.which("tomtom"), reason="the MEME Suite's tomtom is not on the PATH")
@pytest.mark.parametrize("distance", ["ed", "pearson"])
def test_both_tomtoms_agree(tmp_path, random_motifs, distance):
    write_meme(tmp_path / "queries.meme", random_motifs[:10])
    write_meme(tmp_path / "targets.meme", random_motifs)
    real = meme_suite.tomtom(tmp_path / "queries.meme", tmp_path / "targets.meme", distance=distance)
    queries, targets = (meme_suite.pwm.read_meme(tmp_path / name) for name in ("queries.meme", "targets.meme"))
    ours = tomtom.compare(queries, targets, distance=distance)[COLUMNS]
    pd.testing.assert_frame_equal(ours, real, check_dtype=False, rtol=1e-5)


@pytest.mark.skipif(not shutil.which("fimo"), reason="the MEME Suite's fimo is not on the PATH")
def test_both_fimos_agree(random_motifs):
    codes = np.random.default_rng(2).integers(0, 4, (20, 500)).astype(np.uint8)
    background = np.array([0.3, 0.2, 0.2, 0.3])
    real, ours = (find(codes, random_motifs, 1e-4, background) for find in (meme_suite.fimo, sites.find_sites))
    exact = ["sequence", "start", "end", "strand", "motif"]
    pd.testing.assert_frame_equal(ours[exact], real[exact])
    np.testing.assert_allclose(ours["p_value"], real["p_value"], rtol=0.006)


@pytest.mark.skipif(not shutil.which("streme"), reason="the MEME Suite's streme is not on the PATH")
def test_the_real_streme_finds_a_planted_motif():
    codes, background = np.random.default_rng(3).integers(0, 4, (2, 300, 100)).astype(np.uint8)
    codes[:, 40:48] = encode("GACACGTG")
    found = meme_suite.streme(codes, background, seed=1)
    assert "CACGTG" in found.motifs[0].consensus
    assert found.e_values[0] < 1e-6
