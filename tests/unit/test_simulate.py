"""The truth tables say what the sequences and the expression really hold."""

from itertools import product

import numpy as np
import pytest

from cisformula import hits, recovery, simulate
from cisformula.errors import InputError
from cisformula.planted_grammar import spacing_rules
from cisformula.pwm import Motif
from cisformula.sequence import encode, one_hot, reverse_complement_codes
from cisformula.simulate import SITE_P_VALUE, Plan, random_bases, sample_sites, simulate_expression, simulate_promoters

PLAN = Plan(genes=1500, chromosomes=4, sites_per_promoter=(0.3, 0.6), cell_types=22, groups=4)
WIDTHS = {"m0": 8, "m1": 11, "m2": 9, "m3": 10, "m4": 12}


@pytest.fixture(scope="module")
def motifs():
    rng = np.random.default_rng(1)
    return [Motif(name, name, rng.dirichlet(np.full(4, 0.3), width)) for name, width in WIDTHS.items()]


@pytest.fixture(scope="module")
def promoters(motifs):
    return simulate_promoters(PLAN, motifs, np.random.default_rng(4))


@pytest.fixture(scope="module")
def truth(promoters, motifs):
    return simulate_expression(PLAN, promoters, motifs, np.random.default_rng(3))


def planted_words(promoters, name, strand):
    """Bases at the sites that the table gives as planted for one motif and strand, read along the motif."""
    rows = planted(promoters)
    rows = rows[(rows["motif"] == name) & (rows["strand"] == strand)]
    places = rows["start"].to_numpy()[:, None] + np.arange(WIDTHS[name])
    words = promoters.codes[rows["gene"].to_numpy()[:, None], places]
    return reverse_complement_codes(words) if strand == "-" else words


def planted(promoters):
    return promoters.sites[promoters.sites["planted"]]


def matches(motif, words):
    """Whether each window of the motif's width scores enough to be a site on its given strand; shape (..., width)."""
    matrix = hits.score_matrix(motif, [SITE_P_VALUE])
    return matrix.scores[np.arange(motif.width), words].sum(axis=-1) >= matrix.thresholds[0]


def frequencies(words):
    return np.stack([(words == base).mean(axis=0) for base in range(4)], axis=1)


def assert_close_to(found, pfm, n):
    """Within four standard errors of the frequencies of n draws."""
    assert np.all(np.abs(found - pfm) <= 4 * np.sqrt(pfm * (1 - pfm) / n) + 2 / n)


def test_only_words_that_match_are_drawn():
    motif = Motif("m", "m", np.random.default_rng(4).dirichlet(np.full(4, 0.3), 7))
    every = np.array(list(product(range(4), repeat=7)))
    probability = motif.pfm[np.arange(7), every].prod(axis=1)
    # Of 16384 words only the best one has a p-value of at most 1e-4.
    assert matches(motif, every).sum() == 1
    assert (sample_sites(motif, 50, np.random.default_rng(5)) == every[probability.argmax()]).all()


@pytest.mark.parametrize("seed", [6, 7])
def test_words_are_drawn_as_often_as_the_matrix_says(seed):
    rng = np.random.default_rng(seed)
    motif = Motif("m", "m", rng.dirichlet(np.full(4, 0.3), 8))
    every = np.array(list(product(range(4), repeat=8)))
    matching = every[matches(motif, every)]
    assert 3 <= len(matching) <= SITE_P_VALUE * 4**8
    probability = motif.pfm[np.arange(8), matching].prod(axis=1)
    probability /= probability.sum()
    words = sample_sites(motif, 4000, rng)
    assert words.shape == (4000, 8)
    found = (words[:, None] == matching).all(axis=2)
    assert found.any(axis=1).all(), "no other word is drawn"
    assert_close_to(found.mean(axis=0), probability, 4000)


