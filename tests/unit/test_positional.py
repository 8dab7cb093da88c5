"""The positional network is the sum it says it is, and a motif that is absent adds nothing to it."""

import keras
import numpy as np
import pytest

from cisformula.models import positional
from cisformula.models.network import motif_filters
from cisformula.models.positional import BIN, SCALE, build, number_of_bins
from cisformula.sequence import encode, one_hot, reverse_complement_codes

LENGTH, FILTERS, WIDTH = 110, 5, 6
THRESHOLDS = np.linspace(2, 4, FILTERS)


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(1).choice(5, (30, LENGTH), p=[0.24, 0.24, 0.24, 0.24, 0.04]).astype(np.uint8)


@pytest.fixture(scope="module")
def network():
    """A network whose weights are all random, so that nothing vanishes by its initial value."""
    model = build(LENGTH, FILTERS, WIDTH)
    rng = np.random.default_rng(2)
    model.set_weights([0.3 * np.abs(rng.normal(size=weight.shape)) for weight in model.get_weights()])
    model.get_layer("motifs").kernel.assign(rng.normal(size=(WIDTH, 4, FILTERS)))
    model.get_layer("activity").threshold.assign(THRESHOLDS)
    return model


def array_of(tensor):
    return keras.ops.convert_to_numpy(tensor)


def output(model, codes, layer):
    return array_of(keras.Model(model.input, model.get_layer(layer).output)(codes, training=False))


def binned_scores(codes, filters):
    """Best window of each filter in each bin on either strand, by plain loops; shape (sequences, bins, filters)."""
    width = filters.shape[1]
    both = np.stack([filters, filters[:, ::-1, ::-1]])
    best = np.full((len(codes), number_of_bins(codes.shape[1]), len(filters)), -np.inf)
    for row, bases in enumerate(one_hot(codes, dtype=float)):
        for start in range(len(bases) - width + 1):
            scores = (both * bases[start : start + width]).sum(axis=(2, 3)).max(axis=0)
            place = (start + width // 2) // BIN
            best[row, place] = np.maximum(best[row, place], scores)
    return best


def test_the_prediction_is_the_sum_of_context_times_activity_over_bins_and_filters(network, codes):
    context, activity = output(network, codes, "context").astype(float), output(network, codes, "activity")
    assert context.shape == activity.shape == (30, 5, FILTERS)
    assert context.std(axis=0).min() > 1e-3, "the context depends on the sequence"
    bias = float(network.get_layer("weighted_sum").bias)
    assert bias != 0
    expected = (context * activity).sum(axis=(1, 2)) + bias
    np.testing.assert_allclose(array_of(network(codes))[:, 0], expected, rtol=1e-5, atol=1e-5)


def test_activities_are_what_the_best_window_of_a_bin_exceeds_the_threshold_by(network, codes):
    scores = binned_scores(codes, motif_filters(network))
    expected = SCALE * np.maximum(scores - THRESHOLDS, 0)
    assert 0.05 < (expected > 0).mean() < 0.95, "some bins hold the motif, not all"
    np.testing.assert_allclose(output(network, codes, "activity"), expected, atol=1e-4)


def test_an_activity_counted_by_hand():
    """ACGT scores 3 at bases 30..33 on the sense strand, TTTT on the other strand at 60..63 for the filter of A."""
    model = build(100, 2, 4)
    kernel = np.zeros((4, 4, 2))
    kernel[[0, 1, 2, 3], [0, 1, 2, 3], 0] = [0.5, 1, 1, 0.5]
    kernel[:, 0, 1] = 1
    model.get_layer("motifs").kernel.assign(kernel)
    model.get_layer("activity").threshold.assign([2.25, 3])
    codes = np.full((1, 100), 4, dtype=np.uint8)
    codes[0, 30:34], codes[0, 60:64] = encode("ACGT"), encode("TTTT")
    expected = np.zeros((4, 2))
    expected[1, 0] = SCALE * 0.75
    expected[2, 1] = SCALE * 1
    np.testing.assert_allclose(output(model, codes, "activity")[0], expected, atol=1e-6)


@pytest.mark.parametrize(("middle", "place"), [(24, 0), (25, 1), (49, 1), (50, 2)])
def test_a_window_lies_in_the_bin_of_its_middle_base(middle, place):
    model = build(100, 1, 5)
    kernel = np.zeros((5, 4, 1))
    kernel[:, 2, 0] = 1
    model.get_layer("motifs").kernel.assign(kernel)
    model.get_layer("activity").threshold.assign([4.5])
    codes = np.zeros((1, 100), dtype=np.uint8)
    codes[0, middle - 2 : middle + 3] = 2
    assert np.flatnonzero(output(model, codes, "activity")[0, :, 0]).tolist() == [place]


def test_absent_motifs_add_exactly_nothing(network, codes):
    """Raising a threshold above every score takes the filter out of the sum, whatever its context."""
    threshold = network.get_layer("activity").threshold
    threshold.assign(np.where(np.arange(FILTERS) == 3, 100, THRESHOLDS))
    without = output(network, codes, "activity")
    unknown = np.full((1, LENGTH), 4, np.uint8)
    prediction_of_unknown = float(network(unknown)[0, 0])
    threshold.assign(THRESHOLDS)
    assert (without[:, :, 3] == 0).all()
    assert (without[:, :, 2] != 0).any()
    assert prediction_of_unknown == float(network.get_layer("weighted_sum").bias)


def test_thresholds_cannot_become_negative():
    layer = build(50, 3, 6).get_layer("activity")
    kept = array_of(layer.threshold.constraint(keras.ops.convert_to_tensor([-0.5, 0.0, 0.5])))
    assert kept.tolist() == [0, 0, 0.5]


def test_activities_of_the_other_strand_are_mirrored():
    """With whole bins and filters of odd width, the bins of the reverse complement are those from behind."""
    assert positional.NETWORK.both_strands
    model = build(100, 3, 5)
    codes = np.random.default_rng(3).integers(0, 4, (20, 100)).astype(np.uint8)
    there, back = (output(model, x, "activity") for x in (codes, reverse_complement_codes(codes)))
    assert (there > 0).any(axis=(0, 1)).all()
    np.testing.assert_allclose(there, back[:, ::-1], atol=1e-5)


@pytest.mark.parametrize("length", [40, 51, 300])
def test_the_last_bin_may_be_shorter(length):
    model = build(length, 3, 8)
    codes = np.random.default_rng(4).integers(0, 4, (2, length)).astype(np.uint8)
    expected = SCALE * np.maximum(binned_scores(codes, motif_filters(model)) - positional.THRESHOLD, 0)
    np.testing.assert_allclose(output(model, codes, "activity"), expected, atol=1e-5)


def test_penalties_are_those_of_contextual_regression(network, codes):
    for batch in (codes, codes[:8]):
        network(batch)
        dense = [layer for layer in network.layers if isinstance(layer, keras.layers.Dense)]
        weights = sum((array_of(layer.kernel) ** 2).sum() for layer in dense[:2])
        context = np.abs(output(network, batch, "context")).sum() / len(batch)
        assert float(sum(network.losses)) == pytest.approx(1e-4 * (weights + context), rel=1e-4)
