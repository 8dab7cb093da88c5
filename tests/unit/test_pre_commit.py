"""The hooks of pre-commit check with the same programs, in the same versions, as ``make lint``."""

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}


def locked_versions() -> dict[str, str]:
    """Versions that ``make setup-test`` installs."""
    lines = (ROOT / "envs" / "pip" / "test.txt").read_text()
    return dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)", lines, flags=re.MULTILINE))


def test_hooks_come_with_the_repository():
    repositories = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]


def test_programs_of_make_lint_are_those_of_the_virtual_environment():
    from_venv = {hook["entry"] for hook in HOOKS.values() if hook["language"] == "system"}
    programs = {re.fullmatch(r"\.venv/bin/(\w+).*", entry)[1] for entry in from_venv}
    assert programs == {"ruff", "snakefmt"}
    assert programs <= set(locked_versions())
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), flags=re.MULTILINE)[1]
    checked = set(re.findall(r"\$\(RUN\) (ruff check|ruff format|snakefmt)\b", recipe))
    assert checked == {"ruff check", "ruff format", "snakefmt"}
    assert all(any(entry.startswith(f".venv/bin/{command}") for entry in from_venv) for command in checked)


def test_other_programs_have_one_exact_version_and_that_of_the_lock_file_where_it_has_them():
    pins = {pin for hook in HOOKS.values() for pin in hook.get("additional_dependencies", [])}
    versions = dict(pin.split("==") for pin in pins)
    assert len(versions) == len(pins)
    assert set(versions) == {"pre-commit-hooks"}
    locked = locked_versions()
    assert {name: locked.get(name, version) for name, version in versions.items()} == versions
    with_packages = {name for name, hook in HOOKS.items() if hook.get("additional_dependencies")}
    assert with_packages == {name for name, hook in HOOKS.items() if hook["language"] == "python"}
