"""The networks to compare with: which sums they are, what they can learn, and that each is found by its name."""

import keras
import numpy as np
import pytest

from cisformula import config, features, linear, training
from cisformula.models import explainn, registry, xpresso_cnn
from cisformula.models.contextual_regression import VARIANTS
from cisformula.performance import r2
from cisformula.sequence import encode

training.use_threads(1)
LENGTH, WORD = 100, encode("TGACGTAA")
NETWORKS = pytest.mark.parametrize("network", sorted(registry.NETWORKS))


def array_of(tensor):
    return keras.ops.convert_to_numpy(tensor)


def random_codes(n_sequences=40):
    return np.random.default_rng(1).integers(0, 4, (n_sequences, LENGTH)).astype(np.uint8)


def randomised(model):
    """The model with weights none of which has its initial value; variances stay positive."""
    rng = np.random.default_rng(2)
    for weight in model.weights:
        drawn = rng.normal(0, 0.5, weight.shape)
        weight.assign(np.abs(drawn) + 0.1 if "variance" in weight.path else drawn)
    return model


def output(model, codes, layer):
    return array_of(keras.Model(model.input, model.get_layer(layer).output)(codes))


@pytest.fixture(scope="module")
def units():
    keras.utils.set_random_seed(3)
    model = explainn.build(LENGTH, 6, 7)
    model.get_layer("sum").set_weights([np.linspace(-1, 1, 6)[:, None], np.array([0.7])])
    return model


def test_explainn_is_the_weighted_sum_of_its_units_and_a_bias(units):
    codes = random_codes()
    values = output(units, codes, "units").astype(float)
    weight, bias = units.get_layer("sum").get_weights()
    assert values.shape == (40, 6)
    assert values.std(axis=0).min() > 1e-3
    np.testing.assert_allclose(array_of(units(codes))[:, 0], values @ weight[:, 0] + bias[0], atol=1e-5)


def test_units_of_explainn_are_independent(units):
    """A unit's output changes with its own filter and with no other."""
    codes = random_codes()
    before = output(units, codes, "units")
    kernel = units.get_layer("motifs").weights[0]
    original = array_of(kernel).copy()
    changed = original.copy()
    changed[:, :, 2] *= -1
    kernel.assign(changed)
    after = output(units, codes, "units")
    kernel.assign(original)
    others = [0, 1, 3, 4, 5]
    np.testing.assert_array_equal(after[:, others], before[:, others])
    assert np.abs(after[:, 2] - before[:, 2]).max() > 1e-3


def test_a_dense_layer_for_each_unit_is_a_matrix_product_for_each_unit():
    rng = np.random.default_rng(3)
    inputs = rng.normal(size=(5, 3, 4)).astype(np.float32)
    layer = explainn.UnitDense(2)
    layer.build(inputs.shape)
    kernel, bias = rng.normal(size=(3, 4, 2)), rng.normal(size=(3, 2))
    layer.set_weights([kernel, bias])
    expected = np.stack([inputs[:, unit] @ kernel[unit] + bias[unit] for unit in range(3)], axis=1)
    np.testing.assert_allclose(array_of(layer(inputs)), expected, atol=1e-5)


def test_weights_of_the_networks_counted_by_hand():
    def count(model):
        return sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)

    # 30 blocks of 10 bp; 128 and 64 filters, each with scale and shift of its batch normalisation; 6 blocks of 5 blocks
    # times 64 filters into 64 neurons; one output.
    by_hand = 128 * 11 * 4 + 2 * 128 + 64 * 5 * 128 + 2 * 64 + (6 * 64 * 64 + 64) + 65
    assert count(xpresso_cnn.build(300, 128, 11)) == by_hand == 71_681
    # 100 units: filter and batch normalisation; 30 blocks into 8 neurons; 8 into 1 and batch normalisation; their sum.
    by_hand = 100 * (11 * 4 + 2 + (30 * 8 + 8) + (8 + 1) + 2) + 101
    assert count(explainn.build(300, 100, 11)) == by_hand == 30_601


def with_words(rng, n_genes):
    """Random promoters with a word in the first half (raises), the second (lowers), both or none; and the target."""
    codes = rng.integers(0, 4, (n_genes, LENGTH)).astype(np.uint8)
    effect = np.zeros(n_genes)
    for half, sign in ((0, 1), (1, -1)):
        for gene in np.flatnonzero(rng.random(n_genes) < 0.5):
            start = half * 50 + rng.integers(5, 50 - len(WORD) - 5)
            codes[gene, start : start + len(WORD)] = WORD
            effect[gene] += sign
    target = effect + rng.normal(0, 0.3, n_genes)
    return codes, (target - target.mean()) / target.std()


@pytest.mark.parametrize("network", ["xpresso_cnn", "explainn"])
def test_the_position_of_a_word_is_learned_where_counts_say_nothing(network):
    """The ceiling is 1 - 0.09 / 0.59 = 0.85; the number of words in a promoter says nothing of the target."""
    codes, target = with_words(np.random.default_rng(4), 1100)
    roles = np.repeat(["train", "validation", "test"], [700, 150, 250])
    test = roles == "test"
    counts = features.kmer_counts(codes, 4)
    folds = np.where(test, 0, 1 + np.arange(len(codes)) % 2)
    assert r2(target[test], linear.out_of_fold(counts, target, folds)[test]) < 0.1
    settings = training.Settings(network, filters=16, epochs=25, batch_size=32, learning_rate=3e-3)
    found = training.train(codes, target, roles, 1, settings)
    assert r2(target[test], found.predictions[test]) > 0.5


@NETWORKS
def test_a_saved_network_loads_and_predicts_the_same(tmp_path, network):
    codes = random_codes()
    model = randomised(registry.NETWORKS[network].build(LENGTH, 5, 6))
    model.save(tmp_path / "model.keras")
    back = keras.models.load_model(tmp_path / "model.keras")
    assert array_of(model(codes)).std() > 0
    np.testing.assert_array_equal(array_of(back(codes)), array_of(model(codes)))


@NETWORKS
@pytest.mark.parametrize("length", [40, 57, 300])
def test_short_and_long_windows_can_be_read(network, length):
    model = registry.NETWORKS[network].build(length, 3, 6)
    assert model(np.zeros((2, length), np.uint8)).shape == (2, 1)


def test_the_configuration_names_every_network():
    properties = config.schema()["properties"]
    assert properties["comparison_networks"]["items"]["enum"] == list(registry.NETWORKS)
    assert properties["model"]["properties"]["variant"]["enum"] == list(VARIANTS)
    assert set(registry.NETWORKS) == {f"contextual_regression_{name}" for name in [*VARIANTS, "positional"]} | {
        "xpresso_cnn",
        "explainn",
        "argminn",
    }
