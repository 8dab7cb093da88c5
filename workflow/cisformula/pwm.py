"""Motif objects and the MEME minimal format."""

import logging
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .errors import InputError
from .textfile import read_lines

logger = logging.getLogger("cisformula")

UNIFORM = np.full(4, 0.25)
PSEUDOCOUNT = 0.1
"""Sites of the background that are added to those of a motif, as in the MEME Suite."""
MAX_ROW_ERROR = 0.02
"""A matrix row whose sum is further from 1 than this is refused."""
UNKNOWN_NSITES = 100.0
"""Number of sites of a motif whose file gives none, as in Tomtom."""
EXACT_ROW_ERROR = 1e-5
"""A matrix row whose sum is no further from 1 than this stays as it is written, as in the MEME Suite."""


@dataclass(frozen=True)
class Motif:
    """A DNA motif.

    Attributes
    ----------
    id : str
        Unique within a file; a JASPAR matrix id such as ``MA0095.3`` or a learned motif such as ``R0M12``.
    name : str
        What people call it, e.g. ``YY1``; equal to ``id`` where there is no other name.
    pfm : np.ndarray, shape (width, 4)
        Position frequency matrix over A, C, G, T; every row sums to one, but for the digits that were not printed.
    nsites : float
        Number of sites (windows) the frequencies were counted from.
    """

    id: str
    name: str
    pfm: np.ndarray
    nsites: float = UNKNOWN_NSITES

    @property
    def width(self) -> int:
        """Number of columns of the motif, in base pairs."""
        return len(self.pfm)

    @property
    def consensus(self) -> str:
        """Most frequent base at each position (the first in ACGT order on a tie)."""
        return "".join("ACGT"[base] for base in self.pfm.argmax(axis=1))

    @property
    def information(self) -> float:
        """Total information content in bits against a uniform background."""
        return float(column_information(self.pfm).sum())

    def smoothed(self, background: np.ndarray = UNIFORM) -> np.ndarray:
        """Frequencies with the MEME Suite's pseudocount, taken from a background; shape (width, 4)."""
        return (self.nsites * self.pfm + PSEUDOCOUNT * background) / (self.nsites + PSEUDOCOUNT)

    def reverse_complement(self) -> "Motif":
        """The same motif read on the other strand."""
        return replace(self, pfm=self.pfm[::-1, ::-1])


def column_information(pfm: np.ndarray) -> np.ndarray:
    """Information content of each column in bits, uniform background; shape (width, 4) to (width,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(pfm > 0, pfm * np.log2(pfm / 0.25), 0.0)
    return bits.sum(axis=1)


class MotifFile(NamedTuple):
    """What a motif file holds.

    Attributes
    ----------
    motifs : list of Motif
        In file order, each with an id of its own.
    background : np.ndarray, shape (4,)
        Frequencies of A, C, G, T outside the motifs; uniform where the file gives none.
    both_strands : bool
        Whether sites of the motifs lie on both strands.
    """

    motifs: list[Motif]
    background: np.ndarray
    both_strands: bool


def with_unique_ids(motifs: list[Motif], path: str | Path) -> list[Motif]:
    """Append ``_2``, ``_3`` ... to an id seen before in the same file, and say so in the log."""
    seen: dict[str, int] = {}
    taken = {motif.id for motif in motifs}
    result = []
    for motif in motifs:
        seen[motif.id] = seen.get(motif.id, 0) + 1
        new_id = motif.id
        while seen[motif.id] > 1 and (new_id == motif.id or new_id in taken):
            new_id = f"{motif.id}_{seen[motif.id]}"
            if new_id in taken:
                seen[motif.id] += 1
        taken.add(new_id)
        result.append(replace(motif, id=new_id))
    changed = [f"{old.id} to {new.id}" for old, new in zip(motifs, result, strict=True) if old.id != new.id]
    if changed:
        shown = ", ".join(changed[:5]) + (", ..." if len(changed) > 5 else "")
        logger.warning("%s: %d motifs repeat an id and were renamed: %s", path, len(changed), shown)
    return result


def read_meme(path: str | Path) -> list[Motif]:
    """Read the motifs of a MEME file; see :func:`read_meme_file`."""
    return read_meme_file(path).motifs


def read_meme_file(path: str | Path) -> MotifFile:
    """Read a MEME (minimal) file, plain or gzip: its motifs in file order, each with a unique id, and its header.

    Raises
    ------
    InputError
        With the line number, for a matrix that is missing, cut short, not four numbers wide, negative, or whose rows
        do not sum to one; for a width or number of sites that is no number; for a background that is none, or other
        strands than ``+`` or ``+ -``; for an alphabet other than DNA; for a file without motifs.
    """
    return parse_meme([line for _, line in read_lines(path)], path)


def parse_meme(lines: list[str], path: str | Path) -> MotifFile:
    """The content of a MEME file whose lines were read already; see :func:`read_meme_file`."""
    motifs, background, both_strands, position = [], UNIFORM, True, 0
    while position < len(lines):
        line, place = lines[position], f"{path}:{position + 1}"
        words = line.split()
        position += 1
        if words[:1] == ["MOTIF"]:
            motif, position = _read_motif(lines, position - 1, words, str(path))
            motifs.append(motif)
        elif line.startswith("Background letter frequencies"):
            background = _read_background(lines[position : position + 4], place)
        elif line.startswith("strands:"):
            both_strands = _read_strands(line, place)
        elif line.startswith("ALPHABET="):
            _check_alphabet(line, place)
    if not motifs:
        raise InputError(
            "holds no line that starts with MOTIF.",
            place=str(path),
            fix="give a motif file in MEME format (meme-suite.org, 'MEME Motif Format').",
        )
    return MotifFile(with_unique_ids(motifs, path), background, both_strands)


def _read_background(lines: list[str], place: str) -> np.ndarray:
    """The four frequencies that follow the background's title, on one line or several."""
    found = dict(re.findall(r"\b([ACGT])\s+([-+.\deE]+)", " ".join(lines)))
    try:
        background = np.array([float(found[base]) for base in "ACGT"])
    except (KeyError, ValueError):
        background = np.zeros(4)
    if not (background > 0).all() or abs(background.sum() - 1) > MAX_ROW_ERROR:
        raise InputError(
            "expected background frequencies of A, C, G and T above 0 that sum to 1 after this line.",
            place=place,
            fix="write 'A 0.25 C 0.25 G 0.25 T 0.25' below it, or remove the line.",
        )
    return background / background.sum()


