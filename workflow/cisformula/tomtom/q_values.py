"""Storey's q-values of the p-values of one query, with the share of true nulls estimated as Tomtom does.

The share of true nulls is estimated at 100 cut-offs, and the estimate whose bootstrap samples come closest to the
smallest of the estimates is taken (Storey 2002; Storey et al. 2004). All queries of a run draw from one stream of
random numbers, in order: MT19937 started by the linear congruential seeding of 1998 from 4357.
"""

import numba
import numpy as np

CUTOFFS = np.arange(1, 101) * 0.005
BOOTSTRAPS = 100
DRAWS = 1000
SEED = 4357


class RandomStream:
    """Uniform random numbers in [0, 1) of 64 bits, two outputs of MT19937 each."""

    def __init__(self, seed: int = SEED):
        state = np.empty(624, dtype=np.uint32)
        for place in range(624):
            state[place] = seed
            seed = seed * 69069 & 0xFFFFFFFF
        self._generator = np.random.RandomState()
        self._generator.set_state(("MT19937", state, 624))

    def take(self, n: int) -> np.ndarray:
        """The next ``n`` numbers, shape (n,)."""
        words = self._generator.randint(0, 2**32, 2 * n, dtype=np.uint32)
        return (words[0::2] * 2.0**32 + words[1::2]) * 2.0**-64


def q_values(p: np.ndarray, stream: np.ndarray) -> np.ndarray:
    """Q-value of each p-value.

    Parameters
    ----------
    p : np.ndarray, shape (n,)
        In ascending order.
    stream : np.ndarray, shape (BOOTSTRAPS * DRAWS,)
        Uniform random numbers in [0, 1).

    Returns
    -------
    np.ndarray, shape (n,), float32
    """
    share = null_share(p, stream)
    raised = np.minimum(1.0, share * p * len(p) / np.arange(1, len(p) + 1)).astype(np.float32)
    return np.minimum.accumulate(raised[::-1])[::-1]


def null_share(p: np.ndarray, stream: np.ndarray) -> float:
    """Estimated share of true null hypotheses, 0..1, among ascending p-values."""
    # The number of cut-offs that each p-value reaches.
    reached = np.searchsorted(CUTOFFS, p, side="right")
    estimates = _at_least(np.bincount(reached, minlength=len(CUTOFFS) + 1)) / ((1 - CUTOFFS) * len(p))
    drawn = _histograms(reached, stream.reshape(BOOTSTRAPS, DRAWS))
    resampled = _at_least(drawn) / ((1 - CUTOFFS) * DRAWS)
    errors = ((resampled - estimates.min()) ** 2).sum(axis=0)
    return min(1.0, estimates[errors.argmin()])


def _at_least(histogram: np.ndarray) -> np.ndarray:
    """From how many reach 0, 1, ... 100 cut-offs to how many reach the first, second, ... cut-off."""
    return np.cumsum(histogram[..., ::-1], axis=-1)[..., -2::-1]


@numba.njit(cache=True, nogil=True)
def _histograms(reached, stream):
    result = np.zeros((len(stream), len(CUTOFFS) + 1), np.int64)
    for sample in range(len(stream)):
        for draw in stream[sample]:
            result[sample, reached[int(draw * len(reached))]] += 1
    return result
