"""The input that all networks share: encoded bases, which most of them make one-hot."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="cisformula")
class OneHot(layers.Layer):
    """Encoded bases, (batch, length) uint8, to one-hot (batch, length, 4); an unknown base (4) becomes four zeros."""

    def call(self, codes):
        """Encode."""
        return ops.one_hot(ops.cast(codes, "int32"), 5, dtype=self.compute_dtype)[..., :4]


def bases(length: int):
    """Input of a network: encoded bases, (batch, length) uint8."""
    return keras.Input((length,), dtype="uint8", name="bases")


def bases_input(length: int):
    """Input of a network: the encoded bases, (batch, length) uint8, and their one-hot code, (batch, length, 4)."""
    codes = bases(length)
    return codes, OneHot(name="one_hot")(codes)
