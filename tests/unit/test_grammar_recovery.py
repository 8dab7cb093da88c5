"""The grammar is graded by what was planted, whichever motif a rule names first."""

import numpy as np
import pandas as pd
import pytest

from cisformula import grammar_recovery
from cisformula.grammar_recovery import community_agreement, expected_rules, spacing_agreement, swapped
from cisformula.pwm import Motif

PLANTED = ["a", "b", "c", "d", "e"]
TRUTH = pd.DataFrame({"community": [1, 1, 2, 2], "motif": ["a", "b", "c", "d"]})
NODES = pd.Series({name: name.upper() for name in PLANTED})
FRAME = {"before": 0, "after": 0, "reverse": False}


def found(**communities):
    return pd.DataFrame({"node": list(communities), "community": list(communities.values())})


def frames(**changes):
    return pd.DataFrame([FRAME | changes.get(name, {}) for name in PLANTED], index=PLANTED)


def rules(*rows):
    return pd.DataFrame(rows, columns=["first", "second", "orientation", "order", "distance"])


def truth_rule(same_strand):
    return pd.DataFrame({"first": ["a"], "second": ["b"], "distance": [6], "same_strand": [same_strand]})


def test_the_planted_partition_agrees_whatever_its_names():
    assert community_agreement(PLANTED, TRUTH, NODES, found(A="x", B="x", C="y", D="y", E=np.nan)) == 1


def test_one_community_for_all_agrees_no_better_than_chance():
    assert community_agreement(PLANTED, TRUTH, NODES, found(A=1, B=1, C=1, D=1, E=1)) == pytest.approx(0)


def test_a_motif_that_the_formula_lacks_counts_against_it():
    lacking = NODES.drop("d")
    communities = found(A=1, B=1, C=2, E=np.nan)
    # Of the pairs (a, b) and (c, d) one is found and no other: (1 - 2 * 1 / 10) / ((2 + 1) / 2 - 2 * 1 / 10).
    assert community_agreement(PLANTED, TRUTH, lacking, communities) == pytest.approx(0.8 / 1.3)


@pytest.mark.parametrize(("same_strand", "orientation"), [(True, "same"), (False, "opposite")])
def test_a_rule_is_expected_as_it_was_planted(same_strand, orientation):
    (row,) = expected_rules(truth_rule(same_strand), NODES, frames()).itertuples(index=False, name=None)
    assert row == ("A", "B", orientation, "first_second", 6)


def test_a_narrower_motif_makes_a_larger_distance():
    moved = frames(a={"before": 1, "after": 2}, b={"before": 3, "after": 4})
    assert expected_rules(truth_rule(True), NODES, moved)["distance"].tolist() == [6 + 2 + 3]
    assert expected_rules(truth_rule(False), NODES, moved)["distance"].tolist() == [6 + 2 + 4]


@pytest.mark.parametrize("reverse", [False, True])
def test_sites_of_nodes_are_framed_by_alignment(reverse):
    core = np.eye(4)[[0, 1, 2, 2, 3, 1, 1, 0]] * 0.9 + 0.025
    planted = Motif("p", "p", np.concatenate([core, np.full((3, 4), 0.25)]))
    head = Motif("h", "h", core[1:])
    head = Motif("h", "h", head.pfm[::-1, ::-1]) if reverse else head
    frame = grammar_recovery.frames([planted], [head], 6).loc["p"]
    assert frame.to_dict() == {"before": 1, "after": 3, "reverse": reverse}


def test_a_node_read_backwards_turns_the_rule():
    turned = expected_rules(truth_rule(True), NODES, frames(a={"reverse": True}))
    assert turned[["orientation", "order"]].to_numpy().tolist() == [["opposite", "second_first"]]
    turned = expected_rules(truth_rule(True), NODES, frames(b={"reverse": True}))
    assert turned[["orientation", "order"]].to_numpy().tolist() == [["opposite", "first_second"]]


def test_a_rule_of_a_motif_without_node_cannot_be_expected():
    assert expected_rules(truth_rule(True), NODES.drop("b"), frames()).empty


def test_exchanging_the_motifs_turns_the_order_only_on_one_strand():
    both = rules(("A", "B", "same", "first_second", 6), ("A", "B", "opposite", "second_first", 12))
    assert swapped(both).to_numpy().tolist() == [
        ["B", "A", "same", "second_first", 6],
        ["B", "A", "opposite", "second_first", 12],
    ]


def test_rules_agree_within_a_base_and_under_either_order_of_names():
    expected = rules(("A", "B", "same", "first_second", 6), ("C", "D", "opposite", "first_second", 12))
    called = rules(
        ("B", "A", "same", "second_first", 7),
        ("A", "B", "same", "first_second", 8),
        ("C", "D", "same", "first_second", 12),
        ("A", "B", "same", "second_first", 6),
    )
    recovered, true = spacing_agreement(expected, called)
    assert recovered.tolist() == [True, False]
    assert true.tolist() == [True, False, False, False]


def test_without_rules_nothing_is_found():
    recovered, true = spacing_agreement(rules(("A", "B", "same", "first_second", 6)), rules())
    assert recovered.tolist() == [False]
    assert true.shape == (0,)