def test_no_sites_are_drawn_where_none_are_wanted(motifs):
    assert sample_sites(motifs[0], 0, np.random.default_rng(8)).shape == (0, 8)


def test_a_motif_that_hardly_ever_reaches_the_p_value_cannot_be_planted():
    short = Motif("short", "short", 0.94 * one_hot(encode("ACGTGA"), float) + 0.015)  # 4^-6 is more than 1e-4
    with pytest.raises(InputError, match=r"short.*too few.*another motif"):
        sample_sites(short, 10, np.random.default_rng(9))


def test_random_bases_have_the_gc_content_asked_for():
    codes = random_bases(np.array([0.2, 0.5, 0.8]), 20_000, np.random.default_rng(5))
    found = frequencies(codes.T)
    for gc, row in zip((0.2, 0.5, 0.8), found, strict=True):
        assert_close_to(row, np.array([1 - gc, gc, gc, 1 - gc]) / 2, 20_000)


def test_the_table_holds_every_window_that_matches_and_no_other(promoters, motifs):
    expected = {}
    for motif in motifs:
        windows = np.lib.stride_tricks.sliding_window_view(promoters.codes, motif.width, axis=1)
        sense, antisense = matches(motif, windows), matches(motif, reverse_complement_codes(windows))
        for strand, found in (("+", sense & ~antisense), ("-", antisense & ~sense), (".", sense & antisense)):
            expected |= {(gene, motif.id, start): strand for gene, start in np.argwhere(found).tolist()}
    sites = promoters.sites
    assert not sites.duplicated(["gene", "motif", "start"]).any()
    found = zip(zip(sites["gene"], sites["motif"], sites["start"], strict=True), sites["strand"], strict=True)
    assert dict(found) == expected
    by_chance = (~sites["planted"]).sum()
    assert by_chance > 100
    assert len(sites) - by_chance > 2000


def test_every_site_that_was_written_is_in_the_table_as_planted(motifs, monkeypatch):
    written = []
    write = simulate._Planting._write

    def noted(planting, index, start, reverse):
        write(planting, index, start, reverse)
        written.append((motifs[index].id, start, planting.promoter[start : start + motifs[index].width].tobytes()))

    monkeypatch.setattr(simulate._Planting, "_write", noted)
    promoters = simulate_promoters(PLAN, motifs, np.random.default_rng(11))
    found = [
        (name, start, promoters.codes[gene, start : start + WIDTHS[name]].tobytes())
        for gene, name, start in planted(promoters)[["gene", "motif", "start"]].itertuples(index=False)
    ]
    assert len(written) > 2000
    assert sorted(written) == sorted(found)


def test_as_many_sites_are_planted_as_planned(promoters):
    numbers = planted(promoters).groupby("motif").size() / PLAN.genes
    low, high = PLAN.sites_per_promoter
    error = 4 * np.sqrt(high / PLAN.genes)
    assert numbers.index.tolist() == list(WIDTHS)
    assert numbers.between(low - error, high + error).all()
    assert numbers.max() - numbers.min() > 0.05, "motifs differ in how common they are"


def test_truth_counts_are_the_hits_of_the_motifs(promoters, motifs):
    counted = hits.count_hits(promoters.codes, motifs, SITE_P_VALUE).toarray()
    np.testing.assert_array_equal(promoters.counts([motif.id for motif in motifs]), counted)


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("name", WIDTHS)
def test_planted_sites_are_words_of_their_matrix_on_the_strand_the_table_says(promoters, motifs, name, strand):
    words = planted_words(promoters, name, strand)
    motif = next(motif for motif in motifs if motif.id == name)
    assert len(words) > 150
    assert matches(motif, words).all()
    expected = frequencies(sample_sites(motif, 50_000, np.random.default_rng(10)))
    assert_close_to(frequencies(words), expected, len(words))


