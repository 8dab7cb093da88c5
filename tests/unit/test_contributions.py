"""What each motif adds to each gene: known sums, and the command line's own numbers."""

import numpy as np
import pandas as pd
import pytest
from small_formula import EFFECTS, GC_EFFECT, PALINDROME, SITE, small_formula, with_words

from cisformula import cli, contributions, scoring
from cisformula.formula import write_json
from cisformula.sequence import encode

SEQUENCES = {
    "site before the TSS": with_words((3, SITE)),
    "both after it": with_words((21, SITE), (10, PALINDROME)),
    "nothing": with_words(),
    "palindrome after it": with_words((22, PALINDROME)),
}
GENES = pd.Series(list(SEQUENCES))


def taken_apart(formula):
    codes = np.stack([encode(sequence) for sequence in SEQUENCES.values()])
    scores = scoring.Scorer(formula).read(codes)
    return contributions.table(formula, scores, GENES), scores


def test_a_hit_adds_its_grade_times_the_effect_of_its_bin():
    table, _ = taken_apart(small_formula(covariates=True))
    # The site has grade 2, the palindrome grade 1.
    raw = pd.DataFrame(
        {
            "MA1": [2 * EFFECTS[0, 0], 2 * EFFECTS[0, 1], 0, 0],
            "R0M1": [0, EFFECTS[1, 0], 0, EFFECTS[1, 1]],
            "composition": [GC_EFFECT * sum(map(sequence.count, "CG")) for sequence in SEQUENCES.values()],
        },
        index=pd.Index(GENES, name="gene_id"),
    )
    pd.testing.assert_frame_equal(table, (raw - raw.mean()).astype(np.float32), check_dtype=True)


@pytest.mark.parametrize("covariates", [False, True])
def test_a_row_sums_to_the_prediction_minus_its_mean(covariates):
    table, scores = taken_apart(small_formula(covariates=covariates))
    np.testing.assert_allclose(table.sum(axis=1), scores.predicted - scores.predicted.mean(), atol=1e-6)
    assert (table["composition"] != 0).any() == covariates


def test_the_command_line_says_the_same_up_to_a_constant_per_motif(tmp_path):
    formula = small_formula(covariates=True)
    write_json(tmp_path / "formula.json", formula)
    (tmp_path / "promoters.fa").write_text("".join(f">{i}\n{s}\n" for i, s in enumerate(SEQUENCES.values())))
    cli.score(
        tmp_path / "formula.json", str(tmp_path / "promoters.fa"), contributions=True, output=tmp_path / "scores.tsv"
    )
    scored = pd.read_csv(tmp_path / "scores.tsv", sep="\t")
    table, _ = taken_apart(formula)
    for motif in ("MA1", "R0M1"):
        difference = scored[f"motif:{motif}"].to_numpy() - table[motif].to_numpy()
        np.testing.assert_allclose(difference, scored[f"motif:{motif}"].mean(), atol=1e-6)
    composition = scored.filter(like="covariate:").sum(axis=1).to_numpy() - table["composition"].to_numpy()
    assert np.ptp(composition) < 1e-6
