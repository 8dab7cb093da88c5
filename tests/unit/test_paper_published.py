"""The published numbers: a sound table, and each beside the number of a run."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cisformula.paper import page, published
from cisformula.paper.published import Measured

TABLE = Path(__file__).parents[2] / "resources/published.tsv"


def test_the_table_names_source_and_scope_of_every_number():
    table = published.read(TABLE)
    assert table["key"].is_unique
    assert set(table["source"]) == set(published.SOURCES)
    assert set(table["scope"]) == set(published.SCOPES)
    assert set(table["item"]) == set(page.CHECKLIST)
    np.testing.assert_array_equal(table["published"] == "", table["source"] == "unknown")


def test_published_numbers_agree_with_each_other():
    numbers = published.values(published.read(TABLE))
    assert numbers["formula_learned"] + numbers["formula_known"] == numbers["formula_motifs"] == 300
    assert numbers["runs"] * numbers["filters"] == numbers["learned_motifs"] == 640
    assert numbers["train_genes"] + numbers["validation_genes"] + numbers["test_genes"] == numbers["genes"]
    assert numbers["activation_rank_bound"] == 3 * numbers["width"]
    assert numbers["chosen_learned"] == pytest.approx(194 / 640, abs=5e-4)
    assert numbers["chosen_known"] == pytest.approx(106 / 831, abs=5e-4)
    assert "formula_in_sample_r2" not in numbers, "not known"


def rows(*lines):
    columns = ["key", "item", "quantity", "published", "source", "scope", "basis"]
    return pd.DataFrame(lines, columns=columns, dtype=str)


def test_numbers_stand_beside_each_other():
    table = published.compare(
        rows(
            ("b", "1", "second", "0.504", "xpresso", "data", "tuned"),
            ("a", "2", "first", "", "unknown", "data", ""),
            ("c", "2", "third", "64", "code", "design", ""),
        ),
        {"a": Measured(12), "b": Measured(0.37329, 0.3, 0.45, "here"), "c": Measured(None, note="no network")},
    )
    assert table["ours"].tolist() == ["0.3733", "12", ""]
    assert table[["ours_low", "ours_high"]].to_numpy().tolist() == [["0.3", "0.45"], ["", ""], ["", ""]]
    assert table["note"].tolist() == ["here", "", "no network"]
    assert table["holds_for"].tolist() == [published.OF_THEIR_DATA, "", "any data"]
    assert table["source"].tolist() == ["Agarwal & Shendure 2020: tuned", "not known", "the released code"]


@pytest.mark.parametrize("measured", [{}, {"a": Measured(1), "b": Measured(2)}])
def test_a_number_without_its_other_side_is_refused(measured):
    with pytest.raises(KeyError, match=r"differ in [ab]"):
        published.compare(rows(("a", "1", "first", "1", "code", "design", "")), measured)


@pytest.mark.parametrize(
    ("number", "expected"),
    [(None, ""), (np.nan, ""), (18377, "18377"), (np.int64(5), "5"), (0.37329, "0.3733"), (12.0, "12"), (1e7, "1e+07")],
)
def test_numbers_as_text(number, expected):
    assert published.text(number) == expected
