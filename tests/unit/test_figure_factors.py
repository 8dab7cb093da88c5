"""The figure of factors: which pairs are drawn, with what numbers, and the same bytes each time."""

import numpy as np
import pandas as pd
import pytest

from cisformula.figures import factors, style

CELL_TYPES = ["liver", "NA", "brain", "blood", "skin", "costs 5$ or 6$"]
GROUPS = pd.Series(["tissue", "line", "tissue", "tissue", "line", "line"], index=CELL_TYPES)
LABELS = pd.Series({"M1": "HNF1B (MA1)", "M2": "ETV2", "M3": "R0M3 ≈ ETV2"})
ACTIVITY = pd.DataFrame(
    [[3.0, 1, 2, 0, -1, -2], [0.0, 1, 0, 2, 0, 1], [1.0, 1, 0, 2, 0, 1]], ["M1", "M2", "M3"], CELL_TYPES
)
EXPRESSION = pd.DataFrame(
    [[3.0, 1, np.nan, 0, -1, -2], [0.0, 1, 2, 3, 4, 5], [0.0, 1, 0, 2, 0, 1]], ["G1", "G2", "G3"], CELL_TYPES
)


@pytest.fixture
def table():
    rows = [
        ("M1", "HNF1B", "G2", -0.5, 0.02, 0.1, 2),
        ("M1", "HNF1A", "G1", 0.7, 0.001, 0.01, 1),
        ("M1", "A$", "", np.nan, np.nan, np.nan, np.nan),
        ("M2", "FLI1", "G3", 0.9, 0.0001, 0.2, 1),
        ("M2", "ELF1", "G2", 0.4, 0.04, 0.002, 2),
        ("M3", "ELF1", "G2", 0.99, 1e-9, 0.003, 1),
    ]
    table = pd.DataFrame(rows, columns=["motif", "factor", "gene_id", "r", "q", "p_genes", "rank"])
    return table.assign(n=6, r_low=table["r"] - 0.25, r_high=table["r"] + 0.05)


@pytest.fixture
def figure(table):
    figure = factors.draw(table, EXPRESSION, ACTIVITY, GROUPS, LABELS, 0.05)
    yield figure
    style.plt.close(figure)


def test_one_pair_of_each_family_stands_out(table):
    shown = factors.standing_out(table, 0.05, 12)
    pairs = shown[["motif", "factor"]].to_numpy().tolist()
    assert pairs == [["M2", "ELF1"], ["M1", "HNF1A"]], "M3 shares a candidate with M2, which fewer genes reach"
    assert factors.standing_out(table, 0.05, 1)["motif"].tolist() == ["M2"]
    assert factors.standing_out(table, 0.01, 12)["factor"].tolist() == ["ELF1", "HNF1A"]
    assert factors.standing_out(table, 0.01, 12)["motif"].tolist() == ["M3", "M1"]


def test_of_equally_rare_correlations_the_larger_comes_first(table):
    shown = factors.standing_out(table.assign(p_genes=0.01), 0.05, 12)
    assert shown[["motif", "factor"]].to_numpy().tolist() == [["M3", "ELF1"], ["M1", "HNF1A"]]


def test_a_panel_has_a_dot_for_every_cell_type_with_expression(figure):
    first, second = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["ETV2: ELF1", "HNF1B (MA1): HNF1A"]
    np.testing.assert_allclose(first.collections[0].get_offsets(), np.c_[EXPRESSION.loc["G2"], ACTIVITY.loc["M2"]])
    offsets = np.ma.masked_invalid(second.collections[0].get_offsets())
    assert offsets.mask.any(axis=1).tolist() == [False, False, True, False, False, False]
    slope = np.diff(second.lines[-1].get_ydata()) / np.diff(second.lines[-1].get_xdata())
    assert slope == pytest.approx(1.0), "expression and activity are equal where both are known"


def test_cell_types_have_the_colours_of_their_groups(figure):
    colours = figure.axes[0].collections[0].get_facecolors()
    assert len(np.unique(colours, axis=0)) == 2
    np.testing.assert_array_equal(colours[0], colours[2])
    assert [text.get_text() for text in figure.legends[0].get_texts()] == ["line (3)", "tissue (3)"]


def test_numbers_stand_below_the_panel(figure):
    text = figure.axes[1].texts[0].get_text().split("\n")
    assert text == [
        "r = 0.70 (0.45 to 0.75), n = 6, q = 0.001",
        "1 % of genes have as large an |r|",
        "next: HNF1B -0.50",
    ]


def test_many_candidates_are_counted():
    of_motif = pd.DataFrame({"factor": list("abcde"), "r": [0.1, -0.9, 0.5, 0.2, np.nan]})
    assert factors.runners_up(of_motif, "b") == "next: c 0.50, d 0.20; 1 more"
    assert factors.runners_up(of_motif[1:2], "b") == "no other candidate with expression"


def test_no_factor_gives_a_figure_that_says_so(table):
    figure = factors.draw(table, EXPRESSION, ACTIVITY, GROUPS, LABELS, 1e-12)
    assert "no factor's expression" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


def test_the_same_data_give_the_same_bytes(table, tmp_path):
    files = []
    for name in ("a", "b"):
        figure = factors.draw(table, EXPRESSION, ACTIVITY, GROUPS, LABELS, 0.05)
        style.save(figure, tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
        files.append((tmp_path / f"{name}.png").read_bytes())
    assert files[0] == files[1]