def test_half_of_the_lone_planted_sites_lie_on_each_strand(promoters):
    sites = planted(promoters)
    lone = sites[~sites["motif"].isin(["m3", "m4"]) & (sites["strand"] != ".")]
    assert (lone["strand"] == "+").mean() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(len(lone)))


def test_sites_stay_inside_and_planted_ones_never_overlap(promoters):
    ends = promoters.sites["start"] + promoters.sites["motif"].map(WIDTHS)
    assert promoters.sites["start"].min() >= 0
    assert ends.max() <= promoters.codes.shape[1] == 300
    for _, group in planted(promoters).assign(end=ends).sort_values("start").groupby("gene"):
        assert (group["start"].to_numpy()[1:] >= group["end"].to_numpy()[:-1]).all()


def test_counts_are_the_rows_of_the_table(promoters):
    counts = promoters.counts(["m4", "m0", "absent"])
    assert counts.shape == (1500, 3)
    for gene in (0, 7, 1499):
        rows = promoters.sites[promoters.sites["gene"] == gene]
        assert counts[gene].tolist() == [(rows["motif"] == "m4").sum(), (rows["motif"] == "m0").sum(), 0]
    assert counts.sum() == promoters.sites["motif"].isin(["m4", "m0"]).sum()


def test_the_spaced_pair_follows_its_rule_on_either_strand(promoters):
    (rule,) = spacing_rules(len(WIDTHS))
    assert rule == (3, 4, 6, True)
    by_gene = dict(list(planted(promoters).groupby("gene")))
    spaced = np.flatnonzero(promoters.spaced[:, 0])
    forward = 0
    for gene in spaced:
        sites = by_gene[gene]
        first, second = (sites[sites["motif"] == name] for name in ("m3", "m4"))
        gap = second["start"].to_numpy()[:, None] - first["start"].to_numpy() - WIDTHS["m3"]
        back = first["start"].to_numpy() - second["start"].to_numpy()[:, None] - WIDTHS["m4"]
        on = [sites["strand"] != strand for strand in "-+"]
        here = (gap == rule.distance) & on[0][second.index].to_numpy()[:, None] & on[0][first.index].to_numpy()
        there = (back == rule.distance) & on[1][second.index].to_numpy()[:, None] & on[1][first.index].to_numpy()
        assert here.any() or there.any()
        forward += here.any()
    assert len(spaced) > 50
    assert forward / len(spaced) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(len(spaced)))


def test_about_half_of_the_promoters_with_both_motifs_are_spaced(promoters):
    sites = planted(promoters)
    both = np.all([np.isin(np.arange(1500), sites["gene"][sites["motif"] == name]) for name in ("m3", "m4")], axis=0)
    assert both[promoters.spaced[:, 0]].all()
    share = promoters.spaced[both, 0].mean()
    assert share == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(both.sum()))


def test_the_whole_promoter_has_the_gc_content_drawn_sites_included(promoters):
    """The bases between sites make up for the sites, so that nothing but the draw of the free bases is left."""
    error = np.isin(promoters.codes, (1, 2)).mean(axis=1) - promoters.gc
    crowded = planted(promoters).groupby("gene").size().reindex(range(1500), fill_value=0).to_numpy() > 2
    for some in (crowded, ~crowded):
        assert abs(error[some].mean()) < 4 * error.std() / np.sqrt(some.sum())
    assert error.std() < np.sqrt(0.25 / 300)


def test_promoters_are_of_two_gc_classes_as_drawn(promoters):
    site_free = np.setdiff1d(np.arange(1500), planted(promoters)["gene"])
    measured = ((promoters.codes[site_free] == 1) | (promoters.codes[site_free] == 2)).mean(axis=1)
    error = (measured - promoters.gc[site_free]) / np.sqrt(0.25 / 300)
    assert len(site_free) > 80
    assert abs(error.mean()) < 4 / np.sqrt(len(site_free))
    assert 0.8 < error.std() < 1.1
    (share_high, high, _), (share_low, low, _) = simulate.PROMOTER_GC
    assert promoters.gc.mean() == pytest.approx(share_high * high + share_low * low, abs=0.01)
    assert promoters.gc.std() > 0.08, "wider than either class"


