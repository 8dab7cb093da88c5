"""The formula: applied by hand, written and read back, of this version and of earlier and later ones."""

import json

import numpy as np
import pytest

from cisformula import formula
from cisformula.errors import InputError
from cisformula.formula import Evidence, Formula, Reading
from cisformula.pwm import Motif

READING = Reading(
    feature="hits",
    upstream=249,
    downstream=50,
    p_value=5e-4,
    grades=5,
    both_strands=True,
    background=(0.3, 0.2, 0.2, 0.3),
    bin_edges=(-249, -100, 51),
    covariates=("CG[50:100]", "A[0:300]"),
)


def random_motif(rng, name, width=8):
    return Motif(name, f"TF{name}", rng.dirichlet(np.ones(4), width), nsites=1037)


def example(reading=READING, **changes):
    rng = np.random.default_rng(1)
    parts = {
        "motifs": [random_motif(rng, name, width) for name, width in (("R0M3", 8), ("MA0001.1", 11), ("R1M0", 8))],
        "effects": np.array([[0.5, 0.25], [-0.25, 0.0], [1 / 3, 1e-17]]),
        "intercept": 0.01,
        "reading": reading,
        "target_mean": -0.3,
        "target_scale": np.sqrt(2),
        "covariate_effects": np.array([0.1, -1 / 7]),
        "evidence": [Evidence("learned", 0.7, 0.1, 0.96, "YY1"), Evidence("database", -0.2), Evidence()],
        "penalty": 31.6,
    }
    return Formula(**(parts | changes))


def activation_example():
    reading = Reading("mean_activation", 249, 50, 5e-4, 5, True)
    filters = {"R1M0": np.random.default_rng(2).normal(size=(8, 4)).astype(np.float32)}
    effects = np.array([[0.5], [-0.25], [0.1]])
    return example(reading, effects=effects, covariate_effects=np.empty(0), filters=filters)


def first_schema():
    """A formula as version 0.1 wrote it, and its prediction for features by its own rule."""
    old = activation_example()
    reading = {key: value for key, value in old.reading.__dict__.items() if key not in ("bin_edges", "covariates")}
    coefficients, means, scales = np.array([0.5, -0.25, 1 / 3]), np.array([2.0, 0.1, 1.5]), np.array([2.0, 0.5, 1e-3])
    content = {
        "schema": "cisformula-formula/1",
        "target": {"unit": "standardised median log10 expression", "mean": 0.2, "scale": 0.8},
        "reading": {**reading, "background": dict(zip("ACGT", (0.3, 0.2, 0.2, 0.3), strict=True))},
        "intercept": -0.125,
        "penalty": 1000.0,
        "motifs": [
            {
                "id": motif.id,
                "name": motif.name,
                "coefficient": coefficient,
                "mean": mean,
                "scale": scale,
                "nsites": motif.nsites,
                "pfm": motif.pfm.tolist(),
                "filter": old.filters[motif.id].tolist() if motif.id in old.filters else None,
            }
            for motif, coefficient, mean, scale in zip(old.motifs, coefficients, means, scales, strict=True)
        ],
    }
    return content, lambda features: ((features - means) / scales) @ coefficients - 0.125


def same(one, other):
    for name in ("effects", "covariate_effects"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("intercept", "penalty", "reading", "target_mean", "target_scale", "evidence"):
        assert getattr(one, name) == getattr(other, name), name
    for motif, twin in zip(one.motifs, other.motifs, strict=True):
        assert (motif.id, motif.name, motif.nsites) == (twin.id, twin.name, twin.nsites)
        np.testing.assert_array_equal(motif.pfm, twin.pfm)
    assert list(one.filters) == list(other.filters)
    for name, values in one.filters.items():
        np.testing.assert_array_equal(values, other.filters[name])


def test_prediction_by_hand():
    features = np.zeros((3, 3, 2))
    features[1, 0], features[2, 1] = [2, 1], [3, 5]
    covariates = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 0.7]])
    np.testing.assert_allclose(
        example().contributions(features), [[0, 0, 0], [2 * 0.5 + 0.25, 0, 0], [0, 3 * -0.25, 0]], atol=1e-15
    )
    expected = [0.01, 0.01 + 1.25 + 1.0, 0.01 - 0.75 - 0.1]
    np.testing.assert_allclose(example().predict(features, covariates), expected)
    np.testing.assert_allclose(example().predict(features.reshape(3, 6), covariates), expected)
    np.testing.assert_allclose(example().log10(np.array([0.0, 1.0])), [-0.3, -0.3 + np.sqrt(2)])


def test_a_prediction_does_not_depend_on_the_others_made_with_it():
    rng = np.random.default_rng(3)
    motifs = [random_motif(rng, str(i)) for i in range(300)]
    for n_bins, edges in ((1, ()), (2, (-249, -100, 51)), (3, (-249, -100, 0, 51))):
        reading = Reading("hits", 249, 50, 5e-4, 5, True, bin_edges=edges)
        many = Formula(motifs, rng.normal(size=(300, n_bins)), 0.3, reading, 0.0, 1.0)
        features = rng.poisson(2.0, size=(50, 300, n_bins))
        together = many.predict(features)
        for rows in (slice(0, 1), slice(7, 9), slice(20, 50)):
            np.testing.assert_array_equal(many.predict(features[rows]), together[rows])


def test_effect_per_unit_is_the_mean_over_the_window():
    np.testing.assert_allclose(example().per_unit[:2], [(149 * 0.5 + 151 * 0.25) / 300, 149 * -0.25 / 300])


