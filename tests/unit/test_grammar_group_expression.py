"""Groups and expression: shares of variance by closed forms, tests by references, and silence where nothing is."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from cisformula.grammar import gene_groups, group_expression
from cisformula.grammar.group_expression import QUANTILES, Groups

GENES = 240


@pytest.fixture(scope="module")
def genes():
    rng = np.random.default_rng(4)
    table = pd.DataFrame({"group": rng.integers(1, 4, GENES), "predicted": rng.normal(size=GENES)})
    table["target"] = 0.6 * table["predicted"] + 0.5 * table["group"] + rng.normal(size=GENES) + 3
    return table.assign(gc=rng.uniform(size=GENES), cpg_oe=rng.uniform(size=GENES))


def r2(formula, table, weight=None):
    weight = np.ones(len(table)) if weight is None else weight
    return smf.wls(formula, table, weights=weight).fit().rsquared


@pytest.mark.parametrize("weighted", [False, True])
def test_shares_of_variance_are_those_of_least_squares(genes, weighted):
    weight = np.random.default_rng(1).integers(0, 3, GENES).astype(float) if weighted else np.ones(GENES)
    groups = Groups(genes["group"], genes["predicted"].to_numpy(), genes["target"].to_numpy())
    eta2, by_prediction, both, beyond = groups.shares(weight)
    drawn = genes.loc[genes.index.repeat(weight.astype(int))]
    assert eta2 == pytest.approx(r2("target ~ C(group)", drawn))
    assert by_prediction == pytest.approx(r2("target ~ predicted", drawn))
    assert both == pytest.approx(r2("target ~ predicted + C(group)", drawn))
    assert beyond == pytest.approx(both - by_prediction)
    np.testing.assert_allclose(groups.means(weight), drawn.groupby("group")["target"].mean())
    lower = drawn.groupby("group")["target"].quantile(0.5, interpolation="lower")
    np.testing.assert_allclose(groups.medians(weight), lower)


def test_a_group_that_is_not_drawn_has_no_mean(genes):
    groups = Groups(genes["group"], genes["predicted"].to_numpy(), genes["target"].to_numpy())
    weight = (genes["group"] != 3).to_numpy(dtype=float)
    assert np.isnan(groups.means(weight)).tolist() == [False, False, True]
    assert np.isnan(groups.medians(weight)).tolist() == [False, False, True]
    assert groups.shares(weight)[0] == pytest.approx(r2("target ~ C(group)", genes[genes["group"] != 3]))


def all_tests(genes, labels, families=None):
    arms = {"kmeans": labels, QUANTILES: gene_groups.quantile_groups(genes["predicted"].to_numpy(), 3)}
    families = np.arange(len(genes)) if families is None else families
    folds = np.arange(len(genes)) % 3
    predicted, observed = genes["predicted"].to_numpy(), genes["target"].to_numpy()
    found = group_expression.tests(arms, predicted, observed, folds, families, seed=1)
    return found.set_index(["arm", "measure"])


def test_tests_are_those_of_references(genes):
    found = all_tests(genes, genes["group"].to_numpy())
    full, reduced = (smf.ols(f"target ~ predicted{more}", genes).fit() for more in (" + C(group)", ""))
    assert found.loc[("kmeans", "beyond_prediction"), "p"] == pytest.approx(full.compare_f_test(reduced)[1])
    assert found.loc[("kmeans", "r2_prediction"), "p"] == pytest.approx(reduced.f_pvalue)
    kruskal = stats.kruskal(*(part for _, part in genes.groupby("group")["target"]))
    assert found.loc[("kmeans", "kruskal_wallis"), "p"] == pytest.approx(kruskal.pvalue)
    difference = found.loc[("kmeans", "eta2"), "value"] - found.loc[(QUANTILES, "eta2"), "value"]
    assert found.loc[("kmeans", "eta2_minus_quantiles"), "value"] == pytest.approx(difference)
    shares = found[found.index.get_level_values("measure").isin(group_expression.SHARES)]
    assert ((shares["low"] <= shares["value"]) & (shares["value"] <= shares["high"])).all()
    assert abs(found.loc[("kmeans", "ari_folds"), "value"]) < 0.02
    assert "ari_main" not in found.loc["kmeans"].index


def test_the_interval_of_a_share_is_about_that_of_its_sampling():
    rng = np.random.default_rng(2)
    shares, widths = [], []
    for _ in range(40):
        labels = rng.integers(0, 2, 300)
        target = labels + rng.normal(size=300)
        genes = pd.DataFrame({"predicted": rng.normal(size=300), "target": target})
        row = all_tests(genes, labels).loc[("kmeans", "eta2")]
        shares.append(row["value"])
        widths.append(row["high"] - row["low"])
    assert np.mean(widths) == pytest.approx(2 * 1.96 * np.std(shares), rel=0.3)


def test_families_that_are_drawn_as_a_whole_widen_the_intervals(genes):
    # Every gene four times over: intervals must be those of the genes that there are.
    labels = np.tile(genes["group"], 4)
    repeated = pd.concat([genes] * 4, ignore_index=True)
    families = np.tile(np.arange(GENES), 4)
    alone, together, naive = (
        all_tests(*case).loc[("kmeans", "eta2")]
        for case in ((genes, genes["group"].to_numpy()), (repeated, labels, families), (repeated, labels))
    )
    assert together["low"] == pytest.approx(alone["low"])
    assert together["high"] == pytest.approx(alone["high"])
    assert naive["high"] - naive["low"] == pytest.approx((alone["high"] - alone["low"]) / 2, rel=0.15)


def test_groups_that_only_sort_by_the_prediction_add_nothing_to_it():
    rng = np.random.default_rng(7)
    p = []
    for _ in range(60):
        predicted = rng.normal(size=150)
        genes = pd.DataFrame({"predicted": predicted, "target": predicted + rng.normal(size=150)})
        groups = Groups(gene_groups.quantile_groups(predicted, 4), predicted, genes["target"].to_numpy())
        shares = groups.shares(np.ones(150))
        assert shares[0] > 0.2
        p.append(group_expression._p_beyond(shares, 150, 4))
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_summary_states_each_group(genes):
    labels = genes["group"].to_numpy()
    found = group_expression.summary({"kmeans": labels}, genes, genes["predicted"].to_numpy(), np.arange(GENES), seed=1)
    assert list(found.columns) == group_expression.SUMMARY_COLUMNS
    by_group = genes.groupby("group")
    assert found["n"].tolist() == by_group.size().tolist()
    for column, expected in (
        ("mean", by_group["target"].mean()),
        ("median", by_group["target"].median()),
        ("q25", by_group["target"].quantile(0.25)),
        ("predicted", by_group["predicted"].mean()),
        ("gc", by_group["gc"].mean()),
        ("cpg_oe", by_group["cpg_oe"].mean()),
    ):
        np.testing.assert_allclose(found[column], expected)
    error = by_group["target"].std() / np.sqrt(by_group.size())
    np.testing.assert_allclose(found["high"] - found["low"], 2 * 1.96 * error, rtol=0.12)


def test_pairs_are_compared_by_mann_whitney(genes):
    observed = genes["target"].to_numpy().round(1)  # ties
    found = group_expression.pairs({"kmeans": genes["group"].to_numpy()}, observed, np.arange(GENES), seed=1)
    assert list(zip(found["first"], found["second"], strict=True)) == list(combinations((1, 2, 3), 2))
    for row in found.itertuples():
        first, second = (observed[genes["group"] == number] for number in (row.first, row.second))
        assert row.p == pytest.approx(stats.mannwhitneyu(first, second, method="asymptotic").pvalue)
        assert row.difference == pytest.approx(np.median(second) - np.median(first))
        higher = np.sign(second[:, None] - first[None])
        assert row.rank_biserial == pytest.approx(higher.mean())
        assert row.low <= row.difference <= row.high
    np.testing.assert_allclose(found["q"], stats.false_discovery_control(found["p"]))


def test_one_group_has_nothing_to_compare(genes):
    labels = np.ones(GENES, dtype=int)
    assert group_expression.pairs({"kmeans": labels}, genes["target"].to_numpy(), np.arange(GENES), seed=1).empty
    found = all_tests(genes, labels)
    assert found.loc[("kmeans", "eta2"), "value"] == pytest.approx(0, abs=1e-12)
    assert np.isnan(found.loc[("kmeans", "kruskal_wallis"), "p"])
