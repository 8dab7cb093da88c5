"""Bad input ends with a message that names the place and the fix.

Each case makes its files, calls what reads them, and lists what the message must say.
"""

import gzip
import shutil
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from cisformula import annotation, expression, promoters, splits
from cisformula.errors import InputError

BASES = "".join(np.random.default_rng(5).choice(list("ACGT"), 500))
FASTA = f">chr1\n{BASES}\n"
GTF = 'chr1\tx\ttranscript\t101\t900\t.\t+\t.\tgene_id "G1"; transcript_id "T1";\n'
EXPRESSION = "gene\tliver\tB\nG1\t1\t2\nG2\t3\t4\nG3\t5\t6\n"


class Case(NamedTuple):
    """``content`` is written to a file whose path goes to ``read``, which the message names unless it has no part."""

    name: str
    content: str | bytes
    read: callable
    says: tuple[str, ...]
    names_file: bool = True


def tss(chrom="chr1", sites=(100,)):
    ids = [f"G{i + 1}" for i in range(len(sites))]
    table = pd.DataFrame({"gene_id": ids, "gene_name": ids, "chrom": chrom, "tss": sites, "strand": "+"})
    return table.assign(transcript_id=ids, rank=1)


def extract(**options):
    table = options.pop("tss", tss())
    settings = {"upstream": 9, "downstream": 5} | options
    return lambda path: promoters.extract_promoters(table, path, Path(f"{path}.fai"), **settings)


def list_tss(**options):
    return lambda path: annotation.list_tss(path, **options)


def to_log(*options):
    return lambda path: expression.to_log(expression.read_matrix(path), *options, path)


def join(ids, min_genes=1, gene_ids=None):
    table = pd.DataFrame(
        {"gene_id": ids, "gene_name": ids, "chrom": "1", "tss": 0, "strand": "+", "gc": 0, "cpg_oe": 0}
    )

    def read(path):
        matrix = expression.read_matrix(path)
        return expression.join(table, matrix, matrix, gene_ids or {}, min_genes, path)

    return read


def describe(used):
    return lambda path: expression.describe_cell_types(expression.read_cell_types(path), used, path)


def choose(columns=None, panel=None):
    return lambda path: expression.choose_columns(["liver", "B"], columns, expression.read_cell_types(path), panel)


