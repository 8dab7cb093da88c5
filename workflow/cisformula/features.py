"""Numbers computed from promoter sequences: composition, k-mer counts and mean filter activations."""

import numpy as np

from .sequence import UNKNOWN, one_hot

COVARIATES = ("fraction_A", "fraction_C", "fraction_G", "fraction_T", "gc_count", "cpg_count")
"""Composition covariates that a formula may hold: fractions of the window, G or C bases, CpG dinucleotides."""


def base_composition(codes: np.ndarray) -> np.ndarray:
    """Fraction of A, C, G and T in each sequence; (n, length) to (n, 4). Unknown bases count towards none."""
    return np.stack([(codes == base).mean(axis=1) for base in range(4)], axis=1)


def gc_and_cpg(codes: np.ndarray) -> np.ndarray:
    """Number of G or C bases and number of CpG dinucleotides in each sequence; (n, length) to (n, 2)."""
    gc = ((codes == 1) | (codes == 2)).sum(axis=1)
    cpg = ((codes[:, :-1] == 1) & (codes[:, 1:] == 2)).sum(axis=1)
    return np.stack([gc, cpg], axis=1).astype(float)


def covariates(codes: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """Covariates by their names in :data:`COVARIATES`; (n, length) to (n, len(names))."""
    values = np.hstack([base_composition(codes), gc_and_cpg(codes)])
    return values[:, [COVARIATES.index(name) for name in names]]


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
