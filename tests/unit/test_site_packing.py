"""Arrays and text as script data: read back here as data.js reads them, they are what was written."""

import base64
import json

import numpy as np
import pytest

from cisformula.site import packing


def unpack(packed: dict) -> np.ndarray:
    kinds = {"float32": "<f4", "uint32": "<u4", "uint16": "<u2", "uint8": "u1"}
    codes = np.frombuffer(base64.b64decode(packed["data"]), kinds[packed["type"]])
    if "step" in packed:
        codes = np.where(codes > 0, packed["low"] + (codes - 1.0) * packed["step"], np.nan)
    return codes.reshape(packed["shape"])


@pytest.mark.parametrize("levels", [packing.FINE, packing.COARSE])
def test_rounded_numbers_are_off_by_half_a_step_at_most_and_nan_stays(levels):
    values = np.random.default_rng(1).normal(size=(7, 5))
    values[2, 3] = np.nan
    found = unpack(packing.rounded(values, levels))
    assert np.isnan(found[2, 3])
    step = (np.nanmax(values) - np.nanmin(values)) / (levels - 1)
    assert np.nanmax(np.abs(found - values)) <= 0.5001 * step
    assert np.nanmin(found) == np.nanmin(values)
    assert np.isclose(np.nanmax(found), np.nanmax(values))


@pytest.mark.parametrize("values", [np.full(3, 0.25), np.full(3, np.nan), np.empty(0)])
def test_numbers_without_a_range_come_back(values):
    np.testing.assert_array_equal(unpack(packing.rounded(values)), values)


@pytest.mark.parametrize(("largest", "kind"), [(255, "uint8"), (256, "uint16"), (65536, "uint32")])
def test_whole_numbers_take_as_many_bytes_as_the_largest_needs(largest, kind):
    packed = packing.whole(np.array([0, largest]))
    assert packed["type"] == kind
    assert unpack(packed).tolist() == [0, largest]


def test_single_precision_is_kept_as_it_is():
    values = np.array([1e-30, np.nan, 0.05], dtype=np.float32)
    np.testing.assert_array_equal(unpack(packing.exact(values)), values)


def test_script_json_is_inert_and_says_the_same():
    hostile = ["</script><!--", "\u2028\u2029", "'); alert(1)//", '"><b>&amp;', "é"]
    text = packing.script_json(hostile)
    assert text.isascii()
    assert not set("<>&'") & set(text)
    assert json.loads(text) == hostile


def test_numbers_that_json_cannot_hold_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        packing.script_json({"x": float("nan")})


def test_a_data_script_names_its_content():
    assert packing.data_script("a'b", [1]) == 'cisformula.provide("a\\u0027b", [1]);\n'
