"""The tables of the original work in its form."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cisformula import match_table, pwm
from cisformula.paper import tables
from cisformula.pwm import Motif


@pytest.fixture
def formula():
    return pd.DataFrame(
        {
            "motif": ["MA1", "R0M3", "R1M0"],
            "name": ["NA", "R0M3", "R1M0"],
            "source": ["database", "learned", "learned"],
            "consensus": ["ACGT", "CCAAT", "TTTT"],
            "coefficient": [0.1, -0.2, 0.0],
            "standard_error": [0.05, 0.05, 0.1],
            "per_hit": [1.0, 1.0, 1.0],
        }
    )


def test_formula_holds_p_values_and_best_matches(formula):
    matches = pd.DataFrame(
        [
            ("R0M3", "MA9", 0, 1e-5, 1e-3, 0.01, 5, "CCAAT", "CCAAT", "+"),
            ("R0M3", "MA1", 0, 1e-4, 1e-2, 0.02, 4, "CCAAT", "ACGT", "-"),
        ],
        columns=match_table.COLUMNS,
    )
    table = tables.formula_table(formula, matches, {"MA1": "NA", "MA9": "NFYA"})
    assert table["motif"].tolist() == formula["motif"].tolist()
    # 2.0, 4.0 and 0.0 standard errors.
    assert table["p"].to_numpy() == pytest.approx([0.0455003, 6.33425e-05, 1], rel=1e-5)
    assert table.loc[1, ["match", "match_id", "match_p", "match_E", "match_q"]].tolist() == [
        "NFYA",
        "MA9",
        1e-5,
        1e-3,
        0.01,
    ]
    assert table.loc[[0, 2], "match"].isna().all()


def test_p_values_are_those_of_a_regression():
    rng = np.random.default_rng(1)
    X = rng.normal(size=(300, 2))
    fit = sm.OLS(X @ [0.1, 0.0] + rng.normal(size=300), X).fit(use_t=False)
    formula = pd.DataFrame({"coefficient": fit.params, "standard_error": fit.bse}).assign(
        motif=["a", "b"], name="", source="database", consensus=""
    )
    table = tables.formula_table(formula, pd.DataFrame(columns=match_table.COLUMNS), {})
    np.testing.assert_allclose(table["p"], fit.pvalues, rtol=1e-10)


def test_motif_files_have_the_header_of_the_authors_and_the_true_number_of_sites(tmp_path):
    pwm.write_meme(tmp_path / "a.meme", [Motif("R3M12", "R3M12", np.full((2, 4), 0.25), 1044)])
    assert (tmp_path / "a.meme").read_text().splitlines() == [
        "MEME version 5.0",
        "",
        "ALPHABET= ACGT",
        "",
        "strands: + -",
        "",
        "Background letter frequencies (from uniform background):",
        "A 0.25 C 0.25 G 0.25 T 0.25",
        "",
        "MOTIF R3M12",
        "letter-probability matrix: alength= 4 w= 2 nsites= 1044 E= 0",
        "0.250000 0.250000 0.250000 0.250000",
        "0.250000 0.250000 0.250000 0.250000",
        "",
    ]
