"""The command line as a shell sees it: output, messages, exit codes, and what it imports."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from small_formula import EFFECTS, INTERCEPT, PALINDROME, SITE, small_formula, with_words

from cisformula import cell_type_formulas
from cisformula.cell_type_formulas import CellTypeFormulas
from cisformula.formula import write_json

ROOT = Path(__file__).parents[2]
HEAVY = ("pandas", "scipy", "sklearn", "statsmodels", "tensorflow", "keras", "snakemake", "yaml", "rich")
BLOCKED = f"""
import sys

class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {(*HEAVY, "matplotlib", "pyfaidx", "py2bit")}:
            raise ImportError("blocked: " + name)

sys.meta_path.insert(0, Blocked())
sys.argv[0] = "cisformula"
from cisformula.cli import main
main()
"""


@pytest.fixture
def folder(tmp_path):
    formula = small_formula()
    write_json(tmp_path / "formula.json", formula)
    ids = [motif.id for motif in formula.motifs]
    cell_types = CellTypeFormulas(
        ["liver"], ids, 3 * EFFECTS[None], np.empty((1, 0)), np.array([1.0]), np.zeros(1), np.ones(1)
    )
    cell_type_formulas.write_npz(tmp_path / "cells.npz", cell_types)
    (tmp_path / "s.fa").write_text(f">a\n{with_words((3, SITE))}\n>b\n{with_words()}\n")
    # The window of the TSS at 100 is 80..109.
    chromosome = with_words((85, SITE), (95, PALINDROME), length=200)
    (tmp_path / "genome.fa").write_text(f">chr1\n{chromosome}\n")
    (tmp_path / "tss.bed").write_text("chr1\t100\t101\tgene\t0\t+\n")
    (tmp_path / "v.vcf").write_text("chr1\t88\trs1\tG\tC\nchr1\t91\tbad\tC\tG\n")
    return tmp_path


def run(folder, *arguments, code=None, stdin=None):
    start = ["-m", "cisformula"] if code is None else ["-c", code]
    return subprocess.run(
        [sys.executable, *start, *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "workflow")},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def rows(result):
    assert result.returncode == 0, result.stderr
    return [line.split("\t") for line in result.stdout.splitlines()]


def test_score_of_fasta(folder):
    expected = [["id", "predicted", "log10"], ["a", "1.125", "2.5625"], ["b", "0.125", "2.0625"]]
    assert rows(run(folder, "score", "formula.json", "s.fa")) == expected
    assert rows(run(folder, "score", "formula.json", "-", stdin=(folder / "s.fa").read_text())) == expected
    result = run(folder, "score", "formula.json", "s.fa", "--contributions", "--cell-types", "cells.npz")
    assert rows(result)[:2] == [
        ["id", "predicted", "log10", "motif:MA1", "motif:R0M1", "cell_type:liver"],
        ["a", "1.125", "2.5625", "1", "0", "4"],
    ]
    assert "2 sequences" in result.stderr


def test_score_of_bed(folder):
    result = run(folder, "score", "formula.json", "tss.bed", "--genome", "genome.fa")
    assert rows(result)[1] == ["gene", f"{INTERCEPT + 2 * EFFECTS[0, 0] + EFFECTS[1, 0]:g}", "3.0625"]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["formula.json", "cells.npz", "s.fa", "genome.fa", "tss.bed", "v.vcf"]
    ), "no index is left beside the genome"


def test_output_goes_to_a_file_only_when_all_went_well(folder):
    assert run(folder, "score", "formula.json", "s.fa", "-o", "out.tsv").stdout == ""
    assert (folder / "out.tsv").read_text().startswith("id\tpredicted\tlog10\na\t1.125")
    (folder / "s.fa").write_text((folder / "s.fa").read_text() + ">c\nACGT\n")
    result = run(folder, "score", "formula.json", "s.fa", "-o", "other.tsv")
    assert result.returncode == 1
    assert not (folder / "other.tsv").exists()


def test_explain_one_of_several(folder):
    result = run(folder, "explain", "formula.json", "s.fa", "--gene", "a", "--figure", "a.png")
    table = rows(result)
    assert table[0] == ["# sequence", "a"]
    assert table[-1] == ["MA1", "TFMA1", "-17", "-11", "+", "2", "6.1e-05", "1"]
    assert (folder / "a.png").read_bytes().startswith(b"\x89PNG")
    result = run(folder, "explain", "formula.json", "tss.bed", "--genome", "genome.fa")
    assert len(rows(result)) == 6 + 1 + 2


def test_variants_with_their_cell_types(folder):
    arguments = ["variants", "formula.json", "v.vcf", "--genome", "genome.fa", "--tss", "tss.bed"]
    result = run(folder, *arguments, "--cell-types", "cells.npz")
    header, scored, mismatch = rows(result)
    found = dict(zip(header, scored, strict=True))
    assert (found["status"], found["difference"], found["lost"]) == ("scored", "-1", "MA1=-1")
    assert float(found["reference:liver"]) - float(found["alternative:liver"]) == 3
    assert mismatch[header.index("status")] == "reference_mismatch"
    assert mismatch[header.index("reference") :] == [""] * 10
    assert "reference_mismatch: 1" in result.stderr
    strict = run(folder, *arguments, "--strict")
    assert strict.returncode == 1
    assert "ERROR: v.vcf: 1 reference alleles are not what the genome has" in strict.stderr


def test_show_in_three_formats(folder):
    assert "MA1    TFMA1" in run(folder, "show", "formula.json").stdout
    assert "| MA1 | TFMA1 |" in run(folder, "show", "formula.json", "--format", "markdown").stdout
    assert r"\midrule" in run(folder, "show", "formula.json", "--format", "latex", "--top", "1").stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["score", "no.json", "s.fa"], "no.json: the file does not exist."),
        (["score", "s.fa", "s.fa"], "s.fa: is not JSON"),
        (["score", "formula.json", "no.fa"], "no.fa: cannot be read (No such file or directory)."),
        (["score", "formula.json", "tss.bed"], "tss.bed:1: is not FASTA"),
        (["score", "formula.json", "s.fa", "--cell-types", "s.fa"], "s.fa: cannot be read as npz"),
        (["score", "formula.json", "s.fa", "-o", "no/out.tsv"], "out.tsv: cannot be written"),
        (["explain", "formula.json", "s.fa"], "s.fa: holds more than one such sequence: a, b"),
        (["explain", "formula.json", "s.fa", "--gene", "c"], "s.fa: holds no such sequence"),
        (["explain", "formula.json", "s.fa", "--gene", "a", "--figure", "a.doc"], "a.doc: '.doc' is no kind of figure"),
        (["show", "formula.json", "--format", "html"], "--format: 'html' is no format"),
        (["variants", "formula.json", "v.vcf", "--genome", "no.2bit", "--tss", "tss.bed"], "no.2bit: No such file"),
    ],
)
def test_wrong_input_is_one_message_and_exit_code_1(folder, arguments, message):
    result = run(folder, *arguments)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].startswith("cisformula: ERROR: ")
    assert message in result.stderr
    assert "Fix: " in result.stderr


def test_wrong_usage_is_told_by_its_own_exit_code(folder):
    result = run(folder, "score", "formula.json")
    assert result.returncode == 2
    assert "SEQUENCES" in result.stderr


def test_a_reader_that_stops_early_is_no_failure_to_shout_about(folder):
    (folder / "s.fa").write_text(f">a\n{with_words()}\n" * 5000)
    command = f"{sys.executable} -m cisformula score formula.json s.fa | head -1"
    result = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT / "workflow")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stdout == "id\tpredicted\tlog10\n"
    assert "Traceback" not in result.stderr
    assert "Exception ignored" not in result.stderr


def test_only_light_packages_are_imported(folder):
    for arguments in (
        ["score", "formula.json", "s.fa", "--contributions", "--cell-types", "cells.npz"],
        ["explain", "formula.json", "s.fa", "--gene", "a"],
        ["show", "formula.json"],
    ):
        assert run(folder, *arguments, code=BLOCKED).returncode == 0, arguments
    result = run(folder, "explain", "formula.json", "s.fa", "--gene", "a", "--figure", "a.png", code=BLOCKED)
    assert "a figure needs matplotlib" in result.stderr


def test_a_genome_needs_its_reader_alone(folder):
    code = BLOCKED.replace("'pyfaidx', ", "")
    result = run(folder, "variants", "formula.json", "v.vcf", "--genome", "genome.fa", "--tss", "tss.bed", code=code)
    assert len(rows(result)) == 3
