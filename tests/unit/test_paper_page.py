"""The page of the checklist: every figure and table of the folder is on it."""

import re
from pathlib import Path

import pandas as pd

from cisformula.paper import page, published

RULES = Path(__file__).parents[2] / "workflow/rules/paper.smk"


def row(item="1", **changes):
    values = {
        "quantity": "genes",
        "published": "18377",
        "holds_for": published.OF_THEIR_DATA,
        "source": "the released code",
    }
    values |= {"ours": "11644", "ours_low": "", "ours_high": "", "note": ""}
    return {"item": item, **values, **changes}


def test_every_output_of_the_rules_is_on_the_page():
    text = RULES.read_text()
    figures = set(re.findall(r'"(\d_\w+)"', text))
    assert figures == {figure for item in page.CHECKLIST.values() for figure in item.figures}
    written = set(re.findall(r"paper/tables/([\w.]+)", text))
    # Counts stand in the comparison.
    assert written - {"match_counts.tsv"} == {table for item in page.CHECKLIST.values() for table in item.tables}


def test_rows_stand_under_their_item():
    text = page.write_page(pd.DataFrame([row("1"), row("6", quantity="motifs")]), "mine")
    sections = dict(re.findall(r"^## (\d)\. .*?\n(.*?)(?=^## |\Z)", text, flags=re.MULTILINE | re.DOTALL))
    assert list(sections) == list(page.CHECKLIST)
    assert "| genes | 18377 † | the released code | 11644 |  |" in sections["1"]
    assert "| motifs |" in sections["6"]
    assert "data set mine" in text
    assert "inferred" in text


def test_cells_cannot_break_the_table():
    line = page.to_markdown(
        pd.DataFrame([row(published="", holds_for="", ours="0.37", ours_low="0.35", ours_high="0.39", note="a|b < c")])
    ).splitlines()[-1]
    assert line == r"| genes | ? | the released code | 0.37 (0.35 to 0.39) | a\|b &lt; c |"


def test_what_the_run_lacks_is_a_dash():
    assert "| - | not trained |" in page.to_markdown(pd.DataFrame([row(ours="", note="not trained")]))
