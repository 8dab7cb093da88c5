"""Effects in cell types against statsmodels, one cell type at a time, and on noise."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from cell_type_data import data, standardised
from scipy import stats
from statsmodels.stats.multitest import multipletests

from cisformula.cell_types.design import least_squares, ridge
from cisformula.cell_types.effects import effects_table, estimate, group_test


def reference(features, composition, y):
    """Ordinary least squares of one cell type with HC3 errors; composition first, then motifs."""
    X = np.column_stack([np.ones(len(y)), standardised(composition), standardised(features)])
    return sm.OLS(y, X).fit(cov_type="HC3", use_t=True)


@pytest.mark.parametrize("n_covariates", [0, 2])
def test_effects_equal_statsmodels_one_cell_type_at_a_time(n_covariates):
    features, composition, values = data(1)
    composition = composition[:, :n_covariates]
    design = least_squares(features, composition)
    found = estimate(design, values)
    assert design.estimable.all()
    assert design.degrees_of_freedom == 150 - 7 - n_covariates
    motifs = slice(1 + n_covariates, None)
    for i, y in enumerate(values.T):
        expected = reference(features, composition, y)
        np.testing.assert_allclose(found.coefficient[:, i], expected.params[motifs])
        np.testing.assert_allclose(found.standard_error[:, i], expected.bse[motifs])
        np.testing.assert_allclose(found.t[:, i], expected.tvalues[motifs])
        np.testing.assert_allclose(found.p[:, i], expected.pvalues[motifs])
    plain = sm.OLS(values[:, 0], expected.model.exog).fit()
    assert not np.allclose(plain.bse[motifs], found.standard_error[:, 0], rtol=0.02), "HC3 differs here"


def test_q_is_benjamini_hochberg_over_all_pairs_and_within_each_cell_type():
    features, composition, values = data(2)
    found = estimate(least_squares(features, composition), values)
    expected = multipletests(found.p.ravel(), method="fdr_bh")[1]
    np.testing.assert_allclose(found.q.ravel(), expected)
    for of_one, p in zip(found.q_cell_type.T, found.p.T, strict=True):
        np.testing.assert_allclose(of_one, multipletests(p, method="fdr_bh")[1])
    assert len(np.unique(found.q)) > 5


def test_a_planted_effect_is_found_where_it_was_planted():
    rng = np.random.default_rng(3)
    features = rng.poisson(0.5, (800, 10)).astype(float)
    values = rng.normal(size=(800, 20))
    values[:, 4] += 0.6 * standardised(features)[:, 7]
    values[:, 11] -= 0.6 * standardised(features)[:, 2]
    found = estimate(least_squares(features, np.empty((800, 0))), values)
    assert set(zip(*np.nonzero(found.q < 0.001), strict=True)) == {(7, 4), (2, 11)}
    assert found.coefficient[7, 4] == pytest.approx(0.6, abs=3 * found.standard_error[7, 4])
    assert found.coefficient[2, 11] == pytest.approx(-0.6, abs=3 * found.standard_error[2, 11])


def test_motifs_that_repeat_others_are_not_estimable_and_change_nothing():
    features, composition, values = data(4)
    repeated = np.column_stack(
        [
            *[features[:, 0], features[:, 1], features[:, 0], np.full(150, 3.0), features[:, 2]],
            *[features[:, 1] - 2 * features[:, 2], features[:, 3:], composition[:, 1]],
        ]
    )
    design = least_squares(repeated, composition)
    assert design.estimable.tolist() == [True, True, False, False, True, False, True, True, True, False]
    found, alone = estimate(design, values), estimate(least_squares(features, composition), values)
    for name in ("coefficient", "standard_error", "t", "p", "q"):
        array = getattr(found, name)
        assert np.isnan(array[~design.estimable]).all()
        np.testing.assert_allclose(array[design.estimable], getattr(alone, name), rtol=1e-8)


def test_a_motif_carried_by_a_single_gene_is_not_tested():
    """Its gene is fitted exactly, so that nothing tells how far off it is: its t would be significant on pure noise."""
    rng = np.random.default_rng(5)
    features = rng.poisson(1.0, (400, 5)).astype(float)
    features[:, 3] = np.arange(400) == 17
    values = rng.normal(size=(400, 30))
    design = least_squares(features, rng.normal(size=(400, 2)))
    assert design.estimable.tolist() == [True, True, True, False, True]
    found = estimate(design, values)
    assert np.isnan(found.p[3]).all()
    assert 0.01 < np.nanmean(found.p < 0.05) < 0.12


def test_the_test_is_calibrated_on_noise_whose_variance_depends_on_a_motif():
    rng = np.random.default_rng(7)
    features = rng.poisson(1.0, (1000, 10)).astype(float)
    values = rng.normal(size=(1000, 1000)) * (0.2 + features[:, :1])
    p = estimate(least_squares(features, np.empty((1000, 0))), values).p
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.01)  # 10,000 tests: standard error 0.002
    assert (p[0] < 0.05).mean() == pytest.approx(0.05, abs=0.025), "the motif that sets the variance, too"
    X = sm.add_constant(standardised(features))
    naive = [sm.OLS(y, X).fit().pvalues[1] for y in values.T[:200]]
    assert np.mean(np.array(naive) < 0.05) > 0.15, "without HC3 it would be far too bold"


def test_a_constant_cell_type_has_no_effects():
    features, composition, values = data(8)
    values[:, 2] = 0.0
    found = estimate(least_squares(features, composition), values)
    assert (found.t[:, 2] == 0).all()
    assert (found.p[:, 2] == 1).all()
    assert group_test(least_squares(features, composition), values).f[2] == 0


def test_the_table_names_the_pair_of_every_number():
    features, composition, values = data(14, n_motifs=3, n_cell_types=4)
    found = estimate(least_squares(features, composition), values)
    shrunken = estimate(ridge(features, composition, values, np.array([50.0])), values)
    motifs = pd.DataFrame({"motif": ["a", "b", "c"], "name": ["A", "B", "C"]})
    permutation_p = np.arange(12).reshape(3, 4) / 12
    table = effects_table(found, shrunken, permutation_p, motifs, pd.Index(["w", "x", "y", "z"]))
    assert len(table) == 12
    row = table[(table["motif"] == "b") & (table["cell_type"] == "y")].iloc[0]
    assert row["name"] == "B"
    for name in ("coefficient", "standard_error", "t", "p", "q", "q_cell_type"):
        assert row[name] == getattr(found, name)[1, 2]
    for name in ("coefficient", "standard_error", "p", "q"):
        assert row[f"ridge_{name}"] == getattr(shrunken, name)[1, 2]
    assert row["permutation_p"] == 6 / 12
    assert row["p"] == pytest.approx(2 * stats.t.sf(abs(row["coefficient"] / row["standard_error"]), 150 - 6))


def hat_matrix(features, composition, penalty):
    """Hat matrix and map to the motifs' coefficients, by the normal equations."""
    X = np.column_stack([np.ones(len(features)), standardised(composition), standardised(features)])
    penalties = np.diag([0.0] * (1 + composition.shape[1]) + [penalty] * features.shape[1])
    to_coefficients = np.linalg.solve(X.T @ X + penalties, X.T)
    return X @ to_coefficients, to_coefficients[1 + composition.shape[1] :]


