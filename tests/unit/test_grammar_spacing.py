"""Spacing rules in made-up promoters: planted ones are found, their shadows are told apart, and chance is silent."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.grammar import gap_information, spacing_tables
from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.grammar.find_spacing import Spacing, find_spacing, mark_composition
from cisformula.grammar.node_sites import collapse, in_node_frame, node_sites
from cisformula.grammar.site_pairs import class_names, node_pairs
from cisformula.grammar.spacing import DistanceCounts, Limits, candidate_bins, significant_bins, upper_tail
from cisformula.grammar.spacing_null import exchange, gc_strata
from cisformula.grammar.spacing_profiles import HELIX, global_test, helical_test
from cisformula.grammar.spacing_rules import Rule, SiteBits, mirror_shift
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement_codes
from cisformula.simulate import random_bases
from cisformula.sites import find_sites

LIMITS = Limits(fdr=0.05, min_fold=2, min_promoters=20)
LENGTH, N_GENES = 200, 1500
APART = 1.01
"""A similarity that no two motifs have: each is a node of its own."""
CONSENSUS = {
    "spi1": "AAAGAGGAAGTG",
    "foxa1": "TGTAAACATA",
    "yy1": "CAAGATGGCGGC",
    "znf": "ACTACAATTCCCAGAATGC",
    "znf_left": "ACTACAATT",
    "znf_right": "CAGAATGC",
    "foxd3": "GTAAACATAG",
    "gaga": "GAGAGAGAGA",
    "ebox": "GGTCACGTGACC",
}


def motif(name):
    return Motif(name, name.upper(), 0.91 * np.eye(4)[encode(CONSENSUS[name])] + 0.0225)


def write(codes, gene, start, name, forward, rng):
    pfm = motif(name).pfm
    drawn = (rng.random((len(pfm), 1)) > pfm.cumsum(axis=1)[:, :3]).sum(axis=1).astype(np.uint8)
    codes[gene, start : start + len(pfm)] = drawn if forward else reverse_complement_codes(drawn)


def promoters(seed, pairs=(), alone=()):
    """Random promoters of two GC classes with pairs (first, second, gap, same strand, number) and single sites."""
    rng = np.random.default_rng(seed)
    gc = np.where(rng.random(N_GENES) < 0.5, 0.6, 0.45)
    codes = random_bases(gc, LENGTH, rng)
    for name, number in alone:
        for gene in rng.integers(0, N_GENES, number):
            write(codes, gene, rng.integers(0, LENGTH - 20), name, rng.random() < 0.5, rng)
    for first, second, gap, same, number in pairs:
        widths = len(CONSENSUS[first]), len(CONSENSUS[second])
        for gene in rng.choice(N_GENES, number, replace=False):
            start, forward = int(rng.integers(0, LENGTH - sum(widths) - gap + 1)), rng.random() < 0.5
            offsets = (0, widths[0] + gap) if forward else (widths[1] + gap, 0)
            write(codes, gene, start + offsets[0], first, forward, rng)
            write(codes, gene, start + offsets[1], second, forward == same, rng)
    return codes


def sites_of(codes, names, similarity=0.8):
    motifs = [motif(name) for name in names]
    table = {"motif": list(names), "name": [name.upper() for name in names], "source": "database", "coefficient": 1.0}
    nodes = collapse(motifs, pd.DataFrame(table), similarity)
    found = find_sites(codes, motifs, 1e-4).rename(columns={"sequence": "gene"})
    return node_sites(in_node_frame(found, nodes, LENGTH), nodes), nodes, motifs


def distances_in(codes, names):
    sites, nodes, motifs = sites_of(codes, names)
    strata = gc_strata(np.isin(codes, [1, 2]).mean(axis=1), 3)
    return find_spacing(sites, nodes, motifs, np.arange(len(codes)), strata, LENGTH, 60, LIMITS)


def rules_in(codes, names, max_distance=60, similarity=0.8):
    sites, nodes, motifs = sites_of(codes, names, similarity)
    strata = gc_strata(np.isin(codes, [1, 2]).mean(axis=1), 3)
    found = find_spacing(sites, nodes, motifs, np.arange(len(codes)), strata, LENGTH, max_distance, LIMITS)
    names_of = nodes.drop_duplicates("node").set_index("node")["name"]
    return spacing_tables.rule_table(found.rules, found.counts[0], found.pairs, found.sites, codes, names_of)


SINGLE = [("spi1", 300), ("foxa1", 300), ("yy1", 400), ("znf", 300)]
FAMILY = ["spi1", "foxa1", "yy1", "znf", "foxd3"]


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_pairs_are_found_and_nothing_else(seed):
    pairs = [("spi1", "foxa1", 6, True, 80), ("yy1", "znf", 12, False, 80)]
    rules = rules_in(promoters(seed, pairs, SINGLE), FAMILY)
    true = rules[rules["status"] == "rule"].set_index("first").sort_index()
    columns = ["second", "orientation", "order", "distance", "resolution"]
    assert true[columns].to_numpy().tolist() == [
        ["foxa1", "same", "first_second", 6, 1],
        ["znf", "opposite", "first_second", 12, 1],
    ]
    assert true["n_promoters"].between(60, 110).all()
    assert (true["gap_information"] < 0.1).all()


def test_promoters_without_a_rule_have_none():
    for seed in range(3):
        rules = rules_in(promoters(10 + seed, alone=SINGLE), FAMILY)
        assert rules.empty


def test_a_similar_motif_casts_a_shadow():
    # The two forkheads are nodes of their own, whose sites coincide.
    rules = rules_in(promoters(3, [("spi1", "foxa1", 6, True, 80)], SINGLE), FAMILY, similarity=APART)
    assert rules["status"].tolist().count("rule") == 1
    shadows = rules[(rules["status"] == "shadow") & (rules["resolution"] == 1)]
    best = rules[rules["status"] == "rule"].iloc[0]
    assert len(shadows) == 1
    assert {best["second"], shadows["second"].iloc[0]} == {"foxa1", "foxd3"}
    assert shadows["shadow_of"].tolist() == [best["rule"]]


def test_two_parts_of_one_site_are_no_rule():
    rules = rules_in(promoters(4, alone=[("znf", 500)]), ["znf", "znf_left", "znf_right"], similarity=APART)
    assert len(rules) > 0
    assert set(rules["status"]) == {"one_site"}
    assert set(rules["shadow_of"]) == {"znf"}


def test_without_the_whole_motif_the_parts_are_a_composite():
    rules = rules_in(promoters(4, alone=[("znf", 500)]), ["znf_left", "znf_right"])
    (row,) = rules[rules["resolution"] == 1].itertuples()
    assert (row.status, row.distance, row.orientation, row.order) == ("composite", 2, "same", "first_second")
    # Bits of a column of the motif, see `motif`.
    assert row.gap_information == pytest.approx(2 - stats.entropy([0.91] + 3 * [0.0225], base=2), abs=0.15)


def test_a_palindrome_makes_one_rule_of_two_classes():
    rules = rules_in(promoters(5, [("ebox", "yy1", 8, True, 120)], SINGLE), ["ebox", "yy1", "spi1"])
    fine = rules[rules["resolution"] == 1]
    assert fine["status"].tolist() == ["rule", "mirror"]
    assert "rule" not in set(rules.loc[rules["resolution"] > 1, "status"])
    assert fine["orientation"].tolist() in (["same", "opposite"], ["opposite", "same"])
    assert fine["distance"].tolist() == [8, 8]


def test_exchanged_sites_make_no_rules():
    codes = promoters(6, [("spi1", "foxa1", 6, True, 80)], SINGLE)
    sites, nodes, motifs = sites_of(codes, FAMILY)
    strata = gc_strata(np.isin(codes, [1, 2]).mean(axis=1), 3)
    rng = np.random.default_rng(7)
    for _ in range(3):
        moved = exchange(sites, strata, rng)
        found = find_spacing(moved, nodes, motifs, np.arange(N_GENES), strata, LENGTH, 60, LIMITS)
        assert found.rules == []
        # The control keeps what it should: the number of sites of each node.
        assert found.sites["node"].value_counts().to_dict() == sites["node"].value_counts().to_dict()


def test_distances_that_shuffled_promoters_have_too_are_composition():
    # A tract of GA stays one when its dinucleotides are shuffled, and sites within keep their distances.
    rng = np.random.default_rng(8)
    codes = promoters(9, [("yy1", "znf", 12, False, 80)], SINGLE)
    for gene in rng.choice(N_GENES, 150, replace=False):
        codes[gene, 50:100] = np.resize(encode("GA"), 50)
    found, by_chance = (distances_in(table, ["gaga", "yy1", "znf"]) for table in (codes, shuffle(codes, rng, 50)))
    in_tracts = [rule for rule in found.rules if rule.status == "rule" and rule.bin.pair == 0]
    others = [rule for rule in found.rules if rule.bin.pair != 0]
    assert in_tracts
    mark_composition(found, by_chance, LIMITS)
    assert {rule.status for rule in in_tracts} == {"composition"}
    assert [(rule.status, rule.low, rule.high) for rule in others if rule.bin.resolution == 1] == [("rule", 12, 12)]


@pytest.mark.parametrize(
    ("shuffled_observed", "shuffled_expected", "status"),
    [
        (10, 10.0, "rule"),  # nothing in shuffled promoters
        (3, 1.0, "rule"),  # nothing that chance does not explain: P(at least 3 of 1) = 0.08
        (30, 15.0, "rule"),  # twice as many, but the rule has four times as many
        (40, 15.0, "composition"),  # less than twice what composition explains
    ],
)
def test_a_rule_must_hold_beyond_what_shuffled_promoters_show(shuffled_observed, shuffled_expected, status):
    best = pd.DataFrame(
        {"pair": [0], "kind": [1], "resolution": [10], "low": [20], "observed": [80], "expected": [20.0]}
    )
    rules = [
        Rule(next(best.itertuples(index=False)), 20, 29, np.empty(0, int), 80, name) for name in ("rule", "shadow")
    ]
    observed, expected = np.full((1, 4, 5), 7), np.full((1, 4, 5), 7.0)
    observed[0, 1, 2], expected[0, 1, 2] = shuffled_observed, shuffled_expected
    nothing = np.zeros((1, 4, 50))
    counts = [
        DistanceCounts(1, np.arange(51), nothing, nothing),
        DistanceCounts(10, np.arange(0, 51, 10), observed, expected),
    ]
    mark_composition(Spacing(None, None, None, rules, 1e-5), Spacing(None, None, counts, [], 0.0), LIMITS)
    assert [found.status for found in rules] == [status, "shadow"]


def made_up_counts(expected, rng, observed=None):
    observed = rng.poisson(expected) if observed is None else observed
    return DistanceCounts(1, np.arange(expected.shape[2] + 1), observed, expected)


def test_p_values_and_q_values_against_scipy():
    rng = np.random.default_rng(1)
    counts = made_up_counts(rng.uniform(0.5, 8, (40, 4, 30)), rng)
    np.testing.assert_allclose(
        upper_tail(counts.observed, counts.expected), stats.poisson.sf(counts.observed - 1, counts.expected)
    )
    counts.observed[3, 1, 7] = 60
    bins, p_limit = significant_bins([counts], LIMITS)
    q = stats.false_discovery_control(upper_tail(counts.observed, counts.expected).ravel()).reshape(40, 4, 30)
    assert len(bins) == (q < 0.05).sum()
    np.testing.assert_allclose(bins["q"], q[bins["pair"], bins["kind"], bins["low"]])
    assert p_limit == bins["p"].max()
    (row,) = candidate_bins(bins, LIMITS).itertuples()
    assert (row.pair, row.kind, row.low, row.high, row.observed) == (3, 1, 7, 7, 60)


def test_the_global_test_is_calibrated_and_sees_a_shift():
    rng = np.random.default_rng(2)
    expected = np.full((500, 4, 10), 12.0)
    observed = rng.poisson(expected)
    observed[0, 0] += 2 * np.arange(10)
    result = global_test(DistanceCounts(10, np.arange(0, 101, 10), observed, expected))
    assert (result.df == 10).all()
    assert stats.kstest(result.p[1:].ravel(), "uniform").pvalue > 1e-3
    assert result.p[0, 0] < 1e-3
    by_hand = stats.chisquare(observed[5, 2], expected[5, 2], sum_check=False).statistic
    assert result.chi2[5, 2] == pytest.approx(by_hand)


def test_bins_are_joined_until_they_expect_enough():
    expected = np.full((1, 4, 10), 2.0) * np.array([1, 2, 0.1, 4])[None, :, None]
    result = global_test(made_up_counts(expected, np.random.default_rng(3)))
    np.testing.assert_array_equal(result.df, [[2, 5, np.nan, 10]])
    assert np.isnan(result.p[0, 2])


def test_the_helical_test_is_calibrated_and_finds_period_and_phase():
    rng = np.random.default_rng(4)
    expected = np.full((500, 4, 101), 2.0)
    wave = 1 + 0.5 * np.cos(2 * np.pi * (np.arange(101) - 4) / HELIX)
    observed = rng.poisson(expected)
    observed[0, 0] = rng.poisson(2.0 * wave)
    observed[1:, :, 30] += 50
    left_out = np.zeros(observed.shape, dtype=bool)
    left_out[:, :, 30] = True
    result = helical_test(made_up_counts(expected, rng, observed), left_out)
    assert stats.kstest(result.p[1:].ravel(), "uniform").pvalue > 1e-3
    assert result.p[0, 0] < 1e-3
    assert result.phase[0, 0] == pytest.approx(4, abs=1)
    assert result.strength[0, 0] == pytest.approx(0.5, abs=0.25)
    seen = helical_test(made_up_counts(expected, rng, observed), np.zeros(observed.shape, dtype=bool))
    assert (seen.p[1:] < 1e-3).mean() > 0.8


def test_information_of_columns():
    rng = np.random.default_rng(5)
    free = rng.integers(0, 4, (4000, 50)).astype(np.uint8)
    assert gap_information.column_bits(free).mean() == pytest.approx(0, abs=1e-3)
    # The correction: few bases look conserved without it.
    few = gap_information.column_bits(rng.integers(0, 4, (20, 2000)).astype(np.uint8))
    assert few.mean() == pytest.approx(0, abs=0.02)
    same = gap_information.column_bits(np.tile(encode("ACGN"), (50, 1)))
    np.testing.assert_allclose(same[:3], 2 - 3 / (2 * np.log(2) * 50))
    assert np.isnan(same[3])


def test_information_over_other_sites():
    name = "znf_left"
    sites = pd.DataFrame({"motif": pd.Categorical([name, name]), "strand": [1, -1], "matched_start": [10, 10]})
    bare = Motif(name, name, np.array([[1.0, 0, 0, 0], [0.25] * 4, [0.5, 0.5, 0, 0]]))
    bits = SiteBits(sites, [bare], np.array([False]))
    over = [bits.over(np.array([0, 1]), np.array([low] * 2), np.array([high] * 2)) for low, high in ((0, 11), (11, 13))]
    np.testing.assert_allclose(over, [[2, 1], [1, 2]])


@pytest.mark.parametrize(("name", "shift"), [("ebox", 0), ("spi1", np.nan), ("foxa1", np.nan)])
def test_palindromes_are_known(name, shift):
    np.testing.assert_array_equal(mirror_shift(motif(name).pfm), shift)


def test_a_palindrome_off_its_motifs_middle_moves():
    off = Motif("off", "off", 0.9 * np.eye(4)[encode("GGTCACGTGACCTA")] + 0.025)
    assert mirror_shift(off.pfm) == 2


def test_classes_of_pairs_have_names():
    first, second = node_pairs(2)
    assert [class_names(one == other)[0] for one, other in zip(first, second, strict=True)] == [
        ("tandem", "either"),
        ("same", "first_second"),
        ("tandem", "either"),
    ]