def test_specific_effects_sum_to_zero_and_follow_the_groups(truth):
    assert truth.specific.shape == (5, 22)
    np.testing.assert_allclose(truth.specific.sum(axis=1), 0, atol=1e-12)
    names, sizes = np.unique(truth.groups, return_counts=True)
    assert names.tolist() == ["lineage_A", "lineage_B", "lineage_C", "lineage_D"]
    for row in truth.specific:
        signs = {name: set(np.sign(row[truth.groups == name])) - {0} for name in names}
        assert sorted(map(sorted, signs.values())) == [[], [], [-1], [1]]
        assert np.count_nonzero(row) == 2 * sizes.min()
        np.testing.assert_allclose(np.abs(row[row != 0]), 0.55 * PLAN.specific)


def test_effects_are_what_regression_on_the_true_counts_finds(promoters, motifs, truth):
    counts = promoters.counts([motif.id for motif in motifs]).astype(float)
    pair = counts[:, 0] * (counts[:, 1] > 0)
    covariates = np.column_stack([pair, promoters.spaced, promoters.gc])
    mean = truth.log_expression.mean(axis=1)
    residual_error = 4 * 0.55 * 0.65 / (counts.std(axis=0) * np.sqrt(PLAN.genes))
    # The context product is nearly a multiple of its motif's count: a wider error for this one.
    found = recovery.joint_effects(counts, covariates, mean)
    assert np.all(np.abs(found - truth.coefficients) < residual_error * np.array([2, 1, 1, 1.5, 1.5]))
    assert (truth.coefficients > 0).sum() == round(0.65 * 5)
    deviation = truth.log_expression - mean[:, None]
    for cell_type in (0, 10, 21):
        found = recovery.joint_effects(counts, covariates, deviation[:, cell_type])
        error = 4 * 0.55 * 0.4 / (counts.std(axis=0) * np.sqrt(PLAN.genes))
        assert np.all(np.abs(found - truth.specific[:, cell_type]) < error * np.array([2, 1, 1, 1.5, 1.5]))


def test_the_linear_ceiling_is_the_share_that_was_planned(promoters, motifs, truth):
    counts = promoters.counts([motif.id for motif in motifs]).astype(float)
    mean = truth.log_expression.mean(axis=1)
    ceiling = recovery.linear_ceiling(counts, promoters.gc[:, None], mean)
    assert ceiling == pytest.approx(PLAN.explained, abs=0.05)
    only_gc = recovery.linear_ceiling(np.empty((PLAN.genes, 0)), promoters.gc[:, None], mean)
    assert only_gc == pytest.approx(PLAN.explained_by_composition, abs=0.04)


def test_the_pair_of_the_context_rule_adds_more_than_its_parts(promoters, motifs, truth):
    counts = promoters.counts([motif.id for motif in motifs]).astype(float)
    covariates = np.column_stack([counts, promoters.gc])
    mean = truth.log_expression.mean(axis=1)
    extra = np.column_stack([counts[:, 0] * (counts[:, 1] > 0), promoters.spaced])
    context, spacing = recovery.joint_effects(extra, covariates, mean)
    assert context == pytest.approx(abs(truth.coefficients[0]), rel=0.5)
    assert spacing == pytest.approx(abs(truth.coefficients[-1]), rel=0.5)


def test_the_same_seed_gives_the_same_promoters(promoters, motifs):
    again, other = (simulate_promoters(PLAN, motifs, np.random.default_rng(seed)) for seed in (4, 5))
    np.testing.assert_array_equal(again.codes, promoters.codes)
    assert again.sites.equals(promoters.sites)
    assert not np.array_equal(other.codes, promoters.codes)
