"""Examples of the warm-up: bound sequences, and the same with their dinucleotides shuffled."""

import numpy as np
import pytest

from cisformula.argminn.examples import Examples
from cisformula.argminn.warm_up import against_shuffled


class Random:
    length = 50

    def epoch(self, number, size):
        codes = np.random.default_rng(number).integers(0, 4, (size, self.length)).astype(np.uint8)
        return Examples(codes, (np.arange(size) % 2).astype(np.float32))


def dinucleotides(codes):
    return np.bincount(4 * codes[:-1].astype(int) + codes[1:], minlength=16)


def test_every_bound_sequence_comes_with_a_shuffled_one_of_the_same_dinucleotides():
    bound = Random().epoch(3, 40).positives()
    examples = against_shuffled(Random(), 3, 40, 1)
    assert examples.label.dtype == np.float32
    assert examples.label.sum() == 20
    assert {row.tobytes() for row in examples.positives()} == {row.tobytes() for row in bound}
    shuffled = examples.codes[examples.label == 0]
    assert not {row.tobytes() for row in shuffled} & {row.tobytes() for row in bound}
    assert sorted(dinucleotides(row).tolist() for row in shuffled) == sorted(
        dinucleotides(row).tolist() for row in bound
    )


def test_labels_are_in_random_order():
    label = against_shuffled(Random(), 0, 2000, 1).label
    assert label[:1000].mean() == pytest.approx(0.5, abs=0.06)


def test_the_same_seed_gives_the_same_shuffles_and_another_others():
    first, again, other = (against_shuffled(Random(), 3, 40, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.codes, again.codes)
    assert (first.codes != other.codes).any()
