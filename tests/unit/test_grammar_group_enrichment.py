"""Motifs of groups: a fair background, both tests against references, and no calls where labels mean nothing."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from cisformula.grammar import group_enrichment, logistic, matched_background

GENES = 1500


@pytest.fixture(scope="module")
def genes():
    rng = np.random.default_rng(1)
    gc = rng.beta(8, 6, GENES)
    return pd.DataFrame({"gc": gc, "cpg_oe": gc + rng.normal(0, 0.2, GENES)})


def by_composition(genes, seed=2):
    """Two groups, of which the second is richer in GC."""
    chance = 1 / (1 + np.exp(-12 * (genes["gc"] - genes["gc"].median())))
    return np.where(np.random.default_rng(seed).uniform(size=GENES) < chance, 2, 1)


def motif_table(n):
    return pd.DataFrame({"motif": [f"M{i}" for i in range(n)], "name": [f"name {i}" for i in range(n)]})


# The background -------------------------------------------------------------------------------------------------------


def test_background_is_drawn_from_outside_with_as_many_promoters_in_each_cell(genes):
    member = by_composition(genes) == 2
    cell = matched_background.cells(genes.to_numpy())
    found = matched_background.match(member, cell, np.random.default_rng(1))
    assert member[found.members].all()
    assert not member[found.background].any()
    for rows in found[:2]:
        assert len(np.unique(rows)) == len(rows)
    inside, outside = (np.bincount(cell[rows], minlength=cell.max() + 1) for rows in found[:2])
    np.testing.assert_array_equal(outside, found.ratio * inside)
    # No cell could give one more of each.
    all_inside, all_outside = (np.bincount(cell[side], minlength=cell.max() + 1) for side in (member, ~member))
    np.testing.assert_array_equal(inside, np.minimum(all_inside, all_outside // found.ratio))


def test_cells_are_a_quarter_of_a_standard_deviation_wide(genes):
    cell = matched_background.cells(genes.to_numpy())
    widest = genes.groupby(cell).agg(np.ptp).max()
    assert (widest <= 0.25 * genes.std(ddof=0)).all()
    assert (widest > 0.2 * genes.std(ddof=0)).all()


def test_a_small_group_gets_several_promoters_for_each_member():
    cell = np.repeat([0, 1], 100)
    member = np.zeros(200, dtype=bool)
    member[[*range(10), *range(100, 120)]] = True
    found = matched_background.match(member, cell, np.random.default_rng(1))
    assert (found.ratio, len(found.members), len(found.background)) == (4, 30, 120)


def test_members_without_anyone_to_compare_with_are_left_out():
    cell = np.repeat([0, 1], 50)
    member = np.arange(100) < 60
    found = matched_background.match(member, cell, np.random.default_rng(1))
    assert set(found.members) == set(range(50, 60))
    assert found.ratio == 4


def test_balance_says_what_matching_did(genes):
    labels = by_composition(genes)
    matched = matched_background.match_groups(labels, genes, seed=1)
    found = matched_background.balance(labels, matched, genes).set_index(["group", "covariate"])
    inside, outside = (genes.loc[side, "gc"] for side in (labels == 2, labels != 2))
    row = found.loc[(2, "gc")]
    spread = np.sqrt((inside.var(ddof=0) + outside.var(ddof=0)) / 2)
    assert row["smd_before"] == pytest.approx((inside.mean() - outside.mean()) / spread)
    members, background = (genes["gc"].iloc[rows].mean() for rows in matched[2][:2])
    assert row["smd_after"] == pytest.approx((members - background) / spread)
    assert (found["smd_before"].abs() > 0.5).all()
    assert (found["smd_after"].abs() < 0.1).all()
    again = matched_background.match_groups(labels, genes, seed=1)
    assert all(np.array_equal(matched[2][i], again[2][i]) for i in (0, 1))


def test_all_genes_in_one_group_have_no_background(genes):
    labels = np.ones(GENES, dtype=int)
    matched = matched_background.match_groups(labels, genes, seed=1)
    assert len(matched[1].members) == len(matched[1].background) == 0
    assert matched_background.balance(labels, matched, genes)["smd_after"].isna().all()
    present = np.random.default_rng(1).uniform(size=(GENES, 3)) < 0.3
    found = group_enrichment.enrichment(present, motif_table(3), labels, genes, matched, 0.05)
    assert (found[["p", "logistic_p"]] == 1).all(axis=None)
    assert (found["call"] == "none").all()


# The tests ------------------------------------------------------------------------------------------------------------


def test_fisher_and_odds_are_those_of_scipy_one_by_one():
    rng = np.random.default_rng(3)
    for _ in range(100):
        n, m = rng.integers(1, 60, 2)
        a, b = rng.integers(0, n + 1), rng.integers(0, m + 1)
        table = [[a, n - a], [b, m - b]]
        sides = [stats.fisher_exact(table, alternative=side).pvalue for side in ("greater", "less")]
        (found,) = group_enrichment.fisher(np.array([a]), n, np.array([b]), m)
        assert found == pytest.approx(min(1, 2 * min(sides)))
        (estimate,), (error,) = group_enrichment.log2_odds(np.array([a]), n, np.array([b]), m)
        reference = sm.stats.Table2x2(np.array(table) + 0.5)
        assert estimate == pytest.approx(reference.log_oddsratio / np.log(2))
        assert error == pytest.approx(reference.log_oddsratio_se / np.log(2))


@pytest.fixture(scope="module")
def outcomes(genes):
    rng = np.random.default_rng(5)
    X = np.column_stack([np.ones(GENES), (genes - genes.mean()) / genes.std()])
    logit = X @ rng.normal(0, 0.7, (3, 6)) - 1
    present = rng.uniform(size=(GENES, 6)) < 1 / (1 + np.exp(-logit))
    return X, present, by_composition(genes) == 2


def test_logistic_regression_is_that_of_statsmodels(outcomes):
    X, present, member = outcomes
    design = np.column_stack([X, member])
    found = logistic.fit(design, present)
    for column in range(present.shape[1]):
        reference = sm.Logit(present[:, column], design).fit(disp=0)
        np.testing.assert_allclose(found.coefficients[:, column], reference.params, rtol=1e-5)
        np.testing.assert_allclose(found.standard_errors[:, column], reference.bse, rtol=1e-5)
        np.testing.assert_allclose(found.probabilities[:, column], reference.predict(), rtol=1e-5)


def test_score_test_is_that_of_statsmodels(outcomes):
    X, present, member = outcomes
    z = logistic.score_test(X, present, logistic.fit(X, present).probabilities, member.astype(float))
    for column in range(present.shape[1]):
        null = sm.GLM(present[:, column], X, family=sm.families.Binomial()).fit()
        statistic, _ = null.score_test(exog_extra=member.astype(float)[:, None])
        assert z[column] ** 2 == pytest.approx(np.ravel(statistic)[0], rel=1e-5)
        full = sm.Logit(present[:, column], np.column_stack([X, member])).fit(disp=0)
        assert np.sign(z[column]) == np.sign(full.params[-1])


def test_outcomes_without_a_maximum_of_the_likelihood_have_no_coefficient(outcomes):
    X, present, member = outcomes
    odd = np.column_stack([np.zeros(GENES), np.ones(GENES), member, present[:, 0]]).astype(bool)
    found = logistic.fit(np.column_stack([X, member]), odd)
    assert np.isnan(found.coefficients).all(axis=0).tolist() == [True, True, True, False]
    assert np.isnan(found.standard_errors).all(axis=0).tolist() == [True, True, True, False]
    z = logistic.score_test(X, odd, logistic.fit(X, odd).probabilities, member.astype(float))
    assert z[0] == z[1] == 0
    assert z[2] > 20


def test_planted_motifs_are_called_and_those_of_the_composition_are_not(genes):
    rng, labels = np.random.default_rng(6), by_composition(genes)
    chance = np.full((GENES, 30), 0.2)
    chance[:, :20] = np.clip(1.5 * genes["gc"].to_numpy()[:, None] - 0.5, 0.02, 0.98)  # rich in GC, nothing else
    chance[labels == 2, 20:25] = 0.5
    chance[labels == 2, 25:] = 0.02
    present = rng.uniform(size=chance.shape) < chance
    matched = matched_background.match_groups(labels, genes, seed=1)
    found = group_enrichment.enrichment(present, motif_table(30), labels, genes, matched, 0.05)
    assert list(found.columns) == group_enrichment.COLUMNS
    calls = found.pivot(index="motif", columns="group", values="call").loc[[f"M{i}" for i in range(30)], 2].tolist()
    assert calls[20:25] == ["enriched"] * 5
    assert calls[25:] == ["depleted"] * 5
    assert calls[:20].count("none") >= 19
    # Without a background of the same composition they would all seem enriched.
    naive = group_enrichment.fisher(
        present[labels == 2].sum(axis=0), (labels == 2).sum(), present[labels == 1].sum(axis=0), (labels == 1).sum()
    )
    assert (naive[:20] < 1e-4).all()
    row = found[(found["group"] == 2) & (found["motif"] == "M21")].iloc[0]
    assert row["n_group"] == len(matched[2].members)
    assert row["present_background"] == present[matched[2].background, 21].sum()
    assert row["low"] < row["log2_odds"] < row["high"]
    assert row["odds_ratio"] == pytest.approx(2 ** row["log2_odds"])


def test_a_motif_that_a_group_lacks_altogether_is_called_depleted(genes):
    labels = by_composition(genes)
    present = (np.random.default_rng(1).uniform(size=(GENES, 1)) < 0.3) & (labels == 1)[:, None]
    matched = matched_background.match_groups(labels, genes, seed=1)
    found = group_enrichment.enrichment(present, motif_table(1), labels, genes, matched, 0.05)
    assert found["call"].tolist() == ["enriched", "depleted"]
    assert found["logistic_coefficient"].isna().all()
    assert np.isfinite(found["log2_odds"]).all()


def test_labels_that_mean_nothing_are_called_at_the_nominal_rate(genes):
    rng = np.random.default_rng(8)
    chance = np.clip(rng.uniform(0.05, 0.5, 300) + (genes["gc"].to_numpy()[:, None] - 0.6), 0.02, 0.98)
    present = rng.uniform(size=chance.shape) < chance
    labels = rng.permutation(np.repeat([1, 2, 3], [GENES // 2, GENES // 3, GENES // 6]))
    matched = matched_background.match_groups(labels, genes, seed=1)
    found = group_enrichment.enrichment(present, motif_table(300), labels, genes, matched, 0.05)
    # Fisher's test is conservative, counts being whole numbers.
    assert 0.015 < (found["p"] < 0.05).mean() < 0.06
    assert 0.035 < (found["logistic_p"] < 0.05).mean() < 0.065
    assert (found["call"] == "none").all()


def test_groups_of_another_composition_alone_are_called_at_the_nominal_rate(genes):
    rng = np.random.default_rng(9)
    scaled = ((genes - genes.mean()) / genes.std()).to_numpy()
    curved = rng.uniform(-1, 1, 300) * scaled[:, :1] ** 2 + rng.uniform(-1, 1, 300) * scaled[:, 1:]
    present = rng.uniform(size=curved.shape) < 1 / (1 + np.exp(1.5 - curved))
    labels = np.digitize(scaled.sum(axis=1) + rng.normal(size=GENES), [-1.2, 0, 1.2]) + 1
    matched = matched_background.match_groups(labels, genes, seed=1)
    found = group_enrichment.enrichment(present, motif_table(300), labels, genes, matched, 0.05)
    assert 0.01 < (found["p"] < 0.05).mean() < 0.07
    assert 0.035 < (found["logistic_p"] < 0.05).mean() < 0.07
    assert (found["call"] == "none").mean() > 0.999


def test_composition_terms_are_covariates_squares_and_product(genes):
    scaled = (genes - genes.mean()) / genes.std(ddof=0)
    gc, cpg_oe = scaled["gc"], scaled["cpg_oe"]
    expected = np.column_stack([gc, cpg_oe, gc**2, gc * cpg_oe, cpg_oe**2])
    np.testing.assert_allclose(group_enrichment.composition_terms(genes), expected)
    assert group_enrichment.composition_terms(genes.assign(cpg_oe=0.5)).shape == (GENES, 2)


def test_presence_is_read_off_the_sites():
    found = group_enrichment.presence(np.array([0, 0, 2]), np.array([1, 1, 0]), 3, 2)
    assert found.tolist() == [[False, True], [False, False], [True, False]]
