"""A trained ARGMINN read a few sequences at a time, so that memory does not grow with their number."""

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol

import numpy as np

from ..job import progress

SEQUENCES_AT_ONCE = 256
"""Of 500 bases, with 8 filters on both strands and 16 heads in all, these take 16 MB."""


class ReadOut(Protocol):
    """What is read of a network, see :class:`cisformula.models.argminn.Reading`.

    Attributes
    ----------
    activations : np.ndarray, shape (sequences, windows, filters, strands), float32
        Strand 0 as the sequence reads, strand 1 its reverse complement; window i covers bases i .. i + width - 1.
    attention : np.ndarray, shape (sequences, layers, heads, windows), float32
        Sums to one over the windows.
    """

    activations: np.ndarray
    attention: np.ndarray


class Part(NamedTuple):
    """Consecutive sequences with what the network makes of them.

    Attributes
    ----------
    first : int
        Row of the first of them.
    codes : np.ndarray, shape (sequences, length), uint8
    reading : ReadOut
    """

    first: int
    codes: np.ndarray
    reading: ReadOut


Read = Callable[[np.ndarray], ReadOut]
"""From codes, shape (sequences, length), to what the network makes of them."""


def read_parts(read: Read, codes: np.ndarray, size: int = SEQUENCES_AT_ONCE) -> Iterator[Part]:
    """Read sequences in order, ``size`` at a time.

    Parameters
    ----------
    read : Read
    codes : np.ndarray, shape (sequences, length), uint8
    size : int
    """
    starts = range(0, len(codes), size)
    for first in progress(starts, len(starts), "groups of sequences read"):
        part = codes[first : first + size]
        yield Part(first, part, read(part))
