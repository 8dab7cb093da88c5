"""Figures on a page: their sizes, and figures that a page holds itself."""

import base64
from pathlib import Path

PIXELS = 2
"""Pixels of a figure for one of a page."""


def page_size(path: str | Path) -> tuple[int, int]:
    """Width and height of a PNG file, from its header, in pixels of a page."""
    with open(path, "rb") as handle:
        header = handle.read(24)
    return tuple(round(int.from_bytes(header[at : at + 4], "big") / PIXELS) for at in (16, 20))


def data_address(path: str | Path) -> str:
    """An address that holds a PNG file itself."""
    return f"data:image/png;base64,{base64.b64encode(Path(path).read_bytes()).decode('ascii')}"
