"""Designs from rules that are known, their controls, and what is counted of them."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.argminn import (
    attended_sites,
    clean_background,
    design,
    design_scores,
    design_table,
    hill_climb,
    learned_grammar,
    motif_match,
    site_gaps,
    task_sequences,
)
from cisformula.argminn.configurations import configuration
from cisformula.argminn.learned_grammar import Arrangement, Element, Spacing
from cisformula.errors import InputError
from cisformula.pwm import Motif
from cisformula.sequence import decode, encode, reverse_complement_codes
from cisformula.sites import find_sites

LENGTH = 200
NO_GAPS = np.empty(0, dtype=int)


def motif(name, word, strength=0.97):
    rest = (1 - strength) / 3
    return Motif(name, name, (strength - rest) * np.eye(4)[encode(word)] + rest, 100.0)


def element(name, word, first=0, width=None, palindrome=False, strength=0.97):
    return Element(name, motif(name, word, strength).pfm, first, width or len(word), palindrome)


ELEMENTS = {
    "JUND": element("JUND", "TGAGTCATT"),
    "TEAD4": element("TEAD4", "ACATTCCA"),
    # Its frame is the symmetric part, from the third base on.
    "MAX": element("MAX", "GGCACGTGA", first=-2, width=6, palindrome=True),
}


def spacing(gaps, shares, forbidden=NO_GAPS):
    return Spacing(np.array(gaps), np.array(shares), np.array(forbidden, dtype=int))


RULED = spacing([4, 7], [0.75, 0.25], [0, 1, 2, 3, 5, 6])
ARRANGEMENTS = [
    Arrangement("JUND+ TEAD4-", 0.3, (("JUND", "+"), ("TEAD4", "-")), (RULED,)),
    Arrangement("TEAD4+", 0.2, (("TEAD4", "+"),), ()),
    Arrangement("JUND- MAX", 0.1, (("JUND", "-"), ("MAX", ".")), (spacing([10, 20], [0.5, 0.5]),)),
]


@pytest.fixture(scope="module")
def made():
    rng = np.random.default_rng(3)
    background = rng.integers(0, 4, (4000, LENGTH)).astype(np.uint8)
    return design.design(ARRANGEMENTS, ELEMENTS, background, consensus=True, rng=rng), background


def of_method(made, method):
    own = (made.table["method"] == method).to_numpy()
    return made.codes[own], made.table[own].reset_index(drop=True)


def frames_of(sites):
    """Sites in the coordinates of their frames, as ``frames.place`` gives them."""
    core = sites["motif"] == "MAX"
    forward = sites["strand"] == "+"
    return sites.assign(
        start=sites["start"] + np.where(core, np.where(forward, 2, 1), 0),
        end=sites["end"] - np.where(core, np.where(forward, 1, 2), 0),
        strand=np.where(core, ".", sites["strand"]),
    )


# What was learned


def test_filters_of_a_frame_are_merged_as_they_lie_in_it():
    frames = pd.DataFrame(
        [("F", 2, 0, False, 8, False), ("F", 5, 3, True, 8, False), ("G (ACGT)", 1, -1, False, 6, True)],
        columns=["motif", "filter", "offset", "reverse", "width", "palindrome"],
    )
    motifs = [motif("F2", "TGACCTTA"), motif("F5", "GCTAAGG"), motif("F1", "ACACGTGT")]
    elements = learned_grammar.read_elements(frames, motifs)
    assert elements["F"].pfm.argmax(axis=1).tolist() == encode("TGACCTTAGC").tolist()
    assert (elements["F"].first, elements["F"].width, elements["F"].overhang) == (0, 8, 2)
    assert (elements["G (ACGT)"].first, elements["G (ACGT)"].overhang) == (-1, 1)
    assert (elements["F"].pfm > 0).all()


def test_configurations_are_read_back_whatever_motifs_are_called():
    names = ["CTCF", "CTCF (A B)", "FOS::JUN", "MAX"]
    elements = {name: element(name, "ACGT", palindrome=name == "MAX") for name in names}
    for chosen in itertools.product(names, repeat=2):
        for strands in itertools.product("+-", repeat=2):
            own = ["." if name == "MAX" else strand for name, strand in zip(chosen, strands, strict=True)]
            text = configuration(list(chosen), own)
            sites = learned_grammar.sites_of(text, elements)
            assert configuration(*map(list, zip(*sites, strict=True))) == text
            assert sorted(name for name, _ in sites) == sorted(chosen)
    with pytest.raises(InputError, match="not among"):
        learned_grammar.sites_of("CTCF", elements)


def gap_row(gap, n, orientation="opposite", order="first_second"):
    return {"first": "JUND", "second": "TEAD4", "orientation": orientation, "order": order, "gap": gap, "n": n}


RULE = {"first": "JUND", "second": "TEAD4", "orientation": "opposite", "order": "first_second", "low": 4, "high": 5}


def test_gaps_of_rules_are_taken_and_all_others_forbidden():
    gaps = pd.DataFrame([gap_row(4, 30), gap_row(5, 10), gap_row(9, 50), gap_row(3, 70, "same"), gap_row(-2, 1)])
    counted = pd.DataFrame(
        [("TEAD4+", 0.5), ("none", 0.3), ("JUND+ TEAD4-", 0.1), ("JUND- TEAD4-", 0.05), ("MAX", 0.001)],
        columns=["configuration", "share"],
    )
    single, pair = learned_grammar.read_arrangements(counted, gaps, pd.DataFrame([RULE]), ELEMENTS, LENGTH)
    assert (single.sites, single.spacings) == ((("TEAD4", "+"),), ())
    assert (pair.share, pair.sites) == (0.1, (("JUND", "+"), ("TEAD4", "-")))
    (found,) = pair.spacings
    assert dict(zip(found.gaps, found.shares, strict=True)) == {4: 0.75, 5: 0.25}
    assert found.forbidden.tolist() == [0, 1, 2, 3, *range(6, 26)]


def test_without_a_rule_all_gaps_that_were_seen_and_fit_are_taken():
    gaps = pd.DataFrame([gap_row(-2, 1), gap_row(3, 1), gap_row(60, 2), gap_row(84, 6), gap_row(50, 0)])
    counted = pd.DataFrame([("JUND+ TEAD4-", 0.1)], columns=["configuration", "share"])
    (pair,) = learned_grammar.read_arrangements(counted, gaps, pd.DataFrame([RULE]).iloc[:0], ELEMENTS, LENGTH)
    (found,) = pair.spacings
    # 200 bases less twice the jitter and 17 bases of sites leave 83.
    assert dict(zip(found.gaps, found.shares, strict=True)) == {-2: 0.25, 3: 0.25, 60: 0.5}
    assert not len(found.forbidden)


def test_nothing_to_write_is_said():
    counted = pd.DataFrame([("none", 0.995), ("TEAD4+", 0.005)], columns=["configuration", "share"])
    with pytest.raises(InputError, match="none to write"):
        learned_grammar.read_arrangements(counted, *[pd.DataFrame()] * 2, ELEMENTS, LENGTH)


@pytest.mark.parametrize(
    ("one", "two"), list(itertools.product([("A", "+"), ("A", "-"), ("B", "+"), ("P", ".")], repeat=2))
)
def test_the_class_of_neighbours_is_that_of_the_table_of_gaps(one, two):
    rows = [(0, 10, 15, one[1], one[0]), (0, 30, 35, two[1], two[0])]
    placed = pd.DataFrame(rows, columns=["sequence", "start", "end", "strand", "motif"])
    assert learned_grammar.pair_class(one, two) == tuple(site_gaps.find_pairs(placed).loc[0, site_gaps.KEY])


# Designs


def test_every_site_is_the_consensus_where_the_truth_says(made):
    designs, background = made
    codes, _ = of_method(designs, "rules")
    sites = designs.sites[designs.sites["sequence"].str.startswith("rules")]
    row = sites["sequence"].str.removeprefix("rules_").astype(int)
    outside = np.ones(codes.shape, dtype=bool)
    for site, number in zip(sites.itertuples(), row, strict=True):
        found = codes[number, site.start : site.end]
        found = found if site.strand == "+" else reverse_complement_codes(found)
        assert (found == ELEMENTS[site.motif].pfm.argmax(axis=1)).all()
        outside[number, site.start : site.end] = False
    assert (codes == background)[outside].all()
    assert sites["strand"].value_counts().min() > 1500


def test_arrangements_gaps_and_strands_follow_their_frequencies(made):
    designs, _ = made
    codes, table = of_method(designs, "rules")
    for arrangement in ARRANGEMENTS:
        n = (table["motifs"] == arrangement.text).sum()
        assert stats.binomtest(int(n), 4000, arrangement.share / 0.6).pvalue > 1e-4
    pairs = table[table["motifs"] == "JUND+ TEAD4-"]
    assert set(pairs["gaps"]) == {"4", "7"}
    assert stats.binomtest(int((pairs["gaps"] == "4").sum()), len(pairs), 0.75).pvalue > 1e-4
    assert set(table.loc[table["motifs"] == "TEAD4+", "gaps"]) == {""}
    assert (table["strand"] == "-").sum() == len(codes) / 2
    palindromes = designs.sites[(designs.sites["motif"] == "MAX") & designs.sites["sequence"].str.startswith("rules")]
    assert stats.binomtest(int((palindromes["strand"] == "+").sum()), len(palindromes), 0.5).pvalue > 1e-4


def test_sites_read_back_have_the_planned_configurations_and_gaps(made):
    designs, _ = made
    placed = frames_of(designs.sites)
    table = designs.table.set_index("sequence")
    for name, own in placed.groupby("sequence"):
        assert configuration(list(own["motif"]), list(own["strand"])) == table.loc[name, "motifs"]
    pairs = site_gaps.find_pairs(placed)
    assert (pairs["gap"].astype(str) == table.loc[pairs["sequence"], "gaps"].to_numpy()).all()
    assert placed.groupby("sequence")["start"].min().between(0, LENGTH).all()
    middle = placed.groupby("sequence").agg({"start": "min", "end": "max"}).sum(axis=1) / 2
    assert middle.between(LENGTH / 2 - 51, LENGTH / 2 + 51).all()
    assert middle.std() == pytest.approx(101 / 12**0.5, rel=0.05)
    starts = designs.sites.groupby("sequence")["start"].min()
    assert (starts == table.loc[starts.index, "start"]).all()


def test_wrong_gaps_move_the_same_bases_to_gaps_that_no_rule_allows(made):
    designs, background = made
    codes, table = of_method(designs, "wrong_gaps")
    rules, of_rules = of_method(designs, "rules")
    assert set(table["motifs"]) == {"JUND+ TEAD4-"}
    assert len(table) == (of_rules["motifs"] == "JUND+ TEAD4-").sum()
    assert set(table["gaps"]) == {"0", "1", "2", "3", "5", "6"}
    for sequence, (row, number) in zip(codes, enumerate(table["number"]), strict=True):
        assert table.loc[row, "strand"] == of_rules.loc[number, "strand"]
        both = [
            designs.sites[designs.sites["sequence"] == name] for name in (f"rules_{number}", f"wrong_gaps_{number}")
        ]
        old, new = (
            [decode(sequence[site.start : site.end]) for site in sites.itertuples()]
            for sequence, sites in zip((rules[number], sequence), both, strict=True)
        )
        assert old == new
        outside = np.ones(LENGTH, dtype=bool)
        for site in both[1].itertuples():
            outside[site.start : site.end] = False
        assert (sequence == background[number])[outside].all()
        if row == 200:
            break


def test_shuffled_sites_keep_their_bases_and_background_is_bare(made):
    designs, background = made
    codes, _ = of_method(designs, "shuffled")
    rules, _ = of_method(designs, "rules")
    sites = designs.sites[designs.sites["sequence"].str.startswith("rules")]
    row = sites["sequence"].str.removeprefix("rules_").astype(int)
    same = 0
    for site, number in list(zip(sites.itertuples(), row, strict=True))[:500]:
        before, after = rules[number, site.start : site.end], codes[number, site.start : site.end]
        assert sorted(before) == sorted(after)
        same += (before == after).all()
    assert same < 5
    assert (codes != rules).any(axis=1).mean() > 0.99
    np.testing.assert_array_equal(of_method(designs, "background")[0], background)


def test_drawn_sites_have_the_frequencies_of_their_motif():
    soft = {"JUND": element("JUND", "TGAGTCATT", strength=0.7)}
    background = np.zeros((4000, LENGTH), dtype=np.uint8)
    single = [Arrangement("JUND+", 1.0, (("JUND", "+"),), ())]
    made = design.design(single, soft, background, consensus=False, rng=np.random.default_rng(4))
    codes, _ = of_method(made, "rules")
    own = made.sites.set_index("sequence").loc[[f"rules_{number}" for number in range(4000)]]
    windows = codes[np.arange(4000)[:, None], own["start"].to_numpy()[:, None] + np.arange(9)]
    reverse = own["strand"].to_numpy() == "-"
    windows[reverse] = reverse_complement_codes(windows[reverse])
    frequencies = np.stack([(windows == base).mean(axis=0) for base in range(4)], axis=1)
    np.testing.assert_allclose(frequencies, soft["JUND"].pfm, atol=0.035)
    assert not (made.table["method"] == "wrong_gaps").any()


def test_overlapping_sites_share_the_bases_that_suit_both():
    strong, weak = element("A", "ACGTA", strength=0.9), element("B", "GGCCC", strength=0.5)
    sites = pd.DataFrame([(0, "A", 3, 8, "+"), (0, "B", 6, 11, "-")], columns=design_table.SITE_COLUMNS)
    codes = design.write_sites(np.full((1, 14), 3, dtype=np.uint8), sites, {"A": strong, "B": weak}, None)
    # B reads GGGCC on the reverse strand; where both lie, the stronger frequency wins.
    assert decode(codes[0]) == "TTTACGTAGCCTTT"


# Background


def test_clean_background_has_no_hit_on_either_strand():
    motifs = [motif("A", "TGACTCA"), motif("B", "GGAATG", 0.9), motif("C", "CACG", 0.9)]
    rng = np.random.default_rng(5)
    codes = clean_background.clean_background((200, 300), 0.4, motifs, 2e-3, rng)
    # The best score of four bases has a p-value of 1/256.
    assert [round(1 / clean_background.limit(one, 2e-3)) for one in motifs] == [500, 500, 256]
    for one, p_value in zip(motifs, (2e-3, 2e-3, 1 / 256), strict=True):
        assert len(find_sites(codes, [one], p_value)) == 0
        assert len(find_sites(rng.integers(0, 4, codes.shape).astype(np.uint8), [one], p_value)) > 20
    assert (codes < 4).all()
    assert np.isin(codes, (1, 2)).mean() == pytest.approx(0.4, abs=0.03)


def test_background_that_cannot_be_clean_is_refused(monkeypatch):
    monkeypatch.setattr(task_sequences, "REDRAWS", 20)
    with pytest.raises(InputError, match="however often"):
        clean_background.clean_background((2, 100), 0.5, [motif("A", "AC")], 0.5, np.random.default_rng(6))


# Hill climbing


def test_greedy_search_takes_the_largest_gains_of_a_linear_model():
    weights = np.zeros((6, 4))
    weights[1, 2], weights[3, 0], weights[4, 3], weights[5, 1] = 3.0, 5.0, 1.0, -2.0

    def predict(codes):
        return weights[np.arange(6), codes].sum(axis=1)

    start = np.array([encode("TTTTCC"), encode("TGTATG")])
    found = [[decode(row) for row in hill_climb.climb(predict, start, edits)] for edits in (0, 1, 2, 9)]
    # The first gains 5, 3, 2 (leaving the C at the end), 1; the second has all but the T.
    assert found == [
        ["TTTTCC", "TGTATG"],
        ["TTTACC", "TGTATG"],
        ["TGTACC", "TGTATG"],
        ["TGTATA", "TGTATG"],
    ]
    assert [decode(row) for row in start] == ["TTTTCC", "TGTATG"]


# What is counted


def test_best_match_is_that_of_every_window():
    rng = np.random.default_rng(7)
    one, two = motif("A", "TGACTCA", 0.8), motif("B", "GATA", 0.9)
    codes = rng.integers(0, 5, (5, 40)).astype(np.uint8)
    for each in (one, two):
        odds = np.vstack([np.log2(each.smoothed().T / 0.25), np.zeros(each.width)])
        expected = [
            max(
                sum(odds[base, column] for column, base in enumerate(turned[first : first + each.width]))
                for turned in (row, reverse_complement_codes(row))
                for first in range(40 - each.width + 1)
            )
            for row in codes
        ]
        np.testing.assert_allclose(motif_match.best_match(codes, each), expected)
    both = (motif_match.best_match(codes, one) + motif_match.best_match(codes, two)) / 2
    np.testing.assert_allclose(motif_match.mean_best_match(codes, [one, two]), both)


def test_sites_are_attended_where_half_of_the_shorter_is_called():
    table = pd.concat([design_table.without_sites(name, 2, True) for name in ("rules", "shuffled", "background")])
    table = pd.concat([table, design_table.without_sites("bound", 1, False)], ignore_index=True)
    rows = [("rules_0", "A", 10, 20, "+"), ("rules_0", "B", 30, 36, "-"), ("rules_1", "A", 50, 60, "+")]
    sites = pd.DataFrame(rows, columns=design_table.SITE_COLUMNS)
    calls = [
        ("rules_0", 15, 27),
        ("rules_0", 34, 44),
        ("rules_1", 55, 65),
        ("background_1", 48, 58),
        ("bound_0", 10, 20),
    ]
    counted = attended_sites.count_attended(table, sites, pd.DataFrame(calls, columns=["sequence", "start", "end"]))
    shown = counted.set_index("sequence")[["n_sites", "n_attended"]]
    assert shown.dropna().astype(int).to_dict("index") == {
        "rules_0": {"n_sites": 2, "n_attended": 1},
        "rules_1": {"n_sites": 1, "n_attended": 1},
        "shuffled_0": {"n_sites": 2, "n_attended": 0},
        "shuffled_1": {"n_sites": 1, "n_attended": 0},
        "background_0": {"n_sites": 2, "n_attended": 0},
        "background_1": {"n_sites": 1, "n_attended": 1},
    }
    assert shown.loc["bound_0"].isna().all()


def test_changed_bases_are_those_that_differ_from_the_own_background():
    parts = [("rules", 2, True), ("background", 2, True), ("greedy_cnn", 1, True), ("bound", 1, False)]
    table = pd.concat([design_table.without_sites(*part) for part in parts], ignore_index=True)
    codes = np.array([encode(word) for word in ("AACC", "GGGG", "AAAA", "GGGG", "CAAA", "TTTT")])
    assert design_table.changed_bases(codes, table).tolist() == [2, 0, 0, 0, 1, pd.NA]


def scored_table():
    tables = [design_table.without_sites(name, 4, True) for name in ("rules", "background")]
    tables += [design_table.without_sites("greedy_cnn", 2, True), design_table.without_sites("bound", 3, False)]
    table = pd.concat(tables, ignore_index=True)
    table["logit"] = [3.0, 1.0, -1.0, 2.0, -2.0, 0.5, -3.0, -1.0, 4.0, 0.0, 5.0, 2.5, -4.0]
    table["oracle"], table["judge"], table["motif_match"] = table["logit"] * 2, np.nan, 7.0
    table["changed"] = pd.array([9] * 4 + [0] * 4 + [3, 5] + [pd.NA] * 3, dtype="Int64")
    table["n_sites"] = pd.array([2, 2, 1, 1] * 2 + [pd.NA] * 5, dtype="Int64")
    table["n_attended"] = pd.array([2, 1, 1, 0, 0, 0, 1, 0] + [pd.NA] * 5, dtype="Int64")
    table.loc[:3, "motifs"] = ["A+ B+", "A+ B+", "A+", "A+ B+"]
    return table


def test_methods_are_compared_on_the_same_backgrounds():
    scores = design_scores.score_methods(scored_table()).set_index("method")
    assert scores.index.tolist() == ["rules", "background", "greedy_cnn", "bound"]
    assert scores["n"].tolist() == [4, 4, 2, 3]
    assert scores["logit"].tolist() == pytest.approx([1.25, -1.375, 2.0, 3.5 / 3])
    assert scores["logit_median"].tolist() == [1.5, -1.5, 2.0, 2.5]
    assert scores["predicted_bound"].tolist() == pytest.approx([3 / 4, 1 / 4, 1 / 2, 2 / 3])
    assert scores["changed"].tolist()[:3] == [9, 0, 4]
    assert scores.loc[["rules", "background"], "attended"].tolist() == pytest.approx([4 / 6, 1 / 6])
    assert scores.loc[["greedy_cnn", "bound"], "n_sites"].tolist() == [0, 0]
    assert scores.loc[["greedy_cnn", "bound"], "attended"].isna().all()
    low, high = stats.binomtest(4, 6).proportion_ci(method="wilson")
    assert scores.loc["rules", ["attended_low", "attended_high"]].tolist() == pytest.approx([low, high])
    gain = np.array([5.0, 0.5, 2.0, 3.0])
    low, high = stats.norm.interval(0.95, gain.mean(), stats.sem(gain))
    shown = scores.loc["background", ["difference", "difference_low", "difference_high"]].tolist()
    assert shown == pytest.approx([2.625, low, high])
    # The first two backgrounds alone: 3 and 1 against 4 and 0.
    assert scores.loc["greedy_cnn", ["difference", "auroc"]].tolist() == pytest.approx([0.0, 0.5])
    assert scores.loc["background", "auroc"] == pytest.approx(14.5 / 16)
    assert scores.loc["bound", "auroc"] == pytest.approx(5 / 12)
    assert np.isnan(scores.loc["bound", "difference"])
    np.testing.assert_allclose(scores["oracle_auroc"], scores["auroc"])
    assert scores["oracle_median"].tolist() == [3.0, -3.0, 4.0, 5.0]
    assert scores[["judge_median", "judge_auroc"]].isna().all(axis=None)
    assert scores.loc["rules", ["difference", "auroc"]].isna().all()


def test_arrangements_have_rows_of_their_own():
    scores = design_scores.score_arrangements(scored_table())
    shown = scores[["motifs", "n", "logit_median", "predicted_bound"]]
    assert list(shown.itertuples(index=False, name=None)) == [("A+ B+", 3, 2.0, 1.0), ("A+", 1, -1.0, 0.0)]
