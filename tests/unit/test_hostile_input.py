"""Input made carelessly or to harm: every case ends in a message with place and fix, or in a repair that is documented.

What each format breaks in ordinary ways is in test_bad_input.py and beside the readers; here are other encodings and
archives, numbers that are none, odd names, and files that would hang a reader or fill the memory.
"""

import bz2
import gzip
import lzma
import math
import re
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest

from cisformula import annotation, config, expression, gene_sets, genome, motif_files, promoters, textfile, vcf, windows
from cisformula.argminn import peak_file
from cisformula.background import read_background
from cisformula.encode import sheet
from cisformula.errors import InputError
from cisformula.grammar import core_promoter

FASTA = ">chr1 one\nACGTACGTAC\nGTACGTACGT\n>chr2\nGGCC\n"
GTF = 'chr1\tx\ttranscript\t101\t900\t.\t+\t.\tgene_id "G1"; transcript_id "T1";\n'
GFF3 = "chr1\tx\tgene\t101\t900\t.\t+\t.\tID=G1;Name=N\nchr1\tx\tmRNA\t101\t900\t.\t+\t.\tID=T1;Parent=G1\n"
BED = "chr1\t5\t6\tG1\t0\t+\n"
MATRIX = "gene\tliver\tB\nG1\t1\t2\nG2\t3\t4\n"
SHEET = "cell_type\tgroup\nliver\torgan\nB\tblood\n"
SAMPLES = "Sample.ID\tRNA.association.num\nliver\tENCFF001AAA.tsv\n"
MEME = "MEME version 5\n\nMOTIF a b\nletter-probability matrix: w= 2 nsites= 20\n0.5 0.5 0 0\n0 0 1 0\n"
JASPAR = ">MA1 X\nA [2 0]\nC [1 0]\nG [1 4]\nT [0 0]\n"
HOMER = ">AC\tx\t8\t-9\t0\tT:123(45%)\n1 0 0 0\n"
VCF = "##fileformat=VCFv4.2\nchr1\t10\trs1\tA\tG\n"
PEAKS = "chr1\t100\t300\n"
GMT = "set\ttext\tA\tB\n"
BACKGROUND = "A 0.25\nC 0.25\nG 0.25\nT 0.25\n"
ELEMENTS = "name\tconsensus\tbase\tposition\torganism\tsource\nTATA\tTATAAA\t0\t-30\tx\ty\n"
REGION = pd.DataFrame({"chrom": ["chr1"], "start": [2], "end": [12]})


def read_genome(path):
    return genome.read_regions(path, REGION, Path(f"{path}.fai")).sequences[0]


def read_samples(path):
    return sheet.read_samples(path, "Sample.ID", "RNA.association.num")


def read_variants(path):
    return list(vcf.read_vcf(path))


def read_starts(path):
    return windows.read_starts(path, 3, 2)


def gene_ids(path):
    return annotation.list_tss(path)["gene_id"].tolist()


READERS = {
    "GTF": (annotation.read_sites, GTF),
    "GFF3": (annotation.read_sites, GFF3),
    "BED": (annotation.read_sites, BED),
    "matrix": (expression.read_matrix, MATRIX),
    "cell types": (expression.read_cell_types, SHEET),
    "id map": (expression.read_gene_id_map, "a\tb\nc\td\n"),
    "samples": (read_samples, SAMPLES),
    "MEME": (motif_files.read_motifs, MEME),
    "JASPAR": (motif_files.read_motifs, JASPAR),
    "VCF": (read_variants, VCF),
    "peaks": (peak_file.read_peaks, PEAKS),
    "start sites": (read_starts, BED),
    "gene sets": (gene_sets.read_gmt, GMT),
    "background": (read_background, BACKGROUND),
    "core promoter": (core_promoter.read_elements, ELEMENTS),
}
"""Every text format with a file that is sound."""


class Case(NamedTuple):
    """What a file holds, and what the message about it must say beside the file's name."""

    read: callable
    content: str | bytes
    says: tuple[str, ...]


