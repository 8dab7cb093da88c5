"""DNA sequences as text and as small integers."""

from pathlib import Path

import numpy as np

ALPHABET = "ACGT"
UNKNOWN = 4
"""Code of every base that is not A, C, G or T."""

_CODES = np.full(256, UNKNOWN, dtype=np.uint8)
for _code, _base in enumerate(ALPHABET):
    _CODES[ord(_base)] = _CODES[ord(_base.lower())] = _code
_LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)
_COMPLEMENT = str.maketrans("ACGTNacgtn", "TGCANtgcan")


def encode(sequence: str) -> np.ndarray:
    """Codes 0..3 for A, C, G, T (either case) and 4 for anything else; shape (length,), dtype uint8."""
    return _CODES[np.frombuffer(sequence.encode("ascii", "replace"), dtype=np.uint8)]


def decode(codes: np.ndarray) -> str:
    """Text of one encoded sequence, shape (length,)."""
    return _LETTERS[codes].tobytes().decode("ascii")


def reverse_complement(sequence: str) -> str:
    """Reverse complement of a DNA text; letters other than ACGTN stay as they are."""
    return sequence.translate(_COMPLEMENT)[::-1]


def reverse_complement_codes(codes: np.ndarray) -> np.ndarray:
    """Reverse complement along the last axis of encoded sequences, any leading shape."""
    flipped = codes[..., ::-1]
    return np.where(flipped == UNKNOWN, UNKNOWN, 3 - np.minimum(flipped, 3)).astype(np.uint8)


def one_hot(codes: np.ndarray, dtype=np.float32) -> np.ndarray:
    """One-hot of encoded sequences: shape (..., length) to (..., length, 4); an unknown base is four zeros."""
    # Clipping spares the check of every code, which takes ten times as long as the rest.
    return np.eye(5, 4, dtype=dtype).take(codes, axis=0, mode="clip")


def canonical_words(codes: np.ndarray, word: int) -> tuple[np.ndarray, np.ndarray]:
    """Every word of each sequence as a number that it shares with its reverse complement.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
    word : int
        At most 31.

    Returns
    -------
    numbers : np.ndarray, shape (n, length - word + 1), int64
    known : np.ndarray, shape (n, length - word + 1), bool
        False where a word holds an unknown base; its number means nothing.
    """
    positions = codes.shape[1] - word + 1
    forward = np.zeros((len(codes), positions), dtype=np.int64)
    reverse = np.zeros_like(forward)
    known = np.ones(forward.shape, dtype=bool)
    for i in range(word):
        base = codes[:, i : i + positions].astype(np.int64)
        known &= base != UNKNOWN
        base = np.minimum(base, 3)
        forward = forward * 4 + base
        reverse += (3 - base) << (2 * i)
    return np.minimum(forward, reverse), known


def centre(start: np.ndarray, width: np.ndarray | int) -> np.ndarray:
    """Where sites lie, in the coordinates of their first base: at their middle base, of two the later one."""
    return start + width // 2


def read_fasta(path: str | Path) -> dict[str, str]:
    """All records of a small plain FASTA file, in file order; the id is the whole header, for ids may hold blanks.

    For genomes use :mod:`cisformula.genome`, which never holds a whole genome in memory.
    """
    records: dict[str, list[str]] = {}
    with open(path) as handle:
        for line in handle:
            if line.startswith(">"):
                lines = records.setdefault(line[1:].rstrip("\n"), [])
            else:
                lines.append(line.strip())
    return {name: "".join(lines) for name, lines in records.items()}


def write_fasta(path: str | Path, records: dict[str, str]) -> None:
    """Write records with one line of sequence each."""
    with open(path, "w") as handle:
        for name, sequence in records.items():
            handle.write(f">{name}\n{sequence}\n")
