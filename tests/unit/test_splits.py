"""Folds, runs and roles."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cisformula.errors import InputError
from cisformula.splits import chromosome_folds, family_folds, plan_runs, random_folds, roles


def test_chromosomes_go_to_the_smallest_fold_largest_first():
    chromosomes = ["c"] * 5 + ["a"] * 9 + ["b"] * 5 + ["d"] * 4 + ["e"]
    folds = dict(zip(chromosomes, chromosome_folds(chromosomes, 2).tolist(), strict=True))
    assert folds == {"a": 0, "b": 1, "c": 1, "d": 0, "e": 1}


@given(st.lists(st.sampled_from("abcdefgh"), min_size=20), st.integers(2, 5))
def test_a_chromosome_is_never_divided(chromosomes, n_folds):
    if len(set(chromosomes)) < n_folds:
        return
    folds = chromosome_folds(chromosomes, n_folds)
    assert len(set(zip(chromosomes, folds.tolist(), strict=True))) == len(set(chromosomes))
    assert set(folds) == set(range(n_folds))
    order = np.random.default_rng(0).permutation(len(chromosomes))
    assert np.array_equal(chromosome_folds(np.array(chromosomes)[order], n_folds), folds[order])


@given(st.lists(st.integers(1, 12), min_size=20), st.integers(2, 5), st.integers(0, 99))
def test_a_family_is_never_divided(families, n_folds, seed):
    if len(set(families)) < n_folds:
        return
    folds = family_folds(families, n_folds, seed)
    assert len(set(zip(families, folds.tolist(), strict=True))) == len(set(families))
    assert set(folds) == set(range(n_folds))


def test_families_are_spread_evenly_and_by_seed():
    families = np.concatenate([np.repeat(np.arange(30), 8), np.arange(30, 293)])
    folds = family_folds(families, 5, seed=1)
    assert np.ptp(np.bincount(folds)) <= 1, "single genes fill what families leave uneven"
    assert np.array_equal(folds, family_folds(families, 5, seed=1))
    other = family_folds(families, 5, seed=2)
    assert (folds[240:] != other[240:]).mean() > 0.5
    one_large = np.concatenate([np.zeros(50, dtype=int), np.arange(1, 51)])
    assert sorted(np.bincount(family_folds(one_large, 5, seed=1))) == [12, 12, 13, 13, 50]


def test_fewer_families_than_folds_is_said_so():
    with pytest.raises(InputError, match=r"5 families.*there are 3.*n_folds"):
        family_folds([1, 2, 3, 3, 3, 1], 5, seed=1)


def test_random_folds_are_balanced_and_seeded():
    folds = random_folds(103, 5, seed=3)
    assert sorted(np.bincount(folds)) == [20, 20, 21, 21, 21]
    assert np.array_equal(folds, random_folds(103, 5, seed=3))
    assert not np.array_equal(folds, random_folds(103, 5, seed=4))


def test_runs_go_round_the_folds_with_their_own_seeds():
    plan = plan_runs(10, 5, seed=1)
    assert plan["fold"].tolist() == [0, 1, 2, 3, 4] * 2
    assert plan["seed"].nunique() == 10
    assert plan["seed"].between(0, 2**31 - 1).all()
    assert plan.equals(plan_runs(12, 5, seed=1).head(10)), "more runs leave the first ones as they are"
    assert not plan["seed"].equals(plan_runs(10, 5, seed=2)["seed"])


def test_roles_hold_out_the_fold_and_a_tenth_of_the_rest():
    folds = random_folds(1000, 5, seed=0)
    role = roles(folds, fold=2, seed=11)
    assert np.array_equal(role == "test", folds == 2)
    assert (role == "validation").sum() == 80
    assert (role == "train").sum() == 720
    assert np.array_equal(role, roles(folds, 2, 11))
    assert not np.array_equal(role, roles(folds, 2, 12))
    assert (roles(folds, 2, 11, validation=0.0) != "validation").all()


@pytest.mark.parametrize("n_folds", [2, 5])
def test_every_gene_is_tested_once_per_round(n_folds):
    folds = random_folds(60, n_folds, seed=0)
    tested = sum((roles(folds, fold, seed=0) == "test").astype(int) for fold in range(n_folds))
    assert (tested == 1).all()