@pytest.mark.parametrize("written", [example(), activation_example()], ids=["bins", "filters"])
def test_json_round_trip_is_exact(tmp_path, written):
    formula.write_json(tmp_path / "formula.json", written)
    back = formula.read_json(tmp_path / "formula.json")
    same(back, written)
    formula.write_json(tmp_path / "again.json", back)
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "formula.json").read_bytes()


def test_json_says_what_a_person_needs(tmp_path):
    formula.write_json(tmp_path / "formula.json", example())
    content = json.loads((tmp_path / "formula.json").read_text())
    assert content["schema"] == "cisformula-formula/2"
    assert content["reading"]["background"] == {"A": 0.3, "C": 0.2, "G": 0.2, "T": 0.3}
    assert content["reading"]["bin_edges"] == [-249, -100, 51]
    assert content["motifs"][0]["match"] == "YY1"
    assert content["motifs"][0]["selection_probability"] == 0.96
    assert content["motifs"][1]["id"] == "MA0001.1"
    assert content["motifs"][1]["filter"] is None


def test_a_file_of_the_first_schema_predicts_the_same(tmp_path):
    content, predict = first_schema()
    (tmp_path / "old.json").write_text(json.dumps(content))
    old = formula.read_json(tmp_path / "old.json")
    features = np.random.default_rng(4).normal(size=(20, 3))
    np.testing.assert_allclose(old.predict(features), predict(features), rtol=1e-12)
    assert (old.target_mean, old.target_scale, old.penalty) == (0.2, 0.8, 1000.0)
    assert [known.coefficient for known in old.evidence] == [0.5, -0.25, 1 / 3]
    assert old.reading.n_bins == 1
    assert list(old.filters) == ["R1M0"]
    formula.write_json(tmp_path / "new.json", old)
    same(formula.read_json(tmp_path / "new.json"), old)


@pytest.mark.parametrize("text", ["not json", "[]", '"x"', "{}", '{"schema": "other/1"}', '{"schema": 2}', "\udcff"])
def test_any_other_file_is_refused(tmp_path, text):
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(InputError, match=r"is not JSON|does not say schema") as caught:
        formula.read_json(path)
    assert caught.value.place.startswith(str(path))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="does not exist") as caught:
        formula.read_json(tmp_path / "no.json")
    assert caught.value.place == str(tmp_path / "no.json")


def test_a_later_schema_is_refused_with_its_name(tmp_path):
    (tmp_path / "new.json").write_text('{"schema": "cisformula-formula/3", "motifs": []}')
    with pytest.raises(InputError, match=r"cisformula-formula/3.*reads cisformula-formula/1 and cisformula-formula/2"):
        formula.read_json(tmp_path / "new.json")


BROKEN = {
    "reading": (lambda c: c.pop("reading"), "'reading' is missing"),
    "reading: p_value": (lambda c: c["reading"].update(p_value="small"), "a finite number"),
    "reading: grades": (lambda c: c["reading"].update(grades=True), "a whole number"),
    "reading: feature": (lambda c: c["reading"].update(feature="max"), "hits or mean_activation"),
    "reading: bin_edges": (lambda c: c["reading"].update(bin_edges=[-249, 50]), "ascend from -249 to 51"),
    "reading: covariates": (lambda c: c["reading"].update(covariates=["mood"]), r"counts such as CG\[50:100\]"),
    "reading: background": (lambda c: c["reading"]["background"].pop("T"), "'T' is missing"),
    "motifs": (lambda c: c.update(motifs={"a": 1}), "a list"),
    "motifs[1] (MA0001.1)": (lambda c: c["motifs"][1].pop("effects"), "'effects' is missing"),
    "motifs[1] (MA0001.1): effects": (lambda c: c["motifs"][1].update(effects=[1.0]), "2 finite numbers"),
    "motifs[2] (R1M0): pfm": (lambda c: c["motifs"][2].update(pfm=[[0.5, 0.5, 0.5, 0.5]]), "sum to 1"),
    "motifs[0] (R0M3): pfm": (lambda c: c["motifs"][0].update(pfm=[[1.0, 0.0]]), "n x 4 finite numbers"),
    "motifs[0] (R0M3): filter": (lambda c: c["motifs"][0].update(filter=3), "n x 4 finite numbers"),
    "covariate_effects": (lambda c: c.update(covariate_effects=[1, None]), "2 finite numbers"),
    "target": (lambda c: c.update(target=3), "keys with values"),
    "target: scale": (lambda c: c["target"].update(scale=None), "a finite number"),
    "intercept": (lambda c: c.update(intercept=[0.0]), "a finite number"),
}


@pytest.mark.parametrize("key", BROKEN)
def test_what_is_wrong_is_named_with_its_file_and_key(tmp_path, key):
    path = tmp_path / "formula.json"
    formula.write_json(path, example())
    content = json.loads(path.read_text())
    change, message = BROKEN[key]
    change(content)
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=message) as caught:
        formula.read_json(path)
    assert caught.value.place in (f"{path}: {key}", str(path))


def test_motifs_of_one_name_and_filters_with_positions_are_refused(tmp_path):
    path = tmp_path / "formula.json"
    twice = example()
    formula.write_json(path, example(motifs=[twice.motifs[0], twice.motifs[0], twice.motifs[1]]))
    with pytest.raises(InputError, match="same id"):
        formula.read_json(path)
    formula.write_json(path, example(filters={"R0M3": np.zeros((8, 4))}))
    with pytest.raises(InputError, match="no position"):
        formula.read_json(path)
    formula.write_json(
        path,
        example(
            Reading("hits", 249, 50, 5e-4, 5, True),
            effects=np.ones((3, 1)),
            covariate_effects=np.empty(0),
            filters={"R0M3": np.zeros((8, 4)), "R1M0": np.zeros((9, 4))},
        ),
    )
    with pytest.raises(InputError, match="differ in width"):
        formula.read_json(path)
