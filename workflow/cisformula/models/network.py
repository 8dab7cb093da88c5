"""What a network family states about itself: how it is built, trained and read."""

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np


@dataclass(frozen=True)
class Network:
    """How one network is built, trained and read.

    Attributes
    ----------
    build : callable
        ``build(length, filters, width)`` gives the untrained network for sequences of ``length`` bp, from encoded bases
        (batch, length) uint8 to standardised expression (batch, 1). Its first convolution is called ``motifs``.
    filters, width : int
        Number and width (bp) of the filters of its first convolution, where the user does not set them.
    optimizer : {"adam", "sgd"}
        ``sgd`` has a momentum of 0.9.
    learning_rate : float
        The highest one of the training.
    warm_up : int
        Epochs before early stopping watches the validation loss. Where it is above zero and ``annealing`` is zero, the
        learning rate also falls to a third whenever that loss has not improved for four epochs.
    annealing : int
        Batches, to the nearest whole epoch, over which the learning rate rises during the first tenth and then falls to
        zero along a cosine (Loshchilov & Hutter 2017, ICLR): small and large sets of genes take as many steps; 0: as
        many epochs as early stopping allows, without a plan.
    both_strands : bool
        Whether its filters scan the reverse complement too.
    description : str
    penalties : tuple of (float, float) or None
        First and last weight of the overlap and of the L1 penalty of a network whose layer ``motifs`` is a
        :class:`cisformula.models.motif_scanner.MotifScanner`. They rise with the epochs; early stopping watches from
        where they no longer do, whatever ``warm_up``.
    """

    build: Callable[[int, int, int], keras.Model]
    filters: int
    width: int
    optimizer: str
    learning_rate: float
    warm_up: int
    annealing: int
    both_strands: bool
    description: str
    penalties: tuple[tuple[float, float], tuple[float, float]] | None = None


def motif_filters(model: keras.Model) -> np.ndarray:
    """The filters of a network's first convolution, shape (filters, width, 4)."""
    return model.get_layer("motifs").get_weights()[0].transpose(2, 0, 1)
