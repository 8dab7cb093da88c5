"""The MEME Suite's programs: how they are called, and what is said when they are missing or fail."""

import stat
import sys

import pytest

from cisformula import meme_suite
from cisformula.errors import InputError
from cisformula.match_table import COLUMNS


def install(folder, monkeypatch, body):
    """Put a stand-in for the MEME Suite's tomtom on the PATH."""
    program = folder / "tomtom"
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
