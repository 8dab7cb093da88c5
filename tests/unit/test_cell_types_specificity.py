"""Specificity and differences between groups: closed forms, scipy one motif at a time, planted groups."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.cell_types import specificity
from cisformula.cell_types.activity import Activity

MOTIFS = pd.DataFrame({"motif": ["m0", "m1", "m2"], "name": ["A", "B", "C"]})
SHEET = pd.DataFrame(
    {
        "cell_type": [f"c{i}" for i in range(12)],
        "group": ["blood"] * 4 + ["liver"] * 3 + ["brain"] * 3 + ["rare"] * 2,
        "kind": ["line", "tissue"] * 6,
        "all": ["yes"] * 12,
        "id": [str(i) for i in range(12)],
        "note": ["a"] * 5 + [""] * 7,
        "batch": ["1"] * 3 + ["2"] * 2 + ["3"] * 2 + ["4"] * 3 + ["5", "6"],
        "half": ["1"] * 3 + ["2"] * 3 + ["3", "4", "5", "6", "7", "8"],
        "few": ["1"] * 2 + ["2"] * 3 + ["3", "4", "5", "6", "7", "8", "9"],
    }
)


@pytest.mark.parametrize(
    ("activities", "expected"),
    [([2, 2, 2, 2], 0), ([0, 0, -3, 0], 1), ([4, 2, 0, -1], (0 + 0.5 + 1 + 0.75) / 3), ([-4, -2, 0, 1], 0.75)],
)
def test_tau_by_hand(activities, expected):
    assert specificity.tau(np.array([activities], dtype=float))[0] == pytest.approx(expected)


def test_tau_of_silence_is_unknown():
    assert np.isnan(specificity.tau(np.array([[0.0, 0.0], [np.nan, np.nan]]))).all()


def test_groupings_need_two_groups_of_three_and_half_of_the_cell_types():
    found = specificity.groupings(SHEET)
    assert set(found) == {"group", "kind", "batch", "half"}
    assert found["group"].dropna().unique().tolist() == ["blood", "liver", "brain"]
    assert found["group"].isna().sum() == 2
    assert specificity.groupings(SHEET[["cell_type", "id"]]) == {}


def test_between_groups_is_kruskal_wallis_of_each_motif():
    z = np.random.default_rng(1).normal(size=(3, 12))
    z[1, :4] += 5
    table = specificity.between_groups(z, MOTIFS, SHEET[["cell_type", "group", "kind"]])
    assert len(table) == 6
    for row in table.itertuples():
        values = pd.Series(z[int(row.motif[1])])
        groups = [group for label, group in values.groupby(SHEET[row.column]) if label != "rare"]
        expected = stats.kruskal(*groups)
        assert (row.h, row.p, row.n_groups) == (
            pytest.approx(expected.statistic),
            pytest.approx(expected.pvalue),
            len(groups),
        )
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))
    assert table.loc[table["p"].idxmin(), ["column", "motif"]].tolist() == ["group", "m1"]


def test_each_group_is_mann_whitney_against_the_rest():
    z = np.random.default_rng(2).normal(size=(3, 12))
    z[2, 4:7] -= 6
    table = specificity.each_group(z, MOTIFS, SHEET[["cell_type", "group", "kind"]])
    assert len(table) == 3 * (3 + 2)
    for row in table.itertuples():
        member = (SHEET[row.column] == row.group).to_numpy()
        values = z[int(row.motif[1])]
        assert row.n == member.sum()
        assert row.p == pytest.approx(stats.mannwhitneyu(values[member], values[~member]).pvalue)
        assert (
            row.difference
            == pytest.approx(row.mean - row.rest)
            == pytest.approx(values[member].mean() - values[~member].mean())
        )
    strongest = table.loc[table["difference"].abs().idxmax()]
    assert (strongest["group"], strongest["motif"], strongest["name"]) == ("liver", "m2", "C")
    np.testing.assert_allclose(table["q"], stats.false_discovery_control(table["p"]))


def test_motifs_without_activity_have_no_test():
    z = np.random.default_rng(3).normal(size=(3, 12))
    z[1] = np.nan
    for table in (specificity.between_groups(z, MOTIFS, SHEET), specificity.each_group(z, MOTIFS, SHEET)):
        silent = table["motif"] == "m1"
        assert table.loc[silent, ["p", "q"]].isna().all(axis=None)
        np.testing.assert_allclose(table.loc[~silent, "q"], stats.false_discovery_control(table.loc[~silent, "p"]))


def test_without_groups_the_tables_are_empty_but_have_their_columns():
    z = np.zeros((3, 12))
    for function in (specificity.between_groups, specificity.each_group):
        table = function(z, MOTIFS, SHEET[["cell_type", "id"]])
        assert table.empty
        assert {"column", "motif", "p", "q"} <= set(table.columns)


def test_the_table_of_motifs_counts_called_effects_by_sign():
    activity = np.array([[0.1, -0.4, 0.2], [0.0, 0.0, 0.3], [np.nan] * 3])
    found = Activity(activity, np.full((3, 3), 0.1), 1.0)
    effects = pd.DataFrame(
        [
            ("expression", "m0", 1.0, 0.01),
            ("deviation", "m0", 2.0, 0.01),
            ("deviation", "m0", -1.0, 0.04),
            ("deviation", "m0", 1.0, 0.05),
            ("deviation", "m1", -1.0, 0.001),
        ],
        columns=["target", "motif", "coefficient", "q"],
    )
    table = specificity.motif_table(found, MOTIFS, ["x", "y", "z"], effects, 0.05).set_index("motif")
    assert table.loc["m0", ["n_expression", "n_deviation", "n_up", "n_down"]].tolist() == [1, 2, 1, 1]
    assert table.loc["m1", ["n_expression", "n_deviation", "n_up", "n_down"]].tolist() == [0, 1, 0, 1]
    assert table.loc[["m0", "m1"], "peak_cell_type"].tolist() == ["y", "z"]
    assert table.loc["m0", "peak_z"] == pytest.approx(-4)
    assert table.loc["m0", "z"] == pytest.approx(np.sqrt((1 + 16 + 4) / 3))
    assert table.loc["m1", "tau"] == 1
    assert np.isnan(table.loc["m2", "z"])
