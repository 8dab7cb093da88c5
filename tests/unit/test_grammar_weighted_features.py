"""Weighted features: exact parts of out-of-fold predictions, aligned over runs and laid over their bases."""

import keras
import numpy as np
import pandas as pd
import pytest

from cisformula.errors import InputError
from cisformula.figures import style, weighted_profiles
from cisformula.grammar import network_terms, track
from cisformula.grammar.weighted_features import (
    RunTerms,
    combine,
    describe,
    features_of_motifs,
    profiles,
    to_table,
)
from cisformula.models.network import motif_filters
from cisformula.models.positional import BIN, SCALE, build
from cisformula.motif_clusters import cluster_motifs
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot, reverse_complement_codes

LENGTH, FILTERS, WIDTH, GENES = 110, 4, 6, 24
N_BINS = 5
EDGES = np.array([0, 25, 50, 75, 100, 110])


def random_network(seed):
    """A network with random filters, thresholds of different heights, a varying context and a bias."""
    keras.utils.set_random_seed(seed)
    model = build(LENGTH, FILTERS, WIDTH)
    rng = np.random.default_rng(seed)
    model.get_layer("motifs").kernel.assign(rng.normal(size=(WIDTH, 4, FILTERS)) / 5)
    model.get_layer("activity").threshold.assign(np.linspace(0.6, 1.4, FILTERS))
    last = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)][-1]
    last.kernel.assign(rng.normal(size=last.kernel.shape) / 20)
    model.get_layer("weighted_sum").bias.assign(0.5 + seed)
    return model


@pytest.fixture(scope="module")
def codes():
    return np.random.default_rng(1).integers(0, 4, (GENES, LENGTH)).astype(np.uint8)


@pytest.fixture(scope="module")
def networks():
    return [random_network(seed) for seed in range(3)]


def run_terms(model, codes, run, genes):
    terms = network_terms.read_terms(model, codes[genes])
    starts = track.best_windows(codes[genes], motif_filters(model), EDGES)
    laid = track.lay_out(terms.weighted, starts, WIDTH, LENGTH)
    return RunTerms(run, genes, terms.weighted, terms.bias, terms.predicted, laid)


@pytest.fixture(scope="module")
def runs(networks, codes):
    """Runs 0 and 2 held out the even genes, run 1 the odd ones."""
    return [run_terms(model, codes, run, np.arange(run % 2, GENES, 2)) for run, model in enumerate(networks)]


FILTER_TABLE = pd.DataFrame(
    [(0, 0, "R0M0"), (0, 1, "R0M0"), (0, 2, "R1M3"), (1, 3, "R1M3"), (1, 0, "R0M0"), (1, 2, ""), (2, 1, "R1M3")],
    columns=["run", "filter", "feature"],
).assign(motif=lambda table: [f"R{run}M{number}" for run, number in zip(table["run"], table["filter"], strict=True)])
FEATURES = ["R0M0", "R1M3"]


@pytest.fixture(scope="module")
def found(runs):
    return combine(runs, FILTER_TABLE, FEATURES, GENES)


def predicted_by(model, codes):
    return keras.ops.convert_to_numpy(model(codes, training=False))[:, 0]


# Terms of one network --------------------------------------------------------------------------------------------


def test_terms_and_bias_sum_to_the_prediction(networks, codes):
    terms = network_terms.read_terms(networks[0], codes)
    assert terms.weighted.shape == (GENES, N_BINS, FILTERS)
    assert 0.1 < (terms.weighted == 0).mean() < 0.9, "some motifs are absent, not all"
    np.testing.assert_allclose(terms.predicted, predicted_by(networks[0], codes), atol=1e-5)
    np.testing.assert_allclose(terms.weighted.sum(axis=(1, 2)) + terms.bias, terms.predicted, atol=1e-5)


def hand_set_network():
    """TATAA adds 2 in bin 1 and takes 3 away in bin 3; constant 0.25. A full match exceeds the threshold by 1."""
    model = build(100, 1, 5)
    model.set_weights([np.zeros(weight.shape) for weight in model.get_weights()])
    model.get_layer("motifs").kernel.assign(one_hot(encode("TATAA"))[:, :, None])
    model.get_layer("activity").threshold.assign([4])
    dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)][-1]
    dense.bias.assign([0, 2 / SCALE, 0, -3 / SCALE])
    model.get_layer("weighted_sum").bias.assign(0.25)
    return model


