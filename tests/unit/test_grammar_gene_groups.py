"""Groups of genes: planted ones come back in their number, whatever network scored them; folds make no groups."""

import numpy as np
import pandas as pd
import pytest
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score, homogeneity_score, silhouette_score

from cisformula.errors import InputError
from cisformula.grammar import gene_groups
from cisformula.grammar.comparable_features import comparable, row_centred

GENES, FEATURES, GROUPS, FOLDS = 400, 12, 4, 3


def planted(seed=1, distance=4.0, genes=GENES):
    """Features of genes in groups, as networks of three folds with their own scales and offsets would give them."""
    rng = np.random.default_rng(seed)
    group, fold = rng.integers(0, GROUPS, genes), rng.integers(0, FOLDS, genes)
    values = distance * rng.normal(size=(GROUPS, FEATURES))[group] + rng.normal(size=(genes, FEATURES))
    values = values * rng.uniform(0.1, 10, (FOLDS, FEATURES))[fold] + rng.normal(size=(FOLDS, FEATURES))[fold]
    table = pd.DataFrame(values.astype("float32"), columns=[f"F{i}" for i in range(FEATURES)])
    table["other"], table["bias"] = 100 * rng.normal(size=genes), fold.astype(float)
    return table.set_index(pd.Index([f"g{i}" for i in range(genes)], name="gene_id")), group, fold


def test_features_are_standardised_within_folds_and_constant_ones_dropped():
    table, _, fold = planted()
    table.loc[fold == 1, "F3"] = 0  # its network lacks the feature
    table["F4"] = 0.1
    found = comparable(table, fold)
    assert list(found.columns) == [f"F{i}" for i in range(FEATURES) if i != 4]
    assert (found.loc[fold == 1, "F3"] == 0).all()
    for number in range(FOLDS):
        inside = found[fold == number].drop(columns="F3")
        np.testing.assert_allclose(inside.mean(), 0, atol=1e-12)
        np.testing.assert_allclose(inside.std(ddof=0), 1)
    expected = table.loc[fold == 2, "F5"].astype(float)
    np.testing.assert_allclose(found.loc[fold == 2, "F5"], (expected - expected.mean()) / expected.std(ddof=0))


def test_features_of_few_folds_are_left_out_unless_there_are_no_others():
    table, _, fold = planted()
    table.loc[fold != 1, "F3"] = 0
    found = comparable(table, fold)
    assert list(found.columns) == [f"F{i}" for i in range(FEATURES) if i != 3]
    table, _, fold = planted()
    for number in range(FEATURES):
        table.loc[fold != number % FOLDS, f"F{number}"] = 0
    assert comparable(table, fold).shape == (GENES, FEATURES)
    assert comparable(0 * table, fold).shape == (GENES, 0)


def test_row_centring_takes_the_level_and_leaves_the_pattern():
    values = np.array([[1.0, 2.0, 6.0], [11.0, 12.0, 16.0]])
    np.testing.assert_allclose(row_centred(values), [[-2, -1, 3], [-2, -1, 3]])


def test_components_are_those_of_a_reference_with_fixed_signs():
    values = np.random.default_rng(3).normal(size=(200, 8)) @ np.diag([9, 5, 3, 1, 1, 1, 1, 1])
    found = gene_groups.components(values)
    reference = PCA().fit(values)
    share = reference.explained_variance_ratio_
    number = found.scores.shape[1]
    assert share[:number].sum() >= 0.9 > share[: number - 1].sum()
    np.testing.assert_allclose(found.share, share[:number])
    np.testing.assert_allclose(np.abs(found.scores), np.abs(reference.transform(values)[:, :number]), atol=1e-9)
    assert (found.loadings[np.abs(found.loadings).argmax(axis=0), np.arange(number)] > 0).all()
    assert gene_groups.components(values, most=2).scores.shape == (200, 2)


def test_one_direction_of_variance_is_one_component():
    values = np.outer(np.arange(5.0), [1, 2])
    np.testing.assert_allclose(gene_groups.components(values).share, [1])


def test_features_that_do_not_vary_are_refused():
    with pytest.raises(InputError, match="no weighted feature differs"):
        gene_groups.components(np.ones((5, 0)))


@pytest.fixture(scope="module")
def grouped():
    table, group, fold = planted()
    scores = gene_groups.components(comparable(table, fold).to_numpy()).scores
    return scores, group, fold, gene_groups.choose_number(scores, seed=1)


def test_planted_groups_and_their_number_come_back(grouped):
    scores, group, fold, choice = grouped
    assert choice["k"].tolist() == list(range(2, 16))
    assert choice.loc[choice["chosen"], "k"].tolist() == [GROUPS]
    assert choice.loc[choice["k"] == GROUPS, "stability"].item() > 0.99
    assert (choice["stability_low"] <= choice["stability"]).all()
    assert (choice["stability"] <= choice["stability_high"]).all()
    labels = gene_groups.k_means(scores, GROUPS, seed=1).labels
    assert adjusted_rand_score(labels, group) > 0.99
    # Leiden may cut a group, but mixes none.
    assert homogeneity_score(group, gene_groups.leiden(scores, seed=1)) > 0.99
    assert abs(adjusted_rand_score(labels, fold)) < 0.02


def test_groups_follow_from_the_seed_alone(grouped):
    scores, _, _, choice = grouped
    np.testing.assert_array_equal(gene_groups.leiden(scores, 5), gene_groups.leiden(scores, 5))
    again = gene_groups.choose_number(scores[:120], seed=2), gene_groups.choose_number(scores[:120], seed=2)
    pd.testing.assert_frame_equal(*again)
    assert not again[0]["stability"].equals(choice["stability"])


def test_without_groups_none_is_stable():
    choice = gene_groups.choose_number(np.random.default_rng(1).normal(size=(300, 10)), seed=1)
    assert choice["stability"].max() < gene_groups.STABLE


def test_the_most_stable_number_is_taken_where_none_is_stable():
    choice = pd.DataFrame({"k": [2, 3, 4], "silhouette": [0.5, 0.2, 0.3], "stability": [0.3, 0.7, 0.6]})
    assert gene_groups.best_number(choice) == 3
    assert gene_groups.best_number(choice.assign(stability=[0.7, 0.8, 0.9])) == 4


def test_silhouette_is_that_of_a_reference(grouped):
    scores, group, _, _ = grouped
    distances = np.linalg.norm(scores[:, None] - scores[None], axis=2)
    labels = np.where(np.arange(len(group)) == 7, 99, group)  # a gene alone in its group
    assert gene_groups.silhouette(distances, labels) == pytest.approx(silhouette_score(scores, labels))
    assert gene_groups.silhouette(distances, np.zeros(len(group))) == 0


def test_groups_are_numbered_by_their_mean_prediction():
    labels, predicted = np.array([7, 7, 0, 3, 3, 0]), np.array([5.0, 7.0, -1.0, 1.0, 0.0, -3.0])
    assert gene_groups.ordered(labels, predicted).tolist() == [3, 3, 1, 2, 2, 1]


def test_cut_predictions_are_groups_of_equal_size():
    predicted = np.random.default_rng(1).permutation(10).astype(float)
    labels = gene_groups.quantile_groups(predicted, 3)
    assert np.bincount(labels)[1:].tolist() == [4, 3, 3]
    assert (np.diff(labels[np.argsort(predicted)]) >= 0).all()
