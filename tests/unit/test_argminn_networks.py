"""Networks for binary tasks: what each computes, what the penalties change, and which restart is chosen."""

import json
import re
from pathlib import Path

import keras
import numpy as np
import pytest

from cisformula import training
from cisformula.argminn import fit, restarts
from cisformula.argminn.examples import Examples
from cisformula.argminn.networks import NETWORKS
from cisformula.argminn.peers import cnn, explainn
from cisformula.models.argminn import Architecture
from cisformula.sequence import encode, one_hot

training.use_threads(1)
LENGTH = 120
SMALL = Architecture(filters=3, width=8, layers=1, heads=2)
ALL = pytest.mark.parametrize("network", sorted(NETWORKS))
RULES = Path(__file__).parents[2] / "workflow" / "rules"


def random_codes(n_sequences=20, length=LENGTH):
    return np.random.default_rng(1).integers(0, 4, (n_sequences, length)).astype(np.uint8)


def randomised(model):
    """The model with weights none of which has its initial value; variances stay positive."""
    rng = np.random.default_rng(2)
    for weight in model.weights:
        drawn = rng.normal(0, 0.5, weight.shape)
        weight.assign(np.abs(drawn) + 0.5 if "variance" in weight.path else drawn)
    return model


def output(model, codes, layer):
    return keras.Model(model.input, model.get_layer(layer).output).predict(codes, verbose=0)


def convolved(inputs, kernel, bias):
    """Windows of (batch, positions, channels) times a kernel (width, channels, filters), in double precision."""
    windows = np.lib.stride_tricks.sliding_window_view(inputs.astype(float), len(kernel), axis=1)
    return np.einsum("npcw,wcf->npf", windows, kernel) + bias


def normalised(inputs, layer):
    gamma, beta, mean, variance = layer.get_weights()
    return gamma * (inputs - mean) / np.sqrt(variance + layer.epsilon) + beta


def of_type(model, kind):
    return [layer for layer in model.layers if type(layer) is kind]


def relu(values):
    return np.maximum(values, 0)


@pytest.mark.parametrize("penalised", [False, True])
def test_cnn_computes_three_convolutions_a_pool_and_dense_layers(penalised):
    model, codes = randomised(cnn.build(LENGTH, penalised)), random_codes()
    norms, dense = of_type(model, keras.layers.BatchNormalization), of_type(model, keras.layers.Dense)
    convolutions = [model.get_layer("motifs"), *of_type(model, keras.layers.Conv1D)[-2:]]
    assert [layer.get_weights()[0].shape for layer in convolutions] == [(10, 4, 8), (5, 8, 8), (5, 8, 8)]
    first, *others = convolutions
    hidden = normalised(relu(convolved(one_hot(codes), *first.get_weights()[:2])), norms[0])
    for convolution, norm in zip(others, norms[1:3], strict=True):
        hidden = relu(normalised(convolved(hidden, *convolution.get_weights()), norm))
    assert hidden.shape == (20, LENGTH - 9 - 4 - 4, 8)
    pools = hidden.shape[1] // 40
    hidden = hidden[:, : pools * 40].reshape(20, pools, 40, 8).max(axis=2).reshape(20, -1)
    assert [layer.units for layer in dense] == [10, 5, 1]
    for layer, norm in zip(dense, [*norms[3:], None], strict=True):
        kernel, bias = layer.get_weights()
        hidden = hidden @ kernel + bias
        hidden = hidden if layer.name == "logit" else relu(normalised(hidden, norm))
    assert hidden.std() > 1e-3
    np.testing.assert_allclose(fit.predict(model, codes), hidden[:, 0], rtol=1e-3, atol=1e-4)


def test_penalties_are_all_that_sets_the_cnn_with_them_apart():
    plain, penalised = cnn.build(LENGTH, False), cnn.build(LENGTH, True)
    codes = random_codes()
    trained = [weight.shape for weight in plain.trainable_weights]
    assert trained == [weight.shape for weight in penalised.trainable_weights]
    for source, target in zip(randomised(plain).trainable_weights, penalised.trainable_weights, strict=True):
        target.assign(source)
    norms = [of_type(model, keras.layers.BatchNormalization) for model in (plain, penalised)]
    for source, target in zip(*norms, strict=True):
        target.set_weights(source.get_weights())
    np.testing.assert_allclose(fit.predict(plain, codes), fit.predict(penalised, codes), rtol=1e-4, atol=1e-5)
    scanner = penalised.get_layer("motifs")
    scanner.l1_weight.assign(0.5)
    scanner.overlap_weight.assign(0.0)
    penalised(codes, training=True)
    plain(codes, training=True)
    assert not plain.losses
    weight = np.abs(scanner.get_weights()[0]).sum()
    assert sum(map(float, penalised.losses)) == pytest.approx(0.5 * weight, rel=1e-4)


