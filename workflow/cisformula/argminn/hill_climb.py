"""Design by a network's own prediction: substitutions that raise it most, one after the other.

What designs from rules are compared with. Tseng et al. 2024 design by gradient with Ledidi (Schreiber et al. 2020,
bioRxiv 2020.05.21.109686). In its place stands greedy in-silico mutagenesis, whose every step tries all single
substitutions and takes the best: it needs no gradients, and so runs on every backend of Keras, and it cannot leave the
sequences of bases, as a relaxed one-hot code can. It stops where no single substitution helps.
"""

from collections.abc import Callable

import numpy as np

from ..job import logger
from .attribution import in_silico_mutagenesis


def climb(predict: Callable[[np.ndarray], np.ndarray], codes: np.ndarray, max_edits: int) -> np.ndarray:
    """Make the substitution that raises the prediction most, up to ``max_edits`` times or until none does.

    Parameters
    ----------
    predict : callable
        From codes (sequences, length) to logits (sequences,). It is asked for ``3 * length`` mutants of each sequence
        in each step.
    codes : np.ndarray, shape (sequences, length), uint8
        Where the search begins.
    max_edits : int

    Returns
    -------
    np.ndarray, shape (sequences, length), uint8
    """
    codes, climbing = codes.copy(), np.arange(len(codes))
    for edit in range(max_edits):
        change = in_silico_mutagenesis(predict, codes[climbing]).reshape(len(climbing), -1)
        best = change.argmax(axis=1)
        rises = change[np.arange(len(climbing)), best] > 0
        climbing, best = climbing[rises], best[rises]
        if not len(climbing):
            break
        codes[climbing, best // 4] = best % 4
        logger.info("edit %d of %d: %d sequences still rise", edit + 1, max_edits, len(climbing))
    return codes
