"""The same windows from FASTA, from BED of start sites and from BED of windows, on either strand."""

import gzip

import numpy as np
import pytest

from cisformula import windows
from cisformula.errors import InputError
from cisformula.sequence import decode, reverse_complement
from cisformula.windows import read_starts, read_windows

UPSTREAM, DOWNSTREAM, LENGTH = 6, 3, 10
CHROMOSOME = "".join(np.random.default_rng(1).choice(list("ACGT"), 200))
# TSS at 50: plus reads 44..53, minus reads 47..56 backwards.
PLUS, MINUS = CHROMOSOME[44:54], reverse_complement(CHROMOSOME[47:57])
BED = "chr1\t50\t51\tplus\t0\t+\nchr1\t50\t51\tminus\t0\t-\n"
WINDOWS = "track name=x\n# comment\nchr1\t44\t54\tplus\t0\t+\n1\t47\t57\tminus\t0\t-\textra\n\n"


def found(path, **options):
    batches = list(read_windows(path, UPSTREAM, DOWNSTREAM, **options))
    return [(name, decode(codes)) for batch in batches for name, codes in zip(batch.ids, batch.codes, strict=True)]


@pytest.fixture
def write(tmp_path):
    def to(name, text, pack=bytes):
        (tmp_path / name).write_bytes(pack(text.encode()))
        return tmp_path / name

    return to


@pytest.fixture(params=["plain", "gzip"])
def genome(request, write):
    text = f">chr1 first\n{CHROMOSOME}\n>chr2\nACGTACGTACGT\n"
    return write("genome", text, gzip.compress if request.param == "gzip" else bytes)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_fasta_records_in_order(write, pack):
    path = write("s.fa", f"\n>a first\n{PLUS[:4]}\n{PLUS[4:].lower()}\n\n>b\n{MINUS}\n>a\nNNNNNNNNRY\n", pack)
    assert found(path) == [("a", PLUS), ("b", MINUS), ("a", "N" * 10)]
    assert found(path, only="b") == [("b", MINUS)]


@pytest.mark.parametrize("bed", [BED, WINDOWS])
def test_bed_of_start_sites_and_of_windows(write, genome, bed):
    assert found(write("x.bed", bed), genome_path=genome) == [("plus", PLUS), ("minus", MINUS)]
    assert found(write("x.bed", bed), genome_path=genome, only="minus") == [("minus", MINUS)]


def test_many_windows_in_batches(write, genome, monkeypatch):
    monkeypatch.setattr(windows, "BATCH", 3)
    monkeypatch.setattr(windows, "GENOME_BATCH", 7)
    places = np.random.default_rng(2).integers(10, 180, 40)
    bed = "".join(f"chr1\t{p}\t{p + 1}\tg{i}\t0\t{'+-'[i % 2]}\n" for i, p in enumerate(places))
    expected = [
        (f"g{i}", reverse_complement(CHROMOSOME[p - 3 : p + 7]) if i % 2 else CHROMOSOME[p - 6 : p + 4])
        for i, p in enumerate(places)
    ]
    assert found(write("x.bed", bed), genome_path=genome) == expected
    fasta = "".join(f">{name}\n{sequence}\n" for name, sequence in expected)
    assert found(write("s.fa", fasta)) == expected
    assert [len(batch.ids) for batch in read_windows(write("s.fa", fasta), UPSTREAM, DOWNSTREAM)] == [3] * 13 + [1]


def test_windows_that_are_not_whole_are_left_out_and_counted(write, genome, caplog):
    bed = "chr1\t5\t6\tshort\t0\t+\n" + BED + "chr1\t197\t198\tend\t0\t+\nchr9\t50\t51\taway\t0\t+\n"
    assert [name for name, _ in found(write("x.bed", bed), genome_path=genome)] == ["plus", "minus"]
    assert "3 of 5 windows are left out" in caplog.text
    assert "short, end, away" in caplog.text


def test_an_interval_without_a_name_is_called_by_its_place(write):
    starts = read_starts(write("x.bed", "chr1\t50\t51\t.\t0\t-\n"), UPSTREAM, DOWNSTREAM)
    assert starts.ids == ["chr1:50-51(-)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no sequence"),
        (">a\nACGTACGTACG\n", r"s:1: sequence a has 11 bases, the formula reads 10\."),
        (">a\nACGTACGTAC\n>b\nACG\n", r"s:3: sequence b has 3 bases"),
        (">\nACGT\n", r"s:1: a record without a name"),
        (BED, r"s:1: is not FASTA.*genome"),
    ],
)
def test_wrong_fasta_is_told_with_its_line(write, text, message):
    with pytest.raises(InputError, match=message):
        found(write("s", text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("chr1\t50\t51\tx\n", "1: no strand in column 6"),
        ("chr1\t50\t51\tx\t0\t.\n", "1: no strand in column 6"),
        (BED + "chr1\t50\t70\tx\t0\t+\n", r"3: the interval has 20 bases.*1 base.*10 bases"),
        ("chr1 50 51 x 0 +\n", "1: expected chromosome, start and end, separated by tabs"),
        ("chr1\tx\t51\tx\t0\t+\n", "1: expected chromosome"),
        ("# nothing\n", "no interval"),
        ("chr7\t50\t51\tx\t0\t+\n", r"no chromosome of the BED file \(chr7 ...\) is in the genome \(chr1, chr2 ...\)"),
    ],
)
def test_wrong_bed_is_told_with_its_line(write, genome, text, message):
    with pytest.raises(InputError, match=message):
        found(write("x.bed", text), genome_path=genome)