def test_explainn_is_the_sum_of_units_that_see_one_filter_each():
    model, codes = randomised(explainn.build(LENGTH)), random_codes()
    kernel, bias = model.get_layer("motifs").get_weights()
    first, hidden_norm, unit_norm = of_type(model, keras.layers.BatchNormalization)
    into_hidden, into_unit = of_type(model, explainn.UnitDense)
    activations = np.exp(normalised(convolved(one_hot(codes), kernel, bias), first))
    np.testing.assert_allclose(output(model, codes, "activations"), activations, rtol=1e-4)
    pools = activations.shape[1] // 7
    best = activations[:, : pools * 7].reshape(20, pools, 7, 8).max(axis=2)
    units = []
    for unit in range(8):
        weights = [array[unit] for array in into_hidden.get_weights()]
        own = slice(100 * unit, 100 * (unit + 1))
        gamma, beta, mean, variance = (values[own] for values in hidden_norm.get_weights())
        hidden = best[:, :, unit] @ weights[0] + weights[1]
        hidden = relu(gamma * (hidden - mean) / np.sqrt(variance + hidden_norm.epsilon) + beta)
        weights = [array[unit] for array in into_unit.get_weights()]
        units.append((hidden @ weights[0] + weights[1])[:, 0])
    units = relu(normalised(np.stack(units, axis=1), unit_norm))
    weight, bias = model.get_layer("logit").get_weights()
    expected = units @ weight[:, 0] + bias[0]
    assert expected.std() > 1e-3
    np.testing.assert_allclose(fit.predict(model, codes), expected, rtol=1e-3, atol=1e-3)


@ALL
def test_every_network_maps_codes_to_a_logit_and_comes_back_from_its_file(network, tmp_path):
    model, codes = randomised(NETWORKS[network](LENGTH, SMALL)), random_codes()
    before = fit.predict(model, codes)
    assert before.shape == (20,)
    assert before.std() > 1e-4
    assert model.layers[-1].activation is keras.activations.linear
    folder = tmp_path / "restart_2"
    folder.mkdir()
    model.save(folder / "model.keras")
    (tmp_path / "chosen.json").write_text(json.dumps({"restart": 2}))
    loaded = restarts.load_chosen(tmp_path / "chosen.json")
    np.testing.assert_allclose(fit.predict(loaded, codes), before, rtol=1e-5, atol=1e-6)


class Words:
    """Bound sequences hold one word near the middle."""

    length = LENGTH

    def epoch(self, number, size):
        rng = np.random.default_rng(number)
        codes = rng.integers(0, 4, (size, LENGTH)).astype(np.uint8)
        label = (np.arange(size) % 2).astype(np.float32)
        for row in np.flatnonzero(label):
            start = rng.integers(50, 60)
            codes[row, start : start + 10] = encode("TGACGTCATT")
        return Examples(codes, label)


@pytest.mark.parametrize("network", ["cnn", "explainn"])
def test_peers_learn_a_planted_word(network, tmp_path):
    plan = fit.Plan(epochs=4, batches=25, batch_size=64, learning_rate=(5e-3, 5e-4))
    source = Words()
    fitted = fit.fit(lambda: NETWORKS[network](LENGTH, SMALL), source, source.epoch(1000, 400), 1, plan, tmp_path)
    assert fit.validate(fitted.model, source.epoch(2000, 400))[1] > 0.95


def test_the_restart_with_the_lowest_validation_loss_is_chosen_and_the_first_of_equals():
    cards = [{"restart": restart, "validation_loss": loss} for restart, loss in [(2, 0.3), (1, 0.3), (0, 0.4)]]
    assert restarts.choose(cards)["restart"] == 1


def test_seeds_differ_between_restarts_and_between_sequences_and_weights():
    drawn = [restarts.seeds(seed, restart) for seed in (1, 2) for restart in range(5)]
    assert len({number for pair in drawn for number in pair}) == 20
    assert drawn == [restarts.seeds(seed, restart) for seed in (1, 2) for restart in range(5)]


def test_rules_know_every_network():
    (names,) = re.findall(r"^CLASSIFIERS = \[(.*)\]", (RULES / "argminn_common.smk").read_text(), flags=re.MULTILINE)
    assert [name.strip('" ') for name in names.split(",")] == list(NETWORKS)
