"""Figures of calibration and groups: what is drawn, and what is written beside it."""

import numpy as np
import pandas as pd
import pytest

from cisformula.figures import activity_groups, calibration, style


def texts(figure):
    return [text.get_text() for text in figure.findobj(style.plt.Text) if text.get_text()]


@pytest.fixture
def quantiles():
    threshold = np.logspace(0, -4, 9)
    one = pd.DataFrame({"threshold": threshold, "permuted": threshold, "observed": np.sqrt(threshold)})
    one["permuted_low"], one["permuted_high"] = threshold / 2, np.minimum(1, threshold * 2)
    return pd.concat([one.assign(target="expression"), one.assign(target="deviation", permuted=threshold * 0)])


@pytest.fixture
def null():
    return pd.DataFrame({"target": ["expression"] * 2 + ["deviation"] * 2, "significant_share": [0.002, 0.0, 0, 0]})


@pytest.fixture
def pairs():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"motif": np.repeat(["a", "b"], 50), "cell_type": [f"c{i}" for i in range(50)] * 2})
    table["t"] = rng.normal(size=100)
    table["z"] = rng.normal(size=100)
    table.loc[3, "t"] = np.nan
    return table


def test_calibrated_p_values_lie_on_the_diagonal(quantiles, null, pairs):
    theirs = pairs[["motif", "cell_type"]].assign(mlm=pairs["t"].fillna(0) * 2, ulm=-pairs["z"])[::-1]
    figure = calibration.draw(quantiles, null, pairs, theirs)
    expression, deviation = figure.axes[:2]
    lines = {line.get_label(): line.get_xydata() for line in expression.get_lines()}
    permuted = lines["genes permuted 2 times, 95 %"]
    np.testing.assert_allclose(permuted[:, 0], permuted[:, 1])
    np.testing.assert_allclose(lines["genes as they are"][:, 1], 2 * lines["genes as they are"][:, 0])
    of_deviation = {line.get_label(): line.get_xydata() for line in deviation.get_lines()}
    assert len(of_deviation["genes permuted 2 times, 95 %"]) == 0, (
        "thresholds that no permuted test reached are left out"
    )
    written = "\n".join(texts(figure))
    assert "of permuted tests 0.100% are called" in written
    assert "r = 1.00 over 99 motif x cell type pairs" in written
    assert "r = -1.00 over 100 motif x cell type pairs" in written
    style.plt.close(figure)


@pytest.fixture
def atlas():
    motifs = pd.DataFrame({"motif": [f"m{i}" for i in range(40)], "z": np.linspace(3, 1, 40), "tau": 0.5})
    motifs["tau"] = np.linspace(0.2, 0.9, 40)
    motifs["peak_cell_type"] = "liver"
    groups = pd.DataFrame({"column": "tissue", "motif": motifs["motif"], "p": np.linspace(0, 1, 40)})
    groups["q"] = groups["p"]
    effects = groups.assign(group="blood", n=4, difference=np.linspace(2, -2, 40))
    effects = pd.concat([effects, effects.assign(group="brain", difference=-effects["difference"])])
    return motifs, groups, effects, pd.Series({f"m{i}": f"M{i}" for i in range(40)})


def test_groups_show_the_most_different_motifs_and_mark_the_significant(atlas):
    motifs, groups, effects, labels = atlas
    figure = activity_groups.draw(motifs, groups, effects, labels, 0.05)
    left, right = figure.axes[:2]
    assert len(left.collections[0].get_offsets()) == 40
    shown = [tick.get_text() for tick in right.get_yticklabels()]
    assert sorted(shown) == sorted(f"M{i}" for i in range(30))
    image = right.images[0].get_array()
    for row, name in enumerate(shown):
        assert image[row, 0] == pytest.approx(np.linspace(2, -2, 40)[int(name[1:])])
        assert image[row, 1] == -image[row, 0]
    marked = {shown[int(y)] for _, y in right.collections[0].get_offsets()}
    assert marked == {"M0", "M1"}
    assert [tick.get_text() for tick in right.get_xticklabels()] == ["blood (4)", "brain (4)"]
    written = "\n".join(texts(figure))
    assert "2 of 40 motifs differ between groups\nat q < 0.05; the 30 of the smallest p" in written
    assert "M0, liver" in written
    style.plt.close(figure)


def test_without_groups_the_figure_says_so(atlas):
    motifs, groups, effects, labels = atlas
    figure = activity_groups.draw(motifs, groups[:0], effects[:0], labels, 0.05)
    assert any("names no two groups" in text for text in texts(figure))
    style.plt.close(figure)
