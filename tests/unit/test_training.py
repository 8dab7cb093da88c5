"""Training on small planted data: reproducible, blind to test genes, and able to find a word."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from cisformula import extraction, similarity, training
from cisformula.models.network import motif_filters
from cisformula.models.registry import NETWORKS
from cisformula.performance import r2
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot, reverse_complement_codes
from cisformula.training import Settings, train

# Threads can be set only before TensorFlow first computes, so when the tests are collected.
DEVICE = training.use_threads(1)
ALL = pytest.mark.parametrize("network", sorted(NETWORKS))
PUBLISHED, BEST_SITE = "contextual_regression_published", "contextual_regression_best_site"
WORD = "TGACGTAA"


def planted(n_genes=240, length=60, strength=2.0):
    """Random promoters, a word on either strand in half of them, a target that it raises; and roles."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 4, (n_genes, length)).astype(np.uint8)
    carries = rng.random(n_genes) < 0.5
    for gene in np.flatnonzero(carries):
        start = rng.integers(0, length - len(WORD))
        word = encode(WORD)
        codes[gene, start : start + len(WORD)] = word if rng.random() < 0.5 else reverse_complement_codes(word)
    target = strength * carries + rng.normal(0, 0.5, n_genes)
    roles = rng.permutation(np.repeat(["train", "validation", "test"], [n_genes * 6 // 10, n_genes // 5, n_genes // 5]))
    return codes, (target - target.mean()) / target.std(), roles


def settings(network, **options):
    return Settings(network, **{"filters": 4, "epochs": 4, "batch_size": 32, "patience": 2} | options)


@pytest.fixture(scope="module")
def trained():
    """Every network, trained with seed 5 for at most four epochs."""
    return {network: train(*planted(), 5, settings(network)) for network in NETWORKS}


@ALL
def test_neither_targets_nor_sequences_of_test_genes_reach_the_training(trained, network):
    """LEAK TEST, and the same seed gives the same network: no bit may differ."""
    codes, target, roles = planted()
    test = roles == "test"
    other_codes, other_target = codes.copy(), target.copy()
    other_target[test] = np.nan
    other_codes[test] = 3 - other_codes[test]
    again = train(other_codes, other_target, roles, 5, settings(network))
    for one, two in zip(trained[network].model.get_weights(), again.model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    assert again.history.equals(trained[network].history)
    np.testing.assert_array_equal(again.predictions[~test], trained[network].predictions[~test])
    assert not np.allclose(again.predictions[test], trained[network].predictions[test])


def test_training_targets_and_seeds_do_reach_it(trained):
    codes, target, roles = planted()
    for changed, seed in ((-target, 5), (target, 6)):
        other = train(codes, changed, roles, seed, settings(PUBLISHED))
        assert not np.allclose(other.model.get_weights()[0], trained[PUBLISHED].model.get_weights()[0])
        assert not np.allclose(other.predictions, trained[PUBLISHED].predictions)


@ALL
def test_a_run_does_not_depend_on_those_before_it_in_the_process(trained, network):
    """They share graphs, and the optimizer, whose learning rate and momenta have moved."""
    other = train(*planted(), 6, settings(network))
    again = train(*planted(), 5, settings(network))
    assert again.history.equals(trained[network].history)
    assert not again.history.equals(other.history)
    for one, two in zip(again.model.get_weights(), trained[network].model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(again.predictions, trained[network].predictions)


@ALL
def test_predictions_are_the_models_own_for_every_gene(trained, network):
    codes = planted()[0]
    found = trained[network]
    expected = keras.ops.convert_to_numpy(found.model(codes, training=False))[:, 0]
    assert found.predictions.shape == (240,)
    np.testing.assert_allclose(found.predictions, expected, atol=1e-5)
    assert found.history.columns.tolist() == ["epoch", "loss", "validation_loss"]
    assert found.history["epoch"].tolist() == list(range(1, len(found.history) + 1))


def test_published_filters_are_not_negative(trained):
    filters = motif_filters(trained[PUBLISHED].model)
    assert filters.shape == (4, 8, 4)
    assert filters.min() >= 0 < filters.max()
    assert motif_filters(trained[BEST_SITE].model).min() < 0


def validation_loss(found, batch_size=32):
    codes, target, roles = planted()
    held_out = roles == "validation"
    return found.model.evaluate(codes[held_out], target[held_out], batch_size=batch_size, verbose=0)


def test_training_stops_when_validation_stops_improving_and_keeps_the_best_weights():
    codes, target, roles = planted()
    options = settings(PUBLISHED, epochs=40, patience=3, learning_rate=0.05)
    # Validation targets of the opposite sign: what is learned makes them worse.
    opposite = np.where(roles == "validation", -3 * target, target)
    found = train(codes, opposite, roles, 1, options)
    losses = found.history["validation_loss"]
    best = int(losses.idxmin())
    assert len(losses) == best + 1 + 3 < 40
    held_out = roles == "validation"
    kept = found.model.evaluate(codes[held_out], opposite[held_out], batch_size=32, verbose=0)
    assert kept == pytest.approx(losses[best], rel=1e-5)
    assert kept < losses.iloc[-1]


def test_the_loss_is_the_mean_squared_error_and_the_penalties(trained):
    codes, target, roles = planted()
    held_out = roles == "validation"
    found = trained[PUBLISHED]
    error = np.mean((found.predictions[held_out] - target[held_out]) ** 2)
    found.model(codes[held_out])
    penalties = float(sum(found.model.losses))
    assert penalties > 0
    assert validation_loss(found, batch_size=48) == pytest.approx(error + penalties, rel=1e-4)


def test_a_planted_word_is_learned_and_read_from_the_filters():
    codes, target, roles = planted(n_genes=800, strength=4.0)
    found = train(codes, target, roles, 2, settings(BEST_SITE, filters=8, epochs=15, patience=10))
    test = roles == "test"
    assert r2(target[test], found.predictions[test]) > 0.4
    motifs = extraction.top_window_motifs(motif_filters(found.model), codes[roles == "train"], 0, n_windows=200)
    word = Motif("w", "w", one_hot(encode(WORD), dtype=float))
    assert similarity.best_alignment([word], motifs, 7).similarity.max() > 0.9


def test_the_backend_is_told_its_threads_and_named():
    import tensorflow as tf

    assert DEVICE.startswith(f"TensorFlow {tf.__version__} on ")
    assert DEVICE.endswith("CPU, 1 thread(s)") or "GPU" in DEVICE
    assert tf.config.threading.get_intra_op_parallelism_threads() == 1
    assert training.versions() == {"keras": keras.__version__, "tensorflow": tf.__version__}


def test_an_annealed_learning_rate_rises_during_a_tenth_and_falls_along_a_cosine():
    network = replace(NETWORKS["xpresso_cnn"], annealing=20)
    optimizer = training._optimizer(network, 0.01, 100)
    rates = []
    for step in (0, 5, 10, 55, 100):
        optimizer.iterations.assign(step)
        rates.append(float(optimizer.learning_rate))
    assert rates == pytest.approx([0.001, 0.0055, 0.01, 0.005, 0], abs=1e-6)
    constant = training._optimizer(replace(network, annealing=0), 0.01, 100)
    constant.iterations.assign(55)
    assert float(constant.learning_rate) == pytest.approx(0.01)


def test_annealed_training_ends_with_its_plan(monkeypatch):
    monkeypatch.setitem(NETWORKS, "short", replace(NETWORKS["xpresso_cnn"], annealing=16))
    codes, target, roles = planted()
    assert (roles == "train").sum() == 144  # five batches of at most 32: three epochs are fifteen
    found = train(codes, target, roles, 5, settings("short", epochs=40, patience=40))
    assert len(found.history) == 3


def test_what_is_not_set_is_the_networks_own():
    assert Settings(PUBLISHED).complete() == Settings(PUBLISHED, 64, 8, 100, 10, 128, 5e-4)
    assert Settings("xpresso_cnn").complete() == Settings("xpresso_cnn", 128, 11, 100, 10, 128, 3e-3)
    own = Settings("explainn", filters=3, width=5, learning_rate=0.1)
    assert own.complete() == own
