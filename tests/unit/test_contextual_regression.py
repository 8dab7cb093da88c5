"""The networks are the sums they say they are, and their filters are read the way they scan."""

import keras
import numpy as np
import pytest

from cisformula import features
from cisformula.models import contextual_regression
from cisformula.models.contextual_regression import VARIANTS, build
from cisformula.models.filter_scans import BLOCK
from cisformula.models.network import motif_filters
from cisformula.sequence import one_hot, reverse_complement_codes

LENGTH, FILTERS, WIDTH = 130, 5, 6
ALL = pytest.mark.parametrize("variant", sorted(VARIANTS))


@pytest.fixture(scope="module")
def codes():
    rng = np.random.default_rng(1)
    return rng.choice(5, (40, LENGTH), p=[0.24, 0.24, 0.24, 0.24, 0.04]).astype(np.uint8)


@pytest.fixture(scope="module")
def networks():
    """Networks of all variants whose weights are all random, so that nothing vanishes by its initial value."""
    result = {}
    for variant in VARIANTS:
        model = build(variant, LENGTH, FILTERS, WIDTH)
        rng = np.random.default_rng(2)
        model.set_weights([0.3 * np.abs(rng.normal(size=weight.shape)) for weight in model.get_weights()])
        rng = np.random.default_rng(3)
        kernel = model.get_layer("motifs").weights[0]
        kernel.assign(rng.normal(size=kernel.shape))
        if variant == "published":  # whose filters are never negative once trained
            kernel.assign(np.abs(kernel))
        result[variant] = model
    result["thresholded"].get_layer("motifs").bias.assign(-np.linspace(0.5, 2, FILTERS))
    return result


def array_of(tensor):
    return keras.ops.convert_to_numpy(tensor)


def outputs(model, codes, *names):
    """Outputs of named layers, as arrays."""
    part = keras.Model(model.input, {name: model.get_layer(name).output for name in names})
    found = part(codes, training=False)
    return [array_of(found[name]) for name in names]


def window_scores(codes, filters):
    """Plain sum over each window and filter; shape (sequences, positions, filters)."""
    bases, width = one_hot(codes, dtype=float), filters.shape[1]
    return np.stack(
        [
            [[(row[start : start + width] * motif).sum() for motif in filters] for start in range(len(row) - width + 1)]
            for row in bases
        ]
    )


@ALL
def test_the_prediction_is_the_sum_of_context_times_activity(networks, codes, variant):
    model = networks[variant]
    context, activity = outputs(model, codes, "context", "activity")
    assert context.shape == activity.shape == (40, FILTERS)
    assert context.std(axis=0).min() > 1e-3, "the context depends on the sequence"
    bias = float(model.get_layer("weighted_sum").bias)
    assert bias != 0
    expected = (context.astype(float) * activity).sum(axis=1) + bias
    np.testing.assert_allclose(array_of(model(codes))[:, 0], expected, rtol=1e-5, atol=1e-5)


def test_the_published_network_has_the_published_number_of_weights():
    # 64 x 8 x 4 filters, 16 and 8 x 7-wide convolutions, 8 -> 64 -> 64 -> 64 dense, one bias; three pooled blocks of 50
    # become one. The authors' notebook counts the same beside its frozen identity layer.
    by_hand = 2048 + (7 * 64 * 16 + 16) + (7 * 16 * 8 + 8) + (8 * 64 + 64) + 2 * (64 * 64 + 64) + 1
    model = build("published", 400, 64, 8)
    assert sum(np.prod(weight.shape) for weight in model.trainable_weights) == by_hand == 19_033
    assert model.non_trainable_weights == []
    assert [tuple(part.shape[1:]) for part in model.get_layer("motifs").output] == [(64,), (7, 64)]
    pooled = [layer.output.shape[1:] for layer in model.layers if isinstance(layer, keras.layers.MaxPooling1D)]
    assert pooled == [(3, 16), (1, 8)]


