"""Promoter windows as a user names them: FASTA records, or BED intervals on a genome."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from . import genome
from .errors import InputError
from .job import logger
from .sequence import encode, reverse_complement_codes
from .textfile import read_lines, whole_number

BATCH = 1000
"""Sequences handed on at once."""
GENOME_BATCH = 20_000
"""Windows read from an indexed genome at once; from a gzip genome, which is read from start to end, all at once."""
EXAMPLES = 3
"""Names shown of windows that are left out."""


class Batch(NamedTuple):
    """Some sequences of one length.

    Attributes
    ----------
    ids : list of str
    codes : np.ndarray, shape (sequences, length), uint8
        On the sense strand.
    """

    ids: list[str]
    codes: np.ndarray


class Starts(NamedTuple):
    """Transcription start sites.

    Attributes
    ----------
    ids : list of str
    chroms : list of str
    positions : np.ndarray, shape (sites,), int64
        The TSS base, 0-based.
    reverse : np.ndarray, shape (sites,), bool
        On the minus strand.
    """

    ids: list[str]
    chroms: list[str]
    positions: np.ndarray
    reverse: np.ndarray

    def rows(self, chosen: slice | np.ndarray) -> "Starts":
        """Some of the sites."""
        index = np.arange(len(self.ids))[chosen].tolist()
        return Starts(
            [self.ids[i] for i in index],
            [self.chroms[i] for i in index],
            self.positions[chosen],
            self.reverse[chosen],
        )


def read_windows(
    path: str | Path,
    upstream: int,
    downstream: int,
    genome_path: str | Path | None = None,
    only: str | None = None,
) -> Iterator[Batch]:
    """Windows around TSSs, batch by batch, from FASTA records of just that length or from BED intervals on a genome.

    Parameters
    ----------
    path : str or Path
        FASTA or BED, plain or gzip, recognised by content; ``-`` is standard input.
    upstream, downstream : int
        Bases on either side of the TSS base.
    genome_path : str or Path, optional
        Needed for BED, see :func:`cisformula.genome.read_regions`.
    only : str, optional
        Leave out all sequences but those of this name.

    Raises
    ------
    InputError
        A record or an interval of another length, a BED line without strand, BED without a genome; and what
        :func:`cisformula.genome.read_regions` raises.
    """
    lines = ((number, line) for number, line in read_lines(path) if line.strip())
    first = next(lines, None)
    if first is None:
        raise InputError("holds no sequence.", place=str(path), fix="give a FASTA or BED file.")
    lines = chain([first], lines)
    if first[1].startswith(">"):
        records = (record for record in _fasta_records(lines, str(path)) if only in (None, record[0]))
        return _fasta_batches(records, upstream + 1 + downstream)
    if genome_path is None:
        raise InputError(
            "is not FASTA: its first line does not start with '>'.",
            place=f"{path}:{first[0]}",
            fix="give FASTA, or name the genome that these BED intervals lie on.",
        )
    starts = _parse_bed(lines, str(path), upstream, downstream)
    if only is not None:
        starts = starts.rows(np.array([name == only for name in starts.ids]))
    return _genome_batches(starts, genome_path, upstream, downstream)


def _fasta_records(lines: Iterable[tuple[int, str]], path: str) -> Iterator[tuple[str, str, str]]:
    """Id, sequence and place of each record."""
    name, place, parts = None, "", []
    for number, line in lines:
        if line.startswith(">"):
            if name is not None:
                yield name, "".join(parts), place
            place, parts = f"{path}:{number}", []
            words = line[1:].split()
            if not words:
                raise InputError("a record without a name.", place=place, fix="name every sequence after '>'.")
            name = words[0]
        else:
            parts.append(line.strip())
    yield name, "".join(parts), place


def _fasta_batches(records: Iterator[tuple[str, str, str]], length: int) -> Iterator[Batch]:
    while batch := list(islice(records, BATCH)):
        for name, sequence, place in batch:
            if len(sequence) != length:
                raise InputError(
                    f"sequence {name} has {len(sequence)} bases, the formula reads {length}.",
                    place=place,
                    fix=f"cut every sequence to the {length} bases around its TSS, or give TSSs as BED with a genome.",
                )
        codes = encode("".join(sequence for _, sequence, _ in batch)).reshape(len(batch), length)
        yield Batch([name for name, _, _ in batch], codes)


def read_starts(path: str | Path, upstream: int, downstream: int) -> Starts:
    """TSSs of a BED file with a strand in column 6 and, in column 4, a name.

    An interval of one base is the TSS; one of ``upstream + 1 + downstream`` bases is the whole window around it, such
    as a run's ``promoters.bed`` holds.

    Raises
    ------
    InputError
        With the line, for coordinates that are no numbers, intervals of another length and missing strands.
    """
    lines = ((number, line) for number, line in read_lines(path) if line.strip())
    return _parse_bed(lines, str(path), upstream, downstream)


def _parse_bed(lines: Iterable[tuple[int, str]], path: str, upstream: int, downstream: int) -> Starts:
    length = upstream + 1 + downstream
    ids, chroms, positions, reverse = [], [], [], []
    for number, line in lines:
        if line.startswith(("#", "track", "browser")):
            continue
        fields = line.split("\t")
        place = f"{path}:{number}"
        try:
            start, end = whole_number(fields[1]), whole_number(fields[2])
        except (ValueError, IndexError):
            raise InputError(
                "expected chromosome, start and end, separated by tabs, in whole numbers.",
                place=place,
                fix="give a BED file.",
            ) from None
        if len(fields) < 6 or fields[5] not in ("+", "-"):
            raise InputError(
                "no strand in column 6.", place=place, fix="give six columns with + or - in the last: BED6."
            )
        if end - start not in (1, length):
            raise InputError(
                f"the interval has {end - start} bases.",
                place=place,
                fix=f"give the TSS, as an interval of 1 base, or the whole window of {length} bases.",
            )
        minus = fields[5] == "-"
        before = downstream if minus else upstream
        ids.append(fields[3] if fields[3] not in ("", ".") else f"{fields[0]}:{start}-{end}({fields[5]})")
        chroms.append(fields[0])
        positions.append(start if end - start == 1 else start + before)
        reverse.append(minus)
    if not ids:
        raise InputError("holds no interval.", place=path, fix="give a BED file with TSSs or promoter windows.")
    return Starts(ids, chroms, np.array(positions, dtype=np.int64), np.array(reverse, dtype=bool))


class Surroundings(NamedTuple):
    """Sequence around TSSs on the plus strand, and where it lies.

    Attributes
    ----------
    chroms : list of str
        Chromosome names as the genome has them; empty where it has none of that name.
    first : np.ndarray, shape (sites,), int64
        Position of the first base, 0-based.
    sequences : list of str
        Upper case; cut at the chromosome's ends.
    """

    chroms: list[str]
    first: np.ndarray
    sequences: list[str]


def read_surroundings(
    starts: Starts, genome_path: str | Path, upstream: int, downstream: int, index_path: str | Path, margin: int = 0
) -> Surroundings:
    """Sequence of the windows around TSSs, with ``margin`` bases more on either side, on the plus strand."""
    before = np.where(starts.reverse, downstream, upstream) + margin
    after = np.where(starts.reverse, upstream, downstream) + margin
    regions = {"chrom": starts.chroms, "start": starts.positions - before, "end": starts.positions + after + 1}
    found = genome.read_regions(genome_path, regions, index_path)
    if not found.names:
        wanted, present = list(dict.fromkeys(starts.chroms))[:3], list(found.lengths)[:3]
        raise InputError(
            f"no chromosome of the BED file ({', '.join(wanted)} ...) is in the genome ({', '.join(present)} ...).",
            place=str(genome_path),
            fix="give the genome that the intervals lie on ('chr1' and '1' are taken as the same).",
        )
    return Surroundings([found.names.get(chrom, "") for chrom in starts.chroms], found.starts, found.sequences)


def _genome_batches(starts: Starts, genome_path: str | Path, upstream: int, downstream: int) -> Iterator[Batch]:
    length = upstream + 1 + downstream
    step = max(len(starts.ids), 1) if genome.detect_format(genome_path) == "gzip" else GENOME_BATCH
    left_out = []
    with TemporaryDirectory() as folder:
        for first in range(0, len(starts.ids), step):
            some = starts.rows(slice(first, first + step))
            found = read_surroundings(some, genome_path, upstream, downstream, Path(folder, "index"))
            whole = np.array([len(sequence) == length for sequence in found.sequences])
            left_out += [name for name, kept in zip(some.ids, whole, strict=True) if not kept]
            rows = np.flatnonzero(whole)
            for part in range(0, len(rows), BATCH):
                yield _on_sense_strand(some, found.sequences, rows[part : part + BATCH], length)
    if left_out:
        logger.warning(
            "%d of %d windows are left out: they reach over a chromosome's end, or the genome lacks the chromosome: %s",
            len(left_out),
            len(starts.ids),
            ", ".join(left_out[:EXAMPLES]) + (" ..." if len(left_out) > EXAMPLES else ""),
        )


def _on_sense_strand(starts: Starts, sequences: list[str], rows: np.ndarray, length: int) -> Batch:
    codes = encode("".join(sequences[row] for row in rows)).reshape(len(rows), length)
    minus = starts.reverse[rows]
    codes = np.where(minus[:, None], reverse_complement_codes(codes), codes)
    return Batch([starts.ids[row] for row in rows], codes)
