"""Figures of gene groups: rows, orders, colours and numbers of known tables, and the same bytes each time."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from cisformula.figures import group_expression, group_features, group_motifs, style

GENES, GROUPS, FEATURES = 90, 3, 6


@pytest.fixture(scope="module")
def groups():
    rng = np.random.default_rng(1)
    group = np.repeat([1, 2, 3], [50, 30, 10])
    return pd.DataFrame({"group": group, "pc1": group + rng.normal(size=GENES), "pc2": rng.normal(size=GENES)})


@pytest.fixture(scope="module")
def features(groups):
    values = np.random.default_rng(2).normal(size=(GENES, FEATURES))
    values[:, 2] += 9 * (groups["group"] == 3)
    values[:, 4] -= 5 * (groups["group"] == 1)
    return pd.DataFrame(values, columns=[f"F{i}" for i in range(FEATURES)])


@pytest.fixture(scope="module")
def genes(groups):
    rng = np.random.default_rng(3)
    predicted = groups["group"] + rng.normal(size=GENES)
    return pd.DataFrame({"predicted": predicted, "observed": predicted, "target": predicted, "group": groups["group"]})


@pytest.fixture(scope="module")
def tests():
    rows = []
    for number, arm in enumerate(group_expression.ARMS):
        values = {"eta2": 0.1 * number + 0.1, "r2_prediction": 0.5, "r2_both": 0.52, "beyond_prediction": 0.02}
        rows += [(arm, name, value, value - 0.01, value + 0.01) for name, value in values.items()]
        rows.append((arm, "ari_folds", -0.001, np.nan, np.nan))
    return pd.DataFrame(rows, columns=["arm", "measure", "value", "low", "high"])


@pytest.fixture(scope="module")
def choice():
    stability = [0.9, 0.8, 0.4]
    table = pd.DataFrame({"k": [2, 3, 4], "silhouette": [0.1, 0.3, 0.2], "stability": stability})
    return table.assign(stability_low=0.2, stability_high=1.0, chosen=[False, True, False])


@pytest.fixture(scope="module")
def motifs():
    rng = np.random.default_rng(4)
    table = pd.DataFrame([(g, f"M{m}") for g in (1, 2, 3) for m in range(20)], columns=["group", "motif"])
    table["log2_odds"], table["p"] = rng.normal(size=60), rng.uniform(0.1, 1, 60)
    table["logistic_p"] = table["p"]
    table["call"] = "none"
    for group, motif, p in ((1, "M7", 1e-6), (1, "M8", 1e-9), (3, "M9", 1e-3)):
        row = (table["group"] == group) & (table["motif"] == motif)
        table.loc[row, ["p", "logistic_p"]], table.loc[row, "call"] = p, "enriched"
    return table


@pytest.fixture(scope="module")
def roles():
    role = ["active", "repressive", *["unclear"] * 18]
    table = pd.DataFrame({"motif": [f"M{i}" for i in range(20)], "standard_error": 0.01, "role": role})
    return table.assign(contribution=[0.5, -0.4, *[0.0] * 17, np.nan])


@pytest.fixture
def axes():
    figure, (axes,) = style.panels(1)
    yield axes
    style.plt.close(figure)


def test_the_features_that_tell_groups_apart_are_shown(features, groups):
    labels = groups["group"].to_numpy()
    assert set(group_features.most_different(features, labels, 2)) == {"F2", "F4"}
    assert sorted(group_features.most_different(features, labels, 99)) == list(features.columns)


def test_rows_keep_groups_apart_and_genes_in_order_of_prediction(monkeypatch):
    monkeypatch.setattr(group_features, "MOST_ROWS", 4)
    labels, predicted = np.array([2, 1, 1, 2, 1, 1, 1]), np.array([0.0, 5, 1, -1, 2, 3, 4])
    # Two genes a row: group 1 has rows 0 to 2, the last of them one gene; group 2 row 3.
    assert group_features.in_blocks(labels, predicted).tolist() == [3, 2, 0, 3, 0, 1, 1]


def test_heat_map_shows_the_mean_of_each_row(axes, features, groups, genes):
    names = pd.Series({name: f"name of {name}" for name in features})
    group_features.draw_heat(axes, features, groups["group"].to_numpy(), genes, names)
    (image,) = axes.images
    assert image.get_array().shape == (GENES, FEATURES, 3)
    assert [tick.get_text() for tick in axes.get_xticklabels()] == [f"name of {name}" for name in features]
    bar, beside = axes.child_axes
    assert [tick.get_text() for tick in bar.get_yticklabels()] == ["1\n(50)", "2\n(30)", "3\n(10)"]
    order = np.lexsort((genes["predicted"], groups["group"]))
    np.testing.assert_allclose(beside.images[0].get_array()[:, 0], genes["predicted"].to_numpy()[order])


def test_colours_go_from_dark_to_light():
    colours = group_features.group_colours(np.array([3, 1, 2, 2]))
    assert list(colours) == [1, 2, 3]
    assert np.all(np.diff([np.mean(colour[:3]) for colour in colours.values()]) > 0)


def test_one_component_is_told_in_words(axes, groups):
    group_features.draw_components(axes, groups.assign(pc2=np.nan))
    assert "one principal component" in axes.texts[0].get_text()


def test_expression_shows_medians_quartiles_and_numbers(axes, genes):
    pairs = pd.DataFrame({"q": [0.01, 0.2, 0.04]})
    group_expression.draw_groups(axes, genes, pairs, 0.05)
    dots = [part.get_offsets()[0] for part in axes.collections if isinstance(part, PathCollection)]
    np.testing.assert_allclose(dots, list(genes.groupby("group")["target"].median().items()))
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1\n50", "2\n30", "3\n10"]
    assert "2 of 3 pairs" in axes.get_title(loc="left")


def test_shares_are_those_of_the_table(axes, tests):
    group_expression.draw_shares(axes, tests)
    widths = sorted(patch.get_width() for patch in axes.patches if patch.get_height() == pytest.approx(0.26))
    np.testing.assert_allclose(widths, [0.1, 0.2, 0.3, 0.4, *[0.52] * 4])
    assert "0.520 (+0.020)" in [text.get_text() for text in axes.texts]
    assert all("folds 0.00" in tick.get_text() for tick in axes.get_yticklabels())


def test_the_chosen_number_is_marked(axes, choice):
    group_expression.draw_choice(axes, choice)
    assert "chosen: 3" in [text.get_text() for text in axes.get_legend().get_texts()]


def test_motifs_are_taken_from_each_group_in_turn_called_ones_first(motifs):
    assert group_motifs.strongest(motifs, 3) == ["M8", "M9", "M7"]
    assert sorted(group_motifs.strongest(motifs, 99)) == sorted(f"M{i}" for i in range(20))


def test_called_cells_carry_a_dot(axes, motifs):
    odds = motifs.pivot(index="motif", columns="group", values="log2_odds")
    called = motifs.pivot(index="motif", columns="group", values="call") != "none"
    summary = pd.DataFrame({"group": [1, 2, 3], "n": [5000, 30, 10], "mean": [-0.5, 0.1, 1.0]})
    group_motifs.draw_odds(axes, odds, called, summary, pd.Series({"M8": "SP1 (MA0079.5)"}))
    places = {(odds.index[int(y)], odds.columns[int(x)]) for x, y in axes.collections[0].get_offsets()}
    assert places == {("M7", 1), ("M8", 1), ("M9", 3)}
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1\n5,000\n-0.50", "2\n30\n0.10", "3\n10\n1.00"]
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert labels[odds.index.get_loc("M8")] == "SP1 (MA0079.5)"
    assert labels[odds.index.get_loc("M7")] == "M7"


def test_roles_are_counted_and_coloured(axes, roles):
    group_motifs.draw_contributions(axes, roles)
    entries = [text.get_text() for text in axes.get_legend().get_texts()]
    assert entries == ["active (1)", "repressive (1)", "unclear (18)"]
    assert axes.containers[1][0].get_xdata().tolist() == [-0.4]


def test_the_same_tables_give_the_same_bytes(
    tmp_path, monkeypatch, features, groups, genes, tests, choice, motifs, roles
):
    monkeypatch.setitem(style.plt.rcParams, "savefig.dpi", 60)
    names = pd.Series({name: name for name in features})
    pairs = pd.DataFrame({"arm": "kmeans", "q": [0.01, 0.2, 0.04]})
    summary = pd.DataFrame({"group": [1, 2, 3], "n": [50, 30, 10], "mean": [-0.5, 0.1, 1.0]})
    drawings = {
        "features": lambda: group_features.draw(features, groups, genes, names),
        "expression": lambda: group_expression.draw(genes, choice, tests, pairs, 0.05),
        "motifs": lambda: group_motifs.draw(motifs, roles, summary, pd.Series(dtype=str), 0.05, limit=10),
    }
    for name, drawing in drawings.items():
        for take in ("a", "b"):
            style.save(drawing(), tmp_path / f"{name}{take}.pdf", tmp_path / f"{name}{take}.png")
        for kind in ("pdf", "png"):
            assert (tmp_path / f"{name}a.{kind}").read_bytes() == (tmp_path / f"{name}b.{kind}").read_bytes()