@ALL
@pytest.mark.parametrize("length", [40, 60, 151, 300])
def test_shorter_and_longer_windows_can_be_read(variant, length):
    model = build(variant, length, 3, 8)
    assert model(np.zeros((2, length), np.uint8)).shape == (2, 1)


def test_published_activities_are_the_mean_activations_of_the_filters(networks, codes):
    model = networks["published"]
    (activity,) = outputs(model, codes, "activity")
    np.testing.assert_allclose(activity, features.mean_activation(codes, motif_filters(model)), atol=1e-5)


def test_the_published_context_sees_the_best_window_of_whole_blocks_on_the_sense_strand(networks, codes):
    model = networks["published"]
    blocks = array_of(model.get_layer("motifs")([codes[:6], one_hot(codes[:6])])[1])
    scores = window_scores(codes[:6], motif_filters(model))
    whole = scores.shape[1] // BLOCK * BLOCK
    assert 0 < whole < scores.shape[1]
    np.testing.assert_allclose(blocks, scores[:, :whole].reshape(6, -1, BLOCK, FILTERS).max(axis=2), atol=1e-5)


def test_published_filters_are_never_negative_once_trained(codes):
    keras.utils.set_random_seed(1)
    model = build("published", LENGTH, FILTERS, WIDTH)
    assert motif_filters(model).min() < 0
    model.compile("sgd", loss="mse")
    model.fit(codes, np.arange(len(codes)) / 10, verbose=0)
    assert motif_filters(model).min() == 0


