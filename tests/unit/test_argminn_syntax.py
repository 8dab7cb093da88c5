"""Frames, gaps, rules and configurations read from instances that were planted."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.argminn import configurations, frames, site_gaps, syntax
from cisformula.argminn.proportion import wilson
from cisformula.pwm import Motif
from cisformula.sequence import encode

MATCH_COLUMNS = ["Query_ID", "Target_ID", "Optimal_offset", "p-value", "q-value", "Orientation"]
INSTANCE_COLUMNS = ["sequence", "start", "end", "strand", "filter", "attention", "activation"]


def motif(name, word, strength=0.94):
    rest = (1 - strength) / 3
    return Motif(name, name, (strength - rest) * np.eye(4)[encode(word)] + rest, 100.0)


def matches(*rows):
    return pd.DataFrame(rows, columns=MATCH_COLUMNS)


def test_wilson_is_that_of_scipy():
    cases = [(0, 7), (3, 7), (7, 7), (81, 100), (975, 1204)]
    for k, n in cases:
        expected = stats.binomtest(k, n).proportion_ci(method="wilson")
        np.testing.assert_allclose(wilson(k, n), (expected.low, expected.high), atol=1e-12)
    assert [float(bound) for bound in wilson(0, 0)] == [0, 1]


# Frames


PLANTED = "TGACCTTAGCAG"
"""No part of it is its own reverse complement."""


def site_of(start, strand, filter_word, number):
    """Instance of a filter that sees a part of the planted word, which lies at a start on a strand."""
    at = PLANTED.find(filter_word)
    if at < 0:
        turned = Motif("", "", motif("", filter_word).pfm).reverse_complement().consensus
        at, strand_seen = PLANTED.index(turned), {"+": "-", "-": "+"}[strand]
    else:
        strand_seen = strand
    width = len(filter_word)
    first = start + at if strand == "+" else start + len(PLANTED) - at - width
    return (first, first + width, strand_seen, number)


WORDS = ["GACCTTAGC", "CCTTAGCAG", "CTGCTAAGG"]
"""A part of the planted word, one shifted by two, and the reverse complement of that."""


@pytest.mark.parametrize("strand", ["+", "-"])
@pytest.mark.parametrize("known", [True, False])
def test_shifted_and_turned_filters_of_one_motif_lie_in_one_place(strand, known):
    motifs = [motif(f"F{number}", word) for number, word in enumerate(WORDS)]
    table = matches(("F1", "MA1", 3, 1e-8, 1e-7, "+"), ("F2", "MA1", 0, 1e-9, 1e-8, "-")) if known else matches()
    same = frames.similar_filters(motifs, table, [Motif("MA1", "ABC", motif("", PLANTED).pfm)])
    assert same["motif"].nunique() == 1
    rows = [(number, *site_of(100, strand, word, number)) for number, word in enumerate(WORDS)]
    instances = pd.DataFrame([(*row, 0.9, 1.0) for row in rows], columns=INSTANCE_COLUMNS)
    placed = frames.place(instances, same)
    assert len(placed[["start", "end", "strand"]].drop_duplicates()) == 1
    if known:
        assert set(same["motif"]) == {"ABC"}
        assert placed["strand"].unique().tolist() == [strand]
        assert same["consensus"].iloc[0] in PLANTED


def test_filters_in_the_frame_of_the_motif_that_they_match():
    motifs = [motif(f"F{number}", word) for number, word in enumerate([*WORDS, "AAAATTTT"])]
    table = matches(
        ("F0", "MA1", 1, 1e-8, 1e-7, "+"),
        ("F1", "MA1", 3, 1e-8, 1e-7, "+"),
        ("F2", "MA1", 0, 1e-8, 1e-7, "-"),  # the columns of the reverse complement, from its start
        ("F3", "MA1", 0, 0.1, 0.2, "+"),
    )
    known = frames.in_targets(motifs, table, [Motif("MA1", "ABC", motif("", PLANTED).pfm)])
    assert known["filter"].tolist() == [0, 1, 2]
    for strand in "+-":
        rows = [(number, *site_of(100, strand, word, number)) for number, word in enumerate(WORDS)]
        instances = pd.DataFrame([(*row, 0.9, 1.0) for row in rows], columns=INSTANCE_COLUMNS)
        placed = frames.place(instances, known)
        assert set(placed[["start", "end", "strand"]].itertuples(index=False, name=None)) == {(100, 112, strand)}


def test_two_calls_in_one_frame_at_one_place_are_one_site():
    same = frames.similar_filters([motif(f"F{n}", word) for n, word in enumerate(WORDS)], matches(), [])
    rows = [(0, *site_of(100, "+", word, number), 0.9, 1.0) for number, word in enumerate(WORDS)]
    assert len(frames.place(pd.DataFrame(rows, columns=INSTANCE_COLUMNS), same)) == 1


def test_halves_of_one_motif_stay_apart_and_are_told_apart_by_name():
    word = "TTCAGCACCTGGACAGCGCC"
    target = Motif("MA1", "REST", motif("", word).pfm)
    halves = [motif("F0", word[:8]), motif("F1", word[11:])]
    table = matches(("F0", "MA1", 0, 1e-5, 1e-5, "+"), ("F1", "MA1", 11, 1e-5, 1e-5, "+"))
    apart = frames.similar_filters(halves, table, [target])
    assert apart["motif"].tolist() == [f"REST ({word[:8]})", f"REST ({word[11:]})"]


def test_dissimilar_filters_of_one_known_motif_share_its_frame_where_they_overlap():
    word = "TTCAGCACCTGGACAGCGCC"
    target = Motif("MA1", "REST", motif("", word).pfm)
    parts = [motif("F0", word[:10]), motif("F1", word[5:15])]  # five columns shared, too few to be called alike
    table = matches(("F0", "MA1", 0, 1e-5, 1e-5, "+"), ("F1", "MA1", 5, 1e-5, 1e-5, "+"))
    together = frames.similar_filters(parts, table, [target])
    assert together["motif"].tolist() == ["REST", "REST"]
    assert (together["offset"].diff().iloc[1], together["width"].tolist()) == (5, [10, 10])


@pytest.mark.parametrize(
    ("word", "core"),
    [
        *(("CACGTGA", slice(0, 6)), ("TGACGTCA", slice(0, 8)), ("GATAAGCA", None), ("CACGTGGATAAG", None)),
        # The middle base says nothing.
        *(("TGACTCA", slice(0, 7)), ("ATGAGTCAT", slice(0, 9)), ("GATAAGC", None), ("TGACTTA", None)),
    ],
)
def test_palindromes(word, core):
    assert frames.symmetric_core(motif("", word).pfm) == core


def test_a_gap_to_a_palindrome_with_a_base_in_its_middle_is_one_rule():
    own = frames.similar_filters([motif("F0", "TGACTCA"), motif("F1", "CATTCCA")], matches(), [])
    rows = []
    for number in range(400):
        start, seen_on = 20 + number % 50, "+-"[number % 3 == 0]
        rows.append((number, start, start + 7, seen_on, 0, 1.0, 1.0))
        rows.append((number, start + 17, start + 24, "+", 1, 1.0, 1.0))
    columns = ["sequence", "start", "end", "strand", "filter", "attention", "activation"]
    placed = frames.place(pd.DataFrame(rows, columns=columns), own)
    gaps = syntax.add_significance(site_gaps.gap_table(site_gaps.find_pairs(placed)))
    rules = syntax.find_rules(gaps, 0.05)
    assert rules[["orientation", "order", "low", "high", "n"]].values.tolist() == [
        ["either", "second_first", 10, 10, 400]  # CATTCCA is the first by name
    ]


def test_a_palindrome_lies_in_one_place_whichever_strand_it_was_seen_on():
    ebox = motif("F0", "GACACGTG")
    ebox.pfm[:2] = [[0.4, 0.2, 0.2, 0.2], [0.2, 0.2, 0.4, 0.2]]
    own = frames.similar_filters([ebox], matches(), [])
    assert own.loc[0, ["width", "palindrome", "consensus"]].tolist() == [6, True, "CACGTG"]
    rows = [(0, 98, 106, "+", 0, 0.9, 1.0), (1, 100, 108, "-", 0, 0.9, 1.0)]
    placed = frames.place(pd.DataFrame(rows, columns=INSTANCE_COLUMNS), own)
    assert set(placed[["start", "end", "strand"]].itertuples(index=False, name=None)) == {(100, 106, ".")}


# Gaps


def placed_sites(*rows):
    return pd.DataFrame(rows, columns=["sequence", "start", "end", "strand", "motif"])


@pytest.mark.parametrize(
    ("one", "two", "orientation", "order", "gap"),
    [
        ((10, "+", "A"), (25, "+", "B"), "same", "first_second", 5),
        ((10, "-", "A"), (25, "-", "B"), "same", "second_first", 5),
        ((25, "+", "A"), (10, "+", "B"), "same", "second_first", 7),
        ((25, "-", "A"), (10, "-", "B"), "same", "first_second", 7),
        ((10, "+", "A"), (25, "-", "B"), "opposite", "first_second", 5),
        ((10, "-", "A"), (25, "+", "B"), "opposite", "second_first", 5),
        ((10, ".", "A"), (25, "+", "B"), "either", "first_second", 5),
        ((10, ".", "A"), (25, "-", "B"), "either", "second_first", 5),
        ((10, ".", "A"), (25, ".", "B"), "either", "either", 5),
        ((10, "+", "A"), (18, "+", "B"), "same", "first_second", -2),
        ((10, "+", "A"), (25, "+", "A"), "tandem", "either", 5),
        ((10, "-", "A"), (25, "-", "A"), "tandem", "either", 5),
        ((10, "+", "A"), (25, "-", "A"), "convergent", "either", 5),
        ((10, "-", "A"), (25, "+", "A"), "divergent", "either", 5),
    ],
)
def test_pairs_are_read_on_the_strand_of_the_first(one, two, orientation, order, gap):
    width = {"A": 10, "B": 8}
    rows = [(0, start, start + width[name], strand, name) for start, strand, name in (two, one)]
    (pair,) = site_gaps.find_pairs(placed_sites(*rows)).itertuples()
    assert (pair.orientation, pair.order, pair.gap) == (orientation, order, gap)
    assert (pair.first, pair.second) == tuple(sorted((one[2], two[2])))


def test_every_two_sites_of_a_sequence_and_none_of_two():
    rows = [(0, 0, 5, "+", "A"), (0, 10, 15, "+", "B"), (0, 20, 25, "+", "A"), (1, 0, 5, "+", "B")]
    pairs = site_gaps.find_pairs(placed_sites(*rows))
    assert sorted(zip(pairs["first"], pairs["second"], pairs["gap"], strict=True)) == [
        ("A", "A", 15),
        ("A", "B", 5),
        ("A", "B", 5),
    ]


def spread_sites(rng, n, repeat):
    """Pairs at places that do not depend on each other, in a sequence of 60 bases."""
    names = ("A", "A") if repeat else ("A", "B")
    rows = []
    for sequence in range(n):
        one, two = rng.integers(0, 50, 2)
        while abs(one - two) < 8:
            one, two = rng.integers(0, 50, 2)
        for start, name in zip((one, two), names, strict=True):
            rows.append((sequence, start, start + 8, "+-"[rng.integers(2)], name))
    return placed_sites(*rows)


@pytest.mark.parametrize("repeat", [False, True])
def test_expected_gaps_are_those_of_every_place_with_every_other(repeat):
    placed = spread_sites(np.random.default_rng(5), 40, repeat)
    table = site_gaps.gap_table(site_gaps.find_pairs(placed))
    first = placed if repeat else placed[placed["motif"] == "A"]
    second = placed if repeat else placed[placed["motif"] == "B"]
    crossed = []
    for one in first.itertuples(index=False):
        for two in second.itertuples(index=False):
            rows = [tuple(one)[1:], tuple(two)[1:]]
            crossed += [(len(crossed) // 2, *row) for row in rows]
    brute = site_gaps.find_pairs(placed_sites(*crossed))
    brute = brute[brute["gap"] > -4]
    expected = brute.groupby([*site_gaps.KEY, "gap"]).size() * 40 / len(brute)
    found = table.set_index([*site_gaps.KEY, "gap"])["expected"]
    pd.testing.assert_series_equal(found.sort_index(), expected.sort_index(), check_names=False)
    assert table["n"].sum() == 40
    assert table["expected"].sum() == pytest.approx(40)


# Rules


def planted_pairs(n, gaps, seed, share=1.0, strands=("+", "+")):
    """JUND then TEAD4 at one of some gaps, the whole on either strand, jittered; the rest at random gaps."""
    rng = np.random.default_rng(seed)
    rows = []
    for sequence in range(n):
        start = 200 + int(rng.integers(-50, 51))
        gap = int(rng.choice(gaps)) if rng.random() < share else int(rng.integers(0, 60))
        sites = [(start, start + 8, strands[0], "JUND"), (start + 8 + gap, start + 18 + gap, strands[1], "TEAD4")]
        if rng.random() < 0.5:
            flip = {"+": "-", "-": "+"}
            sites = [(500 - end, 500 - start, flip[strand], name) for start, end, strand, name in sites]
        rows += [(sequence, *site) for site in sites]
    return placed_sites(*rows)


def rules_of(placed):
    return syntax.find_rules(syntax.add_significance(site_gaps.gap_table(site_gaps.find_pairs(placed))), fdr=0.05)


def test_a_hard_gap_is_one_rule_in_words():
    rules = rules_of(planted_pairs(1000, [5], 1, share=0.8))
    (rule,) = rules.itertuples()
    assert (rule.low, rule.high, rule.orientation, rule.order, rule.n_pairs) == (5, 5, "same", "first_second", 1000)
    assert rule.share == pytest.approx(0.8, abs=0.04)
    assert rule.share_low < rule.share < rule.share_high
    percent = [f"{100 * value:.0f}" for value in (rule.share, rule.share_low, rule.share_high)]
    assert rule.sentence == (
        f"TEAD4 5 bp after JUND, same strand: {percent[0]} % of pairs ({percent[1]} to {percent[2]} %); n = 1,000"
    )


def test_a_soft_gap_is_a_range():
    (rule,) = rules_of(planted_pairs(1000, range(5, 13), 2)).itertuples()
    assert (rule.low, rule.high, rule.share) == (5, 12, 1.0)
    assert rule.sentence.startswith("TEAD4 5 to 12 bp after JUND, same strand: 100 % of pairs")


def test_two_gaps_are_two_rules():
    rules = rules_of(planted_pairs(1000, [5, 5, 5, 14], 3))
    assert list(zip(rules["low"], rules["high"], strict=True)) == [(5, 5), (14, 14)]
    assert rules["share"].sum() == 1


def test_a_rule_that_few_pairs_follow_is_left_out():
    gaps = syntax.add_significance(site_gaps.gap_table(site_gaps.find_pairs(planted_pairs(1000, [5] * 19 + [14], 3))))
    assert [(rule.low, rule.n < 100) for rule in syntax.find_rules(gaps, 0.05).itertuples()] == [(5, False), (14, True)]
    assert syntax.find_rules(gaps, 0.05, least=100)["low"].tolist() == [5]


def test_turned_sites_are_said_to_be():
    (rule,) = rules_of(planted_pairs(300, [3], 4, strands=("-", "+"))).itertuples()
    assert "TEAD4 3 bp before JUND, opposite strands" in rule.sentence


def test_independent_places_give_no_rule():
    counts = [len(rules_of(spread_sites(np.random.default_rng(seed), 400, repeat=False))) for seed in range(20)]
    assert sum(counts) <= 1


def test_no_pairs_give_no_rules():
    rules = rules_of(placed_sites((0, 5, 10, "+", "A"), (1, 5, 10, "+", "B")))
    assert rules.empty
    assert rules.columns.tolist() == syntax.COLUMNS


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"second": "A", "orientation": "tandem", "order": "either"}, "A twice, 4 bp apart, one after the other"),
        ({"order": "either", "orientation": "either"}, "A and B, 4 bp apart: 50 %"),
        ({"order": "second_first", "low": 2}, "B 2 to 4 bp before A, same strand"),
    ],
)
def test_words(changes, text):
    rule = {"first": "A", "second": "B", "orientation": "same", "order": "first_second", "low": 4, "high": 4}
    rule |= {"share": 0.5, "share_low": 0.4, "share_high": 0.6, "n_pairs": 100}
    assert syntax.sentence(SimpleNamespace(**rule | changes)).startswith(text)


# Configurations


def test_a_sequence_and_its_reverse_complement_have_one_configuration():
    assert configurations.configuration(["JUND", "TEAD4"], ["+", "-"]) == "JUND+ TEAD4-"
    assert configurations.configuration(["TEAD4", "JUND"], ["+", "-"]) == "JUND+ TEAD4-"
    assert configurations.configuration(["MAX", "E2F6"], [".", "+"]) == "E2F6- MAX"


def test_configurations_are_shares_of_all_sequences():
    placed = placed_sites((0, 5, 9, "+", "A"), (2, 5, 9, "-", "A"), (3, 5, 9, "+", "A"), (3, 20, 24, "+", "B"))
    table = configurations.count_configurations(placed, 5)
    assert list(table[["configuration", "n_sites", "n", "share"]].itertuples(index=False, name=None)) == [
        ("A+", 1, 2, 0.4),
        ("none", 0, 2, 0.4),
        ("A+ B+", 2, 1, 0.2),
    ]
    np.testing.assert_allclose(table.loc[0, ["share_low", "share_high"]].astype(float), wilson(2, 5))