SHEET = "cell_type\tgroup\tpanel\nliver\torgan\tno\nB\tblood\tno\n"
CASES = [
    # The genome
    Case("empty FASTA", "", extract(), ("is empty", "nucleotide FASTA")),
    Case("empty gzip", gzip.compress(b""), extract(), ("not FASTA", "nucleotide FASTA")),
    Case("not FASTA", "chr1\t1\t2\n", extract(), ("not FASTA", "'>'", "nucleotide FASTA")),
    Case("not FASTA, gzip", gzip.compress(b"chr1\t1\t2\n"), extract(), ("not FASTA", "'>'")),
    Case("header without a name", gzip.compress(b">\nACGT\n"), extract(), ("without a name", "Name every")),
    Case("FASTA without bases", ">chr1\n>chr2\n", extract(), ("no bases", "nucleotide FASTA")),
    Case("protein FASTA", f">chr1\n{'MKLPQEFI' * 60}\n", extract(), ("no nucleotide letters", "chr1")),
    Case("chromosome twice", FASTA * 2, extract(), ("'chr1'", "twice", "its own name")),
    Case("chromosome twice, gzip", gzip.compress(2 * FASTA.encode()), extract(), ("'chr1'", "twice")),
    Case("gzip cut short", gzip.compress(FASTA.encode())[:-20], extract(), ("cut short", "Fetch or compress")),
    Case("damaged gzip", gzip.compress(FASTA.encode())[:60] + b"x" * 99, extract(), ("damaged", "gzip -t")),
    # The annotation
    Case("empty annotation", "", list_tss(), ("no line of data", "GTF, GFF3 or BED")),
    Case("only comments", "# a\n#!b\n", list_tss(), ("no line of data",)),
    Case("no table", "hello world\n", list_tss(), (":1:", "tabs")),
    Case("annotation gzip cut short", gzip.compress(GTF.encode() * 99)[:-9], list_tss(), ("cut short", "Fetch")),
    Case("GTF without genes", GTF.replace("transcript\t", "exon\t"), list_tss(), ("no gene", "exon", "transcript")),
    Case("GTF text in coordinates", GTF * 2 + GTF.replace("101", "1e2"), list_tss(), (":3:", "'1e2'", "whole numbers")),
    Case("GTF start 0", GTF.replace("101", "0"), list_tss(), (":1:", "count from 1")),
    Case("GTF end before start", GTF.replace("900", "100"), list_tss(), (":1:", "'100'")),
    Case("GTF without gene ids", GTF.replace("gene_id", "gene"), list_tss(), (":1:", "names a gene")),
    Case("GTF line cut short", GTF + GTF[:30], list_tss(), (":2:", "instead of 9", "nine columns")),
    Case("GTF without strand", GTF.replace("+", "."), list_tss(), (":1:", "strand", "column 7")),
    Case(
        "BED negative start", "1\t5\t6\ta\t0\t+\n1\t-5\t6\tb\t0\t+\n", list_tss(), (":2:", "'-5'", "BED counts from 0")
    ),
    Case("BED empty interval", "1\t6\t6\ta\t0\t+\n", list_tss(), (":1:", "malformed")),
    Case("BED with four columns", "1\t5\t6\ta\n", list_tss(), (":1:", "4 tab-separated", "six in BED")),
    Case("BED without strand", "1\t5\t6\ta\t0\t.\n", list_tss(), (":1:", "strand", "column 6 of BED")),
    Case("BED gene column", "1\t5\t6\ta\t.\t+\n", list_tss(bed_gene_column=5), ("column 5", "bed_gene_column")),
    Case("two TSSs given", "1\t5\t6\ta\t0\t+\n1\t8\t9\ta\t0\t+\n", list_tss(rule="given"), (":2:", "'a'", "tss_rule")),
    # Genome and annotation together
    Case("unknown chromosomes", FASTA, extract(tss=tss("NC_01.1")), ("NC_01.1", "chr1", "same assembly")),
    Case("window too wide", FASTA, extract(upstream=499), ("505", "500 bases", "promoters: upstream")),
    Case("too few genes", FASTA, extract(min_genes=200), ("only 1 genes", "200", "same assembly")),
    Case(
        "no promoter complete",
        FASTA,
        extract(tss=tss(sites=(2, 498)), min_genes=1),
        ("only 0 genes", "whole window: 0"),
    ),
    Case("TSS beyond the end", FASTA, extract(tss=tss(sites=(900,))), ("only 0 genes", "TSS on chromosome: 0")),
    # The expression matrix
    Case("empty matrix", "", expression.read_matrix, ("is empty", "tab- or comma-separated")),
    Case("header only", "gene\tliver\n", expression.read_matrix, ("no lines", "one line per gene")),
    Case("one column", "gene\nG1\n", expression.read_matrix, ("no columns",)),
    Case("matrix gzip cut short", gzip.compress(EXPRESSION.encode() * 99)[:-9], expression.read_matrix, ("cut short",)),
    Case(
        "text in numbers",
        EXPRESSION + "G4\t7\thigh\n",
        expression.read_matrix,
        (":5:", "'high'", "'G4'", "'B'", "empty"),
    ),
    Case("decimal comma", EXPRESSION + "G4\t7,5\t1\n", expression.read_matrix, (":5:", "'7,5'", "decimal point")),
    Case("infinity", EXPRESSION + "G4\tinf\t1\n", expression.read_matrix, (":5:", "infinite", "'G4'", "'liver'")),
    Case(
        "gene twice", EXPRESSION + "G2\t7\t8\n", expression.read_matrix, (":5:", "'G2'", "more than once", "Keep one")
    ),
    Case("column twice", "gene\tB\tB\nG1\t1\t2\n", expression.read_matrix, (":1:", "'B'", "own column name")),
    Case(
        "unknown column",
        EXPRESSION,
        lambda path: expression.read_matrix(path, ["livr"]),
        ("'livr'", "Did you mean 'liver'"),
    ),
    Case("too many values", EXPRESSION + "G4\t1\t2\t3\n", expression.read_matrix, ("line 5", "saw 4", "same number")),
    Case("more columns than names", "gene\ta\nG1\t1\t2\t3\n", expression.read_matrix, (":1:", "2 names", "4 columns")),
    Case("negative linear", EXPRESSION + "G4\t-1\t0\n", to_log("linear", 0.1, "zero"), ("-1", "'G4'", "input to log")),
    Case("a gap in every gene", "g\ta\tb\nG1\t\t1\nG2\t1\t\n", to_log("log", 0.1, "drop_gene"), ("no gene", "missing")),
    Case("no value at all", "g\ta\tb\nG1\t\t\nG2\t\t\n", to_log("log", 0.1, "median"), ("no value", "missing")),
    # Cell types
    Case("sheet without cell_type", "name\tgroup\na\tb\n", expression.read_cell_types, (":1:", "'cell_type'", "name")),
    Case("cell type twice", SHEET + "B\tx\tno\n", expression.read_cell_types, (":4:", "'B'", "Keep one")),
    Case("cell type not in sheet", SHEET, describe(["liver", "brain"]), ("'brain'", "Add a row")),
    Case("empty panel", SHEET, choose(panel="panel"), ("config", "'yes'", "panel_column"), False),
    Case("unknown panel", SHEET, choose(panel="panel154"), ("config", "'panel154'", "null"), False),
    Case("two selections", SHEET, choose(["B"], "panel"), ("config", "Set either"), False),
    Case("unknown cell type", SHEET, choose(["Liver"]), ("'Liver'", "Did you mean 'liver'"), False),
    # The join
    Case("no shared ids", EXPRESSION, join(["X1", "X2", "X3"]), ("X1, X2, X3", "G1, G2, G3", "gene_id_map")),
    Case("too few shared", EXPRESSION, join(["G1", "X2"], 200), ("only 1 genes", "200", "gene_id_map")),
    Case("constant target", "g\ta\tb\nG1\t1\t1\nG2\t1\t1\n", join(["G1", "G2"]), ("is the same", "expression_scale")),
    Case("map with two targets", "a\tb\na\tc\n", expression.read_gene_id_map, (":2:", "'a'", "Keep one target")),
    Case("map with one column", "a\nb\n", expression.read_gene_id_map, ("no columns", "tab- or comma")),
    # The splits
    Case(
        "few chromosomes",
        "",
        lambda _: splits.chromosome_folds(["1", "2"], 5),
        ("config", "5", "scheme to random"),
        False,
    ),
    Case("few genes", "", lambda _: splits.random_folds(3, 5, 0), ("config", "there are 3", "Lower"), False),
]


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_message_names_place_and_fix(tmp_path, case):
    path = tmp_path / "input"
    path.write_bytes(case.content if isinstance(case.content, bytes) else case.content.encode())
    with pytest.raises(InputError) as caught:
        case.read(path)
    message = str(caught.value)
    for words in (*case.says, *([str(path)] if case.names_file else [])):
        assert words in message
    assert message.count("\n") == 0
    assert message.split("Fix: ")[1].rstrip().endswith((".", "?", ")"))


def test_missing_bedtools_is_told_with_the_command_that_installs_it(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    path = tmp_path / "g.fa"
    path.write_text(FASTA)
    with pytest.raises(InputError, match=r"apt-get install bedtools.*conda install -c bioconda bedtools"):
        extract()(path)
