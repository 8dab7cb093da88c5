"""Bad input ends the run before any training, with a message that names the place and the fix."""

import copy
import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import SMALL


def _edit_gzip(path: Path, change: Callable[[str], str]) -> None:
    text = gzip.decompress(path.read_bytes()).decode()
    path.write_bytes(gzip.compress(change(text).encode()))


def _expression(change: Callable[[list[str]], list[str]]):
    def edit(folder: Path, config: dict) -> None:
        _edit_gzip(folder / "expression.tsv.gz", lambda text: "\n".join(change(text.splitlines())) + "\n")

    return edit


def _config(*path: str, value):
    def edit(folder: Path, config: dict) -> None:
        for key in path[:-1]:
            config = config.setdefault(key, {})
        config[path[-1]] = value

    return edit


def _missing_file(folder, config):
    (folder / "genome.fa.gz").unlink()


def _empty_fasta(folder, config):
    (folder / "genome.fa.gz").write_bytes(gzip.compress(b""))


def _no_genes(folder, config):
    keep = lambda text: "".join(line + "\n" for line in text.splitlines() if line.startswith("#"))  # noqa: E731
    _edit_gzip(folder / "annotation.gtf.gz", keep)


def _other_chromosomes(folder, config):
    _edit_gzip(folder / "annotation.gtf.gz", lambda text: re.sub(r"^chr\d+", "scaffold_9", text, flags=re.MULTILINE))


def _text_in_numbers(lines):
    fields = lines[3].split("\t")
    fields[2] = "high"
    return [*lines[:3], "\t".join(fields), *lines[4:]]


CASES = {
    "missing file": (_missing_file, ["genome", "input/genome.fa.gz"]),
    "empty FASTA": (_empty_fasta, ["input/genome.fa.gz", "Fix:"]),
    "GTF without genes": (_no_genes, ["input/annotation.gtf.gz", "Fix:"]),
    "unknown chromosome names": (_other_chromosomes, ["scaffold_9", "chr1", "Fix:"]),
    "no shared gene ids": (
        _expression(lambda lines: [lines[0]] + [line.replace("SIMG", "OTHER") for line in lines[1:]]),
        ["OTHER", "SIMG", "gene_id_map"],
    ),
    "duplicate ids": (_expression(lambda lines: [*lines, lines[1]]), ["input/expression.tsv.gz", "SIMG00001", "Fix:"]),
    "text in numbers": (_expression(_text_in_numbers), ["input/expression.tsv.gz:4", "high", "Fix:"]),
    "fewer than 200 genes": (_expression(lambda lines: lines[:150]), ["149", "200", "Fix:"]),
    "window wider than the chromosome": (_config("promoters", "upstream", value=900_000), ["900", "Fix:"]),
    "misspelt config key": (_config("promoters", "upstraem", value=100), ["promoters.upstraem", "upstream"]),
    "unknown model name": (_config("model", "name", value="contextual_regresion"), ["contextual_regression"]),
    "unknown variant": (_config("model", "variant", value="best_sites"), ["model.variant", "best_site"]),
    "unknown JASPAR release": (_config("motif_database", value="JASPAR2023"), ["JASPAR2023", "JASPAR2022"]),
}


@pytest.mark.parametrize("case", CASES)
def test_bad_input_is_named_before_training(small, case):
    edit, expected = CASES[case]
    config = copy.deepcopy(SMALL)
    edit(small.path / "input", config)

    result = small.run(config=config)

    assert result.returncode != 0
    for text in expected:
        assert text in result.stderr, f"{text!r} not in:\n{result.stderr[-3000:]}"
    assert "Traceback" not in result.stderr
    assert not list(small.results().glob("models/**/*.keras"))
