"""Frequencies of single bases outside the motifs: order-0 backgrounds."""

from pathlib import Path

import numpy as np

from .errors import InputError
from .pwm import MAX_ROW_ERROR, UNIFORM
from .textfile import read_lines


def base_frequencies(codes: np.ndarray, both_strands: bool) -> np.ndarray:
    """Frequencies of A, C, G, T in sequences, shape (4,); unknown bases do not count.

    Parameters
    ----------
    codes : np.ndarray, shape (n_sequences, length), uint8
        See :func:`cisformula.sequence.encode`.
    both_strands : bool
        Whether the other strand counts too: A and T, and C and G, are then equally frequent.
    """
    counts = np.bincount(codes.ravel(), minlength=5)[:4].astype(float)
    if both_strands:
        counts += counts[::-1]
    return counts / counts.sum()


def read_background(path: str | Path) -> np.ndarray:
    """Read the frequencies of single bases from a background file, as ``fasta-get-markov`` makes it; shape (4,).

    Lines with longer words, the higher orders of a Markov model, and comments are left out.

    Raises
    ------
    InputError
        With the line number, for a frequency that is none; for a base that is missing, or frequencies that do not sum
        to one.
    """
    found = {}
    for number, line in read_lines(path):
        words = line.split()
        if words and words[0].upper() in "ACGT" and len(words[0]) == 1:
            try:
                found[words[0].upper()] = float(words[1])
            except (IndexError, ValueError):
                raise InputError(
                    f"expected a base and its frequency, found '{line.strip()}'.",
                    place=f"{path}:{number}",
                    fix="correct the line.",
                ) from None
    background = np.array([found.get(base, 0.0) for base in "ACGT"])
    if not (background > 0).all() or not abs(background.sum() - 1) <= MAX_ROW_ERROR:
        raise InputError(
            "expected frequencies of A, C, G and T above 0 that sum to 1.",
            place=str(path),
            fix="make the file with fasta-get-markov, or write four lines such as 'A 0.25'.",
        )
    return background / background.sum()


def choose(choice: str, codes: np.ndarray, both_strands: bool) -> np.ndarray:
    """The background that the configuration asks for: ``uniform``, ``promoters`` or the path of a file."""
    if choice == "promoters":
        return base_frequencies(codes, both_strands)
    return UNIFORM if choice == "uniform" else read_background(choice)


def write_background(path: str | Path, background: np.ndarray) -> None:
    """Write a background file that the MEME Suite reads."""
    rows = "".join(f"{base} {frequency:.9g}\n" for base, frequency in zip("ACGT", background, strict=True))
    Path(path).write_text(f"#   order 0\n{rows}")
