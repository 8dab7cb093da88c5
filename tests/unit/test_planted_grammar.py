"""Communities and spacing rules are planted as their tables say."""

import numpy as np
import pytest

from cisformula import simulate
from cisformula.planted_grammar import ACTIVE_SHARE, ENRICHMENT, communities, site_rates, spacing_rules
from cisformula.pwm import Motif

WIDTHS = (9, 10, 11, 12, 9, 10, 11, 12)
PLAN = simulate.Plan(genes=3000, sites_per_promoter=(0.3, 0.5))


@pytest.fixture(scope="module")
def motifs():
    rng = np.random.default_rng(1)
    return [Motif(f"m{i}", f"m{i}", rng.dirichlet(np.full(4, 0.2), width)) for i, width in enumerate(WIDTHS)]


@pytest.fixture(scope="module")
def promoters(motifs):
    return simulate.simulate_promoters(PLAN, motifs, np.random.default_rng(2))


def test_the_demo_has_four_communities_and_four_motifs_of_none():
    assert communities(20) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11], [12, 13, 14, 15]]
    assert communities(8) == [[0, 1, 2, 3]]
    assert communities(7) == []


def test_the_demo_has_two_spacing_rules():
    assert spacing_rules(20) == [(18, 19, 6, True), (2, 3, 12, False)]
    assert spacing_rules(7) == [(5, 6, 6, True)]


def test_rates_keep_their_mean_and_rise_where_the_community_is_active():
    means = np.linspace(0.1, 0.4, 8)
    rates = site_rates(means, [[0, 1, 2, 3]], 50_000, np.random.default_rng(3))
    np.testing.assert_allclose(rates.mean(axis=0), means, rtol=0.02)
    np.testing.assert_allclose(rates[:, 4:], np.tile(means[4:], (50_000, 1)))
    relative = rates[:, :4] / means[:4]
    np.testing.assert_allclose(relative, np.tile(relative[:, :1], 4))
    low, high = np.unique(relative.round(12))
    assert high / low == pytest.approx(ENRICHMENT)
    assert (relative[:, 0] > 1).mean() == pytest.approx(ACTIVE_SHARE, abs=4 * 0.36 / np.sqrt(50_000))


def test_sites_of_a_community_come_together_and_others_do_not(promoters, motifs):
    present = promoters.counts([motif.id for motif in motifs]) > 0
    z = np.corrcoef(present.T) * np.sqrt(PLAN.genes)
    within = z[:4, :4][np.triu_indices(4, 1)]
    outside = np.concatenate([z[:4, 4:].ravel(), z[4:, 4:][np.triu_indices(4, 1)]])
    assert within.min() > 4
    assert abs(outside).max() < 4


def test_the_pair_on_opposite_strands_faces_each_other_at_its_distance(promoters):
    rule = spacing_rules(8)[1]
    assert rule == (2, 3, 12, False)
    sites = promoters.sites[promoters.sites["planted"] & (promoters.sites["strand"] != ".")]
    seen = 0
    for gene in np.flatnonzero(promoters.spaced[:, 1]):
        of_gene = sites[sites["gene"] == gene]
        first, second = (of_gene[of_gene["motif"] == f"m{index}"] for index in (2, 3))
        pairs = first.merge(second, on="gene", suffixes=("", "_other"))
        ahead = (pairs["strand"] == "+") & (pairs["strand_other"] == "-")
        behind = (pairs["strand"] == "-") & (pairs["strand_other"] == "+")
        gap_ahead = pairs["start_other"] - pairs["start"] - WIDTHS[2]
        gap_behind = pairs["start"] - pairs["start_other"] - WIDTHS[3]
        seen += bool(((ahead & (gap_ahead == 12)) | (behind & (gap_behind == 12))).any())
    n_spaced = promoters.spaced[:, 1].sum()
    assert n_spaced > 100
    # A site that is also one on the other strand has the strand ".": a few are left out here.
    assert seen > 0.97 * n_spaced
