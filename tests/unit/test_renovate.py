"""Renovate sees every pinned version, and can compile the lock files anew."""

import json
import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONFIG = json.loads((ROOT / "renovate.json").read_text())
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))


def found_by(manager: dict, text: str) -> list[tuple[str, str]]:
    """Names and versions that a manager finds; JavaScript writes named groups without the P."""
    patterns = [pattern.replace("(?<", "(?P<") for pattern in manager["matchStrings"]]
    matches = [match for pattern in patterns for match in re.finditer(pattern, text)]
    return [(match["depName"], match["currentValue"]) for match in matches]


def is_read(manager: dict, file: str) -> bool:
    return any(re.search(pattern.strip("/"), file) for pattern in manager["managerFilePatterns"])


def pins(path: Path) -> list[tuple[str, str]]:
    """Names and versions of an environment but Python's, which all packages together decide."""
    found = []
    for entry in yaml.safe_load(path.read_text())["dependencies"]:
        for package in entry["pip"] if isinstance(entry, dict) else [entry]:
            found.append(tuple(re.split("=+", package)))
    return [pin for pin in found if pin[0] != "python"]


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_every_pin_of_an_environment_is_found_once(path):
    managers = [manager for manager in CONFIG["customManagers"] if is_read(manager, f"envs/{path.name}")]
    assert len(managers) == 3
    found = [pin for manager in managers for pin in found_by(manager, path.read_text())]
    assert sorted(found) == sorted(pins(path)), "name a new package in the list of its channel in renovate.json"


def test_no_package_is_listed_that_no_environment_has():
    used = {name for path in ENVIRONMENTS for name, _ in pins(path)}
    for manager in CONFIG["customManagers"]:
        names = re.match(r"- \(\?<depName>([\w|-]+)\)", manager["matchStrings"][0])
        if manager["datasourceTemplate"] == "conda":
            assert set(names[1].split("|")) <= used


def test_programs_of_the_hooks_are_found():
    text = (ROOT / ".pre-commit-config.yaml").read_text()
    managers = [manager for manager in CONFIG["customManagers"] if is_read(manager, ".pre-commit-config.yaml")]
    assert {name for manager in managers for name, _ in found_by(manager, text)} == {"pre-commit-hooks"}


@pytest.mark.parametrize("name", ["workflow", "test"])
def test_lock_file_tells_the_command_that_made_it(name):
    path = f"envs/pip/{name}.txt"
    assert is_read(CONFIG["pip-compile"], path)
    header = re.match(r"(?:#.*\n)+?#    (uv pip compile .*)\n", (ROOT / path).read_text())
    assert header[1].split()[-2:] == [f"--output-file={path}", f"envs/pip/{name}.in"]
    assert header[1] in (ROOT / "envs" / "README.md").read_text()
    # An option that Renovate does not know makes it leave the file alone.
    options = {option.split("=")[0] for option in header[1].split() if option.startswith("--")}
    known = {"--universal", "--python-version", "--generate-hashes", "--no-strip-extras", "--output-file"}
    assert options == known
