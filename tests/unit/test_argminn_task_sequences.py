"""Simulated sequences hold what their truth says, in the shares that were planned."""

import numpy as np
import pytest
from scipy import stats

from cisformula.argminn.task_sequences import (
    GC_LEVELS,
    MATCH,
    Simulated,
    TaskSource,
    clear_of_matches,
    draw_background,
    gc_sweep,
    set_stream,
    shares,
    simulate,
)
from cisformula.argminn.tasks import PUBLISHED_TASKS, TASKS, planted_motifs
from cisformula.errors import InputError
from cisformula.pwm import Motif
from cisformula.sequence import decode, encode, one_hot, reverse_complement, reverse_complement_codes

ALPHA = 1e-4
"""A test of a distribution fails by chance this often, and with these seeds not at all."""


def made(name, n=600, seed=0, **settings):
    task = TASKS[name]
    return simulate(task, planted_motifs(task), n, n, np.random.default_rng(seed), **settings)


def words(simulated, motif, strand):
    sites = simulated.sites[(simulated.sites["motif"] == motif.id) & (simulated.sites["strand"] == strand)]
    places = sites["start"].to_numpy()[:, None] + np.arange(motif.width)
    found = simulated.codes[sites["sequence"].to_numpy()[:, None], places]
    return reverse_complement_codes(found) if strand == "-" else found


@pytest.mark.parametrize("name", [name for name in TASKS if name.endswith("_sanitised")])
def test_every_site_of_the_truth_reads_as_the_consensus(name):
    simulated = made(name, 200)
    for row, motif, start, end, strand in simulated.sites.itertuples(index=False):
        text = decode(simulated.codes[row, start:end])
        consensus = next(planted.consensus for planted in simulated.motifs if planted.id == motif)
        assert (text if strand == "+" else reverse_complement(text)) == consensus
    assert list(simulated.sites.columns) == ["sequence", "motif", "start", "end", "strand"]
    assert simulated.sites.sort_values(["sequence", "start"]).equals(simulated.sites)


def test_sites_on_either_strand_follow_the_frequencies():
    simulated = made("SPI1", 4000)
    (motif,) = simulated.motifs
    for strand in "+-":
        found = words(simulated, motif, strand)
        counts = one_hot(found, int).sum(axis=0)
        error = np.sqrt(motif.pfm * (1 - motif.pfm) / len(found))
        assert (np.abs(counts / len(found) - motif.pfm) <= 4.5 * error).all()


@pytest.mark.parametrize(
    ("name", "published"), list(zip(PUBLISHED_TASKS, [1000, 1264, 1921, 1482, 2000, 1000], strict=True))
)
def test_bound_sequences_have_the_published_number_of_sites(name, published):
    simulated = made(name, 4000)
    bound = simulated.label[simulated.sites["sequence"]] == 1
    # At most 1.27 sites per sequence with a standard deviation of at most 0.5.
    assert bound.sum() / 4 == pytest.approx(published, abs=4 * 1000 * 0.5 / np.sqrt(4000))
    assert (simulated.label == 1).sum() == 4000


@pytest.mark.parametrize("name", ["TAL1_GATA1", "E2F6_MAX", "GATA1_density"])
def test_configurations_are_planted_in_their_shares(name):
    simulated, task = made(name, 4000), TASKS[name]
    table = shares(task, simulated)
    for label in (1, 0):
        own = table[table["label"] == label]
        error = np.sqrt(own["planned"] * (1 - own["planned"]) / 4000)
        assert ((own["share"] - own["planned"]).abs() <= 4.5 * error).all()
        for number, configuration in enumerate(task.configurations(label)):
            rows = np.flatnonzero((simulated.label == label) & (simulated.configuration == number))
            planted = simulated.sites[simulated.sites["sequence"].isin(rows)].groupby("sequence")["motif"]
            assert (planted.count() == len(configuration.motifs)).all()
            assert planted.ngroups == (len(rows) if configuration.motifs else 0)


def pairs(simulated, label):
    """Gap, left motif and strands of the sequences of one label with two sites."""
    sites = simulated.sites[simulated.label[simulated.sites["sequence"]] == label]
    both = sites[sites.groupby("sequence")["sequence"].transform("size") == 2]
    first, second = both.iloc[::2].reset_index(drop=True), both.iloc[1::2].reset_index(drop=True)
    return second["start"] - first["end"], first["motif"], first["strand"] + second["strand"]


@pytest.mark.parametrize("name", ["REST", "REST_v2", "CTCF_spacing"])
@pytest.mark.parametrize("label", [0, 1])
def test_gaps_follow_their_weights_on_either_strand(name, label):
    simulated = made(name, 3000)
    gaps, left, strands = pairs(simulated, label)
    weights = TASKS[name].configurations(label)[0].gaps[0]
    counts = gaps.value_counts()
    assert set(counts.index) == set(weights)
    expected = np.array([weights[gap] * len(gaps) for gap in counts.index])
    assert stats.chisquare(counts, expected).pvalue > ALPHA
    assert set(strands) == {"++", "--"}
    if name != "CTCF_spacing":
        assert (left == np.where(strands == "++", "REST_left", "REST_right")).all()


def test_hard_spacing_is_hard():
    gaps, left, strands = pairs(made("JUND_TEAD4"), 1)
    assert (gaps == 10).all()
    assert set(zip(left, strands, strict=True)) == {("JUND_TRE", "++"), ("TEAD4", "--")}


