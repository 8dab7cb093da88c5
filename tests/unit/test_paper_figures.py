"""Figures beside published numbers: bars, diamonds, orders and words of known tables, and the same bytes each time."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba

from cisformula.figures import (
    paper_groups,
    paper_heat_map,
    paper_match_counts,
    paper_performance,
    paper_selection,
    paper_significance,
    style,
    training,
)

MOTIFS, CELL_TYPES = [f"m{i}" for i in range(6)], ["costs 5$", "NA", "liver", "brain"]
PUBLISHED = {
    "learned_motifs": 640,
    "database_motifs": 831,
    "formula_learned": 194,
    "formula_known": 106,
    "4mer_r2": 0.445,
    "xpresso_r2": 0.504,
    "known_300_in_sample_r2": 0.367,
    "learned_jaspar_E<10": 627,
    "learned_jaspar_q<0.05": 65,
    "formula_jaspar_E<10": 190,
    "formula_jaspar_q<0.05": 31,
}


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


@pytest.fixture
def performance():
    rows = [
        ("4mer_ridge", "chromosome", "all", 50, 0.3, 0.28, 0.32),
        ("formula", "chromosome", "all", 50, 0.37, 0.35, 0.39),
        ("database_only", "chromosome", "all", 50, -0.1, -0.2, 0.0),
        ("formula", "random", "all", 50, 0.9, 0.8, 1.0),
    ]
    return pd.DataFrame(rows, columns=["predictor", "split", "fold", "n_genes", "r2", "r2_low", "r2_high"])


@pytest.fixture
def in_sample():
    return pd.DataFrame({"predictor": ["formula", "4mer_ridge"], "r2": [0.46, 0.35]})


@pytest.fixture
def counts():
    return pd.DataFrame({"set": ["learned", "formula"], "queries": [64, 0], "E<10": [32, 0], "q<0.05": [16, 0]})


@pytest.fixture
def formula():
    return pd.DataFrame(
        {
            "motif": MOTIFS,
            "name": MOTIFS,
            "source": ["learned"] * 4 + ["database"] * 2,
            "consensus": "ACGTACGT",
            "coefficient": [0.1, -0.5, 0.3, -0.2, 0.4, 0.0],
            "standard_error": 0.02,
            "selection_probability": [1.0, 0.98, 0.5, 0.25, 0.75, 0.5],
            "match": "",
            "match_q": np.nan,
        }
    )


@pytest.fixture
def effects():
    t = np.zeros((2, len(MOTIFS), len(CELL_TYPES)))
    t[1, 2] = [9, 9, -9, 0]
    t[1, 4] = [0, 0, -8, 0]
    t[0, 2:5, 0] = 7
    t[:, 5] = np.nan
    rows = [
        (target, motif, motif, cell_type, t[i, j, k], np.nan if np.isnan(t[i, j, k]) else 0.001 if t[i, j, k] else 0.6)
        for i, target in enumerate(("expression", "deviation"))
        for j, motif in enumerate(MOTIFS)
        for k, cell_type in enumerate(CELL_TYPES)
    ]
    return pd.DataFrame(rows, columns=["target", "motif", "name", "cell_type", "t", "q"])


@pytest.fixture
def sheet():
    return pd.DataFrame(
        {
            "cell_type": CELL_TYPES,
            "group": ["blood", "blood", "organ", "organ"],
            "panel": "yes",
            "donor": list("abcd"),
            "germ_layer": ["mesoderm", "", "", ""],
        }
    )


@pytest.fixture
def r2_by_cell_type():
    return pd.DataFrame(
        {
            "target": ["expression"] * 4 + ["deviation"] * 4,
            "cell_type": CELL_TYPES * 2,
            "r2": [0.3, 0.2, 0.1, 0.0, 0.04, 0.03, 0.02, -0.01],
        }
    )


def test_bars_and_diamonds_stand_in_the_rows_of_their_predictors(performance, in_sample):
    figure = paper_performance.draw(performance, in_sample, paper_performance.marks(PUBLISHED))
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "formula",
        "4-mers, ridge",
        "database motifs only",
    ]
    fitted, held_out = (
        [bar.get_width() for bar in axes.patches if bar.get_facecolor() == to_rgba(colour)]
        for colour in (paper_performance.IN_SAMPLE, paper_performance.HELD_OUT)
    )
    np.testing.assert_array_equal(fitted, [0.46, 0.35, np.nan])
    assert held_out == [0.37, 0.3, -0.1]
    diamonds = [tuple(place) for dots in axes.collections[1:] for place in dots.get_offsets().tolist()]
    # No row for Xpresso's network: its number is not drawn.
    assert diamonds == [(0.445, 1), (0.367, 2)]
    words = [text.get_text() for text in axes.texts]
    assert "0.445 4-mers" in words
    assert not any("Xpresso" in text for text in words)
    style.plt.close(figure)


def test_match_counts_are_shares_of_each_set(axes, counts):
    table = paper_match_counts.beside_published(counts, PUBLISHED)
    paper_match_counts.draw_set(axes, table[table["set"] == "learned"])
    widths = [bar.get_width() for bar in axes.patches]
    assert widths == pytest.approx([100 * 627 / 640, 100 * 65 / 640, 50, 25])
    assert [text.get_text() for text in axes.texts] == ["627 of 640", "65 of 640", "32 of 64", "16 of 64"]


def test_a_formula_without_learned_motifs_has_empty_bars(axes, counts):
    table = paper_match_counts.beside_published(counts, PUBLISHED)
    paper_match_counts.draw_set(axes, table[table["set"] == "formula"])
    assert [bar.get_width() for bar in axes.patches][2:] == [0, 0]


def test_split_is_that_of_the_formula(axes, formula):
    table = paper_selection.splits(formula, {"learned": 20, "database": 10}, PUBLISHED)
    assert table["chosen"].tolist() == [194, 106, 4, 2]
    paper_selection.draw_split(axes, table)
    assert [bar.get_height() for bar in axes.patches] == [194, 106, 4, 2]
    assert axes.texts[2].get_text() == "4 learned\n20% of 20"


def test_a_third_source_is_a_third_part_of_the_bar(axes, formula):
    formula.loc[3, "source"] = "ARGMINN"
    table = paper_selection.splits(formula, {"learned": 20, "ARGMINN": 5, "database": 10}, PUBLISHED)
    paper_selection.draw_split(axes, table)
    assert [bar.get_height() for bar in axes.patches] == [194, 106, 3, 1, 2]
    assert [text.get_text() for text in axes.texts[3:]] == ["1 ARGMINN\n20% of 5", "2 database\n20% of 10"]


def test_signed_coefficients_are_sorted_and_their_ends_named(axes, formula):
    paper_selection.draw_signed(axes, formula)
    learned = axes.collections[1].get_offsets()
    np.testing.assert_allclose(learned[:, 1], [-0.5, -0.2, 0.1, 0.3])
    assert learned[:, 0].tolist() == [0, 1, 3, 4]
    raising, lowering = (text.get_text().split("\n") for text in axes.texts)
    assert (raising[1].split()[0], lowering[1].split()[0]) == ("m4", "m1")


def test_importance_is_the_selection_probability_or_else_z(axes, formula):
    paper_selection.draw_importance(axes, formula)
    assert [line.get_ydata().tolist() for line in axes.lines] == [[1.0, 0.98, 0.5, 0.25], [0.75, 0.5]]
    axes.clear()
    paper_selection.draw_importance(axes, formula.assign(selection_probability=np.nan))
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [25, 15, 10, 5])


def test_heat_maps_share_rows_and_columns(effects):
    figure = paper_heat_map.draw(effects, pd.Series("all", index=CELL_TYPES), 0.05)
    table = paper_heat_map.as_table(effects)
    assert set(table.index) == set(MOTIFS[:5]), "what cannot be estimated is left out"
    assert set(table.columns) == set(CELL_TYPES)
    assert table.loc["m2", "liver"] == -9
    heats = [axes.images[0].get_array() for axes in figure.axes if axes.get_xlabel() == "4 cell types"]
    assert [heat.shape for heat in heats] == [(5, 4, 3)] * 2
    row, column = table.index.get_loc("m2"), table.columns.get_loc("liver")
    red, _, blue = heats[0][row, column]
    assert blue > red, "lowered"
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert "Deviation from the mean over cell types: 4 of 20 effects have q < 0.05" in titles
    assert "Expression: 3 of 20 effects have q < 0.05" in titles
    style.plt.close(figure)


def test_one_cell_type_has_no_heat_map(effects):
    figure = paper_heat_map.draw(effects[effects["cell_type"] == "NA"], pd.Series("all", index=["NA"]), 0.05)
    assert "at least two cell types" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


def test_shares_of_significant_cell_types(axes, effects):
    deviations = effects[effects["target"] == "deviation"]
    assert paper_significance.shares(deviations, 0.05)[:3].to_dict() == {"m2": 0.75, "m4": 0.25, "m0": 0}
    paper_significance.draw_shares(axes, effects, 0.05)
    expression, deviation = (text.get_text() for text in axes.get_legend().get_texts())
    assert "3 of 6 motifs" in expression
    assert "2 of 6 motifs" in deviation


def test_directions_are_counted(axes, effects):
    deviations = effects[effects["target"] == "deviation"]
    paper_significance.draw_motifs(axes, deviations, pd.Series({"m2": "SP1"}), 0.05)
    assert [label.get_text() for label in axes.get_yticklabels()] == ["SP1", "m4"]
    assert [bar.get_width() for bar in axes.patches] == [2, 0, -1, -1]


def test_nothing_significant_is_drawn_empty(axes, effects):
    paper_significance.draw_motifs(axes, effects.assign(q=0.9), pd.Series(dtype=str), 0.05)
    assert not axes.patches


def test_columns_that_tell_cell_types_apart_are_shown(sheet):
    assert paper_groups.telling_columns(sheet.set_index("cell_type")) == ["group", "germ_layer"]
    assert paper_groups.telling_columns(sheet.set_index("cell_type")[["panel", "group"]].assign(group="all")) == [
        "group"
    ]


def test_groups_hold_their_cell_types(r2_by_cell_type, effects, sheet):
    figure = paper_groups.draw(r2_by_cell_type, effects, sheet, 0.05)
    assert len(figure.axes) == 2 * 3
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["blood (2)", "organ (2)"]
    assert [text.get_text() for text in figure.axes[3].get_yticklabels()] == ["(not said) (3)", "mesoderm (1)"]
    blood, median = figure.axes[0].collections[:2]
    np.testing.assert_allclose(np.sort(blood.get_offsets()[:, 0]), [0.2, 0.3])
    assert median.get_segments()[0][0][0] == pytest.approx(0.25)
    liver = paper_groups.by_cell_type(r2_by_cell_type, effects, 0.05).loc["liver", "share"]
    # Two of the five motifs that can be estimated.
    assert liver == pytest.approx(40)
    style.plt.close(figure)


def test_every_role_of_the_networks_has_its_panel():
    genes = [f"g{i}" for i in range(30)]
    predictions = pd.concat(
        pd.DataFrame({"run": 0, "gene_id": genes[part], "role": role, "observed": values, "predicted": values})
        for role, part in (("train", slice(0, 20)), ("validation", slice(20, 25)), ("test", slice(25, 30)))
        for values in [np.linspace(-1, 1, len(genes[part]))]
    )
    history = pd.DataFrame({"run": 0, "epoch": [1, 2], "loss": [1.0, 0.5], "validation_loss": [1.0, 0.8]})
    figure = training.draw(history, predictions, pd.DataFrame({"run": [0], "fold": [0]}))
    titles = {axes.get_title(loc="left"): axes for axes in figure.axes}
    for role, n in (("Train", 20), ("Validation", 5), ("Test", 5)):
        hexagons = titles[f"{role}: {n} predictions of {n} genes"].collections[0]
        assert hexagons.get_array().sum() == n
    style.plt.close(figure)


def test_the_same_data_give_the_same_bytes(
    performance, in_sample, counts, formula, effects, sheet, r2_by_cell_type, tmp_path
):
    groups = sheet.set_index("cell_type")["group"]
    drawings = [
        lambda: paper_performance.draw(performance, in_sample, paper_performance.marks(PUBLISHED)),
        lambda: paper_match_counts.draw(paper_match_counts.beside_published(counts, PUBLISHED), "JASPAR"),
        lambda: paper_selection.draw(
            formula, paper_selection.splits(formula, {"learned": 20, "database": 10}, PUBLISHED)
        ),
        lambda: paper_heat_map.draw(effects, groups, 0.05),
        lambda: paper_significance.draw(effects, pd.Series(dtype=str), 0.05),
        lambda: paper_groups.draw(r2_by_cell_type, effects, sheet, 0.05),
    ]
    for draw in drawings:
        for name in ("a", "b"):
            style.save(draw(), tmp_path / f"{name}.pdf", tmp_path / f"{name}.png")
        assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
