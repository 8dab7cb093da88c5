"""The formula as a table for people."""

import numpy as np
import pandas as pd

from cisformula import formula_table
from cisformula.formula import Evidence, Formula, Reading
from cisformula.pwm import Motif

PFM = 0.94 * np.eye(4)[[0, 1, 2, 3, 0, 2]] + 0.015
IDS = ("R0M3", "MA0001.1", "R1M0")
EVIDENCE = [Evidence("learned", 0.5, 0.01), Evidence("database", -0.25, 0.02), Evidence("learned", 0.1, 0.03)]


def example(effects, bin_edges=()):
    reading = Reading("hits", 9, 5, 1e-3, 5, True, bin_edges=bin_edges)
    motifs = [Motif(name, f"TF{name}", PFM) for name in IDS]
    return Formula(motifs, np.array(effects), 0.0, reading, 0.0, 1.0, evidence=EVIDENCE)


def test_one_row_per_motif():
    table = formula_table.to_table(example([[0.25], [-0.5], [2.0]]))
    assert table["motif"].tolist() == list(IDS)
    assert table["source"].tolist() == ["learned", "database", "learned"]
    assert table["consensus"].tolist() == ["ACGTAG"] * 3
    assert table["coefficient"].tolist() == [0.5, -0.25, 0.1]
    assert table["standard_error"].tolist() == [0.01, 0.02, 0.03]
    assert table["per_hit"].tolist() == [0.25, -0.5, 2.0]


def test_bins_are_named_by_their_first_and_last_position():
    table = formula_table.to_table(example([[0.3, 0.0], [0.0, 0.3], [1.0, 1.0]], bin_edges=(-9, 1, 6)))
    np.testing.assert_allclose(table["per_hit"], [0.2, 0.1, 1.0])
    assert table["per_hit_-9_0"].tolist() == [0.3, 0.0, 1.0]
    assert table["per_hit_1_5"].tolist() == [0.0, 0.3, 1.0]


def test_the_best_match_of_learned_motifs_is_added():
    matches = pd.DataFrame(
        {"Query_ID": ["R0M3", "R0M3", "R9M9"], "Target_ID": ["MA2", "MA7", "MA7"], "q-value": [0.01, 0.2, 0.5]}
    )
    best = formula_table.best_matches(matches, {"MA2": "YY1", "MA7": "NRF1"})
    assert best["match"].to_dict() == {"R0M3": "YY1", "R9M9": "NRF1"}
    matched = formula_table.add_matches(formula_table.to_table(example([[0.25], [-0.5], [2.0]])), best)
    assert matched["match"].tolist()[0] == "YY1"
    assert matched["match_q"][0] == 0.01
    assert matched[["match", "match_q"]][1:].isna().all(axis=None)


def test_the_motifs_that_a_motif_stands_for_are_named():
    table = formula_table.to_table(example([[0.25], [-0.5], [2.0]]))
    stands_for = {
        "R0M3": ["R0M3", "R0M4", "R2M7"],
        "MA0001.1": ["R4M1", "MA0001.1", "MA0002.1"],
        "R1M0": ["R1M0"],
    }
    names = {"MA0001.1": "TFA", "MA0002.1": "TFB"} | {name: name for name in ("R0M3", "R0M4", "R2M7", "R4M1", "R1M0")}
    grouped = formula_table.add_groups(table, stands_for, names)
    assert grouped["stands_for"].tolist() == ["R0M4; R2M7", "R4M1; MA0002.1 TFB", ""]