def refused(path, read, content):
    """The error that a file ends in; its message has a place in the file, and a fix."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as caught:
        read(path)
    error = caught.value
    assert error.place.startswith(str(path))
    assert error.fix
    assert error.problem
    return str(error)


NOT_TEXT = {
    "UTF-16": (lambda text: text.encode("utf-16"), "UTF-16"),
    "UTF-16 without its mark": (lambda text: text.encode("utf-16-le"), "UTF-16"),
    "Excel": (lambda text: b"PK\x03\x04\x14\x00" + text.encode(), "Excel workbook"),
    "bzip2": (lambda text: bz2.compress(text.encode()), "packed by bzip2"),
    "xz": (lambda text: lzma.compress(text.encode()), "packed by xz"),
    "zstd": (lambda text: b"\x28\xb5\x2f\xfd" + text.encode(), "packed by zstd"),
    "gzip in gzip": (lambda text: gzip.compress(gzip.compress(text.encode())), "packed by gzip twice"),
    "more behind gzip": (lambda text: gzip.compress(text.encode()) + b"more", "damaged"),
    "NUL": (lambda text: (text + "\0" * 20).encode(), "NUL byte"),
}


@pytest.mark.parametrize("what", NOT_TEXT)
@pytest.mark.parametrize("kind", READERS)
def test_what_is_no_text_is_refused_by_every_reader(tmp_path, kind, what):
    read, text = READERS[kind]
    change, says = NOT_TEXT[what]
    assert says in refused(tmp_path / "input", read, change(text))


SPELLINGS = {
    "Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "old Mac": lambda text: text.replace("\n", "\r").encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "byte order mark in gzip": lambda text: gzip.compress(b"\xef\xbb\xbf" + text.encode()),
    "no last line end": lambda text: text.rstrip("\n").encode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("kind", READERS)
def test_every_spelling_of_text_reads_alike(tmp_path, kind, spelling):
    read, text = READERS[kind]
    (tmp_path / "plain").write_text(text)
    (tmp_path / "other").write_bytes(SPELLINGS[spelling](text))
    assert repr(read(tmp_path / "other")) == repr(read(tmp_path / "plain"))


DIGITS = "\u0661\u0660"
"""Ten, in Arabic digits, which int() takes."""
ENDLESS = gzip.compress(b"x" * (2 * textfile.SMALL), 1)
CASES = {
    # FASTA and 2bit
    "FASTA in UTF-16": Case(read_genome, FASTA.encode("utf-16"), ("not FASTA", "nucleotide FASTA")),
    "FASTA in a ZIP archive": Case(read_genome, b"PK\x03\x04" + FASTA.encode(), ("not FASTA",)),
    "FASTA of an old Mac": Case(read_genome, FASTA.replace("\n", "\r"), ("CR alone", "tr ")),
    "FASTA of an old Mac, gzip": Case(
        read_genome, gzip.compress(FASTA.replace("\n", "\r").encode()), ("CR alone", "tr ")
    ),
    "FASTQ": Case(read_genome, "@read\nACGT\n+\nIIII\n", ("not FASTA", "'>'")),
    "GenBank numbers": Case(read_genome, ">chr1\n1 ACGTACGT\n9 ACGTACGT\n", ("'chr1'", "no nucleotide letters")),
    "header within a line, gzip": Case(
        read_genome, gzip.compress(b">chr1\nACGTACGT>chr2\nACGT\n"), ("'>' within a line", "'chr1'")
    ),
    "header without end": Case(read_genome, gzip.compress(b">" + b"x" * 9_000_000), ("header of",)),
    "blanks without end": Case(read_genome, gzip.compress(b" \n" * 9_000_000), ("not FASTA",)),
    "sequence name in Latin-1": Case(read_genome, ">caf\xe9\nACGT\n".encode("latin-1"), ("not UTF-8", "iconv")),
    "NUL among bases": Case(read_genome, FASTA.replace("AC\nGT", "AC\0GT"), ("no nucleotide letters",)),
    "accents among bases": Case(read_genome, FASTA.replace("AC\nGT", "A\xc9\nGT"), ("no nucleotide letters",)),
    "2bit cut short": Case(read_genome, b"\x43\x27\x41\x1a", ("2bit file is damaged", "again")),
    "2bit of nonsense": Case(
        read_genome, b"\x43\x27\x41\x1a\0\0\0\0\x01\0\0\0\0\0\0\0\x04chr1\xff\xff\xff\xff", ("2bit file is damaged",)
    ),
    # GTF, GFF3, BED
    "GTF, thirty digits": Case(gene_ids, GTF.replace("900", "9" * 30), (":1:", "malformed", "whole numbers")),
    "GTF, beyond 64 bits": Case(gene_ids, GTF.replace("900", str(2**63)), (":1:", "malformed")),
    "GTF, Arabic digits": Case(gene_ids, GTF.replace("101", DIGITS), (":1:", "malformed")),
    "GTF, decimal point": Case(gene_ids, GTF.replace("101", "101.0"), (":1:", "'101.0'")),
    "GTF, blank before a number": Case(gene_ids, GTF.replace("101", " 101"), (":1:", "' 101'")),
    "GTF, negative": Case(gene_ids, GTF.replace("101", "-101"), (":1:", "count from 1")),
    "GTF without chromosome": Case(gene_ids, GTF + GTF.replace("chr1", " "), (":2:", "no chromosome")),
    "GTF with blanks for tabs": Case(gene_ids, GTF.replace("\t", "    "), (":1:", "tabs")),
    "GTF, gene id in Latin-1": Case(
        gene_ids, GTF.encode() + GTF.replace("G1", "caf\xe9").encode("latin-1"), (":2:", "gene id", "iconv")
    ),
    "GTF, chromosome in Latin-1": Case(gene_ids, GTF.replace("chr", "\xe9").encode("latin-1"), (":1:", "chromosome")),
    "GTF, escape character in a gene id": Case(gene_ids, GTF.replace("G1", "\x1b[31mG1"), (":1:", "control character")),
    "GFF3, coded NUL in a gene id": Case(
        gene_ids, GFF3.replace("ID=G1", "ID=G%001").replace("Parent=G1", "Parent=G%001"), (":2:", "control character")
    ),
    "GFF3, coded byte that is no UTF-8": Case(
        gene_ids, "".join(GFF3.splitlines(True)[:1]).replace("G1", "%E9"), (":1:",)
    ),
    "BED, beyond 64 bits": Case(gene_ids, BED.replace("6", "9" * 20), (":1:", "BED counts from 0")),
    "BED with an underscore": Case(gene_ids, BED.replace("\t5\t6", "\t1_000\t1_001"), (":1:", "'1_000'")),
    "BED, then GTF": Case(gene_ids, BED + GTF, (":2:", "malformed")),
    # Windows of TSSs and peaks
    "start sites, underscore": Case(read_starts, BED.replace("\t5\t6", "\t1_0\t1_1"), (":1:", "whole numbers")),
    "start sites, beyond 64 bits": Case(read_starts, f"chr1\t{10**20}\t{10**20 + 1}\ta\t0\t+\n", (":1:",)),
    "start sites, Arabic digits": Case(read_starts, f"chr1\t9\t{DIGITS}\ta\t0\t+\n", (":1:", "whole numbers")),
    "peaks, beyond 64 bits": Case(peak_file.read_peaks, f"chr1\t5\t{10**20}\n", (":1:", "whole numbers")),
    "peaks, five thousand digits": Case(peak_file.read_peaks, f"chr1\t5\t{'9' * 5000}\n", (":1:", "whole numbers")),
    "peaks, plus sign": Case(peak_file.read_peaks, PEAKS + "chr1\t+5\t9\n", (":2:", "whole numbers")),
    "peaks, Arabic digits": Case(peak_file.read_peaks, f"chr1\t5\t{DIGITS}\n", (":1:", "whole numbers")),
    "peaks, a summit of nonsense": Case(peak_file.read_peaks, "chr1\t5\t9\tn\t0\t.\t0\t0\t0\t-7\n", (":1:", "summit")),
    # Expression
    "matrix, column in Latin-1": Case(
        expression.read_matrix, "gene\tcaf\xe9\nG1\t1\n".encode("latin-1"), (":1:", "column name", "iconv")
    ),
    "matrix, gene id in Latin-1": Case(
        expression.read_matrix, (MATRIX + "\xe9\t1\t2\n").encode("latin-1"), (":4:", "gene id", "iconv")
    ),
    "matrix, line end in a gene id": Case(expression.read_matrix, MATRIX + '"G\n3"\t1\t2\n', (":4:", "line end")),
    "matrix, open quotation mark": Case(
        expression.read_matrix, MATRIX + '"G3\t1\t2\nG4\t1\t2\n', ("inside string", "quotation mark")
    ),
    "matrix, open quotation mark in the header": Case(
        expression.read_matrix, MATRIX.replace("liver", '"liver'), (":1:", "column name")
    ),
    "matrix, endless field in the header": Case(
        expression.read_matrix, f'gene,"{"a" * 200_000}"\nG1,1\n', (":1:", "field larger", "quotation marks")
    ),
    "matrix, gene ids that differ in blanks": Case(expression.read_matrix, MATRIX + "G1 \t5\t6\n", (":4:", "'G1'")),
    "matrix, columns that differ in blanks": Case(
        expression.read_matrix, MATRIX.replace("B\n", " liver\n"), (":1:", "'liver'", "more than once")
    ),
    "matrix, column without a name": Case(
        expression.read_matrix, MATRIX.replace("B\n", "\n"), (":1:", "column 3 has no name")
    ),
    "matrix, line with too few values": Case(
        expression.read_matrix, MATRIX + "G3\t5\nG4\t5\t6\n", (":4:", "2 columns, the header has 3", "cut short")
    ),
    "matrix, truth values": Case(
        expression.read_matrix, "gene\ta\nG1\tTrue\nG2\tFalse\n", (":2:", "'True' is not a number", "'a'")
    ),
    "matrix, minus infinity": Case(expression.read_matrix, MATRIX + "G3\t1\t-Infinity\n", (":4:", "infinite", "'B'")),
    "matrix, past all floats": Case(expression.read_matrix, MATRIX + "G3\t1e400\t1\n", (":4:", "'1e400'")),
    "matrix, hexadecimal": Case(expression.read_matrix, MATRIX + "G3\t0x10\t1\n", (":4:", "'0x10'")),
    "matrix, Arabic digits": Case(expression.read_matrix, MATRIX + f"G3\t{DIGITS}\t1\n", (":4:", "not a number")),
    "matrix, thousands": Case(expression.read_matrix, MATRIX + "G3\t1,000\t1\n", (":4:", "'1,000'")),
    "matrix, dash for missing": Case(expression.read_matrix, MATRIX + "G3\t-\t1\n", (":4:", "'-'", "empty")),
    "matrix, GCT": Case(expression.read_matrix, "#1.2\n2\t2\n" + MATRIX, ("no columns", "header")),
    "matrix, negative TPM": Case(
        lambda path: expression.to_log(expression.read_matrix(path), "linear", 0.1, "zero", path),
        MATRIX + "G3\t1\t-1e-9\n",
        ("-1e-09", "'G3'", "'B'", "input to log"),
    ),
    # Sheets
    "cell types, a column twice": Case(
        expression.read_cell_types, "cell_type\tcell_type\tgroup\na\tb\tc\n", (":1:", "'cell_type'", "more than once")
    ),
    "cell types that differ in blanks": Case(expression.read_cell_types, SHEET + " B \tx\n", (":4:", "'B'")),
    "cell types in Latin-1": Case(
        expression.read_cell_types, SHEET.replace("liver", "caf\xe9").encode("latin-1"), (":2:", "iconv")
    ),
    "cell types, line end in a name": Case(expression.read_cell_types, SHEET + '"T\ncell"\tx\n', (":4:", "line end")),
    "cell types, too many fields": Case(
        expression.read_cell_types, SHEET + "T\ta\tb\n", ("Expected 2 fields in line 4, saw 3",)
    ),
    "id map, open quotation mark": Case(expression.read_gene_id_map, 'a\tb\n"c\td\n', ("quotation mark",)),
    "samples, path for a file": Case(
        read_samples, SAMPLES.replace("ENC", "../../ENC"), (":2:", "'../../ENCFF001AAA.tsv'")
    ),
    "samples, command for a file": Case(read_samples, SAMPLES.replace(".tsv", ";rm -rf x"), (":2:", "accession")),
    "samples, address for a file": Case(
        read_samples, SAMPLES.replace("ENCFF001AAA.tsv", "https://example.org/x.tsv"), (":2:", "accession")
    ),
    "samples, endless field": Case(read_samples, SAMPLES + f"{'x' * 200_000}\tENCFF001AAB\n", (":3:", "field larger")),
    "samples, name in Latin-1": Case(
        read_samples, SAMPLES.replace("liver", "caf\xe9").encode("latin-1"), (":2:", "cell type", "iconv")
    ),
    # Motifs
    "MEME, HTML in its place": Case(motif_files.read_motifs, "<!DOCTYPE html>\n<p>404\n", ("starts with MOTIF",)),
    "MEME, width of five thousand digits": Case(
        motif_files.read_motifs, MEME.replace("w= 2", f"w= {'9' * 5000}"), (":4:", "whole width")
    ),
    "MEME, infinite number of sites": Case(motif_files.read_motifs, MEME.replace("20", "1e999"), (":4:", "'nsites='")),
    "MEME, NaN for a number of sites": Case(motif_files.read_motifs, MEME.replace("20", "nan"), (":4:", "'nsites='")),
    "MEME, negative width": Case(motif_files.read_motifs, MEME.replace("w= 2", "w= -2"), (":3:", "announces w= -2")),
    "MEME, infinite frequency": Case(
        motif_files.read_motifs, MEME.replace("0 0 1 0", "0 0 1e999 0"), (":6:", "four frequencies")
    ),
    "MEME, underscore in a frequency": Case(
        motif_files.read_motifs, MEME.replace("0 0 1 0", "0 0 1_0 0"), (":6:", "four frequencies")
    ),
    "JASPAR, counts past adding": Case(
        motif_files.read_motifs, JASPAR.replace("[2", "[1e308").replace("[1", "[1e308"), (":2:", "at most 1e+15")
    ),
    "core promoter, infinite position": Case(
        core_promoter.read_elements, ELEMENTS.replace("-30", "inf"), (":2:", "'inf'")
    ),
    "core promoter, too many fields": Case(
        core_promoter.read_elements, ELEMENTS + "a\tb\tc\td\te\tf\tg\n", (":3:", "7 columns")
    ),
    "core promoter, empty": Case(core_promoter.read_elements, "", ("no column name",)),
    "background of NaN": Case(read_background, BACKGROUND.replace("A 0.25", "A nan"), ("above 0 that sum to 1",)),
    # VCF
    "VCF, superscript digit": Case(read_variants, VCF.replace("10", "\u00b2"), (":2:", "CHROM, POS")),
    "VCF, Arabic digits": Case(read_variants, VCF.replace("10", DIGITS), (":2:", "CHROM, POS")),
    "VCF, beyond 64 bits": Case(read_variants, VCF.replace("10", "9" * 30), (":2:", "CHROM, POS")),
    "VCF, five thousand digits": Case(read_variants, VCF.replace("10", "9" * 5000), (":2:", "CHROM, POS")),
    "VCF, negative position": Case(read_variants, VCF.replace("10", "-10"), (":2:", "CHROM, POS")),
    "VCF without reference": Case(read_variants, VCF.replace("\tA\t", "\t\t"), (":2:", "no sequence")),
    "VCF, script for a reference": Case(read_variants, VCF.replace("\tA\t", "\t<script>\t"), (":2:", "no sequence")),
    "BCF": Case(read_variants, b"BCF\x02\x02" + VCF.encode(), ("BCF", "bcftools view")),
    # Lines without end
    "one endless line": Case(
        read_variants, b"x" * (textfile.SMALL + textfile.CHUNK), (":1:", "the line has more than")
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_files_end_in_a_message(tmp_path, name):
    case = CASES[name]
    message = refused(tmp_path / "input", case.read, case.content)
    for part in case.says:
        assert part in message


@pytest.mark.parametrize("kind", READERS)
def test_gzip_that_would_fill_the_memory_is_refused(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(textfile, "SMALL", 1 << 16)
    read, text = READERS[kind]
    bomb = gzip.compress(text.encode() + b"\n" * 2_000_000)
    assert len(bomb) < 3000
    assert "200 times its size" in refused(tmp_path / "input", read, bomb)


def test_no_more_is_read_than_the_limit_whatever_gzip_unpacks_to(tmp_path):
    line = b"#" * 9_999 + b"\n"
    (tmp_path / "bomb").write_bytes(gzip.compress(line * 10_000, 4))
    lengths = []
    with pytest.raises(InputError, match="unpack it by gunzip"):
        lengths.extend(len(text) for _, text in textfile.read_lines(tmp_path / "bomb"))
    assert 0.9 * textfile.SMALL < sum(lengths) < textfile.SMALL


def test_an_ordinary_table_packs_far_below_the_limit(tmp_path):
    """Zeros and ones on many lines, as a sparse matrix has them, are no bomb."""
    rows = np.random.default_rng(1).integers(0, 2, size=(200, 50))
    text = "gene\t" + "\t".join(f"c{i}" for i in range(50)) + "\n"
    text += "".join(f"G{i}\t" + "\t".join(map(str, row)) + "\n" for i, row in enumerate(rows))
    packed = gzip.compress(text.encode())
    assert len(text) / len(packed) < textfile.LARGEST_EXPANSION / 10
    (tmp_path / "m").write_bytes(packed)
    assert expression.read_matrix(tmp_path / "m").to_numpy().tolist() == rows.tolist()


SLOW = {
    "MEME, a header that is one long word": (
        motif_files.read_motifs,
        MEME.replace("w= 2", "a" * 1_000_000),
    ),
    "GTF, a key repeated": (gene_ids, GTF.replace('gene_id "G1"', 'gene_id "' + "gene_id " * 100_000)),
    "GFF3, semicolons": (gene_ids, GFF3.replace("Name=N", "; " * 300_000)),
    "GTF, an id of numbers": (gene_ids, GTF.replace("T1", "_1" * 300_000 + "x")),
    "matrix of many columns": (
        expression.read_header,
        "gene" + "".join(f"\tc{i}" for i in range(40_000)) + "\nG1" + "\t1" * 40_000 + "\n",
    ),
    "motifs of one name": (
        motif_files.read_motifs,
        "MOTIF a\nletter-probability matrix: w= 1\n1 0 0 0\n" * 20_000,
    ),
}


@pytest.mark.parametrize("name", SLOW)
def test_no_reader_hangs(tmp_path, name):
    """Each took time in proportion to the square of the file, or could have."""
    read, content = SLOW[name]
    (tmp_path / "input").write_text(content)
    started = time.process_time()
    read(tmp_path / "input")
    assert time.process_time() - started < 10


def test_repairs_of_an_annotation_are_counted(tmp_path):
    text = "".join(
        [
            GFF3.replace("ID=G1", "ID=G%0A1").replace("Parent=G1", "Parent=G%0A1").replace("Name=N", "Name=a%09b"),
            GFF3.replace("G1", "G2").replace("T1", "T2"),
            GFF3.replace("G1", "G3").replace("T1", "T3").replace("\t+\t", "\t.\t"),
            "chr1\tx\tmRNA\t101\t900\t.\t+\t.\tnote=nameless\n",
        ]
    )
    (tmp_path / "a.gff3").write_text(text)
    sites, repairs = annotation.read_sites(tmp_path / "a.gff3")
    assert sites["gene_id"].tolist() == ["G 1", "G2"]
    assert sites["gene_name"].tolist() == ["a b", "N"]
    found = repairs.set_index("step")
    assert found.loc["id with blanks put right", ["genes", "note"]].tolist() == [1, "G 1"]
    assert found.loc["lines without a strand", ["genes", "note"]].tolist() == [1, "1 lines left out"]
    assert found["lost"].isna().all()


def test_lines_that_name_no_gene_are_counted(tmp_path):
    (tmp_path / "a.bed").write_text(
        BED + BED.replace("G1", ".") + BED.replace("G1", " \u00a0") + BED.replace("G1", " G2 ")
    )
    sites, repairs = annotation.read_sites(tmp_path / "a.bed")
    assert sites["gene_id"].tolist() == ["G1", "G2"]
    assert repairs["note"].tolist() == ["G2", "2 lines left out", "0 lines left out"]


def test_repairs_of_a_matrix_are_counted(tmp_path):
    """A line without id, a gap that is filled, genes that are zero everywhere, and a column that says nothing."""
    text = "gene\ta\tb\tc\n G1 \t1\t2\t7\n\t9\t9\t7\nG2\t0\t0\t0\nG3.5\t3\t\t7\n\t\t\t\n\n"
    (tmp_path / "m").write_text(text)
    matrix = expression.read_matrix(tmp_path / "m")
    assert matrix.index.tolist() == ["G1", "G2", "G3.5"]
    usable = expression.to_log(matrix, "linear", 1.0, "zero", "m")
    ids = ["G1", "G2", "G3"]
    table = pd.DataFrame(
        {"gene_id": ids, "gene_name": ids, "chrom": "1", "tss": 0, "strand": "+", "gc": 0, "cpg_oe": 0}
    )
    without_id = expression.count_without_id(tmp_path / "m")
    report = expression.join(table, matrix, usable, {}, 1, "m", without_id).report.set_index("source")["genes"]
    assert report["lines without a gene id, left out"] == 1
    assert report["joined with missing values filled in"] == 1
    assert report["joined with the same value in every cell type"] == 1
    assert report["version suffix left out (expression)"] == 3
    assert report["joined"] == 3


REPAIRED = {
    "byte order mark, FASTA": (read_genome, "\ufeff" + FASTA, "GTACGTACGT"),
    "byte order mark, FASTA in gzip": (read_genome, gzip.compress(("\ufeff" + FASTA).encode()), "GTACGTACGT"),
    "small letters": (read_genome, FASTA.lower().replace("chr1 one", "chr1"), "GTACGTACGT"),
    "blank lines and lines of Windows, FASTA": (read_genome, "\r\n" + FASTA.replace("\n", "\r\n\r\n"), "GTACGTACGT"),
    "lines that grow": (read_genome, ">chr1\nACG\nTACGTACGTACG\nTACG\n", "GTACGTACGT"),
    "one line of Windows": (read_genome, ">chr1\nACGT\r\nACGT\nACGT\nACGT\n", "GTACGTACGT"),
    "letters of several bytes in a header": (read_genome, ">chr1 \u03b1\u03b2\nACGTAC\nGTACGT\n", "GTACGTACGT"),
    "IUPAC letters": (read_genome, FASTA.replace("GTACGTACGT", "GTACGTRYKM"), "GTACGTACGT"),
    "blanks in a cell type sheet": (
        lambda path: expression.read_cell_types(path)["cell_type"].tolist(),
        "cell_type\tgroup\n liver \torgan\nB\tx\n\n\n",
        ["liver", "B"],
    ),
    "blanks in an id map": (expression.read_gene_id_map, "a \t b\nc\td\n\n", {"a": "b", "c": "d"}),
    "blanks around column names": (
        lambda path: expression.read_header(path)[1],
        " gene\t a \tb\nG1\t1\t2\n",
        ["gene", "a", "b"],
    ),
    "quotation mark within a gene id": (
        lambda path: expression.read_matrix(path).index.tolist(),
        MATRIX + "5'ETS\t1\t2\n5\"ETS\t1\t2\n",
        ["G1", "G2", "5'ETS", '5"ETS'],
    ),
    "more target sequences than can be": (
        lambda path: motif_files.read_motifs(path).motifs[0].nsites,
        HOMER.replace("123", "9" * 400),
        100.0,
    ),
}


@pytest.mark.parametrize("name", REPAIRED)
def test_harmless_oddities_are_put_right(tmp_path, name):
    read, content, expected = REPAIRED[name]
    (tmp_path / "input").write_bytes(content if isinstance(content, bytes) else content.encode())
    assert read(tmp_path / "input") == expected


@pytest.mark.parametrize("upstream", [10**5, 10**15])
def test_windows_that_no_memory_holds_are_refused_before_reading(tmp_path, monkeypatch, upstream):
    monkeypatch.setattr(promoters, "read_regions", lambda *_: pytest.fail("reads"))
    tss = pd.DataFrame({"gene_id": "G", "chrom": "chr1", "tss": 5, "strand": "+"}, index=range(30_000))
    with pytest.raises(InputError, match=r"config: promoters: .* bases of sequence") as caught:
        promoters.extract_promoters(tss, "g.fa", "i", upstream=upstream, downstream=0)
    assert "Lower promoters: upstream" in caught.value.fix


DEEP = {"argminn": {"peaks": {"a\n": "genome.fa"}}}
VALUES = {
    "line end behind a name": ({"dataset": "mine\n"}, "dataset", "line end"),
    "longer than a folder may be called": ({"dataset": "x" * 300}, "dataset", "up to 100"),
    "path for a name": ({"dataset": "../../x"}, "dataset", "name of a results folder"),
    "command for a name": ({"dataset": "$(touch x)"}, "dataset", "name of a results folder"),
    "script for a name": ({"dataset": "<script>"}, "dataset", "name of a results folder"),
    "date for a name": ({"dataset": pd.Timestamp("2026-01-01").date()}, "dataset", "expected text"),
    "a seed of four hundred digits": ({"seed": 10**400}, "seed", "one beyond"),
    "a seed of 1e300": ({"seed": 1e300}, "seed", "one beyond"),
    "an endless pseudocount": (
        {"expression_scale": {"pseudocount": math.inf}},
        "expression_scale.pseudocount",
        "finite",
    ),
    "no number for a pseudocount": (
        {"expression_scale": {"pseudocount": math.nan}},
        "expression_scale.pseudocount",
        "finite",
    ),
    "no number for a level": ({"cell_type_effects": {"fdr": math.nan}}, "cell_type_effects.fdr", "finite"),
    "upstream of thirty digits": ({"promoters": {"upstream": 10**30}}, "promoters.upstream", "one beyond"),
    "a path with NUL": ({"genome": "a\0b"}, "genome", "control character"),
    "a path longer than any": ({"genome": "x" * 5000}, "genome", "does not exist"),
    "a motif file longer than any": ({"motif_database": "x" * 5000}, "motif_database", "neither a JASPAR release"),
    "a path with braces": ({"genome": "{genome}.fa"}, "genome", "wildcards"),
    "a cell type with braces": (
        {"expression_scale": {"columns": ["B {2}"]}},
        "expression_scale.columns.0",
        "wildcards",
    ),
    "bytes for a path": ({"genome": b"genome.fa"}, "genome", "expected text"),
    "a list for a path": ({"genome": ["genome.fa"]}, "genome", "expected text"),
    "a path for the name of peaks": ({"argminn": {"peaks": {"../a": "genome.fa"}}}, "argminn.peaks", "'../a'"),
    "a line end behind the name of peaks": (DEEP, "argminn.peaks.a\n", "line end"),
    "a script for a portal": ({"encode": {"base_url": "javascript:alert(1)"}}, "encode.base_url", "does not match"),
    "a line end behind an address": ({"encode": {"base_url": "https://a.org\n"}}, "encode.base_url", "line end"),
    "a number for a key": ({7: 1}, "7", "unknown key"),
}


@pytest.mark.parametrize("name", VALUES)
def test_hostile_values_of_the_configuration_end_in_a_message(tmp_path, monkeypatch, name):
    change, key, says = VALUES[name]
    monkeypatch.chdir(tmp_path)
    Path("genome.fa").write_text(FASTA)
    own = {"dataset": "mine", "genome": "genome.fa", "annotation": "genome.fa", "expression": "genome.fa"}
    with pytest.raises(InputError) as caught:
        config.validate(own | {"cell_types": None} | change)
    message = str(caught.value)
    assert f"configuration key {key}: " in message
    assert says in message
    assert re.search(r"Fix: \w", message)
