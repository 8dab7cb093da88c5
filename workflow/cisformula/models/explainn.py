"""A sum of independent units, each one filter with a small network of its own, as ExplaiNN.

``prediction(x) = sum_k weight_k * unit_k(x) + bias`` (Novakovsky et al. 2023, Genome Biology 24:154). A unit sees
one motif at all its positions, so it knows where the motif lies and how often, but nothing of other motifs: what this
network misses and a plain convolutional one finds is interaction between motifs. Unlike there, filters act through a
ReLU instead of the exponential, a unit's output may be negative, units are smaller and dropout is stronger: with some
ten thousand genes the network overfits otherwise.
"""

import keras
from keras import initializers, layers, ops

from .bases import bases_input
from .network import Network

POOL = 10
"""Positions per block of which a unit sees the best."""
HIDDEN = 8
"""Hidden neurons of a unit."""
FILTER_DROPOUT = 0.3
HIDDEN_DROPOUT = 0.5
UNIT_DROPOUT = 0.3


@keras.saving.register_keras_serializable(package="cisformula")
class UnitDense(layers.Layer):
    """A dense layer for each unit: (batch, units, inputs) to (batch, units, outputs), nothing shared between units.

    Parameters
    ----------
    outputs : int
        Outputs of each unit.
    """

    def __init__(self, outputs: int, **kwargs):
        super().__init__(**kwargs)
        self.outputs = outputs

    def build(self, input_shape):
        """Create ``kernel``, shape (units, inputs, outputs), and ``bias``, shape (units, outputs)."""
        units, inputs = input_shape[1:]
        initializer = initializers.RandomNormal(stddev=(2 / inputs) ** 0.5)
        self.kernel = self.add_weight(name="kernel", shape=(units, inputs, self.outputs), initializer=initializer)
        self.bias = self.add_weight(name="bias", shape=(units, self.outputs), initializer="zeros")

    def call(self, inputs):
        """Multiply each unit's inputs by its own kernel, add its bias."""
        by_unit = ops.matmul(ops.transpose(inputs, (1, 0, 2)), self.kernel)
        return ops.transpose(by_unit, (1, 0, 2)) + self.bias

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "outputs": self.outputs}


def build(length: int, filters: int, width: int) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.
    filters, width : int
        Number of units, and width (bp) of their filters.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to standardised expression (batch, 1). Layer ``units`` puts out the
        units, (batch, filters), and layer ``sum`` weighs and adds them.
    """
    codes, one_hot = bases_input(length)
    blocks = layers.Conv1D(filters, width, padding="same", use_bias=False, name="motifs")(one_hot)
    blocks = layers.MaxPooling1D(POOL, padding="same")(blocks)
    blocks = layers.ReLU()(layers.BatchNormalization()(blocks))
    blocks = layers.Dropout(FILTER_DROPOUT)(blocks)
    hidden = layers.ReLU()(UnitDense(HIDDEN)(layers.Permute((2, 1))(blocks)))
    hidden = layers.Dropout(HIDDEN_DROPOUT)(hidden)
    units = layers.Reshape((filters,))(UnitDense(1)(hidden))
    units = layers.BatchNormalization(name="units")(units)
    # Starting near a constant prediction keeps the first steps small, whatever the number of units.
    weights = initializers.RandomNormal(stddev=0.1 / filters**0.5)
    prediction = layers.Dense(1, kernel_initializer=weights, name="sum")(layers.Dropout(UNIT_DROPOUT)(units))
    return keras.Model(codes, prediction, name="explainn")


NETWORK = Network(
    build=build,
    filters=100,
    width=11,
    optimizer="adam",
    learning_rate=1e-3,
    warm_up=8,
    annealing=0,
    both_strands=False,
    description="sum of independent units of one filter each, as ExplaiNN (Novakovsky et al. 2023)",
)