def test_orders_and_strands_that_are_free_are_as_likely():
    _, left, strands = pairs(made("SPI1_CTCF", 3000), 0)
    counts = (left + strands).value_counts()
    assert len(counts) == 8
    assert stats.chisquare(counts).pvalue > ALPHA


def test_half_are_reverse_complemented_and_the_middle_jitters_evenly():
    simulated = made("SPI1", 3000)
    sites = simulated.sites
    width = simulated.motifs[0].width
    # The site of an odd width that is turned lies one base further left than the same jitter mirrored.
    turned = (sites["strand"] == "-").to_numpy()
    assert abs(turned.sum() - 1500) < 4 * np.sqrt(3000 / 4)
    forward_start = np.where(turned, 500 - sites["end"], sites["start"])
    jitter = forward_start + width // 2 - 250
    assert (jitter.min(), jitter.max()) == (-50, 50)
    assert stats.chisquare(np.bincount(jitter + 50, minlength=101)).pvalue > ALPHA


def windows_that_match(codes, pfm):
    """By the definition: every window, both strands."""
    found = []
    for strand in (pfm, pfm[::-1, ::-1]):
        for start in range(codes.shape[1] - len(pfm) + 1):
            probability = strand[np.arange(len(pfm)), codes[:, start : start + len(pfm)]].mean(axis=1)
            found += [(row, start) for row in np.flatnonzero(probability >= MATCH)]
    return found


@pytest.mark.parametrize("gc", [0.3, 0.5])
def test_background_holds_no_match_and_is_otherwise_left_alone(gc):
    motifs = [
        Motif("short", "short", one_hot(encode("GATC"), float)),
        Motif("long", "long", 0.94 * one_hot(encode("TGACGTCA"), float) + 0.015),
        Motif("vague", "vague", np.full((6, 4), 0.25)),
    ]
    rng = np.random.default_rng(1)
    before = draw_background((300, 120), gc, rng)
    after = clear_of_matches(before.copy(), motifs, gc, rng)
    planted = {
        (row, start + i) for motif in motifs for row, start in windows_that_match(before, motif.pfm) for i in range(4)
    }
    assert planted
    assert not any(windows_that_match(after, motif.pfm) for motif in motifs)
    rows_changed = set(np.flatnonzero((before != after).any(axis=1)))
    assert rows_changed <= {row for row, _ in planted}


def test_background_that_cannot_be_cleared_is_an_error():
    motifs = [Motif(word, word, one_hot(encode(word), float)) for word in ("GG", "GC", "CG")]
    codes = np.full((1, 10), 2, dtype=np.uint8)
    with pytest.raises(InputError, match="GC content 1 matches"):
        clear_of_matches(codes, motifs, 1.0, np.random.default_rng(1))


def test_the_sweep_has_the_gc_content_it_says():
    task = TASKS["SPI1"]
    sweep = gc_sweep(task, planted_motifs(task), np.random.default_rng(2))
    assert sweep["codes"].shape == (19 * 400, 500)
    np.testing.assert_allclose(np.unique(sweep["gc"]), GC_LEVELS)
    for level in GC_LEVELS:
        own = (sweep["gc"] == level) & (sweep["label"] == 0)
        assert own.sum() == 200
        content = np.isin(sweep["codes"][own], (1, 2)).mean()
        assert content == pytest.approx(level, abs=4.5 * np.sqrt(level * (1 - level) / (200 * 500)))


def test_the_same_seed_gives_the_same_bytes_and_loads_again(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        made("REST", 20, seed=5).save(tmp_path / folder / "x.npz", tmp_path / folder / "x_sites.tsv.gz")
    for name in ("x.npz", "x_sites.tsv.gz"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    original = made("REST", 20, seed=5)
    loaded = Simulated.load(tmp_path / "a/x.npz", tmp_path / "a/x_sites.tsv.gz", original.motifs)
    np.testing.assert_array_equal(loaded.codes, original.codes)
    np.testing.assert_array_equal(loaded.configuration, original.configuration)
    assert (loaded.sites.to_numpy() == original.sites.to_numpy()).all()


def test_epochs_repeat_by_number_and_share_nothing_with_each_other_or_the_fixed_sets():
    task = TASKS["SPI1"]
    motifs = planted_motifs(task)
    source = TaskSource(task, motifs, seed=3)
    first, again, second = source.epoch(0, 60), TaskSource(task, motifs, seed=3).epoch(0, 60), source.epoch(1, 60)
    np.testing.assert_array_equal(first.codes, again.codes)
    assert source.length == first.codes.shape[1] == 500
    assert first.label.sum() == 30
    fixed = [simulate(task, motifs, 30, 30, set_stream(3, number)) for number in (0, 1)]
    everything = np.concatenate([first.codes, second.codes, *(drawn.codes for drawn in fixed)])
    assert len(np.unique(everything, axis=0)) == 240
    assert 0 < first.label[:30].sum() < 30, "labels come in random order"


def test_only_background_leaves_no_sites():
    task = TASKS["SPI1"]
    simulated = simulate(task, planted_motifs(task), 0, 5, np.random.default_rng(0))
    assert len(simulated.sites) == 0
    assert list(simulated.sites.columns) == ["sequence", "motif", "start", "end", "strand"]
