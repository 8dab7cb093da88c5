"""The workflows of GitHub Actions fit the repository: they call what exists, and test what is promised."""

import re
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONS = sorted((ROOT / ".github" / "actions").glob("*/action.yml"))
STEPS_OF = {"lint.yml": "make lint", "tests.yml": "make test", "demo.yml": "make demo"}


def read(path: Path) -> dict:
    return yaml.safe_load(path.read_text())


def steps(path: Path) -> list[dict]:
    """All steps of a workflow or of an action."""
    content = read(path)
    jobs = content["jobs"].values() if "jobs" in content else [content["runs"]]
    return [step for job in jobs for step in job["steps"]]


def commands(path: Path) -> list[str]:
    return [step["run"] for step in steps(path) if "run" in step]


def triggers(path: Path) -> dict:
    # YAML 1.1 takes the key "on" for true.
    return read(path)[True]


def promised_versions() -> list[str]:
    """Versions of Python that ``envs/setup.sh`` takes."""
    setup = (ROOT / "envs" / "setup.sh").read_text()
    low, high = re.search(r"\(3, (\d+)\) <= sys\.version_info\[:2\] <= \(3, (\d+)\)", setup).groups()
    return [f"3.{minor}" for minor in range(int(low), int(high) + 1)]


@pytest.mark.parametrize("name", STEPS_OF)
def test_workflow_runs_its_make_target(name):
    assert STEPS_OF[name] in commands(ROOT / ".github" / "workflows" / name)


def test_make_targets_that_are_called_exist():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    called = {
        target
        for path in [*WORKFLOWS, *ACTIONS]
        for command in commands(path)
        for target in re.findall(r"\bmake ([\w-]+)", command)
    }
    assert called == {"setup-test", "lint", "test", "demo"}
    assert called <= targets


def test_files_that_are_called_exist():
    called = {
        file
        for path in [*WORKFLOWS, *ACTIONS]
        for command in commands(path)
        for file in re.findall(r"\bpython (\S+\.py)", command)
    }
    assert called == {"tests/unit/script_imports.py"}
    assert all((ROOT / file).is_file() for file in called)
    local = {step["uses"] for path in WORKFLOWS for step in steps(path) if step.get("uses", "").startswith("./")}
    assert {ROOT / name / "action.yml" for name in local} == set(ACTIONS)


def test_tested_versions_of_python_are_those_promised():
    strategy = read(ROOT / ".github" / "workflows" / "tests.yml")["jobs"]["tests"]["strategy"]
    versions = promised_versions()
    assert versions == ["3.11", "3.12", "3.13"]
    assert strategy["matrix"]["python"] == versions
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={versions[0]}"
    assert f"Python {versions[0]} to {versions[-1]}" in (ROOT / "envs" / "README.md").read_text()
    used = {environment: read(environment)["dependencies"][0] for environment in (ROOT / "envs").glob("*.yaml")}
    assert set(used.values()) == {f"python={read(ACTIONS[0])['inputs']['python-version']['default']}"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_job_ends_in_time_and_may_only_read(path):
    content = read(path)
    assert content["permissions"] in ({}, {"contents": "read"})
    assert set(content["concurrency"]) == {"group", "cancel-in-progress"}
    for name, job in content["jobs"].items():
        assert job["timeout-minutes"] <= 120, name
        assert ("permissions" in job) == (path.stem == "release-please"), name


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=lambda path: path.parent.name + "-" + path.stem)
def test_no_address_of_a_registry_or_other_server(path):
    assert "://" not in path.read_text()


def test_actions_of_others_are_pinned_to_one_commit_whose_version_is_named():
    pins = defaultdict(set)
    for path in [*WORKFLOWS, *ACTIONS]:
        for line in re.findall(r"uses: (.+)", path.read_text()):
            if not line.startswith("./"):
                pin = re.fullmatch(r"([\w.-]+/[\w.-]+)(?:/[\w-]+)?@([0-9a-f]{40} # v\d+\.\d+\.\d+)", line)
                assert pin, f"{path.name}: {line}"
                pins[pin[1]].add(pin[2])
    assert set(pins) >= {"actions/checkout", "actions/cache", "actions/setup-python"}
    assert all(len(versions) == 1 for versions in pins.values()), pins


def test_environment_is_kept_as_long_as_its_requirements_stay_the_same():
    restore, save = (step["with"] for step in steps(ACTIONS[0]) if "/cache/" in step.get("uses", ""))
    hashed = re.search(r"hashFiles\((.+?)\)", restore["key"]).group(1)
    files = {file for pattern in re.findall(r"'([^']+)'", hashed) for file in ROOT.glob(pattern)}
    assert files == {ROOT / "envs" / name for name in ("setup.sh", "pip/workflow.txt", "pip/test.txt")}
    assert "restore-keys" not in restore
    assert save["key"] == "${{ steps.kept.outputs.cache-primary-key }}"


def test_conda_environments_are_made_when_what_they_serve_changes():
    on = triggers(ROOT / ".github" / "workflows" / "conda.yml")
    assert on["push"]["paths"] == on["pull_request"]["paths"]
    assert {"envs/*.yaml", "workflow/rules/**", "workflow/scripts/**"} <= set(on["push"]["paths"])
    assert len(on["schedule"]) == 1
    assert ".venv/bin/snakemake --sdm conda --conda-create-envs-only --cores 1" in commands(
        ROOT / ".github" / "workflows" / "conda.yml"
    )
