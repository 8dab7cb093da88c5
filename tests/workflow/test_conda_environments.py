"""Which conda environments a run makes, for computers whose nodes have no internet.

A stand-in for conda answers what Snakemake asks and makes empty folders; real environments need the channels.
"""

import os
import stat
from pathlib import Path

import pytest

from .conftest import Checkout

CONDA = """#!/bin/sh
case "$*" in
    "info --json") echo '{"conda_prefix": "/nowhere", "platform": "linux-64"}' ;;
    "--version") echo "conda 25.9.1" ;;
    "config --get channel_priority --json") echo '{"get": {"channel_priority": "strict"}}' ;;
    *create*) mkdir -p "$(printf '%s\\n' "$@" | sed -n '/^--prefix$/{n;p;}')" ;;
    "clean "*) ;;
    *) echo "conda: unexpected: $*" >&2; exit 1 ;;
esac
"""


@pytest.fixture(autouse=True)
def conda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The stand-in, first on the path."""
    program = tmp_path / "bin" / "conda"
    program.parent.mkdir()
    program.write_text(CONDA)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    return program


def made_environments(checkout: Checkout, *targets: str, config: dict | None = None) -> set[str]:
    """Names of the files whose environments ``--conda-create-envs-only`` makes."""
    result = checkout.run(*targets, "--sdm", "conda", "--conda-create-envs-only", config=config)
    assert result.returncode == 0, result.stderr[-3000:]
    names = {file.read_text(): file.stem for file in (checkout.path / "envs").glob("*.yaml")}
    return {names[file.read_text()] for file in (checkout.path / ".snakemake" / "conda").glob("*.yaml")}


def test_environments_of_programs_and_of_tasks_are_made_where_they_are_asked_for_alone(checkout):
    everywhere = "formula grammar hits intervals motifs plots second_opinion similarity simulate site tables tensorflow"
    demo = set(everywhere.split())
    assert made_environments(checkout) == demo
    assert made_environments(checkout, "simulated_tasks") == demo | {"modisco"}
    assert made_environments(checkout, config={"comparison": {"engine": "meme"}}) == demo | {"modisco", "meme"}


def test_environments_made_beforehand_need_no_channel_again(checkout, conda):
    target = "results/demo/truth/planted.meme"
    assert made_environments(checkout, target) == {"simulate"}
    conda.write_text(CONDA.replace("mkdir -p", "false"))
    assert made_environments(checkout, target) == {"simulate"}
    other = checkout.run("quality_control", "--sdm", "conda", "--conda-create-envs-only")
    assert other.returncode != 0
    assert "Could not create conda environment" in other.stderr
