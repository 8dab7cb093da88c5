"""A plain convolutional network on promoters, as Xpresso (Agarwal & Shendure 2020, Cell Reports 31:107663).

The yardstick of what sequence alone can tell: motifs, their positions and their interactions, none of it readable.
Two rounds of convolution and pooling and one hidden layer as there; of its size, as there are some ten thousand genes
and windows of a few hundred bases here, and without its half-life features. Pooling comes before batch normalisation
and ReLU, which then have a tenth of the positions to work on.
"""

import keras
from keras import layers

from .bases import bases_input
from .network import Network

POOL = 10
"""Positions per block of the first pooling, which keeps the best."""
SECOND_POOL = 5
"""Blocks per block of the second pooling, which averages."""
SECOND_FILTERS = 64
SECOND_WIDTH = 5
HIDDEN = 64
FILTER_DROPOUT = 0.3
DROPOUT = 0.5


def build(length: int, filters: int, width: int) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.
    filters, width : int
        Number and width (bp) of the filters of the first convolution.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to standardised expression (batch, 1).
    """
    codes, hidden = bases_input(length)
    hidden = layers.Conv1D(filters, width, padding="same", use_bias=False, name="motifs")(hidden)
    hidden = layers.MaxPooling1D(POOL, padding="same")(hidden)
    hidden = layers.ReLU()(layers.BatchNormalization()(hidden))
    hidden = layers.Dropout(FILTER_DROPOUT)(hidden)
    hidden = layers.Conv1D(SECOND_FILTERS, SECOND_WIDTH, padding="same", use_bias=False)(hidden)
    hidden = layers.ReLU()(layers.BatchNormalization()(hidden))
    hidden = layers.AveragePooling1D(SECOND_POOL, padding="same")(hidden)
    hidden = layers.Dropout(DROPOUT)(layers.Flatten()(hidden))
    hidden = layers.Dropout(DROPOUT)(layers.Dense(HIDDEN, activation="relu")(hidden))
    return keras.Model(codes, layers.Dense(1, name="expression")(hidden), name="xpresso_cnn")


NETWORK = Network(
    build=build,
    filters=128,
    width=11,
    optimizer="adam",
    learning_rate=3e-3,
    warm_up=10,
    annealing=1320,
    both_strands=False,
    description="two convolutions with pooling and one hidden layer, as Xpresso (Agarwal & Shendure 2020)",
)
