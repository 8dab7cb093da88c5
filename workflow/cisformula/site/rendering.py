"""Templates filled in: every value is escaped but the SVG, style and scripts that this package makes itself.

Only these are marked ``safe`` in a template: what :mod:`.logos` draws, what ``script_json`` has made inert, and the
files of this package that :mod:`.standalone` writes into a page.
"""

from pathlib import Path

import jinja2

from . import packing, wording

TEMPLATES = Path(__file__).parents[2] / "report" / "site"
POLICY = (
    "default-src 'none'; script-src 'self' file:; style-src 'self' file: 'unsafe-inline'; img-src 'self' file: data:"
)
"""Content-Security-Policy of every page: its own files and nothing else. The plotting library writes styles inline."""


def environment() -> jinja2.Environment:
    """Templates of the site with the filters they use; an undefined name is an error."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "count": wording.count,
        "fixed": wording.fixed,
        "compact": wording.compact,
        "signed": wording.signed,
        "percent": wording.percent,
        "probability": wording.probability,
        "several": wording.several,
        "script_json": packing.script_json,
        "number": _sort_key,
    }
    made.globals["policy"] = POLICY
    return made


def _sort_key(value: float | None) -> str:
    """A number for a table's script to sort by; empty where there is none."""
    return "" if wording.missing(value) else f"{value:.6g}"