def _read_strands(line: str, place: str) -> bool:
    strands = line.removeprefix("strands:").split()
    if strands not in (["+"], ["+", "-"]):
        raise InputError(
            f"expected 'strands: + -' or 'strands: +', found '{line.strip()}'.", place=place, fix="correct the line."
        )
    return len(strands) == 2


def _check_alphabet(line: str, place: str) -> None:
    alphabet = line.removeprefix("ALPHABET=").strip()
    if alphabet.upper() not in ("ACGT", "DNA") and not alphabet.startswith(('"DNA"', "DNA ")):
        raise InputError(
            f"the alphabet is '{alphabet}', not DNA.", place=place, fix="give DNA motifs over A, C, G and T."
        )


def _read_motif(lines: list[str], position: int, words: list[str], path: str) -> tuple[Motif, int]:
    if len(words) < 2:
        raise InputError("MOTIF without a name.", place=f"{path}:{position + 1}", fix="write 'MOTIF name'.")
    start = position
    position += 1
    while position < len(lines) and not lines[position].startswith(("letter-probability matrix", "MOTIF")):
        position += 1
    if position == len(lines) or lines[position].startswith("MOTIF"):
        raise InputError(
            f"motif {words[1]} has no 'letter-probability matrix' line.",
            place=f"{path}:{start + 1}",
            fix="add its matrix or remove the motif.",
        )
    nsites, announced = _read_header(lines[position], f"{path}:{position + 1}")
    position += 1
    rows = []
    while position < len(lines) and re.match(r"\s*[-+.\d]", lines[position]):
        rows.append(read_row(lines[position].split(), f"{path}:{position + 1}"))
        position += 1
    width = len(rows) if announced is None else announced
    if len(rows) != width or not rows:
        raise InputError(
            f"motif {words[1]} announces w= {width} rows and has {len(rows)}.",
            place=f"{path}:{start + 1}",
            fix="the file may be cut short: fetch it again.",
        )
    return Motif(words[1], words[2] if len(words) > 2 else words[1], to_frequencies(rows), nsites), position


def to_frequencies(rows: list[list[float]]) -> np.ndarray:
    """Rows that sum to about one, rescaled to one where they are further from it than printing explains."""
    pfm = np.array(rows)
    sums = pfm.sum(axis=1, keepdims=True)
    return np.where(np.abs(sums - 1) > EXACT_ROW_ERROR, pfm / sums, pfm)


def _read_header(line: str, place: str) -> tuple[float, int | None]:
    """Number of sites (100, as in Tomtom, if none is given or it is 0) and announced width of a matrix."""
    header = dict(re.findall(r"\b(\w+)=\s*(\S+)", line))
    try:
        nsites = float(header.get("nsites", 0)) or UNKNOWN_NSITES
        width = int(header["w"]) if "w" in header else None
    except ValueError:
        nsites, width = np.nan, None
    if not 0 < nsites < np.inf:
        raise InputError(
            f"expected a positive number of sites and a whole width, found '{line.strip()}'.",
            place=place,
            fix="correct 'w=' and 'nsites=' of this motif.",
        )
    return nsites, width


def read_row(words: list[str], place: str) -> list[float]:
    """Four frequencies of a matrix row.

    Raises
    ------
    InputError
        If they are not four, not numbers from 0 to 1, or do not sum to one.
    """
    try:
        row = [float(word) for word in words]
    except ValueError:
        row = []
    if len(row) != 4 or not all(0 <= value <= 1 for value in row) or abs(sum(row) - 1) > MAX_ROW_ERROR:
        raise InputError(
            f"expected four frequencies that sum to 1, found '{' '.join(words)}'.",
            place=place,
            fix="correct this matrix row.",
        )
    return row


def write_meme(path: str | Path, motifs: list[Motif], both_strands: bool = True) -> None:
    """Write motifs in MEME minimal format (version 5.0, uniform background), with the header of arXiv 2208.09559."""
    with open(path, "w") as handle:
        strands = "+ -" if both_strands else "+"
        handle.write(f"MEME version 5.0\n\nALPHABET= ACGT\n\nstrands: {strands}\n\n")
        handle.write("Background letter frequencies (from uniform background):\nA 0.25 C 0.25 G 0.25 T 0.25\n\n")
        for motif in motifs:
            name = f" {motif.name}" if motif.name != motif.id else ""
            handle.write(f"MOTIF {motif.id}{name}\n")
            handle.write(f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {motif.nsites:.12g} E= 0\n")
            handle.writelines(" ".join(f"{value:.6f}" for value in row) + "\n" for row in motif.pfm)
            handle.write("\n")
