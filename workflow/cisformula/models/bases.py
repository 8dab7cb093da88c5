"""The input that all networks share: encoded bases, which most of them make one-hot."""

import keras
from keras import layers, ops


def one_hot(codes, dtype: str):
    """Encoded bases (batch, length) as one-hot (batch, length, 4); an unknown base (4) becomes four zeros."""
    return ops.one_hot(ops.cast(codes, "int32"), 5, dtype=dtype)[..., :4]


@keras.saving.register_keras_serializable(package="cisformula")
class OneHot(layers.Layer):
    """:func:`one_hot` as a layer."""

    def call(self, codes):
        """Encode."""
        return one_hot(codes, self.compute_dtype)


def bases(length: int):
    """Input of a network: encoded bases, (batch, length) uint8."""
    return keras.Input((length,), dtype="uint8", name="bases")


def bases_input(length: int):
    """Input of a network: the encoded bases, (batch, length) uint8, and their one-hot code, (batch, length, 4)."""
    codes = bases(length)
    return codes, OneHot(name="one_hot")(codes)
