"""Contextual regression: a sum of motif activities, each times a weight that depends on the context.

``prediction(x) = sum_k context_k(x) * activity_k(x) + bias``. The activities come from one convolution whose filters
are motifs; the context weights come from a small network that reads the same convolution (Liu & Wang, arXiv 1710.10728
and 2208.09559). Runs on every Keras backend.
"""

from functools import partial

import keras
from keras import initializers, layers, ops, regularizers

from .bases import bases_input
from .filter_scans import BLOCK, BestSites, MeanSites, ThresholdedSites
from .network import Network

WEIGHT_DECAY = 1e-4
CONTEXT_LASSO = 1e-4
DROPOUT = 0.2
HIDDEN = 64


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


def build(variant: str, length: int, filters: int, width: int) -> keras.Model:
    """Build a contextual-regression network.

    Parameters
    ----------
    variant : {"best_site", "published", "thresholded"}
        ``published`` is the authors' architecture without its frozen identity layer (same function). Its activities
        are linear in base counts: their rank is at most 24 whatever the number of filters. The other two are not linear
        and let filters become motifs: ``thresholded`` keeps the mean over positions, but of what a filter's score
        exceeds a learned threshold by, on both strands; ``best_site`` takes the score of the filter's best site.
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
    activities = {
        "best_site": _best_site_activity,
        "published": _published_activity,
        "thresholded": _thresholded_activity,
    }
    inputs = bases_input(length)
    activity, blocks = activities[variant](*inputs, filters, width)
    context = (_published_context if variant == "published" else _context_of_scores)(blocks, filters)
    return keras.Model(
        inputs[0], WeightedSum(name="weighted_sum")([context, activity]), name=f"{variant}_contextual_regression"
    )


def _published_activity(codes, one_hot, filters, width):
    activity, blocks = MeanSites(filters, width, name="motifs")([codes, one_hot])
    return layers.Identity(name="activity")(activity), blocks


def _published_context(blocks, filters):
    hidden = layers.Conv1D(16, 7, padding="same", activation="relu")(blocks)
    hidden = _halve(hidden)
    hidden = layers.Conv1D(8, 7, padding="same", activation="relu")(hidden)
    hidden = _halve(hidden)
    return _context_weights(layers.Flatten()(hidden), filters, "glorot_uniform", "zeros")


def _halve(hidden):
    """Max-pool by two; an odd last position is left out, as published, unless it is the only one."""
    return layers.MaxPooling1D(2, padding="valid" if hidden.shape[1] > 1 else "same")(hidden)


def _best_site_activity(codes, _, filters, width):
    blocks = BestSites(filters, width, name="motifs")(codes)
    activity = layers.GlobalMaxPooling1D()(blocks)
    return layers.BatchNormalization(name="activity")(activity), blocks


def _thresholded_activity(_, one_hot, filters, width):
    excess = ThresholdedSites(filters, width, name="motifs")(one_hot)
    activity = layers.GlobalAveragePooling1D()(excess)
    blocks = layers.MaxPooling1D(BLOCK, padding="same", name="blocks")(excess)
    return layers.BatchNormalization(name="activity")(activity), blocks


def _context_of_scores(blocks, filters):
    hidden = layers.ReLU()(layers.BatchNormalization()(blocks))
    hidden = layers.Flatten()(layers.Conv1D(16, 7, padding="same", activation="relu")(hidden))
    # Starting near a constant context lets the filters learn the linear effects before the context bends them.
    return _context_weights(
        hidden, filters, initializers.RandomNormal(stddev=0.01), initializers.RandomNormal(stddev=0.1)
    )


def _context_weights(hidden, filters, kernel_initializer, bias_initializer):
    hidden = dense_trunk(hidden, DROPOUT)
    return layers.Dense(
        filters,
        kernel_initializer=kernel_initializer,
        bias_initializer=bias_initializer,
        activity_regularizer=regularizers.L1(CONTEXT_LASSO),
        name="context",
    )(hidden)


def dense_trunk(hidden, dropout: float):
    """Two hidden layers with weight decay and dropout, (batch, inputs) to (batch, :data:`HIDDEN`)."""
    for _ in range(2):
        hidden = layers.Dense(HIDDEN, activation="relu", kernel_regularizer=regularizers.L2(WEIGHT_DECAY))(hidden)
        hidden = layers.Dropout(dropout)(hidden)
    return hidden


VARIANTS = {
    "best_site": Network(
        build=partial(build, "best_site"),
        filters=64,
        width=8,
        optimizer="adam",
        learning_rate=5e-3,
        warm_up=8,
        annealing=0,
        both_strands=True,
        description="activity = standardised score of the filter's best site on either strand",
    ),
    "published": Network(
        build=partial(build, "published"),
        filters=64,
        width=8,
        optimizer="sgd",
        learning_rate=5e-4,
        warm_up=0,
        annealing=0,
        both_strands=False,
        description="activity = mean of a non-negative, bias-free filter over all positions (arXiv 2208.09559)",
    ),
    "thresholded": Network(
        build=partial(build, "thresholded"),
        filters=64,
        width=8,
        optimizer="adam",
        learning_rate=5e-3,
        warm_up=8,
        annealing=0,
        both_strands=True,
        description="activity = standardised mean excess of the filter's scores over a learned threshold, both strands",
    ),
}
