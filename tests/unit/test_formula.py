"""The formula: applied by hand, written and read back, and fitted without a look at the test genes."""

import json

import numpy as np
import pandas as pd
import pytest

from cisformula import formula, linear
from cisformula.errors import InputError
from cisformula.formula import Formula, Reading
from cisformula.performance import r2
from cisformula.pwm import Motif

READING = Reading(
    feature="hits",
    upstream=249,
    downstream=50,
    p_value=5e-4,
    grades=5,
    both_strands=True,
    background=(0.3, 0.2, 0.2, 0.3),
)


def random_motif(rng, name, width=8):
    return Motif(name, f"TF{name}", rng.dirichlet(np.ones(4), width), nsites=1037)


def example():
    rng = np.random.default_rng(1)
    motifs = [random_motif(rng, name, width) for name, width in (("R0M3", 8), ("MA0001.1", 11), ("R1M0", 8))]
    return Formula(
        motifs=motifs,
        coefficients=np.array([0.5, -0.25, 1 / 3]),
        means=np.array([2.0, 0.1, 1.5]),
        scales=np.array([2.0, 0.5, 1e-3]),
        intercept=0.01,
        penalty=31.6,
        reading=READING,
        target_mean=-0.3,
        target_scale=np.sqrt(2),
        filters={"R1M0": rng.normal(size=(8, 4)).astype(np.float32)},
    )


def test_prediction_by_hand():
    features = np.array([[2.0, 0.1, 1.5], [4.0, 0.1, 1.5], [2.0, 1.1, 1.501]])
    expected = [0.01, 0.01 + 0.5, 0.01 - 0.25 * 2 + 1 / 3]
    np.testing.assert_allclose(example().predict(features), expected)


def test_one_hit_more_changes_the_prediction_by_its_effect_per_unit():
    fitted = example()
    np.testing.assert_allclose(fitted.per_unit, [0.25, -0.5, 1000 / 3])
    base = np.array([[3.0, 1.0, 2.0]])
    for column in range(3):
        more = base.copy()
        more[0, column] += 1
        assert (fitted.predict(more) - fitted.predict(base))[0] == pytest.approx(fitted.per_unit[column])


def test_json_round_trip_is_exact(tmp_path):
    written = example()
    formula.write_json(tmp_path / "formula.json", written)
    back = formula.read_json(tmp_path / "formula.json")
    for name in ("coefficients", "means", "scales"):
        np.testing.assert_array_equal(getattr(back, name), getattr(written, name))
    for name in ("intercept", "penalty", "reading", "target_mean", "target_scale"):
        assert getattr(back, name) == getattr(written, name), name
    for one, other in zip(back.motifs, written.motifs, strict=True):
        assert (one.id, one.name, one.nsites) == (other.id, other.name, other.nsites)
        np.testing.assert_array_equal(one.pfm, other.pfm)
    assert list(back.filters) == ["R1M0"]
    np.testing.assert_array_equal(back.filters["R1M0"], written.filters["R1M0"])
    formula.write_json(tmp_path / "again.json", back)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "formula.json").read_bytes()


def test_json_says_what_a_person_needs(tmp_path):
    formula.write_json(tmp_path / "formula.json", example())
    content = json.loads((tmp_path / "formula.json").read_text())
    assert content["reading"]["background"] == {"A": 0.3, "C": 0.2, "G": 0.2, "T": 0.3}
    assert content["motifs"][0]["filter"] is None
    assert content["motifs"][1]["id"] == "MA0001.1"


@pytest.mark.parametrize("text", ["not json", "[]", '"x"', "{}", '{"schema": "cisformula-formula/0"}'])
def test_any_other_file_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(InputError, match=r"is not JSON|does not say schema") as caught:
        formula.read_json(path)
    assert caught.value.place == str(path)


