"""Where the networks compute."""

from functools import cache

import keras


@cache
def tensorflow_without_gpu() -> bool:
    """Whether functions that numba compiles for the processor may stand in for operations of Keras."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    return not tf.config.list_physical_devices("GPU")
