"""Motifs and sites of the methods that ARGMINN is compared with: planted truth comes back."""

import keras
import numpy as np
import pandas as pd
import pytest

from cisformula import training
from cisformula.argminn import filter_motifs
from cisformula.argminn.peers import cnn, explainn, filter_activations, modisco, scan
from cisformula.models.network import motif_filters
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot, reverse_complement_codes

training.use_threads(1)
WORD = encode("TGACGTTATC")


def random_codes(n_sequences=60, length=100):
    return np.random.default_rng(1).integers(0, 4, (n_sequences, length)).astype(np.uint8)


def sharp(word, name="M", nsites=1000):
    return Motif(name, name, 0.96 * one_hot(word, float) + 0.01, nsites)


def planted(codes, word, starts):
    for row, start in enumerate(starts):
        codes[row, start : start + len(word)] = word
    return codes


def test_activations_of_the_cnn_are_its_rectified_convolution():
    keras.utils.set_random_seed(1)
    model, codes = cnn.build(100, penalised=True), random_codes(5)
    kernel, bias = model.get_layer("motifs").get_weights()[:2]
    windows = np.lib.stride_tricks.sliding_window_view(one_hot(codes), 10, axis=1)
    expected = np.maximum(np.einsum("npcw,wcf->npf", windows, kernel) + bias, 0)
    reading = filter_activations.reader(model)(codes)
    np.testing.assert_allclose(reading.activations[..., 0], expected, atol=1e-5)
    assert reading.attention.shape == (5, 0, 0, 91)


@pytest.mark.parametrize("network", ["cnn", "explainn"])
def test_a_filter_that_looks_for_a_word_gives_that_word_as_its_motif(network):
    """A filter scores +1 for each base of the word; only the whole word, planted once each, excites it by half."""
    model = cnn.build(100, penalised=False) if network == "cnn" else explainn.build(100)
    layer = model.get_layer("motifs")
    kernel, bias = (np.zeros_like(weights) for weights in layer.get_weights())
    kernel[2 : 2 + len(WORD), :, 3] = one_hot(WORD)[: len(kernel) - 2]
    bias[3] = -7
    layer.set_weights([kernel, bias])
    codes = planted(random_codes(), WORD, np.random.default_rng(2).integers(5, 70, 60))
    filters = motif_filters(model)
    readings = filter_motifs.read_filters(filter_activations.reader(model), codes, filters.shape[1])
    table, motifs = filter_motifs.describe(readings, filters)
    (motif,) = [motif for motif in motifs if motif.id == "F3"]
    expected = WORD[: len(kernel) - 2]
    assert motif.consensus == "".join("ACGT"[base] for base in expected)
    assert table["passed"][3]
    assert table["nsites"][3] == 60


class Pattern:
    """What TF-MoDISco returns of a cluster, as far as it is read."""

    def __init__(self, sequence, n_seqlets):
        self.sequence, self.seqlets = sequence, [None] * n_seqlets


def stub_modisco(monkeypatch, result, asked):
    def run(bases, hypothetical, **settings):
        asked.update(settings, shape=bases.shape, dtype=hypothetical.dtype)
        return result

    monkeypatch.setattr("modiscolite.tfmodisco.TFMoDISco", run)


def test_patterns_become_motifs_named_by_their_sign(monkeypatch):
    asked = {}
    up, down = sharp(WORD).pfm, sharp(WORD[:6]).pfm
    stub_modisco(monkeypatch, ([Pattern(up, 40), Pattern(down, 30)], [Pattern(down, 20)]), asked)
    motifs = modisco.discover(random_codes(3), np.ones((3, 100, 4)))
    assert [(motif.id, motif.nsites) for motif in motifs] == [("P0", 40), ("P1", 30), ("N0", 20)]
    np.testing.assert_array_equal(motifs[2].pfm, down)
    assert asked["shape"] == (3, 100, 4)
    assert asked["n_leiden_runs"] == 2


@pytest.mark.parametrize("contribution", [0, 1])
def test_no_patterns_and_no_contributions_give_no_motifs(monkeypatch, contribution):
    asked = {}
    stub_modisco(monkeypatch, (None, None), asked)
    motifs = modisco.discover(random_codes(3), np.full((3, 100, 4), contribution))
    assert bool(asked) == bool(contribution)
    table, passed = modisco.describe(motifs)
    assert (len(table), passed) == (0, [])
    assert list(table) == modisco.COLUMNS


def test_motifs_pass_with_four_bits_after_trimming():
    flank = np.full((3, 4), 0.25)
    whole = Motif("P0", "P0", np.vstack([flank, sharp(WORD).pfm, flank]), 50)
    weak = Motif("P1", "P1", np.vstack([flank, sharp(WORD[:2]).pfm, flank]), 50)
    table, passed = modisco.describe([whole, weak, Motif("N0", "N0", flank, 50)])
    column = 2 + 0.97 * np.log2(0.97) + 3 * 0.01 * np.log2(0.01)
    np.testing.assert_allclose(table["information_bits"], [10 * column, 2 * column, 0])
    assert table["passed"].tolist() == [True, False, False]
    assert table["consensus"].tolist() == ["TGACGTTATC", "TG", ""]
    (motif,) = passed
    assert (motif.id, motif.width) == ("P0", 10)


@pytest.mark.slow
def test_modisco_finds_the_word_that_contributes():
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (250, 200)).astype(np.uint8)
    hypothetical = rng.normal(0, 0.01, (250, 200, 4))
    for row in range(250):
        word = WORD if row % 2 else reverse_complement_codes(WORD)
        start = rng.integers(50, 140)
        codes[row, start : start + 10] = word
        hypothetical[row, start : start + 10] = 0.5 * one_hot(word) - 0.125
    first = modisco.discover(codes, hypothetical)
    table, motifs = modisco.describe(first)
    assert table["passed"][0]
    consensus = motifs[0].consensus
    words = ("TGACGTTATC", "GATAACGTCA")
    assert any(word in consensus for word in words)
    again = modisco.discover(codes, hypothetical)
    assert all((one.pfm == other.pfm).all() for one, other in zip(first, again, strict=True))


def test_scan_finds_planted_sites_on_both_strands():
    starts = np.random.default_rng(3).integers(0, 91, 60)
    codes = random_codes()
    planted(codes[::2], WORD, starts[::2])
    planted(codes[1::2], reverse_complement_codes(WORD), starts[1::2])
    hits = scan.scan(codes, [sharp(WORD)], 1e-4)
    assert list(hits) == scan.COLUMNS
    best = hits[hits["score"] == hits["score"].max()]
    expected = [(row, start, start + 10, "-" if row % 2 else "+") for row, start in enumerate(starts)]
    assert list(best[["sequence", "start", "end", "strand"]].itertuples(index=False, name=None)) == expected
    assert best["score"].iloc[0] == pytest.approx(10 * np.log10(4), rel=1e-5)
    assert (hits["score"] >= 4).all()


def test_scan_without_motifs_finds_nothing():
    hits = scan.scan(random_codes(2), [], 1e-4)
    assert (len(hits), list(hits)) == (0, scan.COLUMNS)


def test_only_motifs_of_filters_that_passed_are_scanned_with():
    motifs = [sharp(WORD, name) for name in ("F0", "F2", "F10")]
    filters = pd.DataFrame({"filter": [0, 1, 2, 10], "passed": [True, True, False, True]})
    assert [motif.id for motif in scan.passed_motifs(motifs, filters)] == ["F0", "F10"]
