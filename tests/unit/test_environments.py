"""Every rule names an environment that holds exactly what its script needs, and a log.

What a script needs is read from its source (``script_needs.py``); ``test_environment_imports.py`` really imports it.
"""

import re
from functools import cache
from pathlib import Path

import pytest
import script_needs
import yaml
from rule_files import ROOT, WAYS_TO_RUN, Rule, rule_files, rules_with_jobs
from script_needs import SCRIPTS, needs_of

ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))

CHANNELS = ["conda-forge", "bioconda", "nodefaults"]
DIRECTIVES = ["input", "output", "log", "benchmark", "wildcard_constraints", "priority"]
DIRECTIVES += ["conda", "threads", "resources", "params", "script"]
"""The directives of a rule in their order; a rule that runs a job has all but :data:`OPTIONAL`."""
OPTIONAL = {"input", "wildcard_constraints", "priority", "params"}

PACKAGES = {
    "Bio": {"biopython"},
    "decoupler": {"decoupler-py"},
    "igraph": {"python-igraph"},
    "matplotlib": {"matplotlib", "matplotlib-base"},
    "modiscolite": {"modisco"},
    "mpl_toolkits": {"matplotlib", "matplotlib-base"},
    "seaborn": {"seaborn", "seaborn-base"},
    "sklearn": {"scikit-learn"},
    "tensorflow": {"tensorflow", "tensorflow-cpu"},
    "yaml": {"pyyaml"},
}
"""Packages that provide an imported name, where they are called otherwise."""

COMPANIONS = {
    "read_parquet": "pyarrow",
    "to_parquet": "pyarrow",
    "clustermap": "scipy",
    "keras": "tensorflow",
    "pybedtools": "bedtools",
}
"""Names that, when used, need another package which the source does not import itself."""


def rule_id(rule: Rule) -> str:
    return f"{rule.file.stem}-{rule.name}"


@cache
def packages(environment: Path) -> frozenset[str]:
    """Names of the packages of an environment, those of its pip section included."""
    names = set()
    for entry in yaml.safe_load(environment.read_text())["dependencies"]:
        entries = entry["pip"] if isinstance(entry, dict) else [entry]
        names |= {re.split("=+", package)[0].lower() for package in entries}
    return frozenset(names)


def test_no_rule_that_runs_a_job_is_overlooked():
    keyword = rf"^ +(?:{'|'.join(sorted(WAYS_TO_RUN))}):"
    ways = [line for file in rule_files() for line in re.findall(keyword, file.read_text(), flags=re.MULTILINE)]
    assert len(ways) == len(rules_with_jobs())


@pytest.mark.parametrize("rule", rules_with_jobs(), ids=rule_id)
def test_no_rule_without_an_environment(rule):
    assert rule.directives().count("conda") == 1
    assert rule.path("conda") in ENVIRONMENTS


def test_no_environment_without_a_rule():
    assert {rule.path("conda") for rule in rules_with_jobs()} == set(ENVIRONMENTS)


@pytest.mark.parametrize("rule", rules_with_jobs(), ids=rule_id)
def test_rule_has_every_directive_in_order(rule):
    directives = rule.directives()
    assert directives == [name for name in DIRECTIVES if name in directives]
    assert set(DIRECTIVES) - set(directives) <= OPTIONAL
    assert re.search(r"\bmem_mb=", rule.text)
    assert re.search(r"\bruntime=", rule.text)


@pytest.mark.parametrize("rule", rules_with_jobs(), ids=rule_id)
def test_script_imports_only_what_its_environment_declares(rule):
    environment, script = rule.path("conda"), rule.path("script")
    assert script.is_file(), f"{script} does not exist"
    declared = packages(environment)
    needs = needs_of(script)
    for name, place in needs.third_party.items():
        assert PACKAGES.get(name, {name.lower()}) & declared, f"{place} imports {name}: add it to {environment.name}"
    for name, companion in COMPANIONS.items():
        if name in needs.names:
            assert PACKAGES.get(companion, {companion}) & declared, f"{name} needs {companion} in {environment.name}"


