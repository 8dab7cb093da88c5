"""Scores of networks, motifs, instances, gaps and variants, against references and planted truth."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, roc_auc_score

from cisformula.argminn import (
    classification,
    frames,
    gap_recovery,
    instance_recovery,
    instances,
    motif_recovery,
    planted_matches,
    site_variants,
    variant_scores,
)
from cisformula.match_table import COLUMNS as MATCH_COLUMNS
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement_codes
from cisformula.tomtom import compare


def motif(name, word, strength=0.97):
    rest = (1 - strength) / 3
    return Motif(name, name, (strength - rest) * np.eye(4)[encode(word)] + rest, 100.0)


# Classification


@pytest.fixture
def scored():
    rng = np.random.default_rng(0)
    label = (rng.random(300) < 0.4).astype(float)
    return label, np.round(rng.normal(size=300) + label, 1)


def test_scores_are_those_of_scikit_learn_and_scipy(scored):
    label, logit = scored
    row = classification.score(label, logit, seed=1)
    right = ((logit > 0) == (label == 1)).sum()
    interval = stats.binomtest(int(right), 300).proportion_ci(method="wilson")
    assert row["accuracy"] == right / 300
    assert (row["accuracy_low"], row["accuracy_high"]) == pytest.approx((interval.low, interval.high))
    assert row["auroc"] == pytest.approx(roc_auc_score(label, logit))
    assert row["auprc"] == pytest.approx(average_precision_score(label, logit))
    for name in ("auroc", "auprc"):
        assert row[f"{name}_low"] < row[name] < row[f"{name}_high"]
    assert list(row) == classification.COLUMNS


def test_standard_error_of_the_area_is_that_of_all_pairs(scored):
    label, logit = scored
    positive, negative = logit[label == 1], logit[label == 0]
    wins = (positive[:, None] > negative) + 0.5 * (positive[:, None] == negative)
    variance = wins.mean(axis=1).var(ddof=1) / len(positive) + wins.mean(axis=0).var(ddof=1) / len(negative)
    area, error = classification.auroc(label == 1, logit)
    assert (area, error) == pytest.approx((wins.mean(), np.sqrt(variance)))


def test_weighted_precision_is_that_of_repeated_examples(scored):
    label, logit = scored
    weight = np.random.default_rng(2).integers(0, 4, 300)
    expected = average_precision_score(np.repeat(label, weight), np.repeat(logit, weight))
    assert classification.average_precision(label == 1, logit)(weight.astype(float)) == pytest.approx(expected)


def test_intervals_hold_the_true_area_in_19_of_20():
    rng, truth, held = np.random.default_rng(4), stats.norm.cdf(1 / np.sqrt(2)), 0
    for _ in range(400):
        label = np.arange(200) % 2 == 0
        area, error = classification.auroc(label, rng.normal(size=200) + label)
        held += abs(area - truth) < 1.96 * error
    assert 0.92 <= held / 400 <= 0.98


def test_perfect_predictions_and_a_missing_label():
    row = classification.score(np.array([0, 0, 1, 1]), np.array([-2.0, -1.0, 1.0, 2.0]), seed=0)
    assert [row[name] for name in ("accuracy", "auroc", "auprc", "auroc_high", "auprc_low")] == [1, 1, 1, 1, 1]
    row = classification.score(np.ones(4), np.array([-2.0, 1.0, 1.0, 2.0]), seed=0)
    assert row["accuracy"] == 0.75
    assert np.isnan([row["auroc"], row["auprc"]]).all()


# Motifs


def match_rows(*rows):
    table = pd.DataFrame(rows, columns=["Query_ID", "Target_ID", "q-value"])
    return table.reindex(columns=MATCH_COLUMNS)


def test_match_score_is_the_mean_over_used_motifs():
    motifs = [motif("F0", "GATAAGC"), motif("F1", "CCACGTG"), motif("F2", "ACTTCCT"), motif("F3", "TTTT")]
    matches = match_rows(("F0", "MA1", 1e-4), ("F0", "MA2", 0.01), ("F1", "MA1", 1e-2), ("F2", "MA2", 0.6))
    row = motif_recovery.score_motifs("argminn", motifs, matches, n_planted=2)
    assert row == {
        "method": "argminn",
        "n_used": 4,
        "n_passed": 3,  # TTTT is too short
        "n_matched": 2,
        "n_planted": 2,
        "n_found": 1,
        "match_score": pytest.approx((4 + 2 + 0 + 0) / 4),
        "redundancy": 1.5,
    }


def test_a_planted_motif_scores_and_another_does_not():
    rng = np.random.default_rng(1)
    database = [Motif(f"M{n}", f"M{n}", rng.dirichlet(np.full(4, 0.15), 10)) for n in range(60)]
    found = [Motif("F0", "F0", database[7].pfm), Motif("F1", "F1", rng.dirichlet(np.full(4, 0.15), 10))]
    matches = compare(found, database)
    scores = motif_recovery.match_scores(found, matches)
    assert scores[0] > 4
    assert scores[1] < 1
    row = motif_recovery.score_motifs("argminn", found, matches, 60)
    assert (row["n_matched"], row["n_found"]) == (1, 1)


def test_a_match_must_stand_out_among_other_motifs():
    rng = np.random.default_rng(2)
    planted = [motif("P", "GATAAGCC")]
    others = [Motif(f"M{n}", f"M{n}", rng.dirichlet(np.full(4, 0.15), 10)) for n in range(400)]
    found = [motif("F0", "GATAAGCC"), motif("F1", "TCTAAGCC")]
    alone = planted_matches.compare(found, planted, [])
    among = planted_matches.compare(found, planted, [*others, planted[0]])
    assert set(among["Target_ID"]) == {"P"}
    q = {name: table.set_index("Query_ID")["q-value"] for name, table in (("alone", alone), ("among", among))}
    assert q["among"]["F0"] < 0.001
    assert q["alone"]["F1"] < 0.05
    assert q["among"]["F1"] > 0.05


def test_no_motifs_have_no_score():
    row = motif_recovery.score_motifs("argminn", [], match_rows(), 2)
    assert (row["n_used"], row["n_passed"], row["redundancy"]) == (0, 0, 0)
    assert np.isnan(row["match_score"])


# Instances


CALLS = pd.DataFrame(
    [
        (0, 10, 20, "+", 0, 0.99, 1.0),  # a site
        (0, 50, 60, "+", 0, 0.98, 1.0),  # none
        (1, 14, 24, "+", 0, 0.97, 2.0),  # shares 6 of 10
        (1, 34, 44, "+", 0, 0.97, 1.0),  # shares 4 of 10
        (3, 10, 20, "+", 0, 0.95, 1.0),  # a sequence that does not count
    ],
    columns=instances.COLUMNS,
)
SITES = pd.DataFrame(
    {"sequence": [0, 1, 1, 2, 3], "start": [10, 10, 40, 5, 10], "end": [20, 20, 50, 15, 20], "strand": "+"}
)


def test_calls_match_sites_that_share_half_of_the_shorter():
    recovery = instance_recovery.match_calls(CALLS, SITES, np.array([0, 1, 2]))
    assert recovery.is_match.tolist() == [True, False, True, False]
    assert recovery.found_by.tolist() == [0, 2, 4, 4]
    row = instance_recovery.score_calls("argminn", recovery, seed=0)
    assert (row["n_calls"], row["n_truth"], row["n_sequences"]) == (4, 4, 3)
    assert (row["precision"], row["recall"], row["hits_per_sequence"]) == pytest.approx((2 / 4, 2 / 4, 4 / 3))
    assert list(row) == instance_recovery.COLUMNS


def test_top_calls():
    recovery = instance_recovery.match_calls(CALLS, SITES, np.array([0, 1, 2]))
    table = instance_recovery.curve("argminn", recovery)
    assert table["n_calls"].tolist() == [1, 2, 3, 4]
    assert table["precision"].tolist() == pytest.approx([1, 1 / 2, 2 / 3, 2 / 4])
    assert table["recall"].tolist() == [1 / 4, 1 / 4, 2 / 4, 2 / 4]
    histogram = instance_recovery.hits_histogram("argminn", recovery.call_sequence, 3)
    assert histogram["n_sequences"].tolist() == [1, 0, 2]


def test_two_calls_of_one_site_find_it_once():
    calls = pd.concat([CALLS[:1], CALLS[:1].assign(start=11, end=21, attention=0.5)], ignore_index=True)
    row = instance_recovery.score_calls("x", instance_recovery.match_calls(calls, SITES, np.array([0, 1])), seed=0)
    assert (row["precision"], row["recall"]) == (1, pytest.approx(1 / 3))


def test_no_calls():
    recovery = instance_recovery.match_calls(CALLS[:0], SITES, np.array([0, 1]))
    row = instance_recovery.score_calls("x", recovery, seed=0)
    assert np.isnan(row["precision"])
    assert (row["recall"], row["hits_per_sequence"]) == (0, 0)
    assert instance_recovery.curve("x", recovery).empty


def test_intervals_over_sequences_are_wider_where_their_calls_go_together():
    rng = np.random.default_rng(3)
    right = np.repeat(rng.random(200) < 0.7, 5)  # of each sequence all five calls are right, or none is
    mixed = rng.permutation(right)
    widths = []
    for is_match in (right, mixed):
        sequence = np.repeat(np.arange(200), 5)
        recovery = instance_recovery.Recovery(sequence, np.arange(200), is_match, np.full(200, 1000), 200)
        row = instance_recovery.score_calls("x", recovery, seed=0)
        widths.append(row["precision_high"] - row["precision_low"])
    share = right.mean()
    assert widths[0] == pytest.approx(2 * 1.96 * np.sqrt(share * (1 - share) / 200), rel=0.1)
    assert widths[1] == pytest.approx(2 * 1.96 * np.sqrt(share * (1 - share) / 1000), rel=0.15)


# Gaps


LEFT, RIGHT = motif("L", "CTTATCGCAA"), motif("R", "CCTTAGCAGA")


def planted(n, gaps, seed):
    rng, rows = np.random.default_rng(seed), []
    for sequence in range(n):
        start, gap, turned = int(rng.integers(150, 250)), int(rng.choice(gaps)), rng.random() < 0.5
        for name, first in (("L", start), ("R", start + 10 + gap)):
            rows.append((sequence, name, *((490 - first, 500 - first, "-") if turned else (first, first + 10, "+"))))
    return pd.DataFrame(rows, columns=["sequence", "motif", "start", "end", "strand"])


def calls_of(sites, shift=0):
    """Filter 0 sees columns 2 to 9 of the left motif, filter 1 the other strand of columns 1 to 8 of the right."""
    rows = []
    for site in sites.itertuples():
        first, last, number = (2, 9, 0) if site.motif == "L" else (1, 8, 1)
        forward = site.strand == "+"
        start = site.start + first if forward else site.end - last
        start += shift if number == 1 else 0
        strand = site.strand if number == 0 else "-+"[site.strand == "-"]
        rows.append((site.sequence, start, start + 7, strand, number, 0.95, 1.0))
    return pd.DataFrame(rows, columns=instances.COLUMNS)


def frames_of_calls():
    filters = [motif("F0", "TATCGCA"), Motif("F1", "F1", RIGHT.pfm[1:8][::-1, ::-1])]
    matches = pd.DataFrame(
        [("F0", "L", 2, 1e-6, "+"), ("F1", "R", 10 - 8, 1e-6, "-")],
        columns=["Query_ID", "Target_ID", "Optimal_offset", "q-value", "Orientation"],
    )
    return frames.in_targets(filters, matches, [LEFT, RIGHT])


def test_gaps_come_back_although_filters_see_parts_of_motifs():
    sites = planted(200, [5, 5, 9], 1)
    table = gap_recovery.recover_gaps(sites, [LEFT, RIGHT], calls_of(sites), frames_of_calls())
    assert table[["first", "second", "orientation", "order"]].drop_duplicates().values.tolist() == [
        ["L", "R", "same", "first_second"]
    ]
    assert table["gap"].tolist() == [5, 9]
    assert table["n_planted"].sum() == table["n_called"].sum() == 200
    assert (table[["exact", "within_1"]] == 1).all(axis=None)
    assert table["called_gap"].tolist() == [5, 9]
    assert table["is_mode"].all()


def test_an_error_of_one_base_is_counted_as_such():
    sites = planted(100, [5], 2)
    forward = sites.groupby("sequence")["strand"].transform("first") == "+"
    sites = sites[forward]
    (row,) = gap_recovery.recover_gaps(sites, [LEFT, RIGHT], calls_of(sites, 1), frames_of_calls()).itertuples()
    assert (row.gap, row.exact, row.within_1, row.called_gap, row.is_mode) == (5, 0, 1, 6, False)


def test_sites_that_were_not_called_have_no_gap():
    sites = planted(100, [5], 3)
    calls = calls_of(sites)
    some = calls[(calls["filter"] == 0) | (calls["sequence"] < 30)]
    (row,) = gap_recovery.recover_gaps(sites, [LEFT, RIGHT], some, frames_of_calls()).itertuples()
    assert (row.n_planted, row.n_called, row.exact) == (100, 30, 1)
    (row,) = gap_recovery.recover_gaps(sites, [LEFT, RIGHT], calls[:0], frames_of_calls()).itertuples()
    assert (row.n_planted, row.n_called) == (100, 0)
    assert np.isnan(row.exact)


def test_the_gap_of_a_palindrome_is_that_between_whole_sites():
    ebox = motif("L", "TTCACGTGAC")
    ebox.pfm[[0, 1, 8, 9]] = 0.25
    ebox.pfm[9] = [0.3, 0.3, 0.2, 0.2]
    sites = planted(100, [5], 4)
    filters = [motif("F0", "CACGTG"), Motif("F1", "F1", RIGHT.pfm)]
    matches = pd.DataFrame(
        [("F0", "L", 2, 1e-6, "+"), ("F1", "R", 0, 1e-6, "+")],
        columns=["Query_ID", "Target_ID", "Optimal_offset", "q-value", "Orientation"],
    )
    known = frames.in_targets(filters, matches, [ebox, RIGHT])
    assert known["palindrome"].tolist() == [True, False]
    rows = []
    for number, site in enumerate(sites.itertuples()):
        first = 2 if site.motif == "L" else 0
        strand = "+-"[number // 2 % 2] if site.motif == "L" else site.strand  # of a palindrome any strand is called
        rows.append((site.sequence, site.start + first, site.end - first, strand, int(site.motif == "R"), 0.9, 1.0))
    calls = pd.DataFrame(rows, columns=instances.COLUMNS)
    table = gap_recovery.recover_gaps(sites, [ebox, RIGHT], calls, known)
    assert table[["orientation", "order", "gap", "exact", "n_called"]].values.tolist() == [
        ["either", "first_second", 5, 1.0, 100]
    ]


# Variants


def test_variants_break_the_most_informative_base_and_have_a_match_outside_sites():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (50, 80)).astype(np.uint8)
    weak = Motif("W", "W", np.full((6, 4), 0.1) + 0.6 * np.eye(4)[encode("GATAAG")])
    weak.pfm[2] = [0.0, 0.01, 0.02, 0.97]
    rows = []
    for sequence in range(50):
        strand = "+-"[sequence % 2]
        codes[sequence, 30:36] = encode("GATAAG") if strand == "+" else reverse_complement_codes(encode("GATAAG"))
        rows.append((sequence, "W", 30, 36, strand))
    sites = pd.DataFrame(rows, columns=["sequence", "motif", "start", "end", "strand"])
    variants = site_variants.make_variants(codes, sites, [weak], np.random.default_rng(1))
    breaking, matched = variants[variants["breaks"]], variants[~variants["breaks"]]
    assert len(breaking) == len(matched) == 50
    assert breaking["position"].tolist() == [32, 33] * 25
    assert breaking["reference"].tolist() == [3, 0] * 25
    assert breaking["alternative"].tolist() == [0, 3] * 25
    assert not matched["position"].between(30, 35).any()
    for column in ("variant", "sequence", "reference", "alternative"):
        assert breaking[column].tolist() == matched[column].tolist()
    changed = site_variants.apply_variants(codes, variants)
    assert ((changed != codes[variants["sequence"]]).sum(axis=1) == 1).all()
    assert (codes[variants["sequence"], variants["position"]] == variants["reference"]).all()
    assert (changed[np.arange(100), variants["position"]] == variants["alternative"]).all()


def test_a_site_without_a_consensus_base_is_left_out():
    sites = pd.DataFrame([(0, "M", 0, 6, "+")], columns=["sequence", "motif", "start", "end", "strand"])
    codes = encode("CTCCCC" + "ACGT" * 5)[None]
    assert site_variants.make_variants(codes, sites, [motif("M", "GATAAG")], np.random.default_rng(0)).empty


def test_the_size_of_the_change_is_scored_and_saturation_lowers_that_of_probabilities():
    rng = np.random.default_rng(2)
    breaks = np.arange(400) % 2 == 0
    reference = np.where(breaks, 8.0, 0.0) + rng.normal(size=400)
    alternative = reference + np.where(breaks, -3.0, 1.0) + 0.1 * rng.normal(size=400)
    variants = pd.DataFrame({"breaks": breaks, "reference_logit": reference, "alternative_logit": alternative})
    table = variant_scores.score_variants("argminn", variants, seed=0).set_index("score")
    assert table.loc["delta_logit", ["auroc", "auprc"]].tolist() == [1, 1]
    probability = 1 / (1 + np.exp(-reference)), 1 / (1 + np.exp(-alternative))
    expected = roc_auc_score(breaks, np.abs(probability[1] - probability[0]))
    assert table.at["delta_probability", "auroc"] == pytest.approx(expected)
    assert expected < 0.2
    assert table[["n_breaking", "n_matched"]].values.tolist() == [[200, 200]] * 2
