"""Tables of results: names stay as they were written, and every script reads them so."""

import re

import numpy as np
import pandas as pd
import pytest
from rule_files import rules_with_jobs

from cisformula import result_table

NUMBERS = ("0", "1", "007", "7", "1e5", "1.0", "-1", "inf")
WORDS = ("NA", "nan", "None", "null", "N/A", "", "TRUE", "true")


@pytest.mark.parametrize("names", [NUMBERS, WORDS, ("True", "False") * 4], ids=["numbers", "words", "truth"])
@pytest.mark.parametrize("column", ["cell_type", "group", "column", "peak_cell_type", "motif", "gene_id", "factor"])
@pytest.mark.parametrize("suffix", ["tsv", "tsv.gz"])
def test_names_stay_as_they_were_written(tmp_path, names, column, suffix):
    path = tmp_path / f"table.{suffix}"
    pd.DataFrame({column: names, "q": 0.5}).to_csv(path, sep="\t", index=False)
    assert result_table.read(path)[column].tolist() == list(names)


def test_only_numbers_may_be_missing(tmp_path):
    path = tmp_path / "table.tsv"
    path.write_text("motif\tname\tmatch\tq\tn\tseen\nNA\t1e5\t\t0.5\t\tTrue\n007\tnull\tnan\t\t\tFalse\n")
    table = result_table.read(path)
    assert table[["motif", "name", "match"]].to_numpy().tolist() == [["NA", "1e5", ""], ["007", "null", "nan"]]
    np.testing.assert_array_equal(table[["q", "n"]].to_numpy(), [[0.5, np.nan], [np.nan, np.nan]])
    assert table["seen"].tolist() == [True, False]


def test_every_column_of_a_sheet_of_cell_types_is_text(tmp_path):
    sheet = pd.DataFrame({"cell_type": NUMBERS, "group": ["1", "01"] * 4, "q": ["TRUE", ""] * 4, "2024": WORDS})
    sheet.to_csv(tmp_path / "cell_types.tsv", sep="\t", index=False)
    pd.testing.assert_frame_equal(result_table.read_cell_types(tmp_path / "cell_types.tsv"), sheet)


NAMED = re.compile(
    r"(\w+)=f?\"results/[^\"]*/(?:expression/cell_types|cell_types/\w+|formula/(?:formula|selection_[^\"]+)|motifs/database)"
    r"\.tsv(?:\.gz)?\""
)
"""An input with names of cell types, groups of them, factors or known motifs."""


def test_tables_with_names_are_read_in_one_way():
    n_inputs = 0
    for rule in rules_with_jobs():
        inputs = rule.text.split("output:")[0]
        if "script" not in rule.directives():
            continue
        script = rule.path("script").read_text()
        for name in NAMED.findall(inputs):
            n_inputs += 1
            assert not re.search(rf"read_csv\([^()]*\.{name}\b", script), f"{rule.path('script').name}: {name}"
    assert n_inputs > 30
