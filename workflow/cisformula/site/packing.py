"""Arrays and text as script data: small, and inert whatever the text holds.

An array becomes ``{"type", "shape", "data"}``: its little-endian bytes in base64, and ``low`` and ``step`` where its
numbers were rounded. ``unpack`` in ``workflow/report/site/data.js`` turns it back.
"""

import base64
import json

import numpy as np

FINE = 65535
"""Levels of numbers rounded to two bytes."""
COARSE = 255
"""Levels of numbers rounded to one byte."""


def exact(values: np.ndarray) -> dict:
    """Numbers in single precision; NaN stays NaN."""
    return _envelope(np.asarray(values, dtype="<f4"))


def whole(values: np.ndarray) -> dict:
    """Whole numbers from 0, in one byte each or, where one is too large for it, in two or four."""
    values = np.asarray(values)
    largest = values.max(initial=0)
    return _envelope(values.astype("u1" if largest <= COARSE else "<u2" if largest <= FINE else "<u4"))


def rounded(values: np.ndarray, levels: int = FINE) -> dict:
    """Numbers rounded to evenly spaced levels between the smallest and the largest.

    Parameters
    ----------
    values : np.ndarray
        Any shape; NaN stays NaN.
    levels : {FINE, COARSE}
        How many levels; the largest error is half a step of ``range / (levels - 1)``.

    Returns
    -------
    dict
        Level ``i`` of the data stands for ``low + (i - 1) * step``; level 0 for NaN.
    """
    values = np.asarray(values, dtype=np.float64)
    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if len(known) else (0.0, 0.0)
    step = (high - low) / (levels - 1) or 1.0
    codes = np.where(np.isfinite(values), np.rint((values - low) / step) + 1, 0)
    packed = _envelope(codes.astype("<u2" if levels > COARSE else "u1"))
    return {**packed, "low": float(low), "step": float(step)}


def _envelope(values: np.ndarray) -> dict:
    kinds = {"<f4": "float32", "<u2": "uint16", "<u4": "uint32", "|u1": "uint8"}
    data = base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
    return {"type": kinds[values.dtype.str], "shape": list(values.shape), "data": data}


def script_json(content: object) -> str:
    """JSON that may stand inside a ``<script>`` element or file: ASCII without ``<``, ``>``, ``&`` and single quotes.

    Raises
    ------
    ValueError
        A number is not finite: JSON has no word for it.
    """
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for letter in "<>&'":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return text


def data_script(name: str, content: object) -> str:
    """A script that hands ``content`` to the pages under ``name``."""
    return f"cisformula.provide({script_json(name)}, {script_json(content)});\n"
