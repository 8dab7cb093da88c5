"""The overlap penalty against loops over sequences, positions, filters and offsets, and its gradient."""

import numpy as np
import pytest
import tensorflow as tf
from keras import ops

from cisformula.models import overlap
from cisformula.models.overlap import overlap_penalty, shared_mass

SHAPES = pytest.mark.parametrize(
    ("batch", "windows", "width", "filters", "strands"),
    [(2, 12, 4, 3, 1), (2, 12, 4, 3, 2), (1, 5, 7, 2, 1), (3, 9, 1, 4, 2), (1, 20, 6, 1, 2)],
)


@pytest.fixture(params=["compiled", "convolved"], autouse=True)
def way(request, monkeypatch):
    """Every test here is about either way to compute the penalty."""
    monkeypatch.setattr(overlap, "tensorflow_without_gpu", lambda: request.param == "compiled")


def by_loops(activations, kernel, filter_of_track, ignore_silent):
    """The penalty as it is defined, one term after the other."""
    batch, windows, tracks = activations.shape
    width = len(kernel)
    total = 0.0
    for sequence in range(batch):
        for here in range(windows):
            strongest = 0
            for track in range(tracks):
                if activations[sequence, here, track] > activations[sequence, here, strongest]:
                    strongest = track
            if ignore_silent and activations[sequence, here, strongest] == 0:
                continue
            for other in range(tracks):
                if filter_of_track[other] == filter_of_track[strongest]:
                    continue
                for there in range(max(0, here - width + 1), min(windows, here + width)):
                    mass_here = mass_there = 0.0
                    for base in range(max(here, there), min(here, there) + width):
                        mass_here += np.abs(kernel[base - here, :, strongest]).sum()
                        mass_there += np.abs(kernel[base - there, :, other]).sum()
                    total += mass_here * mass_there * activations[sequence, there, other]
    return total / (batch * windows * tracks * (2 * width - 1)) / np.abs(kernel).sum()


def random_case(batch, windows, width, filters, strands):
    """Activations of which a third are silent, at some positions all; filters of either strand; which filter each is.

    The two strands need not be reverse complements for the penalty to be defined.
    """
    rng = np.random.default_rng(7)
    activations = np.maximum(rng.normal(0.4, 1, (batch, windows, filters * strands)), 0)
    activations[:, rng.random(windows) < 0.3] = 0
    return activations, rng.normal(0, 1, (width, 4, filters * strands)), np.tile(np.arange(filters), strands)


def penalty(activations, kernel, filter_of_track, ignore_silent):
    tensors = tf.constant(activations, tf.float64), tf.constant(kernel, tf.float64)
    return float(overlap_penalty(*tensors, filter_of_track, ignore_silent))


@SHAPES
@pytest.mark.parametrize("ignore_silent", [True, False])
def test_penalty_is_what_the_loops_say(batch, windows, width, filters, strands, ignore_silent):
    case = random_case(batch, windows, width, filters, strands)
    assert (case[0].max(axis=2) == 0).any()
    expected = by_loops(*case, ignore_silent)
    assert penalty(*case, ignore_silent) == pytest.approx(expected, rel=1e-9)
    assert (expected > 0) == (filters > 1)


def test_silent_positions_count_unless_they_are_ignored():
    """Alone at a position, filter 1 is charged by the silent windows beside it only as published."""
    activations = np.zeros((1, 5, 2))
    activations[0, 2, 1] = 3.0
    kernel = np.full((2, 4, 2), 0.25)
    assert penalty(activations, kernel, np.array([0, 1]), True) == 0
    # Windows 1 and 3 share one base with window 2; each base has a mass of 1, all weights sum to 4.
    expected = (3.0 + 3.0) / (5 * 2 * 3) / 4
    assert penalty(activations, kernel, np.array([0, 1]), False) == pytest.approx(expected)


def test_two_filters_on_one_site_are_charged_by_hand():
    activations = np.zeros((1, 6, 2))
    activations[0, 2] = 5.0, 2.0
    kernel = np.zeros((3, 4, 2))
    kernel[:, 0, 0] = 1, 2, 3
    kernel[:, 1, 1] = -1, 1, -1
    # At window 2 the first filter is the strongest: all of its mass, 6, meets all of the other's, 3.
    assert penalty(activations, kernel, np.array([0, 1]), True) == pytest.approx(6 * 3 * 2.0 / (6 * 2 * 5) / 9)


def test_strands_of_one_filter_are_not_charged_for_each_other():
    activations, kernel, _ = random_case(2, 10, 3, 1, 2)
    assert penalty(activations, kernel, np.array([0, 0]), True) == 0
    assert penalty(activations, kernel, np.array([0, 1]), True) > 0


def test_shared_mass_by_offset():
    kernel = np.zeros((3, 4, 1))
    kernel[:, 2, 0] = 1, -10, 100
    np.testing.assert_allclose(ops.convert_to_numpy(shared_mass(kernel))[:, 0], [1, 11, 111, 110, 100])


@SHAPES
def test_gradients_are_those_of_finite_differences(batch, windows, width, filters, strands):
    activations, kernel, filter_of_track = random_case(batch, windows, width, filters, strands)
    tensors = tf.constant(activations), tf.constant(kernel)
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = overlap_penalty(*tensors, filter_of_track, True)
    gradients = tape.gradient(value, tensors)
    rng = np.random.default_rng(3)
    # Silent windows lie at the end of what is defined: only active ones are moved.
    for which, movable in enumerate((np.argwhere(activations > 0.01), np.argwhere(np.abs(kernel) > 0.01))):
        for place in rng.permutation(movable)[:8]:
            case, step = [activations.copy(), kernel.copy()], 1e-5
            case[which][tuple(place)] += step
            above = by_loops(*case, filter_of_track, True)
            case[which][tuple(place)] -= 2 * step
            below = by_loops(*case, filter_of_track, True)
            slope = (above - below) / (2 * step)
            assert float(gradients[which][tuple(place)]) == pytest.approx(slope, rel=1e-5, abs=1e-9)
