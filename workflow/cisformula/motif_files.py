"""Motif files of any of the usual formats: MEME, JASPAR, TRANSFAC and HOMER, plain or gzip, told by their content."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from .errors import InputError
from .pwm import UNIFORM, UNKNOWN_NSITES, Motif, MotifFile, parse_meme, read_row, to_frequencies, with_unique_ids
from .textfile import read_lines

Lines = list[tuple[int, str]]
"""Line numbers, from 1, and lines."""
LARGEST_COUNT = 1e15
"""More sites than any genome has; sums of counts up to it are exact."""


def read_motifs(path: str | Path) -> MotifFile:
    """Read a motif file.

    - **MEME**: as :func:`cisformula.pwm.read_meme_file`.
    - **JASPAR**: ``>id name``, then four rows of counts, with or without their letter and brackets.
    - **TRANSFAC**: records that end in ``//``, with ``ID`` or ``AC``, optionally ``NA`` or ``DE``, and counts by
      position below ``P0`` or ``PO``.
    - **HOMER**: ``>consensus name threshold ...``, then a row of four frequencies for each position. The number of
      target sequences (``T:123(45%)``), where it is given, is the number of sites.

    Counts become frequencies, and the largest column sum the number of sites. Only MEME files name a background and
    strands; the others are taken to have the uniform background and sites on both strands.

    Raises
    ------
    InputError
        With the line number, for a file that is none of these, or that breaks its format.
    """
    whole = list(read_lines(path))
    lines = [(number, line) for number, line in whole if line.strip()]
    for reader, looks_like in _READERS:
        if looks_like(lines):
            motifs = list(reader(lines, str(path)))
            if not motifs:
                raise InputError("holds no motif.", place=str(path), fix="give a file with at least one matrix.")
            return MotifFile(with_unique_ids(motifs, path), UNIFORM, True)
    return parse_meme([line for _, line in whole], path)


def _read_jaspar(lines: Lines, path: str) -> Iterator[Motif]:
    for title, rows in _records(lines):
        number, words = title[0], title[1][1:].split()
        place = f"{path}:{number}"
        if not words:
            raise InputError("a motif without id.", place=place, fix="write '>MA0001.1 NAME'.")
        if len(rows) != 4:
            raise InputError(
                f"motif {words[0]} has {len(rows)} rows of counts, not 4 (A, C, G, T).",
                place=place,
                fix="the file may be cut short: fetch it again.",
            )
        counts = []
        for base, (row_number, row) in zip("ACGT", rows, strict=True):
            letter, numbers = re.match(r"\s*([A-Za-z]?)(.*)", row).groups()
            if letter and letter.upper() != base:
                raise InputError(
                    f"expected the counts of {base}, found '{row.strip()}'.",
                    place=f"{path}:{row_number}",
                    fix="give the rows in the order A, C, G, T.",
                )
            counts.append(_counts(re.sub(r"[\[\]]", " ", numbers).split(), f"{path}:{row_number}"))
        if len({len(row) for row in counts}) != 1 or not counts[0]:
            raise InputError(
                f"the rows of motif {words[0]} have {', '.join(str(len(row)) for row in counts)} counts.",
                place=place,
                fix="give all four rows one count for each position.",
            )
        yield _from_counts(words[0], " ".join(words[1:]), np.array(counts).T, place)


def _read_homer(lines: Lines, path: str) -> Iterator[Motif]:
    for title, rows in _records(lines):
        place = f"{path}:{title[0]}"
        fields = title[1][1:].split("\t") if "\t" in title[1] else title[1][1:].split()
        if len(fields) < 2 or not fields[1].strip():
            raise InputError("a motif without name.", place=place, fix="write '>consensus', a tab and the name.")
        if not rows:
            raise InputError(f"motif {fields[1]} has no rows.", place=place, fix="fetch the file again.")
        frequencies = [read_row(row.split(), f"{path}:{number}") for number, row in rows]
        targets = re.search(r"\bT:(\d+(?:\.\d+)?)", title[1])
        nsites = float(targets[1]) if targets and 0 < float(targets[1]) < np.inf else UNKNOWN_NSITES
        name = _word(fields[1])
        yield Motif(name, name, to_frequencies(frequencies), nsites)


def _read_transfac(lines: Lines, path: str) -> Iterator[Motif]:
    record: Lines = []
    for number, line in lines:
        if line.startswith("//"):
            yield from _transfac_record(record, path)
            record = []
        else:
            record.append((number, line))
    if any(_is_transfac_matrix(line) for _, line in record):
        raise InputError(
            "the last motif does not end in '//'.",
            place=f"{path}:{record[-1][0]}",
            fix="the file may be cut short: fetch it again.",
        )


def _transfac_record(record: Lines, path: str) -> Iterator[Motif]:
    fields, rows, matrix = {}, [], None
    for number, line in record:
        words = line.split()
        if _is_transfac_matrix(line):
            if words[1:5] != ["A", "C", "G", "T"]:
                raise InputError(
                    f"expected columns A C G T, found '{' '.join(words[1:])}'.",
                    place=f"{path}:{number}",
                    fix="give the counts in the order A, C, G, T.",
                )
            matrix = number
        elif matrix and words[0].isdigit():
            counts = _counts(words[1:5], f"{path}:{number}")
            if len(counts) != 4:
                raise InputError(
                    f"expected four counts, found '{line.strip()}'.",
                    place=f"{path}:{number}",
                    fix="correct this matrix row.",
                )
            rows.append(counts)
        elif len(words) > 1:
            fields.setdefault(words[0], " ".join(words[1:]))
    if matrix is None:
        # A file begins with a record that holds its version.
        return
    place = f"{path}:{record[0][0]}"
    identity = fields.get("AC") or fields.get("ID")
    if not identity or not rows:
        what = "rows of counts" if identity else "line AC or ID"
        raise InputError(f"a motif without {what}.", place=place, fix="add it or remove the motif.")
    name = fields.get("NA") or fields.get("ID") or fields.get("DE") or ""
    yield _from_counts(_word(identity), name, np.array(rows), place)


def _is_transfac_matrix(line: str) -> bool:
    return line.split()[0].upper() in ("P0", "PO")


def _records(lines: Lines) -> Iterator[tuple[tuple[int, str], Lines]]:
    """Title line and other lines of each record that starts with ``>``; what stands before the first is left out."""
    starts = [place for place, (_, line) in enumerate(lines) if line.startswith(">")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield lines[start], lines[start + 1 : end]


def _counts(words: list[str], place: str) -> list[float]:
    try:
        counts = [float(word) for word in words]
    except ValueError:
        counts = [-1.0]
    if not all(0 <= count <= LARGEST_COUNT for count in counts):
        raise InputError(
            f"expected counts of at least 0 and at most {LARGEST_COUNT:g}, found '{' '.join(words)}'.",
            place=place,
            fix="correct this matrix row.",
        )
    return counts


def _from_counts(identity: str, name: str, counts: np.ndarray, place: str) -> Motif:
    """Motif from counts, shape (width, 4), or from frequencies, whose number of sites is unknown."""
    sums = counts.sum(axis=1, keepdims=True)
    if (sums == 0).any():
        raise InputError(
            f"position {int(np.argmin(sums)) + 1} of motif {identity} has no counts.",
            place=place,
            fix="trim or correct the motif.",
        )
    nsites = float(sums.max())
    return Motif(identity, _word(name) or identity, counts / sums, nsites if nsites > 1.5 else UNKNOWN_NSITES)


def _word(text: str) -> str:
    """Text without blanks, which would end a name in MEME format."""
    return re.sub(r"\s+", "_", text.strip())


def _first(lines: Lines, test: Callable[[str], bool]) -> bool:
    return bool(lines) and test(lines[0][1])


def _is_jaspar(lines: Lines) -> bool:
    below = lines[1][1].split() if len(lines) > 1 else []
    lettered = bool(below) and re.fullmatch(r"[Aa]\s*\[?.*", lines[1][1].strip()) is not None
    n_rows = next((place for place, (_, line) in enumerate(lines[1:]) if line.startswith(">")), len(lines) - 1)
    titled = _first(lines, lambda line: line.startswith(">"))
    return titled and (lettered or (n_rows == 4 and not _is_homer_title(lines)))


def _is_homer_title(lines: Lines) -> bool:
    return "\t" in lines[0][1] and len(lines[0][1].split("\t")) >= 3


_READERS: list[tuple[Callable[[Lines, str], Iterator[Motif]], Callable[[Lines], bool]]] = [
    (_read_jaspar, _is_jaspar),
    (_read_homer, lambda lines: _first(lines, lambda line: line.startswith(">"))),
    (
        _read_transfac,
        lambda lines: _first(lines, lambda line: re.match(r"(VV|ID|AC|XX|NA|DE|P0|PO)\b", line) is not None),
    ),
]
"""Readers, each with what tells its format; the first that fits is taken, and MEME if none does."""
