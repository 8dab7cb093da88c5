"""Contextual regression that keeps positions: every filter has an activity and a weight in each position bin.

``prediction(x) = sum_{p,k} context_{p,k}(x) * activity_{p,k}(x) + bias``. The form is that of contextual regression
(Liu & Wang, arXiv 1710.10728 and 2208.09559); activities by position bin and thresholds are our own design. The
activity of a filter is zero wherever its motif is absent, so that an absent motif adds nothing to the prediction, and
the sum takes a prediction apart by motif and position exactly.
"""

import keras
from keras import initializers, layers, ops, regularizers

from .bases import bases
from .contextual_regression import CONTEXT_LASSO, WeightedSum, dense_trunk
from .filter_scans import BestSites
from .network import Network
from .window_scan import Blocks

BIN = 25
"""Bases of a position bin; the last one of a window may be shorter."""
THRESHOLD = 0.2
"""Initial threshold: about one standard deviation of the untrained scores."""
SCALE = 5.0
"""Fixed factor of the activities, which gives those of the untrained network a standard deviation of about one."""
ACTIVITY_DROPOUT = 0.6
"""Share of the activities left out in training: without it the network overfits some ten thousand genes."""
HIDDEN_DROPOUT = 0.5


@keras.saving.register_keras_serializable(package="cisformula")
class BinnedSites(BestSites):
    """Score of each filter's best window, on either strand, in consecutive bins of :data:`BIN` bases.

    A window belongs to the bin of its middle base (see :func:`cisformula.sequence.centre`); a bin in which no window
    has its middle scores :data:`cisformula.models.window_scan.OUTSIDE`.
    """

    def blocks(self, length: int) -> Blocks:
        """How the windows of a sequence of ``length`` bp fall into bins."""
        return Blocks(self.width // 2, BIN, number_of_bins(length))


@keras.saving.register_keras_serializable(package="cisformula")
class Excess(layers.Layer):
    """:data:`SCALE` times what scores exceed the threshold of their filter by; zero where they do not."""

    def build(self, input_shape):
        """Create ``threshold``, shape (filters,), never negative: unknown bases, which score 0, are no motif."""
        self.threshold = self.add_weight(
            name="threshold",
            shape=input_shape[-1:],
            initializer=initializers.Constant(THRESHOLD),
            constraint=keras.constraints.NonNeg(),
        )

    def call(self, scores):
        """(batch, bins, filters) to the same shape."""
        return SCALE * ops.relu(scores - self.threshold)


def number_of_bins(length: int) -> int:
    """Number of position bins of a window of ``length`` bases."""
    return -(-length // BIN)


def build(length: int, filters: int, width: int) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.
    filters, width : int
        Number and width (bp) of the motif filters.

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to standardised expression (batch, 1). Layer ``motifs`` holds the
        filters as ``kernel``, shape (width, 4, filters); layers ``activity`` and ``context`` put out the factors of
        the sum, (batch, bins, filters) each, and layer ``weighted_sum`` holds its ``bias``.
    """
    codes = bases(length)
    scores = BinnedSites(filters, width, name="motifs")(codes)
    activity = Excess(name="activity")(scores)
    kept = layers.Dropout(ACTIVITY_DROPOUT)(activity)
    factors = [layers.Flatten()(_context(kept)), layers.Flatten()(kept)]
    return keras.Model(codes, WeightedSum(name="weighted_sum")(factors), name="positional_contextual_regression")


def _context(activity):
    """Weight of each filter in each bin, from what all filters show in all bins."""
    _, bins, filters = activity.shape
    hidden = layers.BatchNormalization()(activity)
    hidden = layers.Flatten()(layers.Conv1D(16, 7, padding="same", activation="relu")(hidden))
    hidden = dense_trunk(hidden, HIDDEN_DROPOUT)
    # Starting near a constant context lets the filters learn the linear effects before the context bends them.
    weights = layers.Dense(
        bins * filters,
        kernel_initializer=initializers.RandomNormal(stddev=0.01),
        bias_initializer=initializers.RandomNormal(stddev=0.01),
        activity_regularizer=regularizers.L1(CONTEXT_LASSO),
    )(hidden)
    return layers.Reshape((bins, filters), name="context")(weights)


NETWORK = Network(
    build=build,
    filters=128,
    width=11,
    optimizer="adam",
    learning_rate=3e-3,
    warm_up=10,
    annealing=1320,
    both_strands=True,
    description="contextual regression by position: activity = excess of the best window in each bin over a threshold",
)
