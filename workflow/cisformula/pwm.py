"""Motif objects and the MEME minimal format."""

import gzip
import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from .errors import InputError

UNIFORM = np.full(4, 0.25)


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
        Position frequency matrix over A, C, G, T; every row sums to one.
    nsites : float
        Number of sites (windows) the frequencies were counted from.
    """

    id: str
    name: str
    pfm: np.ndarray
    nsites: float = 20.0

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

    def reverse_complement(self) -> "Motif":
        """The same motif read on the other strand."""
        return replace(self, pfm=self.pfm[::-1, ::-1])


def column_information(pfm: np.ndarray) -> np.ndarray:
    """Information content of each column in bits, uniform background; shape (width, 4) to (width,)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        bits = np.where(pfm > 0, pfm * np.log2(pfm / 0.25), 0.0)
    return bits.sum(axis=1)


def _unique(motifs: list[Motif]) -> list[Motif]:
    """Append ``_2``, ``_3`` ... to an id seen before in the same file, so that every id names one matrix."""
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
    return result


def read_meme(path: str | Path) -> list[Motif]:
    """Read the motifs of a MEME (minimal) file, plain or gzip, in file order, each with a unique id.

    Raises
    ------
    InputError
        With the line number, for a matrix that is missing, cut short, not four numbers wide, negative, or whose rows
        do not sum to one, and for a width or number of sites that is no number; for a file without motifs.
    """
    lines = _lines(path)
    motifs, position = [], 0
    while position < len(lines):
        words = lines[position].split()
        if words[:1] == ["MOTIF"]:
            motif, position = _read_motif(lines, position, words, str(path))
            motifs.append(motif)
        else:
            position += 1
    if not motifs:
        raise InputError(
            "holds no line that starts with MOTIF.",
            place=str(path),
            fix="give a motif file in MEME format (meme-suite.org, 'MEME Motif Format').",
        )
    return _unique(motifs)


def _lines(path: str | Path) -> list[str]:
    content = Path(path).read_bytes()
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    return content.decode("utf-8", "replace").splitlines()


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
        rows.append(_read_row(lines[position], f"{path}:{position + 1}"))
        position += 1
    width = len(rows) if announced is None else announced
    if len(rows) != width or not rows:
        raise InputError(
            f"motif {words[1]} announces w= {width} rows and has {len(rows)}.",
            place=f"{path}:{start + 1}",
            fix="the file may be cut short: fetch it again.",
        )
    pfm = np.array(rows)
    pfm /= pfm.sum(axis=1, keepdims=True)
    return Motif(words[1], words[2] if len(words) > 2 else words[1], pfm, nsites), position


def _read_header(line: str, place: str) -> tuple[float, int | None]:
    """Number of sites (20, MEME's default, if none is given or it is 0) and announced width of a matrix."""
    header = dict(re.findall(r"(\w+)=\s*(\S+)", line))
    try:
        nsites = float(header.get("nsites", 20)) or 20.0
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


def _read_row(line: str, place: str) -> list[float]:
    try:
        row = [float(word) for word in line.split()]
    except ValueError:
        row = []
    if len(row) != 4 or not all(0 <= value <= 1 for value in row) or abs(sum(row) - 1) > 0.02:
        raise InputError(
            f"expected four frequencies that sum to 1, found '{line.strip()}'.",
            place=place,
            fix="correct this matrix row.",
        )
    return row


def write_meme(path: str | Path, motifs: list[Motif]) -> None:
    """Write motifs in MEME minimal format (version 5, both strands, uniform background)."""
    with open(path, "w") as handle:
        handle.write("MEME version 5\n\nALPHABET= ACGT\n\nstrands: + -\n\n")
        handle.write("Background letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n\n")
        for motif in motifs:
            name = f" {motif.name}" if motif.name != motif.id else ""
            handle.write(f"MOTIF {motif.id}{name}\n")
            handle.write(f"letter-probability matrix: alength= 4 w= {motif.width} nsites= {motif.nsites:.12g} E= 0\n")
            handle.writelines(" ".join(f"{value:.6f}" for value in row) + "\n" for row in motif.pfm)
            handle.write("\n")
