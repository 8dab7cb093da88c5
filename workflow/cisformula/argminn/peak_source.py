"""Training windows at peaks and off them, new ones for every epoch."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..sequence import reverse_complement_codes
from .examples import Examples

LENGTH = 500
CENTRAL = 400
"""Bases in the middle of a window that must overlap the peak."""
MARGIN = CENTRAL // 2
"""Most bases by which a window is moved in training."""


@dataclass(frozen=True)
class PeakSource:
    """Bound windows moved at random, each with an unbound window of its GC content, on random strands.

    Attributes
    ----------
    bound : np.ndarray, shape (bound, LENGTH + 2 * MARGIN), uint8
        Windows with the bases they may move over.
    low, high : np.ndarray, shape (bound,), int
        Least and most bases by which each may move.
    bound_bin : np.ndarray, shape (bound,), int
        Bin of GC content.
    unbound : np.ndarray, shape (pool, LENGTH), uint8
        Sorted by bin.
    unbound_bin : np.ndarray, shape (pool,), int
    seed : int
    """

    bound: np.ndarray
    low: np.ndarray
    high: np.ndarray
    bound_bin: np.ndarray
    unbound: np.ndarray
    unbound_bin: np.ndarray
    seed: int

    @classmethod
    def load(cls, path: str | Path, seed: int) -> "PeakSource":
        """Read ``train.npz``."""
        with np.load(path) as arrays:
            return cls(**arrays, seed=seed)

    @property
    def length(self) -> int:
        """Bases of a sequence."""
        return self.unbound.shape[1]

    def epoch(self, number: int, size: int) -> Examples:
        """``size`` examples of epoch ``number``, half of them bound, in random order."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(number,)))
        n_bound = size // 2
        rounds = -(-size // len(self.bound))
        rows = np.concatenate([rng.permutation(len(self.bound)) for _ in range(rounds)])[: size - n_bound]
        moved, matched = self._moved(rows[:n_bound], rng), self._partners(rows, rng)
        codes = np.concatenate([moved, matched])
        label = np.repeat(np.array([1, 0], dtype=np.float32), [n_bound, size - n_bound])
        turned = rng.random(size) < 0.5
        codes[turned] = reverse_complement_codes(codes[turned])
        order = rng.permutation(size)
        return Examples(codes[order], label[order])

    def _moved(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        shift = rng.integers(self.low[rows], self.high[rows] + 1)
        return self.bound[rows[:, None], (MARGIN + shift)[:, None] + np.arange(self.length)]

    def _partners(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """A random unbound window of the bin of each bound one."""
        wanted = self.bound_bin[rows]
        first, last = (np.searchsorted(self.unbound_bin, wanted, side=side) for side in ("left", "right"))
        return self.unbound[rng.integers(first, last)]