def test_effects_under_a_penalty_are_those_of_the_normal_equations():
    features, composition, values = data(21)
    design = ridge(features, composition, values, np.array([40.0]))
    found = estimate(design, values)
    H, A = hat_matrix(features, composition, 40.0)
    np.testing.assert_allclose(found.coefficient, A @ values)
    left_out = (values - H @ values) / (1 - np.diag(H))[:, None]
    np.testing.assert_allclose(found.standard_error, np.sqrt(A**2 @ left_out**2))
    freedom = np.trace((np.eye(150) - H).T @ (np.eye(150) - H))
    assert design.degrees_of_freedom == pytest.approx(freedom)
    np.testing.assert_allclose(found.p, 2 * stats.t.sf(np.abs(found.t), freedom))


def test_a_penalty_tests_two_motifs_that_are_nearly_one():
    """Least squares cannot tell which of the two acts; under a penalty both are found, with the effect shared."""
    rng = np.random.default_rng(22)
    features = rng.poisson(1.0, (1500, 8)).astype(float)
    features[:, 1] = features[:, 0]
    features[:6, 1] += 1
    values = rng.normal(size=(1500, 12)) + 0.12 * standardised(features)[:, :1]
    plain = estimate(least_squares(features, np.empty((1500, 0))), values)
    shrunken = estimate(ridge(features, np.empty((1500, 0)), values, np.array([300.0])), values)
    assert (plain.q[:2] < 0.05).mean() < 0.2
    assert (shrunken.q[:2] < 0.05).mean() > 0.9
    assert (shrunken.q[2:] < 0.05).mean() < 0.05
    np.testing.assert_allclose(shrunken.coefficient[:2], 0.05, atol=0.03)


def test_effects_under_a_penalty_are_calibrated_on_noise():
    rng = np.random.default_rng(23)
    features = rng.poisson(1.0, (800, 10)).astype(float)
    features[:, 1] = features[:, 0] + rng.poisson(0.1, 800)
    values = rng.normal(size=(800, 1000)) * (0.2 + features[:, :1])
    p = estimate(ridge(features, rng.normal(size=(800, 1)), values, np.array([200.0])), values).p
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=0.012)


def test_the_group_test_is_the_f_test_of_nested_models():
    features, composition, values = data(24)
    found = group_test(least_squares(features, composition), values)
    assert (found.df1, found.df2) == (6, 150 - 9)
    small = sm.add_constant(standardised(composition))
    for i, y in enumerate(values.T):
        larger = sm.OLS(y, np.column_stack([small, standardised(features)])).fit()
        f, p, df1 = larger.compare_f_test(sm.OLS(y, small).fit())
        assert (found.f[i], found.p[i], found.df1) == (pytest.approx(f), pytest.approx(p), df1)
    np.testing.assert_allclose(found.q, multipletests(found.p, method="fdr_bh")[1])