def test_best_sites_are_the_best_windows_of_either_strand(networks, codes):
    model = networks["best_site"]
    (blocks,) = outputs(model, codes[:6], "motifs")
    sense = window_scores(codes[:6], motif_filters(model))
    other = window_scores(reverse_complement_codes(codes[:6]), motif_filters(model))[:, ::-1]
    scores = np.maximum(sense, other)
    positions = LENGTH - WIDTH + 1
    assert blocks.shape == (6, -(-positions // BLOCK), FILTERS)
    np.testing.assert_allclose(blocks.max(axis=1), scores.max(axis=1), atol=1e-5)
    # The padding to whole blocks is shared by both ends, the first getting the smaller half.
    start = -((-positions % BLOCK) // 2)
    for block in range(blocks.shape[1]):
        inside = scores[:, max(0, start) : start + BLOCK]
        np.testing.assert_allclose(blocks[:, block], inside.max(axis=1), atol=1e-5)
        start += BLOCK


def test_thresholded_activities_are_means_of_what_scores_on_both_strands_exceed_the_threshold_by(networks, codes):
    model = networks["thresholded"]
    excess, blocks, activity = outputs(model, codes[:6], "motifs", "blocks", "activity")
    threshold = np.linspace(0.5, 2, FILTERS)
    sense = window_scores(codes[:6], motif_filters(model))
    other = window_scores(reverse_complement_codes(codes[:6]), motif_filters(model))[:, ::-1]
    expected = np.maximum(sense - threshold, 0) + np.maximum(other - threshold, 0)
    assert 0.05 < (expected > 0).mean() < 0.95, "some sites exceed the threshold, not all"
    np.testing.assert_allclose(excess, expected, atol=1e-5)
    gamma, beta, mean, variance = (array_of(x) for x in model.get_layer("activity").weights)
    standardised = gamma * (expected.mean(axis=1) - mean) / np.sqrt(variance + 1e-3) + beta
    np.testing.assert_allclose(activity, standardised, atol=1e-5)
    np.testing.assert_allclose(blocks.max(axis=1), expected.max(axis=1), atol=1e-5)


def rank(activity):
    """Number of directions in which activities vary by more than rounding in single precision."""
    size = np.linalg.svd(activity - activity.mean(axis=0), compute_uv=False)
    return int((size > 1e-5 * size[0]).sum())


def test_published_activities_are_linear_in_composition_and_thresholded_ones_are_not():
    """Rank at most 3 free base frequencies at each of 8 places of a filter, however many filters; spec section 4."""
    codes = np.random.default_rng(5).integers(0, 4, (400, LENGTH)).astype(np.uint8)
    models = {variant: build(variant, LENGTH, 64, 8) for variant in ("published", "thresholded")}
    published, thresholded = (outputs(model, codes, "activity")[0] for model in models.values())
    assert published.shape == thresholded.shape == (400, 64)
    assert rank(published) <= 24
    assert rank(thresholded) == 64
    # The threshold does it: without one and on one strand the same filters have the published rank.
    filters = np.random.default_rng(6).normal(size=(64, 8, 4))
    assert rank(features.mean_activation(codes, filters)) == 24


@pytest.mark.parametrize("variant", ["best_site", "thresholded"])
def test_activities_do_not_depend_on_the_strand_that_is_given(networks, codes, variant):
    assert VARIANTS[variant].both_strands
    model = networks[variant]
    for layer in ("motifs", "activity"):
        there, back = (outputs(model, x, layer)[0] for x in (codes, reverse_complement_codes(codes)))
        if layer == "motifs":
            there, back = there.max(axis=1), back.max(axis=1)
        np.testing.assert_allclose(there, back, atol=1e-5)


def test_published_activities_depend_on_the_strand_that_is_given(networks, codes):
    assert not VARIANTS["published"].both_strands
    published = networks["published"]
    there, back = (outputs(published, x, "activity")[0] for x in (codes, reverse_complement_codes(codes)))
    assert not np.allclose(there, back, atol=1e-3)


def test_unknown_bases_contribute_nothing(networks):
    unknown = np.full((1, LENGTH), 4, np.uint8)
    for variant in ("best_site", "thresholded"):
        assert (outputs(networks[variant], unknown, "motifs")[0] == 0).all(), variant
    published = networks["published"]
    assert (outputs(published, unknown, "activity")[0] == 0).all()
    assert float(published(unknown)[0, 0]) == pytest.approx(float(published.get_layer("weighted_sum").bias))
    # A single N takes the score of its base out of each window that holds it.
    rng = np.random.default_rng(4)
    known = rng.integers(0, 4, (1, LENGTH)).astype(np.uint8)
    masked = known.copy()
    masked[0, 50] = 4
    before, after = (outputs(published, x, "activity")[0][0] for x in (known, masked))
    lost = motif_filters(published)[:, :, known[0, 50]].sum(axis=1) / (LENGTH - WIDTH + 1)
    np.testing.assert_allclose(before - after, lost, atol=1e-6)


def test_penalties_are_the_published_ones_whatever_the_batch(networks, codes):
    model = networks["published"]
    for batch in (codes, codes[:8]):
        model(batch)
        (context,) = outputs(model, batch, "context")
        lasso = 2e-8 * np.abs(window_scores(batch, motif_filters(model))).sum() / len(batch)
        assert float(model.get_layer("motifs").losses[0]) == pytest.approx(lasso, rel=1e-5)
        dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)][:2]
        weights = sum((array_of(layer.kernel) ** 2).sum() for layer in dense)
        expected = 1e-4 * weights + lasso + 1e-4 * np.abs(context).sum() / len(batch)
        assert float(sum(model.losses)) == pytest.approx(expected, rel=1e-4)


@ALL
def test_a_saved_network_loads_without_help_and_predicts_the_same(networks, codes, tmp_path, variant):
    networks[variant].save(tmp_path / "model.keras")
    back = keras.models.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(array_of(back(codes)), array_of(networks[variant](codes)))
    np.testing.assert_array_equal(motif_filters(back), motif_filters(networks[variant]))


def test_every_variant_says_what_it_is():
    assert sorted(VARIANTS) == ["best_site", "published", "thresholded"]
    assert len({variant.description for variant in VARIANTS.values()}) == 3
    assert contextual_regression.VARIANTS["published"].optimizer == "sgd"
    assert contextual_regression.VARIANTS["published"].learning_rate == 5e-4
