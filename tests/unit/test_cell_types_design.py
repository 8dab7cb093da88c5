"""The factorised model: targets, ridge regression against scikit-learn, degrees of freedom against the hat matrix."""

import numpy as np
import pytest
from cell_type_data import data, standardised
from sklearn.linear_model import Ridge

from cisformula.cell_types import design
from cisformula.cell_types.design import least_squares
from cisformula.errors import InputError


def test_more_columns_than_genes_is_an_input_error():
    rng = np.random.default_rng(6)
    for n_motifs in (38, 39, 60):
        with pytest.raises(InputError, match=r"40 genes.*n_motifs|n_motifs.*40 genes"):
            least_squares(rng.normal(size=(40, n_motifs)), rng.normal(size=(40, 1)))
    assert least_squares(rng.normal(size=(40, 37)), rng.normal(size=(40, 1))).degrees_of_freedom == 1


def test_targets_are_standardised_and_deviations_cancel():
    rng = np.random.default_rng(9)
    values = rng.normal(size=(60, 1)) * 3 + rng.normal(2, 0.5, (60, 7))
    made = design.targets(values)
    assert tuple(made) == design.TARGETS
    np.testing.assert_allclose(made["expression"], standardised(values))
    deviation = values - values.mean(axis=1, keepdims=True)
    np.testing.assert_allclose(made["deviation"], standardised(deviation))
    back = made["deviation"] * deviation.std(axis=0) + deviation.mean(axis=0)
    np.testing.assert_allclose(back.sum(axis=1), 0, atol=1e-10)


def test_a_column_without_variance_is_standardised_to_zero():
    assert design.standardise(np.column_stack([np.full(5, 3.0), np.arange(5)]))[:, 0].tolist() == [0] * 5


def test_ridge_is_scikit_learns_beside_covariates_that_are_not_penalised():
    features, composition, values = data(31)
    found = design.ridge(features, composition, values, np.array([25.0]))
    fitted = found.Q @ (found.shrinkage[:, None] * (found.Q.T @ values))
    X = np.column_stack([np.ones(150), standardised(composition)])
    Z = standardised(features)
    own = Z - X @ np.linalg.lstsq(X, Z, rcond=None)[0]
    left = values - X @ np.linalg.lstsq(X, values, rcond=None)[0]
    expected = Ridge(alpha=25.0, fit_intercept=False).fit(own, left)
    np.testing.assert_allclose(found.to_coefficients @ (found.Q.T @ values), expected.coef_.T, atol=1e-10)
    np.testing.assert_allclose(values - fitted, left - expected.predict(own), atol=1e-10)
    assert found.penalty == 25.0


def test_the_penalty_is_that_of_the_smallest_error_of_genes_left_out_one_by_one():
    features, composition, values = data(32, n_genes=60)
    penalties = np.array([0.1, 5.0, 30.0, 200.0, 5000.0])
    X = np.column_stack([np.ones(60), standardised(composition), standardised(features)])
    errors = []
    for penalty in penalties:
        held_back = np.diag([0.0] * 3 + [penalty] * 6)
        total = 0.0
        for gene in range(60):
            rest = np.arange(60) != gene
            beta = np.linalg.solve(X[rest].T @ X[rest] + held_back, X[rest].T @ values[rest])
            total += ((values[gene] - X[gene] @ beta) ** 2).sum()
        errors.append(total)
    assert 0 < np.argmin(errors) < 4, "the case is not trivial"
    assert design.ridge(features, composition, values, penalties).penalty == penalties[np.argmin(errors)]


def test_without_a_penalty_ridge_is_least_squares():
    features, composition, values = data(33)
    plain, ridge = least_squares(features, composition), design.ridge(features, composition, values, np.array([0.0]))
    assert ridge.degrees_of_freedom == pytest.approx(plain.degrees_of_freedom) == 150 - 9
    assert ridge.effective_parameters == pytest.approx(9)
    np.testing.assert_allclose(ridge.leverage, plain.leverage)
    coefficients = [one.to_coefficients @ (one.Q.T @ values) for one in (plain, ridge)]
    np.testing.assert_allclose(*coefficients)


def test_ridge_tests_motifs_that_repeat_others_but_none_that_a_single_gene_carries():
    features, composition, values = data(34)
    features[:, 3] = np.arange(150) == 17
    features = np.column_stack([features, features[:, 0], np.full(150, 2.0), composition[:, 0]])
    found = design.ridge(features, composition, values, np.array([10.0]))
    assert found.estimable.tolist() == [True, True, True, False, True, True, True, False, False]


def test_covariates_span_the_first_part_of_the_basis():
    features, composition, values = data(35)
    for found in (least_squares(features, composition), design.ridge(features, composition, values, np.array([9.0]))):
        assert found.n_adjusted == 3
        first = found.Q[:, :3]
        np.testing.assert_allclose(first @ (first.T @ composition), composition)
        np.testing.assert_allclose(found.Q.T @ found.Q, np.eye(9), atol=1e-10)
