"""First layers of contextual regression: what its filters, which are motifs, find in a sequence."""

import keras
from keras import initializers, layers, ops

from .best_sites import best_sites
from .window_scan import Blocks, even_blocks

BLOCK = 50
"""Windows of a block, of which the context sees the best."""
ACTIVITY_LASSO = 2e-8
THRESHOLD = 0.1
"""Initial threshold of :class:`ThresholdedSites`: about half a standard deviation of the untrained scores."""


class _FilterScan(layers.Layer):
    """A layer with motif filters.

    Parameters
    ----------
    filters, width : int
        Number of filters and their width in bp.
    """

    never_negative = False
    """Whether weights that training makes negative are set to zero."""

    def __init__(self, filters: int, width: int, **kwargs):
        super().__init__(**kwargs)
        self.filters, self.width = filters, width
        # XLA cannot compile what is compiled already.
        self.supports_jit = False

    def build(self, input_shape):
        """Create the filters: ``kernel``, shape (width, 4, filters)."""
        self.kernel = self.add_weight(
            name="kernel",
            shape=(self.width, 4, self.filters),
            initializer="glorot_normal",
            constraint=keras.constraints.NonNeg() if self.never_negative else None,
        )

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "filters": self.filters, "width": self.width}


@keras.saving.register_keras_serializable(package="cisformula")
class BestSites(_FilterScan):
    """Score of each filter's best site, on either strand, in consecutive blocks of windows."""

    def blocks(self, length: int) -> Blocks:
        """How the windows of a sequence of ``length`` bp fall into blocks."""
        return even_blocks(length - self.width + 1, BLOCK)

    def call(self, codes):
        """(batch, length) uint8 to (batch, blocks, filters)."""
        return best_sites(codes, self.kernel, self.blocks(codes.shape[1]), both_strands=True)


@keras.saving.register_keras_serializable(package="cisformula")
class MeanSites(_FilterScan):
    """Mean score of each filter over all windows of the given strand, and its best score in blocks of them.

    The mean is linear in how often each base lies at each place of a window, and computed so. Weights are not negative
    once training has begun, so that the lasso on the scores of all windows is one on their means.
    """

    never_negative = True

    def call(self, inputs):
        """Codes (batch, length) and one-hot (batch, length, 4) to (batch, filters) and (batch, blocks, filters)."""
        codes, one_hot = inputs
        windows = codes.shape[1] - self.width + 1
        # A place further, every window has left one base behind and gained another.
        change = ops.cumsum(one_hot[:, windows:] - one_hot[:, : self.width - 1], axis=1)
        at_first = ops.sum(one_hot[:, :windows], axis=1, keepdims=True)
        share = (at_first + ops.pad(change, ((0, 0), (1, 0), (0, 0)))) / windows
        means = ops.einsum("bwc,wcf->bf", share, self.kernel)
        self.add_loss(ACTIVITY_LASSO * windows * ops.mean(ops.sum(means, axis=1)))
        # What remains after the last whole block is left out, as published.
        blocks = Blocks(0, BLOCK, windows // BLOCK) if windows >= BLOCK else even_blocks(windows, BLOCK)
        return means, best_sites(codes, self.kernel, blocks, both_strands=False)


@keras.saving.register_keras_serializable(package="cisformula")
class ThresholdedSites(_FilterScan):
    """By how much each filter's score exceeds its learned threshold at each position, summed over both strands."""

    def build(self, input_shape):
        """Create the filters: ``kernel``, shape (width, 4, filters), and the negative thresholds ``bias``."""
        super().build(input_shape)
        initial = initializers.Constant(-THRESHOLD)
        self.bias = self.add_weight(name="bias", shape=(self.filters,), initializer=initial)

    def call(self, one_hot):
        """(batch, length, 4) to (batch, positions, filters)."""
        both_strands = ops.concatenate([self.kernel, self.kernel[::-1, ::-1]], axis=-1)
        scores = ops.conv(one_hot, both_strands, padding="valid")
        excess = ops.relu(scores + ops.concatenate([self.bias, self.bias]))
        return excess[..., : self.filters] + excess[..., self.filters :]
