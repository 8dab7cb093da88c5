"""A folder that holds some of the installed packages and what these require, and nothing else.

Links make it, so it costs neither downloads nor space. An interpreter that starts without ``site-packages``
(``python -I -S``) and takes this folder for them has just those packages.
"""

from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@cache
def installed() -> dict[str, Distribution]:
    """Installed distributions by normalized name."""
    return {canonicalize_name(found.metadata["Name"]): found for found in distributions()}


def required(name: str, extras: frozenset[str]) -> list[Requirement]:
    """What a distribution with these extras asks for on this machine."""
    requirements = [Requirement(line) for line in installed()[name].requires or ()]
    chosen = [{"extra": extra} for extra in extras or {""}]
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None or any(requirement.marker.evaluate(values) for values in chosen)
    ]


def closure(names: set[str]) -> set[str]:
    """Distributions of these names, and all that they require in turn."""
    pending = [(canonicalize_name(name), frozenset()) for name in names]
    seen = set()
    while pending:
        wanted = pending.pop()
        if wanted in seen:
            continue
        seen.add(wanted)
        if wanted[0] not in installed():
            raise LookupError(f"{wanted[0]} is not installed here")
        pending += [(canonicalize_name(entry.name), frozenset(entry.extras)) for entry in required(*wanted)]
    return {name for name, _ in seen}


def link(names: set[str], folder: Path) -> None:
    """Fill a folder with links to these distributions and to all that they require.

    A top folder that several distributions share comes as a whole.
    """
    for name in closure(names):
        tops = {file.parts[0] for file in installed()[name].files or ()} - {"..", "__pycache__"}
        for top in tops:
            if not (folder / top).is_symlink():
                (folder / top).symlink_to(installed()[name].locate_file(top))
