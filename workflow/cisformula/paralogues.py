"""Families of genes whose promoters resemble each other: duplicated genes, overlapping promoters, shared repeats.

Such genes tend to be expressed alike for reasons a motif need not explain. A split that divides them lets a predictor
remember instead of understand, even over chromosomes, since duplicates move.
"""

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from .sequence import canonical_words

WORD = 16
"""Length in bp of the words that promoters are compared by; the whole promoter if that is shorter."""
SHARE = 0.05
"""Promoters belong together if the distinct words they share are at least this part of the words in a promoter.

In promoters of 300 bp these are 15 words: a common stretch of 30 bp, or two copies of 90 % identity (98 % of which are
found so; 64 % at 85 %, 19 % at 80 %). Composition alone does not reach it: among 542 million pairs of human promoters
whose dinucleotides were shuffled, none shares 0.04. Older paralogues, whose promoters have nothing left in common, are
not joined; a predictor from sequence cannot tell them from strangers either.
"""
REPEAT = 200
"""A word in more promoters than this is taken for an interspersed repeat, which says nothing of descent."""
BLOCK = 1000


def similar_pairs(codes: np.ndarray) -> np.ndarray:
    """Pairs of sequences that share at least :data:`SHARE` of their words.

    Words are compared on either strand and count once each, so that a simple repeat, however long, counts little; those
    of more than :data:`REPEAT` sequences do not count.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8

    Returns
    -------
    np.ndarray, shape (pairs, 2), int
        The smaller index first.
    """
    numbers, known = canonical_words(codes, min(WORD, codes.shape[1]))
    row = np.nonzero(known)[0]
    distinct, column = np.unique(numbers[known], return_inverse=True)
    present = sparse.csr_matrix((np.ones(len(row), np.int32), (row, column)), shape=(len(codes), len(distinct)))
    present.data[:] = 1
    carriers = present.getnnz(axis=0)
    informative = present[:, (carriers > 1) & (carriers <= REPEAT)]
    index = informative.T.tocsr()
    pairs = []
    for start in range(0, len(codes), BLOCK):
        shared = (informative[start : start + BLOCK] @ index).tocoo()
        first, second = shared.row + start, shared.col
        close = (first < second) & (shared.data >= SHARE * numbers.shape[1])
        pairs.append(np.stack([first[close], second[close]], axis=1))
    return np.concatenate(pairs)


def families(codes: np.ndarray) -> np.ndarray:
    """Family of each sequence: those joined by a chain of similar pairs (single linkage).

    Single linkage because a split must not let any of two similar promoters fall on different sides.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8

    Returns
    -------
    np.ndarray, shape (n,), int64
        1 for the largest family, and so on; a sequence like no other is a family of its own.
    """
    first, second = similar_pairs(codes).T
    links = sparse.coo_matrix((np.ones(len(first), dtype=bool), (first, second)), shape=(len(codes),) * 2)
    labels = connected_components(links, directed=False)[1]
    _, earliest, which, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(sizes), dtype=np.int64)
    number[np.lexsort((earliest, -sizes))] = np.arange(1, len(sizes) + 1)
    return number[which]


def one_per_family(families: np.ndarray) -> np.ndarray:
    """Rows of the first gene of each family, in order; shape (families,), int.

    Parameters
    ----------
    families : np.ndarray, shape (genes,)
        From :func:`families`.
    """
    return np.sort(np.unique(families, return_index=True)[1])
