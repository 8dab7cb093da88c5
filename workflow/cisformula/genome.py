"""Short regions of a genome from FASTA (plain, gzip, bgzip) or 2bit, without unpacking or holding the genome."""

import gzip
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .errors import InputError
from .textfile import check_name, damaged_gzip

CHUNK = 1 << 22
"""Bytes read at once from a compressed genome."""

_NUCLEOTIDES = b"ACGTUNRYSWKMBDHVX-acgtunryswkmbdhvx"
_MITOCHONDRION = {"M", "MT", "MITO", "MTDNA", "MITOCHONDRION"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LONGEST_HEADER = 1 << 20
"""Bytes that may pass before the first letter and within a header, so that memory stays bounded."""
_CR_FIX = "Turn them into lines of Unix, as 'tr \\\\r \\\\n < FILE' does."
_FASTA_FIX = "Give a nucleotide FASTA file (plain, gzip or bgzip) or a 2bit file."


class Regions(NamedTuple):
    """Regions that are asked for: chromosome, first base and end (0-based, half-open) of each."""

    chroms: list[str]
    starts: np.ndarray
    ends: np.ndarray


class GenomeRegions(NamedTuple):
    """Sequences of requested regions.

    Attributes
    ----------
    lengths : dict of str to int
        Length in bases of every sequence of the genome, in file order.
    names : dict of str to str
        Requested chromosome name to the genome's own name; unknown chromosomes are absent.
    starts : np.ndarray, shape (n_regions,), int64
        First base (0-based) of each returned text; later than requested where the chromosome starts later.
    sequences : list of str, length n_regions
        Upper-case bases, cut at the chromosome's ends; empty on unknown chromosomes.
    """

    lengths: dict[str, int]
    names: dict[str, str]
    starts: np.ndarray
    sequences: list[str]


def bare_name(chromosome: str) -> str:
    """A chromosome's name without its source's habits: ``chr1`` is ``1``; ``chrM``, ``M`` and ``Mito`` are ``MT``."""
    bare = re.sub(r"^chr(?:omosome)?[_ ]?(?=.)", "", chromosome, flags=re.IGNORECASE)
    return "MT" if bare.upper() in _MITOCHONDRION else bare


def match_names(wanted: Iterable[str], available: Iterable[str]) -> dict[str, str]:
    """Match chromosome names of an annotation to those of a genome.

    Parameters
    ----------
    wanted, available : iterable of str
        Names in the annotation and in the genome.

    Returns
    -------
    dict of str to str
        Exact name where there is one, otherwise the only genome name that means the same (see :func:`bare_name`).
    """
    available = list(available)
    by_bare: dict[str, list[str]] = {}
    for name in available:
        by_bare.setdefault(bare_name(name), []).append(name)
    names = {}
    for name in wanted:
        same = [name] if name in available else by_bare.get(bare_name(name), [])
        if len(same) == 1:
            names[name] = same[0]
    return names


def detect_format(path: str | Path) -> str:
    """``fasta``, ``gzip`` or ``2bit``, from the first bytes of the file and never from its name.

    Raises
    ------
    InputError
        The file is empty or none of these.
    """
    with open(path, "rb") as handle:
        head = handle.read(4096)
    if not head:
        raise InputError("the genome file is empty.", place=str(path), fix=_FASTA_FIX)
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head[:4] in (b"\x43\x27\x41\x1a", b"\x1a\x41\x27\x43"):
        return "2bit"
    if head.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b">":
        if b"\r" in head and b"\n" not in head:
            raise InputError("lines end in CR alone, as on old Macs.", place=str(path), fix=_CR_FIX)
        return "fasta"
    raise InputError(f"not FASTA: the file starts with {head[:20]!r} instead of '>'.", place=str(path), fix=_FASTA_FIX)


def _plain(path: str | Path) -> Iterator[bytes]:
    with open(path, "rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk


def _gunzip(path: str | Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as handle:
            while chunk := handle.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_gzip(str(path), error) from error


def _records(chunks: Iterable[bytes], path: str | Path) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Each FASTA record as its id and its bases in pieces; the pieces must be used up before the next record."""
    chunks = iter(chunks)
    text, at = b"", 0

    def refill() -> bool:
        nonlocal text, at
        chunk = next(chunks, b"")
        text, at = text[at:] + chunk, 0
        return bool(chunk)

    def pieces(name: str) -> Iterator[bytes]:
        nonlocal at
        last = b"\n"
        while at < len(text) or refill():
            end = text.find(b">", at)
            piece, at = text[at : end if end >= 0 else None], end if end >= 0 else len(text)
            last = piece[-1:] or last
            yield piece.replace(b"\n", b"").replace(b"\r", b"")
            if end >= 0:
                if last not in b"\r\n":
                    raise InputError(f"'>' within a line of sequence {name!r}.", place=str(path), fix=_FASTA_FIX)
                return

    while len(text) < _LONGEST_HEADER and not text.removeprefix(_BYTE_ORDER_MARK).strip() and refill():
        pass
    text = text.removeprefix(_BYTE_ORDER_MARK)
    at = len(text) - len(text.lstrip())
    if text[at : at + 1] != b">":
        what = f"the unpacked text starts with {text[at : at + 20]!r} instead of '>'" if text else "it holds no text"
        raise InputError(f"not FASTA: {what}.", place=str(path), fix=_FASTA_FIX)
    while at < len(text):
        while (end := text.find(b"\n", at)) < 0 and len(text) - at < _LONGEST_HEADER and refill():
            pass
        end = end if end >= 0 else len(text)
        name = _record_name(text[at + 1 : end], path)
        at = end
        yield name, pieces(name)


def _record_name(header: bytes, path: str | Path) -> str:
    """The first word of a FASTA header, without its ``>``."""
    if len(header) >= _LONGEST_HEADER:
        raise InputError(f"a FASTA header of {len(header):,} bytes or more.", place=str(path), fix=_FASTA_FIX)
    if b"\r" in header.rstrip(b"\r"):
        raise InputError("lines end in CR alone, as on old Macs.", place=str(path), fix=_CR_FIX)
    words = header.decode("utf-8", "replace").split()
    if not words:
        raise InputError("a FASTA header without a name.", place=str(path), fix="Name every sequence after '>'.")
    check_name(words[0], "sequence name", str(path))
    return words[0]


def _cut(pieces: Iterator[bytes], starts: np.ndarray, ends: np.ndarray) -> tuple[int, list[bytes]]:
    """Length of one sequence and its bases ``starts..ends``; only as many bases are kept as the widest region needs."""
    order = np.argsort(ends, kind="stable")
    keep = int((ends - starts).max(initial=0))
    found = [b""] * len(ends)
    buffer, offset, done = b"", 0, 0
    for piece in pieces:
        offset += max(len(buffer) - keep, 0)
        buffer = (buffer[-keep:] if keep else b"") + piece
        while done < len(order) and ends[order[done]] <= offset + len(buffer):
            region = order[done]
            found[region] = buffer[starts[region] - offset : ends[region] - offset]
            done += 1
    for region in order[done:]:
        found[region] = buffer[max(starts[region] - offset, 0) :] if starts[region] < offset + len(buffer) else b""
    return offset + len(buffer), found


def _stream(chunks: Iterable[bytes], path: str | Path, regions: Regions):
    """Lengths of all sequences, and for each that may be asked for the rows of ``regions`` and their bases."""
    bare = {chrom: bare_name(chrom) for chrom in set(regions.chroms)}
    rows_of: dict[str, list[int]] = {}
    for row, chrom in enumerate(regions.chroms):
        rows_of.setdefault(bare[chrom], []).append(row)
    lengths, found = {}, {}
    for name, pieces in _records(chunks, path):
        if name in lengths:
            _fail_duplicate(name, path)
        rows = rows_of.get(bare_name(name), [])
        lengths[name], texts = _cut(pieces, regions.starts[rows], regions.ends[rows])
        if rows:
            found[name] = dict(zip(rows, texts, strict=True))
    return lengths, lambda name, row: found[name][row]


def _is_regular(path: str | Path) -> bool:
    """Whether all lines of a record but its last have one length, and all are ASCII and end as on Unix.

    pyfaidx does not notice all that is not, and then takes wrong bases.
    """
    width, ended = 0, False
    with open(path, "rb") as handle:
        for line in handle:
            if line == b"\n" or b"\r" in line or not line.isascii():
                return False
            if line.startswith(b">"):
                width, ended = 0, False
            elif ended or len(line) > (width := width or len(line)):
                return False
            else:
                ended = len(line) < width
    return True


def _indexed(path: str | Path, index_path: str | Path, regions: Regions):
    """The same from a plain FASTA file through pyfaidx; what it cannot index, such as ragged lines, is streamed."""
    import pyfaidx

    if not Path(index_path).exists() and not _is_regular(path):
        return _stream(_plain(path), path, regions)
    try:
        fasta = pyfaidx.Fasta(str(path), indexname=str(index_path), as_raw=True, rebuild=True)
    except pyfaidx.FastaIndexingError:
        return _stream(_plain(path), path, regions)
    except ValueError as error:
        if "Duplicate key" not in str(error):
            raise
        _fail_duplicate(str(error).split('"')[1], path)
    lengths = {name: len(fasta[name]) for name in fasta.keys()}  # noqa: SIM118 (iterating yields records, not names)

    def bases(name: str, row: int) -> bytes:
        start, end = int(regions.starts[row]), min(int(regions.ends[row]), lengths[name])
        return fasta[name][start:end].encode() if start < end else b""

    return lengths, bases


def _two_bit(path: str | Path, regions: Regions):
    """The same from a 2bit file."""
    import py2bit

    try:
        genome = py2bit.open(str(path))
    except RuntimeError as error:
        raise InputError(
            f"the 2bit file is damaged or cut short ({error})", place=str(path), fix="Fetch or make the file again."
        ) from None
    lengths = dict(genome.chroms())

    def bases(name: str, row: int) -> bytes:
        start, end = int(regions.starts[row]), min(int(regions.ends[row]), lengths[name])
        return genome.sequence(name, start, end).encode() if start < end else b""

    return lengths, bases


def _fail_duplicate(name: str, path: str | Path) -> None:
    raise InputError(
        f"the sequence name {name!r} occurs twice.",
        place=str(path),
        fix="Give every sequence its own name (the first word after '>').",
    )


def read_regions(path: str | Path, regions: Mapping, index_path: str | Path) -> GenomeRegions:
    """Read regions of a genome.

    A compressed genome is read once from start to end and only the regions are kept, so memory does not grow with it.

    Parameters
    ----------
    path : str or Path
        FASTA (plain, gzip, bgzip) or 2bit; recognised by content.
    regions : Mapping or pd.DataFrame
        ``chrom``, ``start``, ``end``, each of length n_regions: 0-based, half-open. What lies beyond the chromosome is
        cut.
    index_path : str or Path
        Where the index of a plain FASTA file is written (never beside the user's genome).

    Returns
    -------
    GenomeRegions

    Raises
    ------
    InputError
        Empty or foreign file, damaged gzip, duplicate sequence names, letters that are not nucleotides.
    """
    starts, ends = (np.asarray(regions[name], dtype=np.int64) for name in ("start", "end"))
    regions = Regions([str(chrom) for chrom in regions["chrom"]], np.maximum(starts, 0), ends)
    kind = detect_format(path)
    if kind == "gzip":
        lengths, bases = _stream(_gunzip(path), path, regions)
    elif kind == "2bit":
        lengths, bases = _two_bit(path, regions)
    else:
        lengths, bases = _indexed(path, index_path, regions)
    if not any(lengths.values()):
        raise InputError("the genome holds no bases.", place=str(path), fix=_FASTA_FIX)
    names = match_names(dict.fromkeys(regions.chroms), lengths)
    sequences = [bases(names[chrom], row) if chrom in names else b"" for row, chrom in enumerate(regions.chroms)]
    for row, sequence in enumerate(sequences):
        if foreign := sequence.translate(None, _NUCLEOTIDES):
            raise InputError(
                f"sequence {regions.chroms[row]!r} holds {foreign[:5].decode('ascii', 'replace')!r}, "
                "which are no nucleotide letters.",
                place=str(path),
                fix=_FASTA_FIX,
            )
    return GenomeRegions(lengths, names, regions.starts, [sequence.decode("ascii").upper() for sequence in sequences])