def test_every_script_belongs_to_a_rule():
    used = {rule.path("script") for rule in rules_with_jobs()}
    assert set(SCRIPTS.glob("*.py")) - {SCRIPTS / "library_path.py"} <= used


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.stem)
def test_environment_pins_every_package_on_the_three_channels(environment):
    content = yaml.safe_load(environment.read_text())
    assert set(content) == {"channels", "dependencies"}
    assert content["channels"] == CHANNELS
    assert "python" in packages(environment)
    for entry in content["dependencies"]:
        if isinstance(entry, dict):
            assert list(entry) == ["pip"]
            assert "pip" in packages(environment)
            assert all(re.fullmatch(r"[a-z0-9_.-]+==\d[\w.]*", package) for package in entry["pip"])
        else:
            assert re.fullmatch(r"[a-z0-9_.-]+=\d[\w.]*", entry), entry


def test_one_version_of_a_package_in_all_environments():
    versions = {}
    for environment in ENVIRONMENTS:
        for entry in yaml.safe_load(environment.read_text())["dependencies"]:
            if isinstance(entry, str):
                name, version = entry.split("=")
                versions.setdefault(name, set()).add(version)
    several = {name for name, found in versions.items() if len(found) > 1}
    assert several <= {"numpy"}, "only TensorFlow needs an older numpy (envs/README.md)"


@pytest.mark.parametrize("name", ["workflow.txt", "test.txt"])
def test_pip_requirements_have_hashes_and_no_addresses(name):
    text = (ROOT / "envs/pip" / name).read_text()
    assert "://" not in text
    assert not re.search(r"^--?(i|index|extra|find)", text, flags=re.MULTILINE)
    requirements = re.split(r"\n(?=\S)", text)
    for requirement in requirements:
        if not requirement.startswith("#"):
            assert re.match(r"[\w.-]+(\[\w+\])?==", requirement), requirement
            assert "--hash=sha256:" in requirement, requirement


def test_requirements_of_the_tests_hold_those_of_the_workflow():
    pins = {
        name: set(re.findall(r"^([\w.-]+==\S+)", (ROOT / "envs/pip" / name).read_text(), flags=re.MULTILINE))
        for name in ("workflow.txt", "test.txt")
    }
    assert pins["workflow.txt"] <= pins["test.txt"]


def test_reachable_imports_count_and_unreachable_ones_do_not(tmp_path, monkeypatch):
    library, scripts = tmp_path / "cisformula", tmp_path / "scripts"
    (library / "figures").mkdir(parents=True)
    scripts.mkdir()
    (library / "__init__.py").touch()
    (library / "figures/__init__.py").touch()
    (library / "shapes.py").write_text(
        "import math\nimport numpy\nfrom .figures import style\n\n"
        "def used():\n    import scipy.stats\n    return style.paint()\n\n"
        "def unused():\n    import torch\n"
    )
    (library / "figures/style.py").write_text(
        "try:\n    import fancy\nexcept ImportError:\n    fancy = None\n\n"
        "def paint():\n    from ..colours import RED\n    return RED\n"
    )
    (library / "colours.py").write_text("from matplotlib import colors\nRED = 1\n")
    (scripts / "script.py").write_text("from cisformula import shapes\nshapes.used().to_parquet('x')\n")
    for name, value in (("ROOT", tmp_path), ("LIBRARY", library), ("SCRIPTS", scripts)):
        monkeypatch.setattr(script_needs, name, value)
    needs = needs_of(scripts / "script.py")
    assert set(needs.third_party) == {"numpy", "scipy", "matplotlib"}
    assert needs.third_party["scipy"] == "cisformula/shapes.py:6"
    assert "to_parquet" in needs.names
