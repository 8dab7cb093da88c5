"""One prediction taken apart: hits with their places, their sums, and the words for them."""

import numpy as np
import pytest
from small_formula import EFFECTS, INTERCEPT, PALINDROME, SITE, UPSTREAM, small_formula, with_words

from cisformula import explanation
from cisformula.explanation import Site
from cisformula.formula import Formula, Reading
from cisformula.scoring import Scorer
from cisformula.sequence import encode, reverse_complement

SEQUENCE = with_words((2, PALINDROME), (10, SITE), (20, reverse_complement(SITE)))


def explained(formula, sequence=SEQUENCE):
    return explanation.explain(Scorer(formula), "gene", encode(sequence))


def test_every_hit_has_its_place_and_contribution():
    found = explained(small_formula())
    assert found.sites == [
        Site(1, 2 - UPSTREAM, 7 - UPSTREAM, "+-", 1, EFFECTS[1, 0]),
        Site(0, 10 - UPSTREAM, 16 - UPSTREAM, "+", 2, 2 * EFFECTS[0, 0]),
        Site(0, 20 - UPSTREAM, 26 - UPSTREAM, "-", 2, 2 * EFFECTS[0, 1]),
    ]
    assert found.predicted == INTERCEPT + sum(site.contribution for site in found.sites)


def test_the_terms_sum_to_the_prediction():
    formula = small_formula(covariates=True)
    found = explained(formula)
    terms = dict(explanation.summary(found, formula))
    assert terms["intercept"] == INTERCEPT
    # The two sites of one motif, one raising and one lowering, count together.
    assert terms["motifs that raise"] == 2 * EFFECTS[0].sum() + EFFECTS[1, 0]
    assert terms["motifs that lower"] == 0
    total = sum(terms[name] for name in ("intercept", "motifs that raise", "motifs that lower", "composition"))
    assert terms["predicted"] == pytest.approx(total)
    assert terms["predicted log10"] == pytest.approx(2 + 0.5 * total)


def test_motifs_are_called_by_name_or_match():
    formula = small_formula()
    assert [explanation.label(formula, motif) for motif in (0, 1)] == ["TFMA1", "R0M1 ~ USF1"]


def test_the_table_has_the_sums_and_one_line_per_hit():
    formula = small_formula()
    lines = [line.rstrip("\n").split("\t") for line in explanation.table(explained(formula), formula)]
    assert lines[0] == ["# sequence", "gene"]
    assert ["# predicted", "1.625"] in lines
    assert lines[6] == ["motif", "name", "start", "end", "strand", "grade", "p_value", "contribution"]
    assert lines[7] == ["R0M1", "R0M1 ~ USF1", "-18", "-13", "+-", "1", "0.000244", "1"]
    assert lines[8] == ["MA1", "TFMA1", "-10", "-4", "+", "2", "6.1e-05", "1"]


def test_a_mean_activation_has_no_place():
    small = small_formula(bins=False)
    reading = Reading("mean_activation", small.reading.upstream, small.reading.downstream, 4.0**-6, 2, True)
    filters = {"R0M1": np.ones((6, 4))}
    formula = Formula(small.motifs, small.effects, 0.0, reading, 0.0, 1.0, filters=filters)
    found = explained(formula)
    lines = [line.rstrip("\n").split("\t") for line in explanation.table(found, formula)]
    assert [line[0] for line in lines[7:]] == ["MA1", "MA1", "R0M1"]
    # Every window activates a filter of ones by its width.
    assert lines[-1][2:] == ["", "", "", "", "", "6"]
