"""ARGMINN: motif filters, and a memory that gathers their sites by attention, one layer after the other.

After Tseng, Eraslan, Biancalani & Scalia 2024 (arXiv 2410.06211), as far as the paper and what is public of its
settings tell. Different by default: attention compares queries with keys (the published code compares them with the
values), a layer also knows how far tokens lie from where the layer before looked, filters scan both strands, and
positions where no filter is active are free of the overlap penalty; ``faithful`` undoes all four.
"""

from dataclasses import dataclass
from typing import NamedTuple

import keras
import numpy as np
from keras import layers, ops

from .bases import bases_input
from .motif_scanner import MotifScanner
from .network import Network

POSITION_DIM = 16
"""Sines and cosines that tell the position of a window."""
POSITION_BASE = 1e4
BROAD = POSITION_BASE ** (-np.arange(0, POSITION_DIM, 2) / POSITION_DIM)
"""Falling frequencies, in radians per base (Vaswani et al. 2017)."""
FINE_FREQUENCIES = 32
"""Pairs of a sine and a cosine that tell distances of up to as many bases to the base."""
HIDDEN = 32
STREAM = 128
"""Numbers in the memory."""
BATCH_MOMENTUM = 0.9
"""Of the running scale of activations; with Keras' own 0.99 it lags behind filters that are still moving."""


@dataclass(frozen=True)
class Architecture:
    """What ARGMINN is made of.

    Attributes
    ----------
    filters, width : int
        Number of motif filters and their width in bp.
    layers, heads : int
        Attention layers, and heads of each; heads must divide :data:`HIDDEN`.
    both_strands : bool
        Whether filters scan the reverse complement too; ignored if ``faithful``.
    faithful : bool
        As the published code does it: one strand, attention by query and value and absolute position, overlap penalty
        everywhere.
    """

    filters: int = 8
    width: int = 10
    layers: int = 4
    heads: int = 4
    both_strands: bool = True
    faithful: bool = False


def position_code(n_positions: int) -> np.ndarray:
    """Sines and cosines of positions at the :data:`BROAD` frequencies; shape (positions, POSITION_DIM)."""
    return _waves(n_positions, BROAD)


def distance_code(n_positions: int) -> np.ndarray:
    """Sines and cosines of positions, whose products tell distances; shape (positions, 2 * frequencies).

    The fine frequencies are odd multiples of pi / (2 * FINE_FREQUENCIES): the code of a position is orthogonal to those
    of all others less than 2 * FINE_FREQUENCIES bases away, so that one distance is told from the next as easily as
    from one far off. The :data:`BROAD` ones tell ranges, and distances beyond.
    """
    fine = np.pi * (np.arange(FINE_FREQUENCIES) + 0.5) / FINE_FREQUENCIES
    return _waves(n_positions, np.concatenate([fine, BROAD]))