def test_a_network_set_by_hand_is_read_as_it_was_set(tmp_path):
    promoters = np.full((4, 100), 1, dtype=np.uint8)
    promoters[1, 30:35] = encode("TATAA")
    promoters[2, 80:85] = reverse_complement_codes(encode("TATAA"))
    promoters[3, 30:35] = promoters[3, 80:85] = encode("TATAA")
    hand_set_network().save(tmp_path / "model.keras")
    model = network_terms.load(tmp_path / "model.keras")
    terms = network_terms.read_terms(model, promoters)
    np.testing.assert_allclose(
        terms.weighted[:, :, 0], [[0] * 4, [0, 2, 0, 0], [0, 0, 0, -3], [0, 2, 0, -3]], atol=1e-6
    )
    assert terms.bias == 0.25
    np.testing.assert_allclose(network_terms.predictor(model)(promoters), [0.25, 2.25, -2.75, -0.75], atol=1e-6)
    starts = track.best_windows(promoters, motif_filters(model), track.bin_edges(100, 4, BIN))
    laid = track.lay_out(terms.weighted, starts, 5, 100)
    expected = np.zeros((4, 100))
    expected[[1, 3], 30:35], expected[2:, 80:85] = 2 / 5, -3 / 5
    np.testing.assert_allclose(laid, expected, atol=1e-6)


# Base resolution -------------------------------------------------------------------------------------------------


def test_the_last_bin_ends_with_the_window():
    assert track.bin_edges(LENGTH, N_BINS, BIN).tolist() == EDGES.tolist()


def test_best_windows_are_those_that_the_network_scores(networks, codes):
    """The window's score, by plain sums on both strands, is the activity that the network reports for the bin."""
    model = networks[1]
    filters = motif_filters(model)
    starts = track.best_windows(codes, filters, EDGES)
    activity = keras.Model(model.input, model.get_layer("activity").output).predict(codes, verbose=0)
    threshold = keras.ops.convert_to_numpy(model.get_layer("activity").threshold)
    middle = starts + WIDTH // 2
    assert ((middle >= EDGES[:-1, None]) & (middle < EDGES[1:, None])).all()
    for gene, place, number in np.ndindex(starts.shape):
        window = codes[gene, starts[gene, place, number] :][:WIDTH]
        score = max((one_hot(x) * filters[number]).sum() for x in (window, reverse_complement_codes(window)))
        assert activity[gene, place, number] == pytest.approx(SCALE * max(score - threshold[number], 0), abs=1e-4)


def test_a_bin_without_a_middle_of_a_window_has_none():
    starts = track.best_windows(np.zeros((2, 52), np.uint8), np.ones((1, 8, 4)), track.bin_edges(52, 3, BIN))
    assert starts[:, :, 0].tolist() == [[0, 21, -1]] * 2


def test_the_track_has_the_sums_of_the_weighted_features(runs):
    for run in runs:
        np.testing.assert_allclose(run.track.sum(axis=1) + run.bias, run.predicted, atol=1e-4)


# Alignment over runs ---------------------------------------------------------------------------------------------


def test_table_and_track_sum_to_the_mean_out_of_fold_prediction(found, networks, codes):
    table = to_table(found, FEATURES, pd.Series([f"g{i}" for i in range(GENES)]))
    assert table.columns.tolist() == ["R0M0", "R1M3", "other", "bias"]
    assert (table.dtypes == np.float32).all()
    by_run = [predicted_by(model, codes) for model in networks]
    expected = np.where(np.arange(GENES) % 2, by_run[1], (by_run[0] + by_run[2]) / 2)
    np.testing.assert_allclose(found.predicted, expected, atol=1e-5)
    np.testing.assert_allclose(table.sum(axis=1), expected, atol=1e-5)
    np.testing.assert_allclose(found.track.sum(axis=1) + found.bias, expected, atol=1e-4)


def test_a_feature_is_the_sum_of_its_filters(found, runs):
    odd = runs[1].weighted
    np.testing.assert_allclose(found.by_bin[1::2, 0], odd[:, :, 0], atol=1e-6)
    np.testing.assert_allclose(found.by_bin[1::2, 1], odd[:, :, 3], atol=1e-6)
    np.testing.assert_allclose(found.by_bin[1::2, 2], odd[:, :, 1] + odd[:, :, 2], atol=1e-6)
    even = (runs[0].weighted[:, :, 0] + runs[0].weighted[:, :, 1]) / 2
    np.testing.assert_allclose(found.by_bin[::2, 0], even, atol=1e-6)


def test_a_gene_that_no_run_held_out_is_refused(runs):
    with pytest.raises(InputError, match="12 of 24 genes were held out by none of 1 runs"):
        combine(runs[1:2], FILTER_TABLE, FEATURES, GENES)


def word_motif(name, word):
    return Motif(name, name, 0.94 * one_hot(encode(word), dtype=float) + 0.015)


