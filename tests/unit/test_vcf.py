"""The columns of a VCF file."""

import gzip

import pytest

from cisformula.errors import InputError
from cisformula.vcf import Variant, is_sequence, read_vcf

TEXT = """##fileformat=VCFv4.2
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1
chr1\t10\trs1\ta\tG\t.\tPASS\tAC=1;DESC=a b\tGT\t0/1
chr1\t12\t.\tAT\tA,ATT,<DEL>,*\t.\t.\t.
2\t1\tx\tN\t.
2\t5\tbnd\tG\tG]17:198982]\t6\tPASS\t.
"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_variants_in_file_order(tmp_path, pack):
    (tmp_path / "v.vcf").write_bytes(pack(TEXT.encode()))
    assert list(read_vcf(tmp_path / "v.vcf")) == [
        Variant("chr1", 9, "rs1", "A", ("G",)),
        Variant("chr1", 11, ".", "AT", ("A", "ATT", "<DEL>", "*")),
        Variant("2", 0, "x", "N", (".",)),
        Variant("2", 4, "bnd", "G", ("G]17:198982]",)),
    ]


def test_alleles_that_are_spelled_out():
    assert all(map(is_sequence, ["A", "acgtn", "RY"]))
    assert not any(map(is_sequence, ["", ".", "*", "<DEL>", "A[2:3[", "A,C"]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("chr1\t10\trs1\tA", "expected CHROM, POS"),
        ("chr1 10 rs1 A G", "expected CHROM, POS"),
        ("chr1\tten\trs1\tA\tG", "expected CHROM, POS"),
        ("chr1\t10\t20\tgene\tG", "the reference allele 'gene' is no sequence"),
    ],
)
def test_wrong_lines_are_told_with_their_number(tmp_path, line, message):
    (tmp_path / "v.vcf").write_text(f"##fileformat=VCFv4.2\n{line}\n")
    with pytest.raises(InputError, match=message) as caught:
        list(read_vcf(tmp_path / "v.vcf"))
    assert caught.value.place == f"{tmp_path / 'v.vcf'}:2"