def test_motifs_are_bound_in_order_of_their_size():
    rng = np.random.default_rng(2)
    motifs = [random_motif(rng, name) for name in "abc"]
    ridge = linear.Ridge(
        linear.Standardisation(np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])),
        np.array([0.1, -0.9, 0.4]),
        0.7,
        10.0,
    )
    bound = formula.from_fit(ridge, motifs, READING, {}, 0.0, 1.0)
    assert [motif.id for motif in bound.motifs] == ["b", "c", "a"]
    assert (bound.means.tolist(), bound.scales.tolist()) == ([2.0, 3.0, 1.0], [5.0, 6.0, 4.0])
    features = rng.normal(size=(5, 3))
    np.testing.assert_allclose(bound.predict(features[:, [1, 2, 0]]), ridge.predict(features))


def test_table_and_matches():
    fitted = example()
    sources = {"R0M3": "learned", "MA0001.1": "database", "R1M0": "learned"}
    table = formula.to_table(fitted, sources, {"R0M3": 0.01, "MA0001.1": 0.02, "R1M0": 0.03})
    assert table["source"].tolist() == ["learned", "database", "learned"]
    assert table["standard_error"].tolist() == [0.01, 0.02, 0.03]
    np.testing.assert_allclose(table["per_hit"], [0.25, -0.5, 1000 / 3])
    matches = pd.DataFrame(
        {"Query_ID": ["R0M3", "R0M3", "R9M9"], "Target_ID": ["MA2", "MA7", "MA7"], "q-value": [0.01, 0.2, 0.5]}
    )
    matched = formula.add_matches(table, matches, {"MA2": "YY1", "MA7": "NRF1"})
    assert matched["match"].tolist()[0] == "YY1"
    assert matched["match_q"][0] == 0.01
    assert matched[["match", "match_q"]][1:].isna().all(axis=None)


def test_fit_selects_and_fits_on_the_same_rows():
    rng = np.random.default_rng(3)
    X = rng.poisson(1.0, (300, 20)).astype(float)
    y = 0.8 * X[:, 4] - 0.6 * X[:, 11] + 0.3 * rng.normal(size=300)
    fitted = formula.fit(X, y, "lasso", 2, seed=1)
    assert fitted.columns.tolist() == [4, 11]
    np.testing.assert_allclose(fitted.ridge.coefficients / fitted.ridge.standardisation.scale, [0.8, -0.6], atol=0.06)
    expected = linear.fit_ridge(X[:, [4, 11]], y).predict(X[:, [4, 11]])
    np.testing.assert_allclose(fitted.predict(X), expected, atol=1e-12)


@pytest.mark.parametrize("method", ["lasso", "rfe"])
def test_a_column_that_betrays_a_fold_is_of_no_use_in_that_fold(method):
    """LEAK TEST: each planted column equals the target on the genes of one fold and is noise on all others."""
    rng = np.random.default_rng(4)
    folds = np.arange(400) % 5
    y = rng.normal(size=400)
    X = rng.normal(size=(400, 30))
    for fold in range(5):
        X[folds == fold, fold] = y[folds == fold]
    predictions = formula.out_of_fold(X, y, folds, method, 5, seed=1)
    for fold in range(5):
        inside = folds == fold
        assert r2(y[inside], predictions[inside]) < 0.1, f"fold {fold} profits from its own genes"
    assert r2(y, formula.fit(X, y, method, 5, 1).predict(X)) > 0.1, "the same columns do betray a fit on all genes"


@pytest.mark.parametrize("method", ["lasso", "rfe"])
def test_predictions_of_a_fold_do_not_depend_on_its_targets(method):
    rng = np.random.default_rng(5)
    folds = np.arange(150) % 3
    X, y = rng.normal(size=(150, 12)), rng.normal(size=150)
    changed = np.where(folds == 1, -5 * y + 3, y)
    before, after = (formula.out_of_fold(X, values, folds, method, 4, 1) for values in (y, changed))
    np.testing.assert_array_equal(before[folds == 1], after[folds == 1])
    assert not np.allclose(before[folds != 1], after[folds != 1])
