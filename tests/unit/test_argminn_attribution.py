"""Contributions of bases: closed forms of linear and quadratic networks, completeness, mutation by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from cisformula import training
from cisformula.argminn.attribution import in_silico_mutagenesis, integrated_gradients
from cisformula.argminn.fit import predict
from cisformula.argminn.networks import NETWORKS
from cisformula.errors import InputError
from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.models.argminn import Architecture
from cisformula.models.bases import bases_input
from cisformula.sequence import one_hot

training.use_threads(1)
LENGTH = 60


@pytest.fixture
def codes():
    drawn = np.random.default_rng(1).integers(0, 4, (6, LENGTH)).astype(np.uint8)
    drawn[0, 20:23] = 4
    return drawn


def linear_model():
    codes, bases = bases_input(LENGTH)
    model = keras.Model(codes, layers.Dense(1)(layers.Flatten()(bases)))
    weights = np.random.default_rng(2).normal(0, 1, (LENGTH, 4)).astype(np.float32)
    model.layers[-1].set_weights([weights.reshape(-1, 1), np.array([0.5], np.float32)])
    return model, weights


def references(codes, number, seed):
    """The shuffles that the attribution draws, if all sequences fit in one group."""
    rng = np.random.default_rng(seed)
    return np.mean([one_hot(shuffle(codes, rng)) for _ in range(number)], axis=0)


def test_contributions_to_a_linear_network_are_weights_times_differences(codes):
    model, weights = linear_model()
    found = integrated_gradients(model, codes, references=3, steps=2, rng=np.random.default_rng(5))
    mean = references(codes, 3, 5)
    known = (codes < 4)[:, :, None]
    expected = known * (weights - (weights * mean).sum(axis=2, keepdims=True))
    np.testing.assert_allclose(found.hypothetical, expected, atol=1e-5)
    np.testing.assert_allclose(found.reference, (mean * weights).sum(axis=(1, 2)) + 0.5, rtol=1e-4, atol=1e-4)
    np.testing.assert_allclose(found.error(codes), 0, atol=1e-4)


def test_contributions_to_a_square_follow_the_path(codes):
    """Of the square of a linear score, the mean slope along the path is the score's at its middle, times two."""
    inputs, bases = bases_input(LENGTH)
    score = layers.Dense(1, use_bias=False)(layers.Flatten()(bases))
    model = keras.Model(inputs, layers.Multiply()([score, score]))
    weights = np.random.default_rng(2).normal(0, 1, (LENGTH, 4)).astype(np.float32)
    model.layers[-2].set_weights([weights.reshape(-1, 1)])
    found = integrated_gradients(model, codes, references=1, steps=4, rng=np.random.default_rng(5))
    reference = references(codes, 1, 5)
    middle = (weights * (one_hot(codes) + reference) / 2).sum(axis=(1, 2))
    slope = 2 * middle[:, None, None] * weights
    expected = (codes < 4)[:, :, None] * (slope - (slope * reference).sum(axis=2, keepdims=True))
    np.testing.assert_allclose(found.hypothetical, expected, atol=1e-3)


def trained_shape(network):
    """A network with drawn weights, so that its logits spread."""
    keras.utils.set_random_seed(3)
    model = NETWORKS[network](LENGTH, Architecture(filters=3, width=6, layers=2, heads=2))
    rng = np.random.default_rng(4)
    for weight in model.trainable_weights:
        weight.assign_add(rng.normal(0, 0.2, weight.shape))
    return model


@pytest.mark.parametrize("network", ["cnn", "argminn"])
def test_contributions_sum_to_the_difference_of_the_logits(network, codes):
    model = trained_shape(network)
    few, many = (integrated_gradients(model, codes, 2, steps, np.random.default_rng(5)) for steps in (2, 64))
    difference = many.logit - many.reference
    np.testing.assert_allclose(many.logit, predict(model, codes), rtol=1e-5)
    assert np.abs(difference).mean() > 0.01
    assert np.abs(many.error(codes)).max() < 0.05 * np.abs(difference).max()
    assert np.abs(many.error(codes)).mean() < np.abs(few.error(codes)).mean()


def test_groups_of_sequences_do_not_mix(codes):
    """With a path as long as a group, every sequence stands alone: the second half is what it is without the first."""
    model = trained_shape("cnn")
    rng = np.random.default_rng(6)
    both = integrated_gradients(model, codes[:2], 1, 400, rng)
    alone = integrated_gradients(model, codes[1:2], 1, 400, _after(codes[:1]))
    np.testing.assert_allclose(both.hypothetical[1], alone.hypothetical[0], atol=1e-5)


def _after(codes):
    """Random numbers as they are after the sequence before was shuffled."""
    rng = np.random.default_rng(6)
    shuffle(codes, rng)
    return rng


def test_contributions_of_bases_that_are_not_there_are_zero(codes):
    found = integrated_gradients(trained_shape("cnn"), codes, 1, 4, np.random.default_rng(5))
    actual = found.actual(codes)
    assert (actual[one_hot(codes) == 0] == 0).all()
    assert (np.abs(actual[one_hot(codes) == 1]) > 0).mean() > 0.2
    assert (found.hypothetical[0, 20:23] == 0).all()


def test_other_backends_are_told_of(codes, monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    with pytest.raises(InputError, match="jax"):
        integrated_gradients(linear_model()[0], codes, 1, 1, np.random.default_rng(1))


def test_mutation_is_the_difference_of_two_predictions(codes):
    model = trained_shape("cnn")
    change = in_silico_mutagenesis(lambda sequences: predict(model, sequences), codes[:2])
    for row, place, base in [(0, 0, 3), (0, 21, 2), (1, 30, 0), (1, LENGTH - 1, 1)]:
        mutant = codes[row : row + 1].copy()
        mutant[0, place] = base
        expected = predict(model, mutant)[0] - predict(model, codes[row : row + 1])[0]
        assert change[row, place, base] == pytest.approx(expected, abs=1e-5)
    assert (change[one_hot(codes[:2]) == 1] == 0).all()
    assert np.abs(change).max() > 1e-3


def test_mutation_of_a_linear_network_is_the_difference_of_weights(codes):
    model, weights = linear_model()
    change = in_silico_mutagenesis(lambda sequences: predict(model, sequences), codes)
    there = (weights * one_hot(codes)).sum(axis=2, keepdims=True)
    np.testing.assert_allclose(change, weights - there, atol=1e-4)