def test_features_are_clusters_found_by_enough_runs():
    """One word found by three runs, one by two, once on the other strand, and one by a single run, twice."""
    motifs = [word_motif("R0M0", "CCGGAAGT"), word_motif("R1M4", "CCGGAAGT"), word_motif("R2M1", "ACTTCCGG")]
    motifs += [word_motif("R0M2", "TATAAAAG"), word_motif("R1M0", "CTTTTATA")]
    motifs += [word_motif("R2M5", "GATTACAC"), word_motif("R2M6", "GATTACAC")]
    assigned = features_of_motifs(cluster_motifs(motifs), 2)
    assert assigned.to_dict() == {
        "R0M0": "R0M0",
        "R1M4": "R0M0",
        "R2M1": "R0M0",
        "R0M2": "R0M2",
        "R1M0": "R0M2",
        "R2M5": "",
        "R2M6": "",
    }


# Descriptions ----------------------------------------------------------------------------------------------------


def test_shares_of_variance_are_those_of_independent_parts():
    """Parts of variances 9, 4, 0 and a constant: shares 9/13 and 4/13; a sign or a constant added changes none."""
    signs = np.array([(1, 1), (1, -1), (-1, 1), (-1, -1)])
    values = {"A": 3 * signs[:, 0] + 5, "B": -2 * signs[:, 1], "other": np.zeros(4), "bias": np.full(4, 0.5)}
    filters = pd.DataFrame(
        [("R0M0", 0, "A"), ("R1M1", 1, "A"), ("R1M2", 1, "A"), ("R1M3", 1, "B"), ("R0M4", 0, "")],
        columns=["motif", "run", "feature"],
    )
    best = pd.DataFrame({"match": ["ETS1", "TBP"], "match_q": [0.001, 0.2]}, index=["A", "B"])
    table = describe(pd.DataFrame(values), filters, {"A": "CCGGAA", "B": "TATAAA"}, best)
    assert table["feature"].tolist() == ["A", "B"]
    assert table["share_of_variance"].tolist() == pytest.approx([9 / 13, 4 / 13])
    assert table["name"].tolist() == ["ETS1", "TATAAA"], "a match that is not significant gives no name"
    assert table[["n_runs", "n_filters"]].to_numpy().tolist() == [[2, 3], [1, 1]]
    assert table["mean"].tolist() == [5, 0]
    assert table["sd"].tolist() == pytest.approx([3 * np.sqrt(4 / 3), 2 * np.sqrt(4 / 3)])


def test_profiles_are_means_and_deviations_over_genes(found):
    table = profiles(found, FEATURES, EDGES - 80)
    assert table["feature"].tolist() == ["R0M0"] * 5 + ["R1M3"] * 5
    assert table.loc[:4, "bin_start"].tolist() == [-80, -55, -30, -5, 20]
    assert table.loc[:4, "bin_end"].tolist() == [-56, -31, -6, 19, 29]
    np.testing.assert_allclose(table["mean"], found.by_bin[:, :2].mean(axis=0).ravel(), atol=1e-6)
    np.testing.assert_allclose(table["sd"], found.by_bin[:, :2].std(axis=0, ddof=1).ravel(), atol=1e-5)


def test_the_figure_shows_the_features_with_the_largest_shares_and_their_means():
    features = pd.DataFrame(
        {
            "feature": ["A", "B", "C"],
            "match": ["ETS1", "TBP", None],
            "match_q": [0.001, 0.2, np.nan],
            "name": ["ETS1", "TATAAA", "GATTAC"],
            "consensus": ["CCGGAA", "TATAAA", "GATTAC"],
            "n_runs": [5, 4, 2],
            "share_of_variance": [0.5, 0.05, 0.3],
        }
    )
    means = np.array([[0.1, 0.4], [0.9, 0.9], [-0.3, 0.2]])
    table = pd.DataFrame(
        {
            "feature": np.repeat(["A", "B", "C"], 2),
            "bin_start": [-50, -25] * 3,
            "bin_end": [-26, -1] * 3,
            "mean": means.ravel(),
            "sd": 1.0,
        }
    )
    figure = weighted_profiles.draw(features, table, [word_motif("A", "CCGGAA")], 1234, limit=2)
    logos, heat, bars = figure.axes[:3]
    assert [label.get_text() for label in logos.get_yticklabels()] == ["C GATTAC", "A ≈ ETS1"]
    np.testing.assert_array_equal(np.ravel(heat.collections[0].get_array()), [-0.3, 0.2, 0.1, 0.4])
    assert heat.get_xlim() == (-50.5, -0.5)
    assert [bar.get_width() for bar in bars.patches] == [30, 50]
    assert "2 of 3 features" in figure.get_suptitle()
    assert "1,234 genes" in figure.get_suptitle()
    style.plt.close(figure)
