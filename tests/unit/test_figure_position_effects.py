"""What the figure of position effects draws of a formula whose effects are known in every bin."""

import numpy as np
import pandas as pd
import pytest
from small_formula import EFFECTS, small_formula

from cisformula import formula_table
from cisformula.figures import position_effects, style
from cisformula.pwm import Motif

BINS = ["per_hit_-100_-51", "per_hit_-50_-1", "per_hit_0_19"]
EDGES = [-100.5, -50.5, -0.5, 19.5]
EFFECT = {
    "downstream": [0.1, 0.1, -0.9],
    "weak": [0.02, -0.01, 0.02],
    "upstream": [0.5, 0.0, 0.3],
    "core": [0.1, 0.4, 0.2],
    "repressor": [0.3, -0.6, 0.1],
}
ORDER = ["upstream", "weak", "core", "repressor", "downstream"]
"""By the bin of the strongest effect, then sign, then strength; of two equal effects the first bin counts."""


@pytest.fixture
def effects():
    return pd.DataFrame.from_dict(EFFECT, orient="index", columns=BINS)


@pytest.fixture
def formula(effects):
    table = pd.DataFrame(
        {
            "motif": list(EFFECT),
            "name": list(EFFECT),
            "source": "database",
            "consensus": "ACGTACGT",
            "coefficient": [0.1, 0.01, -0.2, 0.3, -0.4],
            "per_hit": np.average(effects, axis=1, weights=[50, 50, 20]),
            "match": "",
            "match_q": np.nan,
        }
    )
    return table.join(effects.reset_index(drop=True))


@pytest.fixture
def motifs():
    return [Motif(name, name, np.full((8, 4), 0.25)) for name in EFFECT]


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


def texts(figure):
    return [text.get_text() for text in figure.findobj(style.plt.Text)]


def panel_titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]


def test_bins_are_read_from_the_columns_in_the_order_of_positions(formula, effects):
    edges, read = position_effects.by_position(formula[formula.columns[::-1]])
    np.testing.assert_array_equal(edges, EDGES)
    pd.testing.assert_frame_equal(read, effects, check_names=False)


def test_the_table_of_a_formula_gives_back_its_effects_and_edges():
    edges, effects = position_effects.by_position(formula_table.to_table(small_formula()))
    np.testing.assert_array_equal(edges, [-20.5, -0.5, 9.5])
    np.testing.assert_array_equal(effects, EFFECTS)


def test_rows_are_ordered_by_where_they_act_then_sign_then_strength(effects):
    assert position_effects.reading_order(effects) == ORDER
    same_bin = pd.DataFrame([[0, -3], [0, 1], [0, 2], [0, -4]], index=list("abcd"))
    assert position_effects.reading_order(same_bin) == ["c", "b", "d", "a"]


def test_spread_over_positions_weighs_bins_by_their_width(effects):
    edges = np.array(EDGES)
    widths = np.array([50, 50, 20])
    assert position_effects.most_variable(effects, edges, 2) == ["repressor", "downstream"]
    values = effects.loc["downstream"].to_numpy()
    spread = np.sqrt(widths @ (values - widths @ values / 120) ** 2 / 120)
    assert spread == pytest.approx(np.sqrt(5) / 6)
    # A narrow bin counts less: with bins of equal width the downstream repressor would lead.
    assert position_effects.most_variable(effects, np.arange(4), 1) == ["downstream"]


def test_heat_map_holds_the_effects_in_bins_as_wide_as_they_are(axes, effects):
    scale = position_effects.draw_heat(axes, effects.loc[ORDER], np.array(EDGES))
    np.testing.assert_array_equal(scale.get_array(), [EFFECT[motif] for motif in ORDER])
    corners = scale.get_coordinates()
    np.testing.assert_array_equal(corners[0, :, 0], EDGES)
    np.testing.assert_array_equal(corners[:, 0, 1], np.arange(6) - 0.5)
    low, high = scale.get_clim()
    assert low == -high == pytest.approx(-np.quantile(np.abs(list(EFFECT.values())), 0.99))
    assert axes.get_ylim() == (4.5, -0.5)
    assert axes.get_xlim() == (-100.5, 19.5)
    assert axes.lines[0].get_xdata() == [0, 0]
    assert axes.get_xlabel() == "position relative to the TSS (bp)"


def test_largest_coefficients_are_shown_with_labels_and_the_most_variable_profiled(formula, motifs):
    figure = position_effects.draw(formula, motifs, limit=4, n_profiles=2)
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert rows == ["upstream", "core", "repressor", "downstream"]
    assert panel_titles(figure) == ["repressor", "downstream"]
    said = texts(figure)
    assert "Where a hit matters: 4 of 5 motifs, those with the largest coefficients" in said
    assert "effect of a hit (SD of expression per hit)" in said
    style.plt.close(figure)


def test_a_profile_has_its_effect_in_every_bin_and_its_mean(formula, motifs):
    figure = position_effects.draw(formula, motifs, n_profiles=1)
    panel = next(axes for axes in figure.axes if axes.get_title(loc="left") == "repressor")
    raising, lowering, profile = (steps.get_data() for steps in panel.patches)
    np.testing.assert_array_equal(profile.values, [0.3, -0.6, 0.1])
    np.testing.assert_array_equal(profile.edges, EDGES)
    np.testing.assert_array_equal(raising.values, [0.3, 0, 0.1])
    np.testing.assert_array_equal(lowering.values, [0, -0.6, 0])
    # (50 * 0.3 - 50 * 0.6 + 20 * 0.1) / 120
    assert panel.lines[0].get_ydata()[0] == pytest.approx(-13 / 120)
    style.plt.close(figure)


def test_one_bin_is_said_and_nothing_else_is_drawn(formula, motifs):
    figure = position_effects.draw(formula.drop(columns=BINS), motifs)
    (axes,) = figure.axes
    (said,) = axes.texts
    assert said.get_text().splitlines() == [
        "Position does not enter this formula:",
        "each of its 5 motifs has the same effect wherever in the promoter it lies.",
    ]
    assert not axes.axison
    assert not [*axes.lines, *axes.collections, *axes.patches, *axes.images]
    style.plt.close(figure)


def test_the_same_data_give_the_same_bytes(formula, motifs, tmp_path, monkeypatch):
    monkeypatch.setitem(style.plt.rcParams, "savefig.dpi", 50)
    for turn in "ab":
        style.save(position_effects.draw(formula, motifs), tmp_path / f"{turn}.pdf", tmp_path / f"{turn}.png")
    for kind in ("pdf", "png"):
        assert (tmp_path / f"a.{kind}").read_bytes() == (tmp_path / f"b.{kind}").read_bytes()
