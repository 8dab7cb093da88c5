"""The table of matches: read, written and counted."""

import numpy as np
import pandas as pd

from cisformula import match_table
from cisformula.pwm import Motif


def test_consensus_breaks_ties_by_the_rounding_of_single_precision():
    # 0.5 of 12 sites is rounded up with its pseudocount, of 10 sites down.
    for n_sites, letter in [(12, "C"), (10, "T")]:
        frequencies = (n_sites * np.array([[0, 0.5, 0, 0.5]]) + 0.025) / (n_sites + 0.1)
        assert match_table.consensus(frequencies) == letter
    assert match_table.consensus(np.eye(4)[[2, 0, 3, 1]]) == "GATC"


def test_a_table_without_rows_or_header(tmp_path):
    (tmp_path / "empty.tsv").write_text("\n# Tomtom\n")
    assert list(match_table.read(tmp_path / "empty.tsv").columns) == match_table.COLUMNS
    pd.DataFrame(columns=match_table.COLUMNS).to_csv(tmp_path / "header.tsv", sep="\t", index=False)
    assert match_table.read(tmp_path / "header.tsv").empty


def motifs(ids):
    return [Motif(name, name, np.eye(4)) for name in ids]


def test_summary_counts_queries_not_rows():
    matches = pd.DataFrame(
        {
            "Query_ID": ["a", "a", "b", "c"],
            "p-value": [1e-6, 1e-5, 5e-4, 0.01],
            "E-value": [1e-3, 1e-2, 0.5, 9.9],
            "q-value": [1e-3, 5e-3, 0.08, 0.6],
        }
    )
    table = match_table.summarise(matches, {"all": motifs("abcd"), "few": motifs("c")})
    assert table.to_dict("list") == {
        "set": ["all", "few"],
        "queries": [4, 1],
        "E<10": [3, 1],
        "E<0.05": [1, 0],
        "q<0.05": [1, 0],
        "q<0.1": [2, 0],
        "q<0.5": [2, 0],
        "p<0.001": [2, 0],
    }


def test_summary_of_no_matches():
    table = match_table.summarise(pd.DataFrame(columns=match_table.COLUMNS), {"all": motifs("a")})
    assert table.iloc[0].tolist() == ["all", 1, 0, 0, 0, 0, 0, 0]
