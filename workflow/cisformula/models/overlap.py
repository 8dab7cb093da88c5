"""The penalty that keeps filters from sharing a motif: what other filters see in the bases of the strongest one.

After Tseng et al. 2024 (arXiv 2410.06211). At each position the filter with the highest activation is taken; every
other filter that is active in a window which overlaps that one is charged with its activation, times how much weight
both filters have in the bases that the windows share.
"""

from functools import partial

from keras import ops

from .host import tensorflow_without_gpu
from .overlap_scan import gather, spread

SMALLEST = 1e-12


def shared_mass(kernel):
    """Absolute weight of each filter in the bases that its window shares with another window.

    Parameters
    ----------
    kernel : tensor, shape (width, 4, filters)

    Returns
    -------
    tensor, shape (2 * width - 1, filters)
        Row ``width - 1 + d``: the other window begins ``d`` bases after that of the filter. What that other filter has
        in the same bases is row ``width - 1 - d``.
    """
    by_base = ops.sum(ops.abs(kernel), axis=1)
    before = ops.cumsum(by_base, axis=0)
    after = ops.flip(ops.cumsum(ops.flip(by_base, axis=0), axis=0), axis=0)
    return ops.concatenate([before, after[1:]], axis=0)


def overlap_penalty(activations, kernel, filter_of_track, ignore_silent: bool):
    """Mean activation of other filters around the strongest, weighed by the mass of both in the bases they share.

    Compiled for TensorFlow without a GPU; elsewhere all offsets and pairs of filters are one convolution of the
    activations, whose output for the strongest filter of each position is kept.

    Parameters
    ----------
    activations : tensor, shape (batch, windows, tracks)
        Not negative. Gradients pass through them, but not through which of them is the strongest.
    kernel : tensor, shape (width, 4, tracks)
    filter_of_track : np.ndarray, shape (tracks,), int
        Tracks of one filter, its two strands, are not charged for each other.
    ignore_silent : bool
        Leave out positions at which no filter is active; as published, the first filter counts as the strongest there.

    Returns
    -------
    tensor, scalar
        Mean over positions, filters and offsets, divided by the sum of the absolute weights.
    """
    mass = shared_mass(kernel)
    n_offsets, n_tracks = mass.shape
    others = ops.convert_to_tensor(filter_of_track[:, None] != filter_of_track[None, :], dtype=mass.dtype)
    # (strongest, offset, charged): the offset is that of the charged window from the strongest one's.
    pairs = ops.transpose(mass)[:, :, None] * ops.flip(mass, axis=0)[None] * others[:, None]
    charge = (_compiled if tensorflow_without_gpu() else _convolved)(activations, pairs, ignore_silent)
    positions = ops.cast(ops.prod(ops.shape(activations)[:2]), mass.dtype)
    return charge / (positions * n_tracks * n_offsets) / (ops.sum(ops.abs(kernel)) + SMALLEST)


def _convolved(activations, pairs, ignore_silent):
    """Sum over all positions of the activations around, times what of ``pairs`` belongs to the strongest track."""
    charged = ops.conv(activations, ops.transpose(pairs, (1, 2, 0)), padding="same")
    strongest = ops.one_hot(ops.argmax(activations, axis=-1), pairs.shape[0], dtype=pairs.dtype)
    if ignore_silent:
        strongest = strongest * ops.cast(ops.max(activations, axis=-1, keepdims=True) > 0, pairs.dtype)
    return ops.sum(charged * strongest)


def _compiled(activations, pairs, ignore_silent):
    """The same by :mod:`cisformula.models.overlap_scan`."""
    import tensorflow as tf

    @tf.custom_gradient
    def charge(activations, pairs):
        find = partial(gather, offsets=pairs.shape[1], ignore_silent=ignore_silent)
        around, strongest = tf.numpy_function(find, [activations], [pairs.dtype, tf.int32])
        around.set_shape(pairs.shape)

        def gradient(upstream):
            toward = tf.numpy_function(spread, [strongest, upstream * pairs], pairs.dtype)
            toward.set_shape(activations.shape)
            return toward, upstream * around

        return tf.reduce_sum(around * pairs), gradient

    return charge(activations, pairs)
