"""The operation that networks of best sites share: each filter's best score in blocks of consecutive windows."""

from functools import cache, partial

import keras
from keras import ops

from .window_scan import OUTSIDE, Blocks, kernel_gradient, scan


def best_sites(codes, kernel, blocks: Blocks):
    """Score of each filter's best site, on either strand, in each block.

    Compiled for TensorFlow without a GPU (see :mod:`cisformula.models.window_scan`), else :func:`pooled_convolution`.

    Parameters
    ----------
    codes : tensor, shape (batch, length), uint8
        Encoded bases; an unknown one scores 0.
    kernel : tensor, shape (width, 4, filters), float32
    blocks : Blocks

    Returns
    -------
    tensor, shape (batch, blocks, filters), float32
        :data:`cisformula.models.window_scan.OUTSIDE` where a block holds no window.
    """
    return (_compiled if _tensorflow_without_gpu() else pooled_convolution)(codes, kernel, blocks)


def pooled_convolution(codes, kernel, blocks: Blocks):
    """The same as :func:`best_sites` by operations that every backend has."""
    one_hot = ops.one_hot(ops.cast(codes, "int32"), 5, dtype=kernel.dtype)[..., :4]
    both_strands = ops.concatenate([kernel, kernel[::-1, ::-1]], axis=-1)
    scores = ops.conv(one_hot, both_strands, padding="valid")
    after = blocks.number * blocks.size - blocks.before - scores.shape[1]
    scores = ops.pad(scores, ((0, 0), (blocks.before, after), (0, 0)), constant_values=OUTSIDE)
    best = ops.max_pool(scores, blocks.size, blocks.size, padding="valid")
    filters = kernel.shape[-1]
    return ops.maximum(best[..., :filters], best[..., filters:])


@cache
def _tensorflow_without_gpu() -> bool:
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return not tf.config.list_physical_devices("GPU")


def _compiled(codes, kernel, blocks: Blocks):
    import tensorflow as tf

    width, _, filters = kernel.shape

    @tf.custom_gradient
    def of_weights(weights):
        best, place = tf.numpy_function(partial(scan, blocks=blocks), [codes, weights], [tf.float32, tf.int32])
        best.set_shape((codes.shape[0], blocks.number, filters))

        def gradient(upstream):
            found = tf.numpy_function(partial(kernel_gradient, width=width), [codes, place, upstream], tf.float32)
            found.set_shape(weights.shape)
            return found

        return best, gradient

    return of_weights(tf.identity(kernel))
