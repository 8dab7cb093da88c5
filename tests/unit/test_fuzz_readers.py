"""A short run of the fuzz target, the same every time, and that it finds what it is there to find."""

import runpy
from pathlib import Path

import pytest

from cisformula.errors import InputError

FUZZ = runpy.run_path(str(Path(__file__).resolve().parents[1] / "fuzz" / "fuzz_readers.py"))
NEVER = float("inf")


@pytest.mark.parametrize("name", FUZZ["TARGETS"])
def test_some_hundred_damaged_files_are_read_or_refused(tmp_path, capsys, name):
    counts = FUZZ["fuzz"](name, 1, 200, NEVER, tmp_path / "failures")
    assert counts["failed"] == 0, capsys.readouterr().err
    assert min(counts["read"], counts["refused"]) > 20, "damage is neither too small nor too large"
    assert not (tmp_path / "failures").exists()


def test_the_same_seed_gives_the_same_files():
    def first(seed):
        made = FUZZ["inputs"](FUZZ["random"].Random(seed), ("MOTIF a\n", "chr1\t1\n"))
        return [next(made) for _ in range(20)]

    assert first(1) == first(1) != first(2)


@pytest.mark.parametrize(
    ("read", "says"),
    [
        (lambda path: {}["key"], "KeyError"),
        (lambda path: FUZZ["vcf"].Variant("chr1", -9, "", "A", ("C",)), "does not hold"),
        (lambda path: InputError("x.", place="elsewhere", fix="y."), "place or fix"),
    ],
)
def test_failures_are_saved_and_told(tmp_path, capsys, monkeypatch, read, says):
    def raising(path):
        found = read(path)
        if isinstance(found, Exception):
            raise found
        return [found]

    target = FUZZ["TARGETS"]["vcf"]._replace(read=raising)
    monkeypatch.setitem(FUZZ["TARGETS"], "vcf", target)
    counts = FUZZ["fuzz"]("vcf", 1, 3, NEVER, tmp_path / "failures")
    assert counts == {"failed": 3}
    assert len(list((tmp_path / "failures").iterdir())) == 3
    assert says in capsys.readouterr().err


def test_a_reader_that_takes_too_long_fails(tmp_path, monkeypatch):
    ticks = iter([0.0, FUZZ["LONGEST"] + 1])
    monkeypatch.setattr(FUZZ["time"], "process_time", lambda: next(ticks))
    (tmp_path / "v.vcf").write_text(FUZZ["VCF"])
    kind, about = FUZZ["outcome"](FUZZ["TARGETS"]["vcf"], tmp_path / "v.vcf")
    monkeypatch.undo()
    assert (kind, about) == ("failed", f"6.0 s for {len(FUZZ['VCF'])} bytes")
