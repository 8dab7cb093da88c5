"""ExplaiNN for binary tasks: a sum of eight independent units of one filter each.

As Novakovsky et al. (2023, Genome Biology 24:154) have it, of the size that Tseng et al. (arXiv 2410.06211) compare
with: filters of 19 bases that act through the exponential, the best of every 7 windows, 100 hidden neurons a unit with
dropout of 0.3. :mod:`cisformula.models.explainn` is a smaller one for expression.
"""

import keras
from keras import layers

from ...models.bases import bases_input
from ...models.explainn import UnitDense
from .cnn import MOMENTUM

UNITS = 8
WIDTH = 19
POOL = 7
HIDDEN = 100
DROPOUT = 0.3


def build(length: int) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to a logit (batch, 1). Layer ``motifs`` holds the filters, layer
        ``activations`` puts out what they see, (batch, windows, units), positive. Layer ``units`` puts out the units,
        (batch, units), and layer ``logit`` weighs and adds them.
    """
    codes, one_hot = bases_input(length)
    scores = layers.BatchNormalization(momentum=MOMENTUM)(layers.Conv1D(UNITS, WIDTH, name="motifs")(one_hot))
    activations = layers.Activation("exponential", name="activations")(scores)
    best = layers.Permute((2, 1))(layers.MaxPooling1D(POOL)(activations))
    # Every hidden neuron of every unit is normalised by itself.
    hidden = layers.Reshape((UNITS * HIDDEN,))(UnitDense(HIDDEN)(best))
    hidden = layers.Dropout(DROPOUT)(layers.ReLU()(layers.BatchNormalization(momentum=MOMENTUM)(hidden)))
    units = layers.Reshape((UNITS,))(UnitDense(1)(layers.Reshape((UNITS, HIDDEN))(hidden)))
    units = layers.ReLU(name="units")(layers.BatchNormalization(momentum=MOMENTUM)(units))
    return keras.Model(codes, layers.Dense(1, name="logit")(units), name="explainn")
