"""One version everywhere, and release-please changes it everywhere."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import cisformula

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".github" / "release-please"
PACKAGE = json.loads((FOLDER / "config.json").read_text())["packages"]["."]
MARK = "x-release-please-version"


def test_one_version_in_all_files():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert cisformula.__version__ == version
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
    assert json.loads((FOLDER / "manifest.json").read_text()) == {".": version}


@pytest.mark.parametrize("file", PACKAGE["extra-files"], ids=lambda file: file["path"])
def test_release_please_finds_the_version_in_the_marked_line(file):
    assert file["type"] == "generic"
    marked = [line for line in (ROOT / file["path"]).read_text().splitlines() if MARK in line]
    assert len(marked) == 1
    assert cisformula.__version__ in marked[0]


def test_release_changes_what_the_strategy_for_python_does_not():
    assert {file["path"] for file in PACKAGE["extra-files"]} == {"CITATION.cff", "workflow/cisformula/__init__.py"}


def test_workflow_reads_these_files_and_leaves_the_changelog_to_people():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release-please.yml").read_text())
    given = workflow["jobs"]["release-please"]["steps"][0]["with"]
    assert {ROOT / path for path in given.values()} == {FOLDER / "config.json", FOLDER / "manifest.json"}
    config = json.loads((FOLDER / "config.json").read_text())
    assert config["release-type"] == "python"
    assert config["skip-changelog"] is True
