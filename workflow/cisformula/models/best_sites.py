"""The operation that networks of best sites share: each filter's best score in blocks of consecutive windows."""

from functools import partial

from keras import ops

from .bases import one_hot
from .host import tensorflow_without_gpu
from .window_scan import OUTSIDE, Blocks, kernel_gradient, scan


def best_sites(codes, kernel, blocks: Blocks, both_strands: bool):
    """Score of each filter's best site in each block.

    Compiled for TensorFlow without a GPU (see :mod:`cisformula.models.window_scan`), else :func:`pooled_convolution`.

    Parameters
    ----------
    codes : tensor, shape (batch, length), uint8
        Encoded bases; an unknown one scores 0.
    kernel : tensor, shape (width, 4, filters), float32
    blocks : Blocks
    both_strands : bool
        Whether a filter may match the reverse complement instead.

    Returns
    -------
    tensor, shape (batch, blocks, filters), float32
        :data:`cisformula.models.window_scan.OUTSIDE` where a block holds no window.
    """
    return (_compiled if tensorflow_without_gpu() else pooled_convolution)(codes, kernel, blocks, both_strands)


def pooled_convolution(codes, kernel, blocks: Blocks, both_strands: bool):
    """The same as :func:`best_sites` by operations that every backend has."""
    filters = kernel.shape[-1]
    if both_strands:
        kernel = ops.concatenate([kernel, kernel[::-1, ::-1]], axis=-1)
    scores = ops.conv(one_hot(codes, kernel.dtype), kernel, padding="valid")
    after = max(0, blocks.number * blocks.size - blocks.before - scores.shape[1])
    scores = ops.pad(scores, ((0, 0), (blocks.before, after), (0, 0)), constant_values=OUTSIDE)
    best = ops.max_pool(scores, blocks.size, blocks.size, padding="valid")
    return ops.maximum(best[..., :filters], best[..., filters:]) if both_strands else best


def _compiled(codes, kernel, blocks: Blocks, both_strands: bool):
    import tensorflow as tf

    width, _, filters = kernel.shape

    @tf.custom_gradient
    def of_weights(weights):
        find = partial(scan, blocks=blocks, both_strands=both_strands)
        best, place = tf.numpy_function(find, [codes, weights], [tf.float32, tf.int32])
        best.set_shape((codes.shape[0], blocks.number, filters))

        def gradient(upstream):
            found = tf.numpy_function(partial(kernel_gradient, width=width), [codes, place, upstream], tf.float32)
            found.set_shape(weights.shape)
            return found

        return best, gradient

    return of_weights(tf.identity(kernel))
