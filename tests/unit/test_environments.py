"""Every rule names an environment that holds exactly what its script needs, and a log.

What a script needs is read from its source: the modules it imports, the library modules these import in turn, and so
on. Of a library module only the functions and classes that the script can reach count, judged by name: an import inside
a function is asked for where that function may run. An import under ``try: ... except ImportError`` is optional.
"""

import ast
import re
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

ROOT = Path(__file__).parents[2]
RULES = ROOT / "workflow" / "rules"
SCRIPTS = ROOT / "workflow" / "scripts"
LIBRARY = ROOT / "workflow" / "cisformula"
ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))

CHANNELS = ["conda-forge", "bioconda", "nodefaults"]
DIRECTIVES = ["input", "output", "log", "benchmark", "conda", "threads", "resources", "params", "script"]
"""The directives of a rule in their order; a rule that runs a job has all but input and params."""

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


class Rule(NamedTuple):
    """A rule that runs a job, as its file spells it."""

    file: Path
    name: str
    text: str

    def directives(self) -> list[str]:
        indent = re.search(r"^( +)\w+:", self.text, flags=re.MULTILINE).group(1)
        return re.findall(rf"^{indent}(\w+):", self.text, flags=re.MULTILINE)

    def path(self, directive: str) -> Path:
        found = re.search(rf"^ +{directive}:\s*\"([^\"]+)\"", self.text, flags=re.MULTILINE)
        assert found, f"rule {self.name} of {self.file.name} has no {directive} with a literal path"
        return (self.file.parent / found.group(1)).resolve()


def rules_with_jobs() -> list[Rule]:
    rules = []
    for file in [*sorted(RULES.glob("*.smk")), ROOT / "Snakefile"]:
        parts = re.split(r"^ *(?:rule|checkpoint) (\w+):\n", file.read_text(), flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            # The body ends at the first line that is not indented, be it code or a comment.
            rule = Rule(file, name, re.split(r"^(?=[^\s])", text, maxsplit=1, flags=re.MULTILINE)[0])
            if {"script", "shell", "run", "notebook", "wrapper"} & set(rule.directives()):
                rules.append(rule)
    return rules


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


class Needs(NamedTuple):
    """What code imports and mentions: third-party modules with a place, files of our own, and identifiers."""

    third_party: dict[str, str]
    files: set[Path]
    names: set[str]


def own_files(module: list[str], names: list[str]) -> set[Path]:
    """Files of the library behind ``from module import names``, ``module`` as parts below ``cisformula``."""
    candidates = [module[:length] for length in range(len(module) + 1)] + [[*module, name] for name in names]
    files = set()
    for parts in candidates:
        path = LIBRARY.joinpath(*parts)
        files |= {file for file in (path / "__init__.py", path.with_suffix(".py")) if file.is_file()}
    return files


def imported(node: ast.stmt, file: Path, needs: Needs) -> None:
    if isinstance(node, ast.Import):
        modules = [(alias.name.split("."), []) for alias in node.names]
    else:
        module = node.module.split(".") if node.module else []
        if node.level:
            package = list(file.relative_to(LIBRARY).parts[: -node.level])
            module = ["cisformula", *package, *module]
        modules = [(module, [alias.name for alias in node.names])]
    for module, names in modules:
        if module[0] == "cisformula":
            needs.files.update(own_files(module[1:], names))
        elif (SCRIPTS / f"{module[0]}.py").is_file():
            needs.files.add(SCRIPTS / f"{module[0]}.py")
        elif module[0] not in sys.stdlib_module_names:
            needs.third_party.setdefault(module[0], f"{file.relative_to(ROOT)}:{node.lineno}")


def is_optional(node: ast.AST) -> bool:
    handled = [handler.type for handler in node.handlers] if isinstance(node, ast.Try) else []
    return any(isinstance(kind, ast.Name) and kind.id in ("ImportError", "ModuleNotFoundError") for kind in handled)


def visit(node: ast.AST, file: Path, needs: Needs) -> None:
    if isinstance(node, ast.Import | ast.ImportFrom):
        imported(node, file, needs)
        needs.names.update(alias.name for alias in node.names)
    elif isinstance(node, ast.Name):
        needs.names.add(node.id)
    elif isinstance(node, ast.Attribute):
        needs.names.add(node.attr)
    guarded = node.body if is_optional(node) else []
    for child in ast.iter_child_nodes(node):
        if child not in guarded:
            visit(child, file, needs)


def needs_of(script: Path) -> Needs:
    """Everything a script can reach, found by going round until nothing new turns up."""
    needs = Needs({}, {script}, set())
    size = -1
    while size != len(needs.files) + len(needs.names) + len(needs.third_party):
        size = len(needs.files) + len(needs.names) + len(needs.third_party)
        for file in sorted(needs.files):
            for node in ast.parse(file.read_text()).body:
                is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
                if not is_definition or file == script or node.name in needs.names:
                    visit(node, file, needs)
    return needs


@pytest.mark.parametrize("rule", rules_with_jobs(), ids=rule_id)
def test_rule_has_every_directive_in_order(rule):
    directives = rule.directives()
    assert directives == [name for name in DIRECTIVES if name in directives]
    assert set(DIRECTIVES) - set(directives) <= {"input", "params"}
    assert re.search(r"\bmem_mb=", rule.text)
    assert re.search(r"\bruntime=", rule.text)


@pytest.mark.parametrize("rule", rules_with_jobs(), ids=rule_id)
def test_script_imports_only_what_its_environment_declares(rule):
    environment, script = rule.path("conda"), rule.path("script")
    assert environment in ENVIRONMENTS, f"{environment} does not exist"
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
        monkeypatch.setattr(sys.modules[__name__], name, value)
    needs = needs_of(scripts / "script.py")
    assert set(needs.third_party) == {"numpy", "scipy", "matplotlib"}
    assert needs.third_party["scipy"] == "cisformula/shapes.py:6"
    assert "to_parquet" in needs.names
