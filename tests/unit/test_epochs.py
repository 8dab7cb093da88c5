"""The graph of an epoch takes the steps that Keras takes, and no epoch repeats the order of another."""

import keras
import numpy as np
import pytest

from cisformula import training
from cisformula.epochs import GraphEpochs, KerasEpochs
from cisformula.errors import InputError
from cisformula.models.registry import NETWORKS
from cisformula.training import Settings, train

training.use_threads(1)

GENES, LENGTH, BATCH = 100, 60, 32  # the last batch of an epoch is smaller
RNG = np.random.default_rng(1)
CODES, TARGET = RNG.integers(0, 4, (GENES, LENGTH)).astype(np.uint8), RNG.normal(size=GENES)
GENE_OF = {bytes(row): gene for gene, row in enumerate(CODES)}
FITTED, HELD_OUT = np.arange(70), np.arange(70, GENES)
ROLES = np.repeat(["train", "validation", "test"], [70, 20, 10])


def losses_and_weights(kind, name):
    """Losses of two epochs and the weights after them, from the same start."""
    keras.utils.set_random_seed(3)
    network = NETWORKS[name]
    model = network.build(LENGTH, 4, network.width)
    model.compile(keras.optimizers.Adam(0.003), loss="mse")
    epochs = kind(model, BATCH)
    losses = []
    for seed in (1, 2):
        order = np.random.default_rng(seed).permutation(FITTED)
        losses.append(epochs.train(CODES[order], TARGET[order]))
        losses[-1]["validation"] = epochs.validate(CODES[HELD_OUT], TARGET[HELD_OUT])
    return losses, model.get_weights()


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_graph_and_keras_take_the_same_steps(name):
    (graph, ours), (loop, theirs) = losses_and_weights(GraphEpochs, name), losses_and_weights(KerasEpochs, name)
    assert [sorted(of_epoch) for of_epoch in graph] == [sorted(of_epoch) for of_epoch in loop]
    for one, two in zip(graph, loop, strict=True):
        assert one == pytest.approx(two, rel=1e-4, abs=1e-6)
    for one, two in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-3, atol=1e-4)
    assert graph[0]["loss"] != graph[1]["loss"]


@pytest.mark.parametrize("kind", [GraphEpochs, KerasEpochs])
def test_validation_leaves_the_weights_alone_and_is_the_mean_over_genes(kind):
    keras.utils.set_random_seed(3)
    model = NETWORKS["contextual_regression_best_site"].build(LENGTH, 4, 8)
    model.compile(keras.optimizers.Adam(0.003), loss="mse")
    before = model.get_weights()
    found = kind(model, BATCH).validate(CODES, TARGET)
    predicted = keras.ops.convert_to_numpy(model(CODES, training=False))[:, 0]
    assert found == pytest.approx(np.mean((predicted - TARGET) ** 2) + float(sum(model.losses)), rel=1e-4)
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_every_epoch_brings_the_training_genes_in_another_order(monkeypatch):
    trained_on, validated = [], []

    class Recorded(KerasEpochs):
        def train(self, codes, target):
            trained_on.append([GENE_OF[bytes(row)] for row in codes])
            np.testing.assert_array_equal(target, TARGET[trained_on[-1]])
            return super().train(codes, target)

        def validate(self, codes, target):
            validated.append([GENE_OF[bytes(row)] for row in codes])
            return super().validate(codes, target)

    monkeypatch.setattr(training, "epochs_of", Recorded)
    # Neither graphs of an earlier test here nor these in a later one.
    monkeypatch.setattr(training, "_working", training._working.__wrapped__)
    train(CODES, TARGET, ROLES, 1, Settings(filters=4, epochs=4, batch_size=BATCH))
    assert [sorted(order) for order in trained_on] == [list(range(70))] * 4
    assert len(set(map(tuple, trained_on))) == 4
    assert validated == [list(range(70, 90))] * 4


def test_a_loss_that_is_no_number_is_an_error_with_its_fix():
    target = TARGET.copy()
    target[5] = np.nan
    with pytest.raises(InputError, match="no longer a number in epoch 1"):
        train(CODES, target, ROLES, 1, Settings(filters=4, epochs=4, batch_size=BATCH))
