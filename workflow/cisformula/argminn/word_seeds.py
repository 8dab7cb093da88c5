"""Where filters begin: at words that are more frequent in bound or in unbound sequences than elsewhere.

Filters drawn at random resemble no motif. Against some thousand windows of a sequence one site counts so little that
the loss stays flat for epochs; where spacing is all that tells bound from unbound sequences, no motif lowers it by
itself. Words that are over-represented tell within seconds where the motifs are (as oligo-analysis does, van Helden
et al. 1998, J Mol Biol 281:827, and the seeds of STREME, Bailey 2021, Bioinformatics 37:2834). Training goes on from
there.
"""

import keras
import numpy as np

from ..grammar.dinucleotide_shuffle import shuffle
from ..sequence import UNKNOWN, canonical_words, reverse_complement_codes
from .examples import Source

WORD = 7
"""Bases of a word; those of a filter if it is narrower."""
SEQUENCES = 12_800
"""Sequences in which words are counted, half of them bound."""
LEAST_Z = 8.0
"""Over-representation, in standard deviations, from which a word is taken."""
WEIGHT = 0.5
"""Of each base of the word in its filter; all other weights begin at zero."""
MISMATCHES = 2
"""Windows with more than so many do not excite the filter."""


def begin_at_words(model: keras.Model, source: Source, seed: int) -> list[np.ndarray]:
    """Set the first filters of a network to over-represented words; those beyond the words stay as they were drawn.

    Parameters
    ----------
    model : keras.Model
        With a layer ``motifs`` of ``kernel`` (width, 4, filters) and ``bias`` (filters,). One that scans one strand
        gets each word and its reverse complement.
    source : Source
    seed : int
        Of shuffling.

    Returns
    -------
    list of np.ndarray
        The words that filters begin at, as codes.
    """
    layer = model.get_layer("motifs")
    kernel, bias = layer.get_weights()[:2]
    width, _, filters = kernel.shape
    words = source_words(source, min(WORD, width), filters, seed)
    if not getattr(layer, "both_strands", False):
        words = [strand for word in words for strand in _strands(word)][:filters]
    for number, word in enumerate(words):
        kernel[:, :, number] = 0
        kernel[(width - len(word)) // 2 + np.arange(len(word)), word, number] = WEIGHT
        bias[number] = -WEIGHT * (len(word) - MISMATCHES - 1)
    layer.kernel.assign(kernel)
    layer.bias.assign(bias)
    return words


def source_words(source: Source, length: int, number: int, seed: int) -> list[np.ndarray]:
    """At most so many words of the sequences of a source.

    First those more frequent in bound sequences than in unbound ones, then the other way round: both tell the two
    apart. Then those more frequent in bound sequences than in the same shuffled, dinucleotide by dinucleotide: motifs
    that unbound sequences hold as well.
    """
    codes, label = source.epoch(0, SEQUENCES)
    words, bound, unbound = over_represented(codes[label == 1], codes[label == 0], length, number)
    against, unbound, bound = over_represented(unbound, bound, length, number - len(words))
    words += against
    shared, *_ = over_represented(bound, shuffle(bound, np.random.default_rng(seed)), length, number - len(words))
    return words + shared


def over_represented(
    sequences: np.ndarray, control: np.ndarray, length: int, number: int
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Words, one after the other, each counted where none of those before it lies.

    Occurrences on both strands count together; z is the difference between the two counts by the root of their sum. The
    word with the highest z is taken, and all windows with at most one mismatch to it are masked in both sets.

    Parameters
    ----------
    sequences, control : np.ndarray, shape (sequences, bases), uint8
        As many sequences in both. Unknown bases are in no word.
    length : int
        Bases of a word.
    number : int
        Most words.

    Returns
    -------
    words : list of np.ndarray, shape (length,), uint8
        The highest z first; all at least :data:`LEAST_Z`.
    sequences, control : np.ndarray
        Copies with unknown bases where the words lie.
    """
    sets = (sequences.copy(), control.copy())
    spelled = _all_words(length)
    words: list[np.ndarray] = []
    while len(words) < number:
        windows = [canonical_words(codes, length) for codes in sets]
        more, fewer = (np.bincount(numbers[known], minlength=len(spelled)) for numbers, known in windows)
        z = (more - fewer) / np.sqrt(more + fewer + 1)
        best = int(z.argmax())
        if z[best] < LEAST_Z:
            break
        words.append(spelled[best])
        alike = [(spelled != strand).sum(axis=1) <= 1 for strand in _strands(spelled[best])]
        for codes, (numbers, known) in zip(sets, windows, strict=True):
            _mask(codes, np.any(alike, axis=0)[numbers] & known, length)
    return words, *sets


def _all_words(length: int) -> np.ndarray:
    """Every word of so many bases, in the order of their numbers, shape (4 ** length, length), uint8."""
    return np.stack(np.meshgrid(*[np.arange(4, dtype=np.uint8)] * length, indexing="ij"), axis=-1).reshape(-1, length)


def _strands(word: np.ndarray) -> list[np.ndarray]:
    """A word and its reverse complement; the word alone if it is its own."""
    turned = reverse_complement_codes(word[None])[0]
    return [word] if (turned == word).all() else [word, turned]


def _mask(codes: np.ndarray, starts: np.ndarray, length: int) -> None:
    """Make the bases of windows unknown, in place."""
    for place in range(length):
        window = codes[:, place : place + starts.shape[1]]
        window[starts] = UNKNOWN
