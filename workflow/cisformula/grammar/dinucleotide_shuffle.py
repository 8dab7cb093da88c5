"""Promoters shuffled so that each keeps its dinucleotides: the control of what composition alone brings about.

A sequence is a walk over four vertices, its bases, along as many edges as it has dinucleotides. Every walk over these
edges from the same first base is equally likely to be drawn (Altschul & Erickson 1985, Mol Biol Evol 2:526): the edge
by which each base is left for the last time is drawn until these edges lead from every base to the last one, all other
edges of a base are put in random order, and the walk follows them.
"""

import numpy as np

from ..sequence import UNKNOWN


def shuffle(codes: np.ndarray, rng: np.random.Generator, block: int | None = None) -> np.ndarray:
    """Shuffle each sequence, every one of its dinucleotides as often as before.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
        Encoded sequences (see :func:`cisformula.sequence.encode`). Unknown bases stay where they are; what lies between
        them is shuffled by itself.
    rng : np.random.Generator
    block : int, optional
        Shuffle within consecutive blocks of so many bases, so that composition along the sequence stays. The first and
        last base of a block never move, so the dinucleotides across its borders stay too. By default a sequence is one
        block.

    Returns
    -------
    np.ndarray, shape (n, length), uint8
    """
    row, start, length = _segments(codes, block or codes.shape[1])
    column = start[:, None] + np.arange(length.max(initial=0))
    inside = np.arange(column.shape[1]) < length[:, None]
    segments = np.full(column.shape, UNKNOWN, dtype=np.uint8)
    segments[inside] = codes[np.repeat(row, length), column[inside]]
    shuffled = codes.copy()
    shuffled[np.repeat(row, length), column[inside]] = _walks(segments, length, rng)[inside]
    return shuffled


def _segments(codes: np.ndarray, block: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, first column and length of every run of known bases within a block, shape (segments,) each."""
    known = codes != UNKNOWN
    before = np.zeros_like(known)
    before[:, 1:] = known[:, :-1]
    before[:, ::block] = False
    row, start = np.nonzero(known & ~before)
    after = np.zeros_like(known)
    after[:, :-1] = known[:, 1:]
    after[:, block - 1 :: block] = False
    return row, start, np.nonzero(known & ~after)[1] - start + 1


def _walks(segments: np.ndarray, length: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A random walk over the edges of each segment, shape (segments, longest), from its first base to its last."""
    rows = np.arange(len(segments))
    walk = segments.copy()
    if not len(segments) or segments.shape[1] < 2:
        return walk
    edges, n_edges = _edges(segments)
    final = segments[rows, length - 1]
    last_edge = _last_edges(edges, n_edges, final, rng)
    edges = _ordered(edges, n_edges, last_edge, rng)
    used = np.zeros((len(segments), 4), dtype=np.int64)
    here = segments[:, 0].astype(np.int64)
    for step in range(1, segments.shape[1]):
        going = rows[step < length]
        base = here[going]
        here[going] = walk[going, step] = edges[going, base, used[going, base]]
        used[going, base] += 1
    return walk


def _edges(segments: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The bases that follow each base, in their order, shape (segments, 4, longest - 1), and how many there are."""
    edges = np.full((len(segments), 4, segments.shape[1] - 1), UNKNOWN, dtype=np.uint8)
    n_edges = np.zeros((len(segments), 4), dtype=np.int64)
    for step in range(segments.shape[1] - 1):
        base, following = segments[:, step], segments[:, step + 1]
        going = np.flatnonzero(following != UNKNOWN)
        edges[going, base[going], n_edges[going, base[going]]] = following[going]
        n_edges[going, base[going]] += 1
    return edges, n_edges


def _last_edges(edges: np.ndarray, n_edges: np.ndarray, final: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each segment and base the edge by which it is left last, shape (segments, 4), all leading to the last base.

    Drawing all of them again until they do is what makes the walks equally likely.
    """
    chosen = np.zeros(n_edges.shape, dtype=np.int64)
    left = np.arange(len(edges))
    while len(left):
        chosen[left] = (rng.random((len(left), 4)) * n_edges[left]).astype(np.int64)
        target = np.take_along_axis(edges[left], chosen[left][:, :, None], axis=2)[:, :, 0].astype(np.int64)
        # A base that is never left needs no edge; the last one ends the walk.
        idle = n_edges[left] == 0
        target = np.where(idle | (np.arange(4) == final[left, None]), final[left, None], target)
        for _ in range(3):
            target = np.take_along_axis(target, target, axis=1)
        left = left[(target != final[left, None]).any(axis=1)]
    return chosen


def _ordered(edges: np.ndarray, n_edges: np.ndarray, last_edge: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Edges of each base in random order but for the one that comes last."""
    place = np.arange(edges.shape[2])
    key = rng.random(edges.shape)
    key[place == last_edge[:, :, None]] = 2.0
    key[place >= n_edges[:, :, None]] = 3.0
    return np.take_along_axis(edges, np.argsort(key, axis=2), axis=2)
