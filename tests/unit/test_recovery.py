"""Grades of runs whose mark is known beforehand."""

from dataclasses import replace

import numpy as np
import pytest
import statsmodels.api as sm

from cisformula import recovery
from cisformula.pwm import Motif
from cisformula.recovery import joint_effects, linear_ceiling, match, precision, shuffled_controls, verdict


def random_motifs(seed, n, width=10, prefix="m"):
    rng = np.random.default_rng(seed)
    return [Motif(f"{prefix}{i}", f"{prefix}{i}", rng.dirichlet(np.full(4, 0.15), width)) for i in range(n)]


def test_identical_motifs_match_with_similarity_1_in_any_order_and_strand():
    planted = random_motifs(1, 6)
    found = [replace(motif, id=f"f{i}").reverse_complement() for i, motif in enumerate(planted)][::-1]
    table = match(planted, found)
    assert table["planted"].tolist() == [motif.id for motif in planted]
    assert table["found"].tolist() == [f"f{i}" for i in range(6)]
    np.testing.assert_allclose(table["similarity"], 1)


def test_a_part_of_seven_columns_is_enough_and_six_are_not():
    (planted,) = random_motifs(2, 1, width=13)
    rest = np.full((6, 4), 0.25)
    for columns, least, most in ((7, 0.999, 1.0), (6, 0.0, 0.999)):
        # The part stands at the very end of a found motif, so that no other column can be aligned with its sites.
        part = Motif("p", "p", np.vstack([rest, planted.pfm[:columns]]))
        similarity = match([planted], [part])["similarity"][0]
        assert least <= similarity <= most


def test_controls_keep_composition_and_lose_the_word():
    planted = random_motifs(3, 5, width=12)
    found = [replace(motif, id=f"f{i}") for i, motif in enumerate(planted)]
    controls = shuffled_controls(planted, found, seed=1)
    assert len(controls) == 5 * recovery.SHUFFLES
    assert controls.columns.tolist() == ["planted", "shuffle", "similarity"]
    assert controls.groupby("planted")["shuffle"].apply(list).tolist() == [list(range(recovery.SHUFFLES))] * 5
    assert (match(planted, found)["similarity"] > recovery.SIMILARITY).all()
    assert (controls["similarity"] > recovery.SIMILARITY).mean() < 0.05
    assert controls.equals(shuffled_controls(planted, found, seed=1))
    assert not controls.equals(shuffled_controls(planted, found, seed=2))


def test_shuffled_columns_of_a_motif_without_order_are_still_that_motif():
    same = Motif("poly", "poly", np.tile([0.85, 0.05, 0.05, 0.05], (9, 1)))
    np.testing.assert_allclose(shuffled_controls([same], [same], seed=1)["similarity"], 1)


def test_precision_is_the_share_of_found_motifs_that_were_planted():
    planted, others = random_motifs(4, 4), random_motifs(5, 4, prefix="x")
    assert precision(planted, planted) == 1
    assert precision(planted, others) == 0
    assert precision(planted, [*planted[:1], *others[:3]]) == 0.25
    assert precision(planted, [planted[0]] * 3) == 1, "recall is another matter"


def test_joint_effects_are_least_squares_with_covariates_and_an_intercept():
    rng = np.random.default_rng(6)
    columns, covariates = rng.poisson(1.0, (200, 4)).astype(float), rng.normal(size=(200, 2))
    columns[:, 1] += covariates[:, 0]  # confounded
    exact = columns @ [1.0, -2.0, 0.5, 0.0] + covariates @ [3.0, -1.0] + 7
    np.testing.assert_allclose(joint_effects(columns, covariates, exact), [1.0, -2.0, 0.5, 0.0], atol=1e-10)
    noisy = exact + rng.normal(size=200)
    X = np.column_stack([columns, covariates, np.ones(200)])
    np.testing.assert_allclose(joint_effects(columns, covariates, noisy), sm.OLS(noisy, X).fit().params[:4])


def test_the_ceiling_is_the_r2_of_least_squares():
    rng = np.random.default_rng(7)
    counts, gc = rng.poisson(1.0, (300, 3)).astype(float), rng.random((300, 1))
    target = counts @ [1.0, -1.0, 0.5] + 2 * gc[:, 0] + rng.normal(size=300) + 5
    X = np.column_stack([counts, gc, np.ones(300)])
    assert linear_ceiling(counts, gc, target) == pytest.approx(sm.OLS(target, X).fit().rsquared)
    assert linear_ceiling(counts, gc, counts @ [1.0, 2.0, 3.0] + 4) == pytest.approx(1)


def test_the_verdict_compares_with_goals_ends_included():
    rows = [
        ("recall", 0.9, ">= 0.9"),
        ("recall", 0.8999, ">= 0.9"),
        ("controls", 0.05, "<= 0.05"),
        ("controls", 0.0501, "<= 0.05"),
        ("unknown", float("nan"), ">= 0.9"),
        ("unknown", float("nan"), "<= 0.05"),
        ("R2", 0.4, ""),
    ]
    table = verdict(rows)
    assert table.columns.tolist() == ["measure", "value", "goal", "passed"]
    assert table["passed"].tolist() == [True, False, True, False, False, False, None]
    assert table["measure"].tolist() == [row[0] for row in rows]
