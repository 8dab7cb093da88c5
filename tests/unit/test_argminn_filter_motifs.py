"""Motifs of filters, counted from windows whose activations are made up."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.argminn import filter_motifs
from cisformula.argminn.reading_parts import read_parts
from cisformula.models.argminn import Reading
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot, reverse_complement_codes

WORD = encode("GATAAG")
WIDTH = 8


def filters():
    """One filter that sees NGATAAGN on either strand, one that sees nothing."""
    weights = np.zeros((2, WIDTH, 4), dtype=np.float32)
    weights[0, 1:7] = one_hot(WORD) - 0.25
    return weights


def read(codes):
    """Activations by hand: matches beyond three of six, the second filter always silent."""
    bases = np.lib.stride_tricks.sliding_window_view(one_hot(codes), WIDTH, axis=1).transpose(0, 1, 3, 2)
    scores = [np.einsum("nwib,fib->nwf", bases, each) for each in (filters(), filters()[:, ::-1, ::-1])]
    activations = np.maximum(np.stack(scores, axis=3) - 1.5, 0).astype(np.float32)
    return Reading(activations, np.zeros((len(codes), 1, 1, activations.shape[1])), np.zeros(len(codes)))


@pytest.fixture
def codes():
    """Each of 60 sequences has the word once, every third on the other strand."""
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, (60, 40)).astype(np.uint8)
    for row, sequence in enumerate(codes):
        start = rng.integers(1, 33)
        sequence[start : start + 6] = WORD if row % 3 else reverse_complement_codes(WORD)
    return codes


def brute_force(codes):
    """Bases of the windows above half of the maximum, window by window."""
    activations = read(codes).activations
    limit, counts = activations[:, :, 0].max() / 2, np.zeros((WIDTH, 4), dtype=int)
    for sequence, window, strand in np.argwhere(activations[:, :, 0] > limit):
        bases = codes[sequence, window : window + WIDTH]
        if (bases == 4).any():
            continue
        bases = reverse_complement_codes(bases) if strand else bases
        counts[np.arange(WIDTH), bases] += 1
    return counts


def test_counts_are_those_of_every_window_above_half_the_maximum_on_its_strand(codes):
    codes[5, 10] = 4
    readings = filter_motifs.read_filters(read, codes, WIDTH)
    np.testing.assert_array_equal(readings.counts[0], brute_force(codes))
    activations = read(codes).activations[:, :, 0]
    assert readings.highest[0] == activations.max()
    assert readings.mean_positive[0] == pytest.approx(activations[activations > 0].mean())
    assert (readings.counts[1] == 0).all()
    assert (readings.highest[1], readings.mean_positive[1]) == (0, 0)


def test_a_faithful_network_has_one_strand(codes):
    def one_strand(some):
        reading = read(some)
        return reading._replace(activations=reading.activations[..., :1])

    both = filter_motifs.read_filters(read, codes, WIDTH)
    single = filter_motifs.read_filters(one_strand, codes, WIDTH)
    turned = filter_motifs.read_filters(one_strand, reverse_complement_codes(codes), WIDTH)
    np.testing.assert_array_equal(single.counts + turned.counts, both.counts)


def test_parts_do_not_change_the_result(codes, monkeypatch):
    whole = filter_motifs.read_filters(read, codes, WIDTH)
    monkeypatch.setattr(filter_motifs, "read_parts", lambda read, codes: read_parts(read, codes, 7))
    parts = filter_motifs.read_filters(read, codes, WIDTH)
    np.testing.assert_array_equal(parts.counts, whole.counts)
    np.testing.assert_allclose(parts.mean_positive, whole.mean_positive)


def test_the_planted_word_comes_back_trimmed_and_silent_filters_are_unused(codes):
    readings = filter_motifs.read_filters(read, codes, WIDTH)
    table, motifs = filter_motifs.describe(readings, filters())
    seen, silent = table.iloc[0], table.iloc[1]
    assert (seen["consensus"], seen["trim_start"], seen["trim_end"]) == ("GATAAG", 1, 7)
    assert seen["used"]
    assert seen["passed"]
    assert seen["weight_correlation"] > 0.95
    assert not silent["used"]
    assert not silent["passed"]
    assert (silent["nsites"], silent["consensus"]) == (0, "")
    assert [(motif.id, motif.consensus, motif.nsites) for motif in motifs] == [("F0", "GATAAG", seen["nsites"])]


@pytest.mark.parametrize(("highest", "used"), [(0.11, True), (0.09, False)])
def test_a_filter_far_below_the_others_is_inaudible_and_can_be_left_out(highest, used):
    counts = np.zeros((2, 6, 4), dtype=int)
    counts[:, :, 2] = 50
    readings = filter_motifs.FilterReadings(counts, np.array([1.0, highest]), np.array([0.5, highest / 2]))
    assert readings.audible().tolist() == [True, used]
    table, motifs = filter_motifs.describe(readings, np.ones((2, 6, 4)), readings.audible())
    assert table["used"].tolist() == [True, used]
    assert len(motifs) == 1 + used
    assert filter_motifs.describe(readings, np.ones((2, 6, 4)))[0]["used"].all()


def column(high):
    """A column whose first base has this frequency, the others the rest."""
    return [high, *[(1 - high) / 3] * 3]


@pytest.mark.parametrize(
    ("columns", "width", "passed"),
    [
        ([0.25, 0.9, 0.9, 0.9, 0.9, 0.9, 0.25], 5, True),
        ([0.25, 0.9, 0.9, 0.9, 0.9, 0.25], 4, False),  # too short
        ([0.7, 0.7, 0.7, 0.7, 0.7, 0.7], 6, False),  # 0.64 bits a column
        ([0.9, 0.9, 0.25, 0.9, 0.9, 0.9], 6, True),  # an inner column may be empty
    ],
)
def test_quality(columns, width, passed):
    cut = filter_motifs.trimmed(Motif("F0", "F0", np.array([column(high) for high in columns])))
    assert cut.width == width
    assert filter_motifs.passes(cut) is passed


def test_nothing_is_left_of_a_flat_motif():
    assert filter_motifs.trimmed(Motif("F0", "F0", np.full((6, 4), 0.25))) is None


def test_drift_is_the_correlation_of_centred_weights_with_frequencies():
    rng = np.random.default_rng(0)
    pfm, weights = rng.dirichlet(np.ones(4), 7), rng.normal(size=(7, 4))
    centred = weights - weights.mean(axis=1, keepdims=True)
    expected = stats.pearsonr(centred.ravel(), pfm.ravel()).statistic
    assert filter_motifs.weight_correlation(weights, pfm) == pytest.approx(expected)
    assert filter_motifs.weight_correlation(3 * pfm + rng.normal(size=(7, 1)), pfm) == pytest.approx(1)
    assert np.isnan(filter_motifs.weight_correlation(weights, np.full((7, 4), 0.25)))


def test_the_best_match_gives_its_name():
    table = pd.DataFrame({"filter": [0, 1, 2]})
    matches = pd.DataFrame(
        {"Query_ID": ["F0", "F0", "F2"], "Target_ID": ["MA1", "MA2", "MA3"], "q-value": [0.01, 0.2, 0.3]}
    )
    named = filter_motifs.add_matches(table, matches, {"MA1": "GATA1", "MA2": "TAL1"})
    assert named["match"].tolist() == ["GATA1", "", "MA3"]
    np.testing.assert_array_equal(named["match_q"], [0.01, np.nan, 0.3])


def test_weights_that_learned_nothing_correlate_with_their_own_motif_too():
    rng = np.random.default_rng(7)
    weights = rng.normal(size=(5, WIDTH, 4)).astype(np.float32)
    codes = rng.integers(0, 4, (200, 200)).astype(np.uint8)

    def read_random(some):
        bases = np.lib.stride_tricks.sliding_window_view(one_hot(some), WIDTH, axis=1).transpose(0, 1, 3, 2)
        scores = np.maximum(np.einsum("nwib,fib->nwf", bases, weights), 0)[..., None]
        return Reading(scores, np.zeros((len(some), 1, 1, scores.shape[1])), np.zeros(len(some)))

    counts = filter_motifs.read_filters(read_random, codes, WIDTH).counts
    pfms = counts / counts.sum(axis=2, keepdims=True)
    r = np.array([[filter_motifs.weight_correlation(own, pfm) for pfm in pfms] for own in weights])
    assert np.diag(r).min() > 0.75
    assert np.abs(r[~np.eye(5, dtype=bool)]).max() < 0.75
