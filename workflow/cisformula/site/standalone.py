"""What makes a page a file of its own: style and scripts inside it, and a policy that lets only these run."""

import base64
import hashlib
from collections.abc import Sequence

from .rendering import TEMPLATES


def assets(scripts: Sequence[str]) -> dict[str, str]:
    """Values for a template that extends ``standalone.html.j2``.

    Parameters
    ----------
    scripts : sequence of str
        Files of ``workflow/report/site/``, in the order in which they run.

    Returns
    -------
    dict
        ``style`` and ``script``, to be written into the page as they are, and ``policy``, a Content-Security-Policy by
        which no other script runs and nothing is fetched.
    """
    script = "\n".join((TEMPLATES / name).read_text(encoding="utf-8") for name in scripts)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    policy = f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data:"
    return {"style": (TEMPLATES / "style.css").read_text(encoding="utf-8"), "script": script, "policy": policy}
