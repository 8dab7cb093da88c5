"""What the figures of distances and places draw of known tables."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from scipy import stats

from cisformula.figures import position_preferences, spacing_expression, spacing_histograms, style

KEY = {"first": "a", "second": "b", "orientation": "opposite", "order": "first_second"}
NAMES = {"first_name": "A", "second_name": "B"}
RULE = {**KEY, **NAMES, "low": 6, "high": 7, "resolution": 1, "fold": 10.0, "q": 1e-9, "status": "rule"}


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


def histogram(**key):
    distance = np.arange(20)
    observed = np.where(distance == 6, 30, 3)
    return pd.DataFrame({**KEY, **key, "distance": distance, "observed": observed, "expected": 3.0})


def title(axes, side="left"):
    return axes.get_title(loc=side)


@pytest.mark.parametrize(
    ("orientation", "order", "picture"),
    [
        ("same", "first_second", "A→  B→"),
        ("same", "second_first", "B→  A→"),
        ("opposite", "first_second", "A→  ←B"),
        ("opposite", "second_first", "←B  A→"),
        ("tandem", "either", "A→  B→"),
        ("convergent", "either", "A→  ←B"),
        ("divergent", "either", "←B  A→"),
    ],
)
def test_sites_are_pictured_as_they_lie(orientation, order, picture):
    assert spacing_histograms.picture("A", "B", orientation, order) == picture


def test_a_profile_shows_counts_band_and_rule(axes):
    spacing_histograms.draw_profile(axes, histogram(), pd.DataFrame([RULE]))
    bars = axes.containers[0]
    assert [bar.get_height() for bar in bars] == histogram()["observed"].tolist()
    chosen = [number for number, bar in enumerate(bars) if bar.get_facecolor() == to_rgba(spacing_histograms.CHOSEN)]
    assert chosen == [6, 7]
    band, line = (patch for patch in axes.patches if patch not in bars.patches)
    low, high = stats.poisson.interval(0.95, 3)
    assert set(band.get_data().values) == {high}
    assert set(np.atleast_1d(band.get_data().baseline)) == {low}
    assert set(line.get_data().values) == {3.0}
    assert [text.get_text() for text in axes.texts] == ["6 to 7 bp: 10-fold, q = 1.0e-09"]


def test_shadows_get_no_panel():
    shadow = {**RULE, "second": "c", "status": "shadow"}
    pairs = [{**KEY, **NAMES, "second": second, "n_promoters": 90} for second in "dcb"]
    histograms = pd.concat([histogram(second=second) for second in "bcd"])
    figure = spacing_histograms.draw(pd.DataFrame([shadow, RULE]), histograms, pd.DataFrame(pairs))
    assert len(figure.axes) == 2
    assert [len(axes.texts) for axes in figure.axes] == [1, 0]
    assert [title(axes, "right") for axes in figure.axes] == ["n = 90"] * 2
    assert figure.get_suptitle() == "Distances between sites: 1 rule among 3 pairs and orientations"
    style.plt.close(figure)


def test_without_rules_the_figure_says_so():
    empty = pd.DataFrame(columns=[*RULE])
    pairs = pd.DataFrame([{**KEY, **NAMES, "n_promoters": 5}])
    figure = spacing_histograms.draw(empty, histogram().iloc[:0], pairs)
    assert "No pair of motifs keeps a distance" in figure.axes[0].texts[0].get_text()
    style.plt.close(figure)


EFFECT = {**RULE, "n_preferred": 30, "n_other": 200, "adjusted_q": 0.01}
EFFECT |= {"difference": 0.5, "difference_low": 0.2, "difference_high": 0.8}
EFFECT |= {"adjusted": 0.4, "adjusted_low": 0.1, "adjusted_high": 0.7}


def test_differences_have_their_intervals(axes):
    spacing_expression.draw_effects(axes, pd.DataFrame([EFFECT]), 3)
    intervals = [container.lines[2][0].get_segments()[0][:, 0].tolist() for container in axes.containers]
    assert intervals == [pytest.approx([0.2, 0.8]), pytest.approx([0.1, 0.7])]
    assert [container.lines[0].get_xdata()[0] for container in axes.containers] == [0.5, 0.4]
    assert title(axes) == "Expression at the preferred distance: 1 of 3 rules"
    assert {"30 / 200", "0.01"} <= {text.get_text() for text in axes.texts}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["A→  ←B  6 to 7 bp"]


def test_the_networks_answer_is_drawn_where_there_is_one():
    curve = pd.DataFrame({**KEY, "distance": [20, 0, 10], "n": 50, "effect": [0.0, 0.2, 0.1], "low": -0.1, "high": 0.3})
    effects = pd.DataFrame([EFFECT, {**EFFECT, "second": "c"}])
    figure = spacing_expression.draw(effects, curve)
    assert len(figure.axes) == 2
    (line,) = (line for line in figure.axes[1].lines if len(line.get_xdata()) == 3)
    np.testing.assert_array_equal(line.get_xydata(), [[0, 0.2], [10, 0.1], [20, 0.0]])
    style.plt.close(figure)
    for none in (None, curve.iloc[:0]):
        figure = spacing_expression.draw(effects, none)
        assert len(figure.axes) == 1
        style.plt.close(figure)


def positions():
    rows = [("m1", "M1", "database", 1e-9, 5.0), ("m2", "M2", "learned", 1e-5, 9.0), ("m3", "M3", "learned", 0.2, 1.1)]
    table = pd.DataFrame(rows, columns=["motif", "name", "kind", "bin_q", "bin_fold"])
    table["bin_p"], table["bin_low"], table["bin_high"], table["expected_position"] = table["bin_q"], -29, -20, np.nan
    core = {"motif": "TATA", "name": "TATA", "kind": "core element", "bin_q": 1.0, "bin_p": 1.0, "bin_fold": 1.0}
    core |= {"expected_position": -30.0, "near_position": -30.0, "near_fold": 20.0, "near_q": 0.0}
    return pd.concat([table, pd.DataFrame([core])], ignore_index=True)


def profiles():
    rows = []
    for motif in ("m1", "m2", "m3", "TATA"):
        for strand in ("sense", "antisense", "both"):
            frame = {"motif": motif, "strand": strand, "position": np.arange(-50, 10), "expected": 2.0}
            rows.append(pd.DataFrame({**frame, "observed": 4 if strand == "sense" else 1}))
    return pd.concat(rows, ignore_index=True)


def test_motifs_of_one_node_are_drawn_once_after_the_core_elements():
    apart = pd.Series({"m1": "m1", "m2": "m2", "m3": "m3"})
    figure = position_preferences.draw(positions(), profiles(), apart, 0.05, 2)
    assert [title(axes) for axes in figure.axes] == ["TATA", "M1", "M2"]
    assert title(figure.axes[0], "right") == "-30: 20-fold, q < 1e-300"
    assert title(figure.axes[1], "right") == "-29 to -20: 5-fold"
    assert figure.get_suptitle().startswith("Places of motifs: 2 of 3 prefer one")
    sense, antisense, expected, _ = figure.axes[0].lines
    assert [set(line.get_ydata()) for line in (sense, antisense, expected)] == [{4.0}, {1.0}, {2.0}]
    style.plt.close(figure)
    figure = position_preferences.draw(positions(), profiles(), apart.replace("m2", "m1"), 0.05, 2)
    assert [title(axes) for axes in figure.axes] == ["TATA", "M1"]
    style.plt.close(figure)
