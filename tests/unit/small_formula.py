"""A formula of two exact words in a window of 30 bases, small enough to predict by hand."""

import numpy as np

from cisformula import features
from cisformula.formula import Evidence, Formula, Reading
from cisformula.pwm import Motif
from cisformula.sequence import encode

UPSTREAM, DOWNSTREAM, LENGTH = 20, 9, 30
SITE, PALINDROME = "ACGTGAC", "CACGTG"
EFFECTS = np.array([[0.5, -0.25], [1.0, 2.0]])
"""Of a graded hit before the TSS, and from it on."""
INTERCEPT = 0.125
GC_EFFECT = 1 / 64


def motif(word, name):
    return Motif(name, f"TF{name}", np.eye(4)[encode(word)], 1000.0)


def small_formula(bins=True, covariates=False, both_strands=True):
    """Site: p = 4**-7, so of grade 2; palindrome: p = 4**-6, of grade 1. Nothing else is a hit."""
    names = features.covariate_names((0, LENGTH)) if covariates else ()
    reading = Reading(
        "hits",
        UPSTREAM,
        DOWNSTREAM,
        4.0**-6,
        2,
        both_strands,
        bin_edges=(-UPSTREAM, 0, DOWNSTREAM + 1) if bins else (),
        covariates=names,
    )
    return Formula(
        motifs=[motif(SITE, "MA1"), motif(PALINDROME, "R0M1")],
        effects=EFFECTS if bins else EFFECTS[:, :1],
        intercept=INTERCEPT,
        reading=reading,
        target_mean=2.0,
        target_scale=0.5,
        covariate_effects=np.array([GC_EFFECT if name[0] in "CG" and name[1] == "[" else 0.0 for name in names]),
        evidence=[Evidence("database", 0.3, 0.1, 0.99), Evidence("learned", 0.2, 0.05, 0.6, "USF1")],
        penalty=10.0,
    )


def with_words(*placed, length=LENGTH, fill="T"):
    """A sequence of one letter with words at offsets: ``with_words((3, "ACGT"))``."""
    sequence = list(fill * length)
    for offset, word in placed:
        sequence[offset : offset + len(word)] = word
    return "".join(sequence)
