"""Numbers as people read them."""

import pytest

from cisformula.site import wording


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [(1234.5, 1, "1,234.5"), (-0.25, 2, "−0.25"), (-0.0001, 2, "0.00"), (None, 3, "–"), (float("nan"), 3, "–")],
)
def test_fixed(value, digits, text):
    assert wording.fixed(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0301, "+0.030"), (-0.0301, "−0.030"), (0.0, "0.000"), (0.0001, "0.000")]
)
def test_only_what_is_printed_as_positive_gets_a_plus(value, text):
    assert wording.signed(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.05, "0.05"), (0.0123, "0.012"), (0.001, "0.001"), (3.94e-7, "3.9 × 10⁻⁷"), (9.96e-5, "1.0 × 10⁻⁴"), (0, "0"),
     (12.4, "12"), (1e-120, "1.0 × 10⁻¹²⁰")],
)  # fmt: skip
def test_probability(value, text):
    assert wording.probability(value).replace("\u00a0", " ") == text


def test_percent_and_plural():
    assert wording.percent(0.3733) == "37.3\u00a0%"
    assert [wording.several(number, "motif") for number in (0, 1, 1200)] == ["0 motifs", "1 motif", "1,200 motifs"]


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (12000.0, "12,000"), (0.0512, "0.0512"), (-0.5, "−0.5"), (3.94e-7, "3.9 × 10⁻⁷"), (float("nan"), "–")],
)
def test_a_number_of_unknown_kind(value, text):
    assert wording.compact(value).replace("\u00a0", " ") == text
