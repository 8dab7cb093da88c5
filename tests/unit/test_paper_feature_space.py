"""Mean activations of filters: their rank is bounded by algebra, and little but composition is in them."""

import numpy as np
import pytest
import statsmodels.api as sm

from cisformula import features
from cisformula.paper.feature_space import explained_share, measure


@pytest.fixture
def promoters():
    """Sequences of 400 bases whose GC content varies from one to the next."""
    rng = np.random.default_rng(1)
    gc = rng.uniform(0.3, 0.8, size=(600, 1))
    strong = rng.random((600, 400)) < gc
    return np.where(strong, rng.choice([1, 2], (600, 400)), rng.choice([0, 3], (600, 400))).astype(np.uint8)


@pytest.mark.parametrize(("n_filters", "width", "rank"), [(640, 8, 24), (100, 5, 15), (10, 8, 10)])
def test_rank_is_that_of_algebra(promoters, n_filters, width, rank):
    filters = np.random.default_rng(2).random((n_filters, width, 4))
    space = measure(promoters, filters)
    assert space[:3] == (n_filters, rank, rank)


def test_single_base_filters_are_composition(promoters):
    space = measure(promoters, np.random.default_rng(3).random((20, 1, 4)))
    assert space.rank == 3
    assert space.composition_share == pytest.approx(1, abs=1e-12)


def test_wide_filters_hold_little_else(promoters):
    space = measure(promoters, np.random.default_rng(4).random((640, 8, 4)))
    assert 0.98 < space.composition_share < 1


def test_two_filters_that_differ_have_a_known_condition_number():
    # The frequencies of A and C are uncorrelated over these four sequences: both singular values are equal.
    codes = np.array([[2, 2], [0, 2], [1, 2], [0, 1]], dtype=np.uint8)
    space = measure(codes, np.array([[[1.0, 0, 0, 0]], [[0, 1.0, 0, 0]]]))
    assert (space.rank, space.condition_number) == (2, pytest.approx(1))


def test_explained_share_is_the_mean_r2_of_regressions(promoters):
    X = features.base_composition(promoters)
    Y = features.mean_activation(promoters, np.random.default_rng(5).random((6, 8, 4))) ** 2
    # The four frequencies sum to one: three and an intercept say the same.
    r2 = [sm.OLS(y, sm.add_constant(X[:, :3])).fit().rsquared for y in Y.T]
    assert explained_share(X, Y) == pytest.approx(np.mean(r2), abs=1e-10)
