"""Effects in every cell type: from regressions that are known, written and read back."""

import numpy as np
import pytest
from small_formula import small_formula

from cisformula import cell_type_formulas
from cisformula.cell_type_formulas import CellTypeFormulas
from cisformula.errors import InputError


def example(formula, cell_types=("liver", "blöod: T cell")):
    rng = np.random.default_rng(1)
    n = len(cell_types)
    return CellTypeFormulas(
        cell_types=list(cell_types),
        motif_ids=[motif.id for motif in formula.motifs],
        effects=rng.normal(size=(n, *formula.effects.shape)),
        covariate_effects=rng.normal(size=(n, len(formula.reading.covariates))),
        intercepts=rng.normal(size=n),
        target_means=rng.normal(size=n),
        target_scales=rng.uniform(size=n),
    )


def test_prediction_by_hand():
    formula = small_formula(covariates=True)
    formulas = example(formula)
    features, composition = np.zeros((2, 2, 2)), np.zeros((2, len(formula.reading.covariates)))
    features[1, 0, 1], composition[1, 2] = 3, 5
    expected = formulas.intercepts + 3 * formulas.effects[:, 0, 1] + 5 * formulas.covariate_effects[:, 2]
    np.testing.assert_allclose(formulas.predict(features, composition), [formulas.intercepts, expected])


def test_file_round_trip_is_exact_and_repeatable(tmp_path):
    formula = small_formula(covariates=True)
    written = example(formula)
    for name in ("a.npz", "b.npz"):
        cell_type_formulas.write_npz(tmp_path / name, written)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = cell_type_formulas.read_npz(tmp_path / "a.npz", formula)
    assert (back.cell_types, back.motif_ids) == (written.cell_types, written.motif_ids)
    for name in cell_type_formulas.NUMBERS:
        np.testing.assert_array_equal(getattr(back, name), getattr(written, name))


def test_the_file_of_another_formula_is_refused(tmp_path):
    cell_type_formulas.write_npz(tmp_path / "c.npz", example(small_formula(covariates=True)))
    for other in (small_formula(), small_formula(bins=False, covariates=True)):
        with pytest.raises(InputError, match="not those of the formula") as caught:
            cell_type_formulas.read_npz(tmp_path / "c.npz", other)
        assert caught.value.place == str(tmp_path / "c.npz")


@pytest.mark.parametrize("kind", ["missing", "text", "other npz", "later schema", "pickle"])
def test_any_other_file_is_refused(tmp_path, kind):
    path = tmp_path / "c.npz"
    if kind == "text":
        path.write_text("hello")
    elif kind == "other npz":
        np.savez(path, a=np.arange(3))
    elif kind == "later schema":
        np.savez(path, schema=np.array("cisformula-cell-types/2"))
    elif kind == "pickle":
        np.savez(path, schema=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InputError, match=r"does not exist|cannot be read|instead of cisformula-cell-types/1") as caught:
        cell_type_formulas.read_npz(path, small_formula())
    assert caught.value.place == str(path)
