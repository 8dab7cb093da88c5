"""Numbers computed from promoter sequences: composition, k-mer counts and mean filter activations."""

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .sequence import UNKNOWN, one_hot

_COVARIATE = re.compile(r"(A|C|G|CG)\[(\d+):(\d+)\]")

COUNTED = ("A", "C", "G", "CG")
"""Words that composition covariates count. The count of T follows from the others in a window without unknown bases."""


def base_composition(codes: np.ndarray) -> np.ndarray:
    """Fraction of A, C, G and T in each sequence; (n, length) to (n, 4). Unknown bases count towards none."""
    return np.stack([(codes == base).mean(axis=1) for base in range(4)], axis=1)


def gc_and_cpg(codes: np.ndarray) -> np.ndarray:
    """Number of G or C bases and number of CpG dinucleotides in each sequence; (n, length) to (n, 2)."""
    gc = ((codes == 1) | (codes == 2)).sum(axis=1)
    cpg = ((codes[:, :-1] == 1) & (codes[:, 1:] == 2)).sum(axis=1)
    return np.stack([gc, cpg], axis=1).astype(float)


def covariate_names(edges: Sequence[int]) -> tuple[str, ...]:
    """Names of the counts of :data:`COUNTED` in each position bin, such as ``CG[50:100]``: all bins of a word in turn.

    Parameters
    ----------
    edges : sequence of int, length bins + 1
        In bases from the start of the window; bin b holds the words whose first base is at ``edges[b]`` or later and
        before ``edges[b + 1]``.
    """
    return tuple(f"{word}[{start}:{end}]" for word in COUNTED for start, end in pairwise(edges))


def is_covariate(name: object) -> bool:
    """Whether it is a name of :func:`covariate_names`."""
    return isinstance(name, str) and _COVARIATE.fullmatch(name) is not None


def covariates(codes: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Composition covariates by their :func:`covariate_names`; (n, length) to (n, len(names)), float64."""
    starts = {"A": codes == 0, "C": codes == 1, "G": codes == 2}
    starts["CG"] = np.zeros_like(starts["C"])
    starts["CG"][:, :-1] = starts["C"][:, :-1] & starts["G"][:, 1:]
    values = np.empty((len(codes), len(names)))
    for column, name in enumerate(names):
        word, start, end = _COVARIATE.fullmatch(name).groups()
        values[:, column] = starts[word][:, int(start) : int(end)].sum(axis=1)
    return values


def kmer_counts(codes: np.ndarray, k: int) -> np.ndarray:
    """Counts of every k-mer on the sense strand, in lexicographic order; (n, length) to (n, 4**k), float32.

    A k-mer that holds an unknown base is not counted.
    """
    n_sequences, length = codes.shape
    positions = length - k + 1
    word = np.zeros((n_sequences, positions), dtype=np.int64)
    known = np.ones((n_sequences, positions), dtype=bool)
    for i in range(k):
        word = word * 4 + np.minimum(codes[:, i : i + positions], 3)
        known &= codes[:, i : i + positions] != UNKNOWN
    row = np.arange(n_sequences)[:, None] * 4**k
    counts = np.bincount((row + word)[known], minlength=n_sequences * 4**k)
    return counts.reshape(n_sequences, 4**k).astype(np.float32)


def mean_activation(codes: np.ndarray, filters: np.ndarray) -> np.ndarray:
    """Mean score of each filter over all positions, the published feature (arXiv 2208.09559).

    Linear in the base counts of ``width`` shifted windows, so that any number of filters spans at most ``3 * width``
    dimensions after centring. In double precision, because rounding to single makes the rank look full.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
    filters : np.ndarray, shape (filters, width, 4)

    Returns
    -------
    np.ndarray, shape (n, filters), float64
    """
    width = filters.shape[1]
    positions = codes.shape[1] - width + 1
    bases = one_hot(codes, dtype=np.float64)
    frequencies = np.stack([bases[:, i : i + positions].mean(axis=1) for i in range(width)], axis=1)
    return frequencies.reshape(len(codes), -1) @ filters.reshape(len(filters), -1).T