def _waves(n_positions: int, frequencies: np.ndarray) -> np.ndarray:
    """Sines, then cosines, shape (positions, 2 * frequencies)."""
    angle = np.arange(n_positions)[:, None] * frequencies
    return np.concatenate([np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)


@keras.saving.register_keras_serializable(package="cisformula")
class Tokens(layers.Layer):
    """A token for each window: a linear map of its activations and its position."""

    def build(self, input_shape):
        """Create the map."""
        _, windows, tracks = input_shape
        self.code = position_code(windows)
        self.project = layers.Dense(HIDDEN, name="project")
        self.project.build((None, windows, tracks + POSITION_DIM))

    def call(self, activations):
        """(batch, windows, tracks) to (batch, windows, HIDDEN)."""
        shape = (ops.shape(activations)[0], *self.code.shape)
        code = ops.broadcast_to(ops.convert_to_tensor(self.code, dtype=activations.dtype), shape)
        return self.project(ops.concatenate([activations, code], axis=-1))


@keras.saving.register_keras_serializable(package="cisformula")
class Attend(layers.Layer):
    """Where a memory looks among the tokens, and what it sees there.

    With a place to start from, the one that the layer before looked at, a query also asks for distances from there, and
    what is seen tells the distance. Both follow from the codes of positions: the product of one code with the conjugate
    of the other, taken as complex numbers, depends on their distance alone.

    Parameters
    ----------
    heads : int
    by_value : bool
        Compare the query with the values, as the published code does, instead of keys of their own.
    relative : bool
        Whether there is a place to start from, one for each head.
    """

    def __init__(self, heads: int, by_value: bool = False, relative: bool = False, **kwargs):
        super().__init__(**kwargs)
        self.heads, self.by_value, self.relative = heads, by_value, relative

    def build(self, input_shape):
        """Create the maps of query, key, value and output."""
        stream, (_, windows, hidden) = input_shape[:2]
        head = hidden // self.heads
        self.code = distance_code(windows)
        self.query = layers.Dense(hidden, name="query")
        self.query.build(stream)
        shape = (hidden, self.heads, head)
        self.value = self.add_weight(name="value", shape=shape, initializer=_square_glorot(hidden))
        self.value_bias = self.add_weight(name="value_bias", shape=(self.heads, head), initializer="zeros")
        if not self.by_value:
            self.key = self.add_weight(name="key", shape=shape, initializer=_square_glorot(hidden))
        seen = hidden
        if self.relative:
            # No distance is preferred at first: drawn at random, preferences would drown what the tokens say.
            self.distance = layers.Dense(self.heads * self.code.shape[1], kernel_initializer="zeros", name="distance")
            self.distance.build(stream)
            seen += self.heads * self.code.shape[1]
        self.output_map = layers.Dense(hidden, name="output")
        self.output_map.build((None, seen))

    def call(self, inputs):
        """Stream (batch, STREAM), tokens (batch, windows, HIDDEN), if relative places (batch, heads, code).

        Returns
        -------
        seen : tensor, shape (batch, HIDDEN)
        attention : tensor, shape (batch, heads, windows)
            Sums to one over the windows.
        places : tensor, shape (batch, heads, code)
            Mean :func:`distance_code` of the positions that each head looks at.
        """
        stream, tokens = inputs[:2]
        _, heads, head = self.value.shape
        code = ops.convert_to_tensor(self.code, dtype=tokens.dtype)
        query = ops.reshape(self.query(stream), (-1, heads, head)) / head**0.5
        # One query for all windows: mapping it back to the tokens saves mapping every token to its key. A bias of
        # the keys would add the same to all windows, which the softmax takes out again.
        wanted = ops.einsum("bhd,chd->bhc", query, self.value if self.by_value else self.key)
        scores = ops.einsum("bhc,bwc->bhw", wanted, tokens)
        if self.relative:
            distance = ops.reshape(self.distance(stream), (-1, heads, self.code.shape[1]))
            scores = scores + ops.einsum("bhc,wc->bhw", complex_product(distance, inputs[2]), code)
        attention = ops.softmax(scores, axis=-1)
        places = ops.einsum("bhw,wc->bhc", attention, code)
        seen = ops.einsum("bhc,chd->bhd", ops.matmul(attention, tokens), self.value) + self.value_bias
        if self.relative:
            seen = ops.concatenate([seen, complex_product(places, conjugate(inputs[2]))], axis=-1)
        return self.output_map(ops.reshape(seen, (-1, heads * seen.shape[-1]))), attention, places

    def get_config(self):
        """Arguments that rebuild the layer."""
        return {**super().get_config(), "heads": self.heads, "by_value": self.by_value, "relative": self.relative}


def _square_glorot(hidden: int) -> keras.initializers.Initializer:
    """Glorot's limits for a map of hidden to hidden numbers; Keras would take three axes for a convolution's."""
    limit = (6 / (hidden + hidden)) ** 0.5
    return keras.initializers.RandomUniform(-limit, limit)


def complex_product(one, other):
    """Product of codes taken as complex numbers, the first half of the last axis imaginary parts, the second real."""
    one_imaginary, one_real = ops.split(one, 2, axis=-1)
    other_imaginary, other_real = ops.split(other, 2, axis=-1)
    imaginary = one_imaginary * other_real + one_real * other_imaginary
    return ops.concatenate([imaginary, one_real * other_real - one_imaginary * other_imaginary], axis=-1)


def conjugate(code):
    """Complex conjugate of codes."""
    imaginary, real = ops.split(code, 2, axis=-1)
    return ops.concatenate([-imaginary, real], axis=-1)


@keras.saving.register_keras_serializable(package="cisformula")
class EmptyMemory(layers.Layer):
    """The memory before anything was seen: all ones, (batch, STREAM), for each sequence of a batch."""

    def call(self, tokens):
        """Ones for each of the sequences of ``tokens``."""
        return ops.ones((ops.shape(tokens)[0], STREAM), dtype=tokens.dtype)

    def compute_output_shape(self, input_shape):
        """(batch, STREAM)."""
        return (input_shape[0], STREAM)


def build(length: int, architecture: Architecture) -> keras.Model:
    """Build the network.

    Parameters
    ----------
    length : int
        Length of the sequences in bp.
    architecture : Architecture

    Returns
    -------
    keras.Model
        From encoded bases (batch, length) uint8 to one number (batch, 1): a logit or an expression. Layer ``motifs``
        holds the filters as ``kernel``, shape (width, 4, filters); layers ``attend_1``, ... put out the attention.
    """
    faithful = architecture.faithful
    codes, one_hot = bases_input(length)
    scanner = MotifScanner(
        architecture.filters,
        architecture.width,
        both_strands=architecture.both_strands and not faithful,
        ignore_silent=not faithful,
        name="motifs",
    )
    tokens = Tokens(name="tokens")(layers.BatchNormalization(momentum=BATCH_MOMENTUM, name="scaled")(scanner(one_hot)))
    stream = EmptyMemory(name="memory")(tokens)
    start = []
    for number in range(1, architecture.layers + 1):
        attend = Attend(architecture.heads, by_value=faithful, relative=bool(start), name=f"attend_{number}")
        seen, _, places = attend([stream, tokens, *start])
        start = [] if faithful else [places]
        hidden = layers.LayerNormalization()(seen)
        hidden = layers.Dense(STREAM)(layers.Dense(HIDDEN, activation="relu")(hidden))
        stream = layers.Add()([stream, layers.LayerNormalization()(hidden)])
    output = layers.Dense(1, name="output")(layers.LayerNormalization()(stream))
    return keras.Model(codes, output, name="argminn")


class Reading(NamedTuple):
    """What a trained network shows of sequences.

    Attributes
    ----------
    activations : np.ndarray, shape (sequences, windows, filters, strands), float32
        Strand 0: filters as the sequence reads, 1: their reverse complements; a faithful network has strand 0 alone.
        Window ``i`` covers the bases from ``i`` on.
    attention : np.ndarray, shape (sequences, layers, heads, windows), float32
        Sums to one over the windows.
    output : np.ndarray, shape (sequences,), float32
    """

    activations: np.ndarray
    attention: np.ndarray
    output: np.ndarray


def reader(model: keras.Model) -> keras.Model:
    """The network with activations, attention and output as its three outputs; build it once for many readings."""
    attended = [layer.output[1] for layer in model.layers if isinstance(layer, Attend)]
    return keras.Model(model.input, [model.get_layer("motifs").output, ops.stack(attended, axis=1), model.output])


def read(reading_model: keras.Model, codes: np.ndarray, batch: int = 256) -> Reading:
    """Read sequences with what :func:`reader` returned.

    Parameters
    ----------
    reading_model : keras.Model
    codes : np.ndarray, shape (sequences, length), uint8
    batch : int
    """
    # The model's own loop over batches builds a pipeline anew at every call, however few the sequences.
    parts = [reading_model.predict_on_batch(codes[first : first + batch]) for first in range(0, len(codes), batch)]
    activations, attention, output = map(np.concatenate, zip(*parts, strict=True))
    filters = reading_model.get_layer("motifs").filters
    by_strand = activations.reshape(*activations.shape[:2], -1, filters).swapaxes(2, 3)
    return Reading(by_strand, attention, output[:, 0])


NETWORK = Network(
    build=lambda length, filters, width: build(length, Architecture(filters, width, layers=2)),
    filters=24,
    width=11,
    optimizer="adam",
    learning_rate=5e-3,
    warm_up=0,
    annealing=1000,
    both_strands=True,
    description="attention of a memory over the sites of sparse motif filters, as ARGMINN (Tseng et al. 2024)",
    penalties=((10**0.5, 1e4), (3e-4, 2e-3)),
)
"""For promoters: the same scanner and syntax, with the mean squared error of expression.

Two layers, so that what is seen may depend on a distance; a high learning rate for few batches, without which filters
stay as they were drawn and the rest of the network fits the training genes instead. Chosen among five settings on
validation genes of human promoters.
"""
