"""Elements of the core promoter as consensus words, and the places where they match exactly."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from ..hits import Hits
from ..textfile import read_lines, whole_number

COLUMNS = ["name", "consensus", "base", "position", "organism", "source"]
IUPAC = {
    "A": "A",
    "C": "C",
    "G": "G",
    "T": "T",
    "R": "AG",
    "Y": "CT",
    "S": "CG",
    "W": "AT",
    "K": "GT",
    "M": "AC",
    "B": "CGT",
    "D": "AGT",
    "H": "ACT",
    "V": "ACG",
    "N": "ACGT",
}


class Element(NamedTuple):
    """A core promoter element.

    Attributes
    ----------
    name : str
    consensus : str
        IUPAC letters.
    base : int
        Index of the base in the consensus whose position is given.
    position : float
        Where the literature finds that base, in bases from the TSS at 0; NaN where it names no single place.
    organism, source : str
    """

    name: str
    consensus: str
    base: int
    position: float
    organism: str
    source: str

    def allowed(self) -> np.ndarray:
        """Whether each base may stand at each position, shape (width, 5), the unknown base never."""
        return np.array([[base in IUPAC[letter] for base in "ACGT"] + [False] for letter in self.consensus])


def read_elements(path: str | Path) -> list[Element]:
    """Read a table of :data:`COLUMNS`.

    Raises
    ------
    InputError
        For a column that is missing, a line of another length than the header, a letter that is no IUPAC code, a base
        outside the consensus, a number that is none.
    """
    rows = ((number, line.split("\t")) for number, line in read_lines(path) if line)
    _, header = next(rows, (1, []))
    if missing := [column for column in COLUMNS if column not in header]:
        raise InputError(
            f"has no column {missing[0]}.", place=str(path), fix=f"give tab-separated columns {', '.join(COLUMNS)}."
        )
    elements = []
    for number, fields in rows:
        place = f"{path}:{number}"
        if len(fields) != len(header):
            raise InputError(
                f"{len(fields)} columns, the header has {len(header)}.", place=place, fix="correct the line."
            )
        values = dict(zip(header, fields, strict=True))
        elements.append(_element(values, place))
    return elements


def _element(values: dict[str, str], place: str) -> Element:
    name, consensus, base_text, position_text, organism, source = (values[column] for column in COLUMNS)
    try:
        base, position = whole_number(base_text), float(position_text or "nan")
        if np.isinf(position):
            raise ValueError
    except ValueError:
        raise InputError(
            f"base '{base_text}' or position '{position_text}' is no number.", place=place, fix="correct the line."
        ) from None
    if not consensus or not set(consensus) <= set(IUPAC) or base >= len(consensus):
        raise InputError(
            f"'{consensus}' is no consensus of IUPAC letters with a base {base}.",
            place=place,
            fix=f"use the letters {''.join(IUPAC)} and count the base from 0.",
        )
    return Element(name, consensus, base, position, organism, source)


def find_element(codes: np.ndarray, element: Element) -> Hits:
    """Exact matches of an element on both strands, each with grade 1.

    Parameters
    ----------
    codes : np.ndarray, shape (n_sequences, length), uint8
    element : Element
    """
    allowed = element.allowed()
    forward = _matches(codes, allowed)
    reverse = _matches(codes, np.column_stack([allowed[::-1, 3::-1], allowed[:, 4]]))
    sequence, start = np.nonzero(forward | reverse)
    strand = forward[sequence, start].astype(np.int8) - reverse[sequence, start]
    return Hits(sequence, start, strand, np.ones(len(start), dtype=np.int8))


def _matches(codes: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """Whether a match starts at each base, shape (n_sequences, length - width + 1)."""
    places = codes.shape[1] - len(allowed) + 1
    matches = np.ones((len(codes), max(places, 0)), dtype=bool)
    for offset, bases in enumerate(allowed):
        matches &= bases[codes[:, offset : offset + matches.shape[1]]]
    return matches
