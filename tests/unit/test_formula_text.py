"""The formula for reading in three formats, with what each of them takes for its own signs."""

from dataclasses import replace

import numpy as np
import pytest
from small_formula import small_formula

from cisformula import formula_text
from cisformula.formula import Evidence, Formula, Reading


def test_text_says_the_whole_formula():
    shown = formula_text.show(small_formula(covariates=True))
    assert shown == (
        "z = 0.1250 + sum over the hits of 2 motifs of grade x effect at its position"
        " + sum over 4 counts of the window's composition of count x effect\n"
        "log10 expression = 2.0000 + 0.5000 x z\n"
        "Window: -20..+9 bp around the TSS, 30 bases, both strands.\n"
        "Hit: p <= 0.000244141, of grade 1, and 1 more, up to 2, for every fourfold smaller p-value it reaches.\n"
        "Composition, effect of each A: +0.0000 in -20..+9.\n"
        "Composition, effect of each C: +0.0156 in -20..+9.\n"
        "Composition, effect of each G: +0.0156 in -20..+9.\n"
        "Composition, effect of each CG: +0.0000 in -20..+9.\n"
        "\n"
        "motif  name    match  consensus  effect -20..-1  effect +0..+9  coefficient  SE      selected\n"
        "MA1    TFMA1          ACGTGAC    +0.5000         -0.2500        +0.3000      0.1000  99%\n"
        "R0M1   TFR0M1  USF1   CACGTG     +1.0000         +2.0000        +0.2000      0.0500  60%\n"
    )


def test_columns_that_say_nothing_are_left_out():
    formula = replace(small_formula(bins=False), evidence=[])
    lines = formula_text.show(formula).splitlines()
    assert lines[-3].split() == ["motif", "name", "consensus", "effect"]
    assert lines[0] == "z = 0.1250 + sum over the hits of 2 motifs of grade x effect"


def test_only_the_first_are_shown_when_asked_for():
    for style in formula_text.FORMATS:
        shown = formula_text.show(small_formula(), style, 1)
        assert "MA1" in shown
        assert "R0M1" not in shown
        assert "... and 1 motifs more." in shown


def strange(name):
    formula = small_formula(bins=False)
    motifs = [replace(formula.motifs[0], name=name), formula.motifs[1]]
    return replace(formula, motifs=motifs, evidence=[Evidence("learned", -0.1, match=name)] * 2)


def test_markdown_is_a_table_and_escapes_its_signs():
    lines = formula_text.show(strange("a|b_*c*<d>"), "markdown").splitlines()
    rows = [line for line in lines if line.startswith("|")]
    assert rows[1] == "|---|---|---|---|---|---|"
    assert len(rows) == 4
    assert r"a\|b\_\*c\*\<d\>" in rows[2]
    assert all(line.endswith("  ") for line in lines[:4]), "each sentence on a line of its own"


def test_latex_is_a_table_and_escapes_its_signs():
    shown = formula_text.show(strange(r"a&b_50%\$x{}~^#"), "latex")
    assert r"a\&b\_50\%\textbackslash{}\$x\{\}\textasciitilde{}\textasciicircum{}\#" in shown
    assert r"\begin{longtable}{llllrr}" in shown
    assert r"$-0.1000$" in shown
    assert r"grade $\times$ effect" in shown
    assert r"p $\leq$ 0.000244141" in shown


@pytest.mark.parametrize("style", formula_text.FORMATS)
def test_mean_activations_are_told_apart(style):
    small = small_formula(bins=False)
    reading = Reading("mean_activation", 20, 9, 4.0**-6, 1, False)
    formula = Formula(small.motifs, small.effects, 0.0, reading, 0.0, 1.0, filters={"R0M1": np.ones((6, 4))})
    shown = formula_text.show(formula, style)
    assert "1 learned motifs of mean activation" in shown
    assert "one strand" in shown
    assert ", of grade 1." in shown
