"""Contextual regression: a sum of motif activities, each times a weight that depends on the context.

``prediction(x) = sum_k context_k(x) * activity_k(x) + bias``. The activities come from one convolution whose filters
are motifs; the context weights come from a small network that reads the same convolution (Liu & Wang, arXiv 1710.10728
and 2208.09559). Written with ``keras.ops`` alone, so that it runs on every Keras backend.
"""

from dataclasses import dataclass

import keras
from keras import initializers, layers, ops, regularizers

BLOCK = 50
"""Positions per block of the context network's first max-pooling."""
WEIGHT_DECAY = 1e-4
CONTEXT_LASSO = 1e-4
ACTIVITY_LASSO = 2e-8
DROPOUT = 0.2
HIDDEN = 64


@keras.saving.register_keras_serializable(package="cisformula")
class OneHot(layers.Layer):
    """Encoded bases, (batch, length) uint8, to one-hot (batch, length, 4); an unknown base (4) becomes four zeros."""

    def call(self, codes):
        """Encode."""
        return ops.one_hot(ops.cast(codes, "int32"), 5, dtype=self.compute_dtype)[..., :4]


@keras.saving.register_keras_serializable(package="cisformula")
class BestSites(layers.Layer):
    """Score of each filter's best site, on either strand, in consecutive blocks of positions.

    Parameters
    ----------
    filters, width : int
        Number of filters and their width in bp.
    """

    def __init__(self, filters: int, width: int, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.width = filters, width

    def build(self, input_shape):
        """Create the filters: ``kernel``, shape (width, 4, filters)."""
        shape = (self.width, 4, self.filters)
        self.kernel = self.add_weight(name="kernel", shape=shape, initializer="glorot_normal")

    def call(self, one_hot):
        """(batch, length, 4) to (batch, blocks, filters)."""
        both_strands = ops.concatenate([self.kernel, self.kernel[::-1, ::-1]], axis=-1)
        scores = ops.conv(one_hot, both_strands, padding="valid")
        best = ops.max_pool(scores, BLOCK, BLOCK, padding="same")
        return ops.maximum(best[..., : self.filters], best[..., self.filters :])

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "filters": self.filters, "width": self.width}


@keras.saving.register_keras_serializable(package="cisformula")
class WeightedSum(layers.Layer):
    """Sum over motifs of context times activity, plus a trainable scalar bias: two (batch, motifs) to (batch, 1)."""

    def build(self, input_shape):
        """Create the bias, initially zero."""
        self.bias = self.add_weight(name="bias", shape=(), initializer="zeros")

    def call(self, inputs):
        """Multiply, sum, add the bias."""
        context, activity = inputs
        return ops.sum(context * activity, axis=-1, keepdims=True) + self.bias


@dataclass(frozen=True)
class Variant:
    """How one variant of the model is trained and read.

    Attributes
    ----------
    optimizer : str
        Name of the Keras optimizer.
    learning_rate : float
    warm_up : int
        Epochs before early stopping watches the validation loss. Where it is above zero the learning rate also falls to
        a third whenever that loss has not improved for four epochs.
    both_strands : bool
        Whether its filters scan the reverse complement too.
    description : str
    """

    optimizer: str
    learning_rate: float
    warm_up: int
    both_strands: bool
    description: str


VARIANTS = {
    "best_site": Variant(
        "adam", 5e-3, 8, True, "activity = standardised score of the filter's best site on either strand"
    ),
    "published": Variant(
        "sgd",
        5e-4,
        0,
        False,
        "activity = mean of a non-negative, bias-free filter over all positions (arXiv 2208.09559)",
    ),
}


def build(variant: str, length: int, filters: int = 64, width: int = 8) -> keras.Model:
    """Build a contextual-regression network.

    Parameters
    ----------
    variant : {"best_site", "published"}
        ``published`` is the authors' architecture without its frozen identity layer (same function). Its activities
        are linear in base counts: their rank is at most 24 whatever the number of filters. ``best_site`` replaces
        them by the score of each filter's best site, which is not linear and lets filters become motifs.
    length : int
        Length of the sequences in bp.
    filters, width : int
        Number and width (bp) of the motif filters.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to standardised expression (batch, 1). Layer ``motifs`` holds the
        filters as ``kernel``, shape (width, 4, filters).
    """
    codes = keras.Input((length,), dtype="uint8", name="bases")
    one_hot = OneHot(name="one_hot")(codes)
    activity, blocks = (_published_activity if variant == "published" else _best_site_activity)(one_hot, filters, width)
    context = (_published_context if variant == "published" else _best_site_context)(blocks, filters)
    return keras.Model(
        codes, WeightedSum(name="weighted_sum")([context, activity]), name=f"{variant}_contextual_regression"
    )


def motif_filters(model: keras.Model):
    """The motif filters as an array of shape (filters, width, 4)."""
    return model.get_layer("motifs").get_weights()[0].transpose(2, 0, 1)


def _published_activity(one_hot, filters, width):
    convolution = layers.Conv1D(
        filters,
        width,
        use_bias=False,
        kernel_initializer="glorot_normal",
        kernel_constraint=keras.constraints.NonNeg(),
        activity_regularizer=regularizers.L1(ACTIVITY_LASSO),
        name="motifs",
    )(one_hot)
    activity = layers.GlobalAveragePooling1D(name="activity")(convolution)
    return activity, layers.MaxPooling1D(BLOCK)(convolution)


def _published_context(blocks, filters):
    hidden = layers.Conv1D(16, 7, padding="same", activation="relu")(blocks)
    hidden = _halve(hidden)
    hidden = layers.Conv1D(8, 7, padding="same", activation="relu")(hidden)
    hidden = _halve(hidden)
    return _context_weights(layers.Flatten()(hidden), filters, "glorot_uniform", "zeros")


def _halve(hidden):
    """Max-pool by two; an odd last position is left out, as published, unless it is the only one."""
    return layers.MaxPooling1D(2, padding="valid" if hidden.shape[1] > 1 else "same")(hidden)


def _best_site_activity(one_hot, filters, width):
    blocks = BestSites(filters, width, name="motifs")(one_hot)
    activity = layers.GlobalMaxPooling1D()(blocks)
    return layers.BatchNormalization(name="activity")(activity), blocks


def _best_site_context(blocks, filters):
    hidden = layers.ReLU()(layers.BatchNormalization()(blocks))
    hidden = layers.Flatten()(layers.Conv1D(16, 7, padding="same", activation="relu")(hidden))
    # Starting near a constant context lets the filters learn the linear effects before the context bends them.
    return _context_weights(
        hidden, filters, initializers.RandomNormal(stddev=0.01), initializers.RandomNormal(stddev=0.1)
    )


def _context_weights(hidden, filters, kernel_initializer, bias_initializer):
    for _ in range(2):
        hidden = layers.Dense(HIDDEN, activation="relu", kernel_regularizer=regularizers.L2(WEIGHT_DECAY))(hidden)
        hidden = layers.Dropout(DROPOUT)(hidden)
    return layers.Dense(
        filters,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        activity_regularizer=regularizers.L1(CONTEXT_LASSO),
        name="context",
    )(hidden)
