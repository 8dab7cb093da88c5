"""Motif activities: against Bayes' rule by matrix algebra, and planted ones."""

import numpy as np
import pandas as pd
import pytest
from cell_type_data import data, standardised

from cisformula.cell_types import activity


def test_activities_are_the_posterior_under_a_gaussian_prior():
    features, composition, values = data(41, n_genes=200, n_motifs=7)
    found = activity.infer(features, composition, values)
    Y = values - values.mean(axis=1, keepdims=True)
    Y = Y - Y.mean(axis=0)
    C = np.column_stack([np.ones(200), standardised(composition)])
    projection = np.eye(200) - C @ np.linalg.pinv(C)
    Z = projection @ standardised(features)
    posterior = np.linalg.inv(Z.T @ Z + found.penalty * np.eye(7))
    np.testing.assert_allclose(found.activity, posterior @ Z.T @ projection @ Y, atol=1e-10)
    hat = np.eye(200) - projection + Z @ posterior @ Z.T
    left = Y - hat @ Y
    noise = (left**2).sum(axis=0) / np.trace((np.eye(200) - hat) @ (np.eye(200) - hat))
    np.testing.assert_allclose(found.standard_error, np.sqrt(np.outer(np.diag(posterior), noise)))
    np.testing.assert_allclose(found.z, found.activity / found.standard_error)
    np.testing.assert_allclose(found.overall_z, np.sqrt((found.z**2).mean(axis=1)))


def test_planted_activities_are_found_in_log10_units():
    rng = np.random.default_rng(42)
    features = rng.poisson(1.0, (3000, 30)).astype(float)
    true = np.zeros((30, 12))
    true[4, :3], true[9, 5] = 0.4, -0.5
    true -= true.mean(axis=1, keepdims=True)
    gene_means = rng.normal(1, 1, (3000, 1))
    values = gene_means + standardised(features) @ true + rng.normal(0, 0.5, (3000, 12))
    found = activity.infer(features, np.empty((3000, 0)), values)
    np.testing.assert_allclose(found.activity, true, atol=0.06)
    assert set(np.argsort(found.overall_z)[-2:]) == {4, 9}
    silent = np.delete(found.z, [4, 9], axis=0)
    assert silent.std() == pytest.approx(1, abs=0.15), "z of a silent motif is standard normal, a little less"


def test_what_composition_explains_is_not_given_to_motifs():
    rng = np.random.default_rng(43)
    composition = rng.normal(size=(2000, 1))
    features = np.column_stack([composition[:, 0] + 0.5 * rng.normal(size=2000), rng.normal(size=(2000, 3))])
    values = composition * np.linspace(-1, 1, 6) + rng.normal(0, 0.5, (2000, 6))
    adjusted = activity.infer(features, composition, values)
    unadjusted = activity.infer(features, np.empty((2000, 0)), values)
    assert adjusted.overall_z[0] < 2
    assert unadjusted.overall_z[0] > 10


def test_a_motif_that_a_single_gene_carries_has_no_activity():
    features, composition, values = data(44)
    features[:, 2] = np.arange(150) == 3
    found = activity.infer(features, composition, values)
    assert np.isnan(found.z[2]).all()
    assert np.isfinite(np.delete(found.z, 2, axis=0)).all()


def test_the_table_names_the_pair_of_every_number():
    features, composition, values = data(45, n_motifs=3, n_cell_types=4)
    found = activity.infer(features, composition, values)
    motifs = pd.DataFrame({"motif": ["a", "b", "c"], "name": ["A", "B", "C"]})
    table = activity.activity_table(found, motifs, list("wxyz"))
    assert list(table.columns) == ["motif", "name", "cell_type", "activity", "standard_error", "z"]
    row = table[(table["motif"] == "c") & (table["cell_type"] == "x")].squeeze()
    assert (row["name"], row["activity"], row["z"]) == ("C", found.activity[2, 1], found.z[2, 1])
