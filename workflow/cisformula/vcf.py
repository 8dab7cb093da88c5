"""The columns of a VCF file that say what changes where."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from .errors import InputError
from .textfile import read_lines, whole_number

_BASES = re.compile(r"[ACGTURYSWKMBDHVN]+", re.IGNORECASE)


class Variant(NamedTuple):
    """One line of a VCF file.

    Attributes
    ----------
    chrom : str
    position : int
        First base of ``ref``, 0-based.
    id : str
    ref : str
        Upper case.
    alts : tuple of str
        Upper-case bases, or as in the file where an allele is not spelled out: ``<DEL>``, ``*``, a breakend, ``.``.
    """

    chrom: str
    position: int
    id: str
    ref: str
    alts: tuple[str, ...]


def is_sequence(allele: str) -> bool:
    """Whether an allele is spelled out in bases."""
    return _BASES.fullmatch(allele) is not None


def read_vcf(path: str | Path) -> Iterator[Variant]:
    """Variants of a VCF file, plain or gzip, ``-`` for standard input, in file order.

    Raises
    ------
    InputError
        With the line, for a line of fewer than five columns, a position that is no number and a reference allele that
        is no sequence.
    """
    for number, line in read_lines(path):
        if line.startswith("#") or not line:
            continue
        fields = line.split("\t", 5)
        place = f"{path}:{number}"
        try:
            chrom, digits, name, ref, alts = fields[:5]
            position = whole_number(digits)
        except ValueError:
            raise InputError(
                "expected CHROM, POS, ID, REF and ALT, separated by tabs.", place=place, fix="give a VCF file."
            ) from None
        if not is_sequence(ref):
            raise InputError(f"the reference allele '{ref}' is no sequence.", place=place, fix="give a VCF file.")
        alleles = tuple(alt.upper() if is_sequence(alt) else alt for alt in alts.split(","))
        yield Variant(chrom, position - 1, name, ref.upper(), alleles)
