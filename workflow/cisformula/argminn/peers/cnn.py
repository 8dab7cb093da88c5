"""A plain convolutional network for binary tasks, and the same one with ARGMINN's penalties on its filters.

Three convolutions of eight filters, 10, 5 and 5 bases wide, with batch normalisation, pooling over 40 windows, two
dense layers of 10 and 5, as Tseng et al. (arXiv 2410.06211) compare with. That the pooling comes once, after the last
convolution, is our reading: 500 bases leave no room for it after each. So is batch normalisation before every ReLU but
the first, whose filters are read: without it the network stayed where it began.
"""

import keras
from keras import layers

from ...models.bases import bases_input
from ...models.motif_scanner import MotifScanner

FILTERS = 8
WIDTHS = (10, 5, 5)
POOL = 40
HIDDEN = (10, 5)
MOMENTUM = 0.9
"""Of the running means of batch normalisation: that of PyTorch, in which the network was published."""


def build(length: int, penalised: bool) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.
    penalised : bool
        Whether the first convolution is ARGMINN's scanner, here of one strand: the same convolution, but overlapping
        filters and weights cost something in training.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to a logit (batch, 1). Layer ``motifs`` holds the filters of the first
        convolution, layer ``activations`` puts out what they see, (batch, windows, filters), not negative.
    """
    codes, one_hot = bases_input(length)
    if penalised:
        first = MotifScanner(FILTERS, WIDTHS[0], both_strands=False, name="motifs")
    else:
        first = layers.Conv1D(FILTERS, WIDTHS[0], name="motifs")
    hidden = layers.BatchNormalization(momentum=MOMENTUM)(layers.ReLU(name="activations")(first(one_hot)))
    for width in WIDTHS[1:]:
        hidden = _normalised(layers.Conv1D(FILTERS, width)(hidden))
    hidden = layers.Flatten()(layers.MaxPooling1D(POOL)(hidden))
    for size in HIDDEN:
        hidden = _normalised(layers.Dense(size)(hidden))
    logit = layers.Dense(1, name="logit")(hidden)
    return keras.Model(codes, logit, name="cnn_overlap" if penalised else "cnn")


def _normalised(hidden):
    return layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(hidden))
