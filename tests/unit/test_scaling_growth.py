import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parents[2] / "benchmarks" / "scaling_growth.py"


@pytest.fixture(scope="module")
def growth():
    spec = importlib.util.spec_from_file_location("scaling_growth", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 2.0])
def test_power_law_gives_its_exponent_back(growth, power):
    sizes = np.array([10.0, 50.0, 100.0, 3000.0])
    slope, error = growth.exponent(sizes, 3 * sizes**power)
    assert slope == pytest.approx(power, abs=1e-12)
    assert error == pytest.approx(0, abs=1e-12)


def test_standard_error_by_hand(growth):
    # On log10 scale sizes are 0, 1, 2 and costs 0, 1, 0: slope 0, squares about it 2/3, those of the sizes 2.
    slope, error = growth.exponent([1, 10, 100], [1, 10, 1])
    assert slope == pytest.approx(0, abs=1e-12)
    assert error == pytest.approx((2 / 3 / 1 / 2) ** 0.5)


def test_too_few_sizes_leave_gaps(growth):
    assert np.isnan(growth.exponent([5], [1])).all()
    slope, error = growth.exponent([5, 10], [1, 4])
    assert slope == pytest.approx(2)
    assert np.isnan(error)


def test_prediction_carries_on_the_last_two_sizes(growth):
    assert growth.predict([1, 10, 20], [5, 1, 4], 40) == pytest.approx(16)
    assert growth.predict([10], [3], 40) == pytest.approx(12)
    assert growth.predict([], [], 40) == 0


def test_prediction_grows_in_proportion_at_least(growth):
    assert growth.predict([10, 20], [3, 3], 40) == pytest.approx(6)
