"""Labelled sequences, and sources that make new ones for every epoch."""

from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np


class Examples(NamedTuple):
    """Sequences of one set.

    Attributes
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        A C G T = 0 1 2 3, anything else 4.
    label : np.ndarray, shape (sequences,), float32
        1 for bound, 0 for not.
    """

    codes: np.ndarray
    label: np.ndarray

    def positives(self) -> np.ndarray:
        """Codes of the bound sequences."""
        return self.codes[self.label == 1]

    def save(self, path: str | Path) -> None:
        """Write an uncompressed ``.npz``."""
        np.savez(path, codes=self.codes, label=self.label)

    @classmethod
    def load(cls, path: str | Path) -> "Examples":
        """Read what :meth:`save` wrote."""
        with np.load(path) as arrays:
            return cls(arrays["codes"], arrays["label"])


class Source(Protocol):
    """Where training takes its sequences from.

    Attributes
    ----------
    length : int
        Bases of a sequence.
    """

    length: int

    def epoch(self, number: int, size: int) -> Examples:
        """``size`` examples of epoch ``number``, half of them bound; the same for the same number and source."""
