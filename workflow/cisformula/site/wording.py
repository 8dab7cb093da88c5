"""Numbers as people read them."""

import math

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"
"""Stands where there is no number."""
SPACE = "\N{NO-BREAK SPACE}"
SMALLEST_PLAIN = 1e-3
"""Smaller numbers are written as powers of ten."""
SUPERSCRIPTS = str.maketrans("-0123456789", "\N{SUPERSCRIPT MINUS}⁰¹²³⁴⁵⁶⁷⁸⁹")


def missing(value: object) -> bool:
    """Whether there is no number: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def fixed(value: float | None, digits: int = 3) -> str:
    """A number with so many digits after the point, and a true minus sign."""
    if missing(value):
        return NONE
    text = f"{value:,.{digits}f}"
    return (text[1:] if float(text.replace(",", "")) == 0 and text[0] == "-" else text).replace("-", MINUS)


def signed(value: float | None, digits: int = 3) -> str:
    """As :func:`fixed`, with a plus sign before numbers that are printed as more than zero."""
    text = fixed(value, digits)
    positive = not missing(value) and any(digit in text for digit in "123456789") and value > 0
    return f"+{text}" if positive else text


def count(value: float | None) -> str:
    """A whole number with commas between thousands."""
    return fixed(value, 0)


def compact(value: float | None) -> str:
    """A number of unknown kind: whole ones as counts, others with three significant digits."""
    if missing(value):
        return NONE
    if float(value).is_integer():
        return count(value)
    if abs(value) < SMALLEST_PLAIN:
        return probability(value) if value > 0 else f"{value:.1e}".replace("-", MINUS)
    return f"{value:.3g}".replace("-", MINUS)


def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage."""
    return NONE if missing(share) else f"{fixed(100 * share, digits)}{SPACE}%"


def probability(value: float | None) -> str:
    """A p-, q- or E-value with two significant digits; ``3.9 × 10⁻⁷`` where it is small."""
    if missing(value):
        return NONE
    if value == 0:
        return "0"
    if value >= SMALLEST_PLAIN:
        return f"{value:.2g}" if value < 10 else f"{value:,.0f}"
    mantissa, exponent = f"{value:.1e}".split("e")
    return f"{mantissa}{SPACE}×{SPACE}10{str(int(exponent)).translate(SUPERSCRIPTS)}"


def several(number: int, noun: str, plural: str | None = None) -> str:
    """``1 motif``, ``2 motifs``."""
    return f"{count(number)} {noun if number == 1 else plural or noun + 's'}"
