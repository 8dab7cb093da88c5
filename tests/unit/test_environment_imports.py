"""Every script imports in an interpreter that holds only what its environment file names.

The interpreter starts without ``site-packages`` and gets a folder instead with the packages that the file names, by
their names on PyPI, and all that these require by their own metadata. A package that a script uses but its file does
not name is then missing, unless another one brings it along.

This shows that names are complete. It does not show that the pinned versions exist, agree or work: versions are those
of ``envs/pip/``, a conda recipe may require more or less than the package on PyPI, and programs (bedtools, the MEME
Suite) are left out. For these the real environments have to be made, which ``.github/workflows/conda.yml`` does.
"""

import subprocess
import sys
from pathlib import Path

import linked_packages
import pytest
import yaml
from rule_files import ROOT, scripts_of

ENVIRONMENTS = sorted((ROOT / "envs").glob("*.yaml"))

ON_PYPI = {
    "decoupler-py": {"decoupler"},
    "matplotlib-base": {"matplotlib"},
    "python-igraph": {"igraph"},
    "seaborn-base": {"seaborn"},
}
"""Names on PyPI of the packages that conda calls otherwise."""

NO_PYTHON_PACKAGE = {"python", "pip", "bedtools", "meme"}

IMPORT_SCRIPTS = f"""
import sys
from pathlib import Path
sys.path += [sys.argv[1], {str(Path(__file__).parent)!r}]
import script_imports
sys.exit(script_imports.main(Path(sys.argv[2])))
"""


def names_on_pypi(environment: Path) -> set[str]:
    """What an environment file names, as PyPI calls it."""
    names = set()
    for entry in yaml.safe_load(environment.read_text())["dependencies"]:
        for package in entry["pip"] if isinstance(entry, dict) else [entry]:
            names |= ON_PYPI.get(name := package.split("=")[0], {name})
    return names - NO_PYTHON_PACKAGE


def run_isolated(code: str, *arguments: str | Path) -> subprocess.CompletedProcess:
    """Run code in an interpreter without ``site-packages``, environment variables of Python and user folders."""
    command = [sys.executable, "-I", "-S", "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda path: path.stem)
def test_scripts_import_with_only_what_their_environment_names(environment, tmp_path):
    linked_packages.link(names_on_pypi(environment), tmp_path)
    result = run_isolated(IMPORT_SCRIPTS, tmp_path, environment)
    assert result.returncode == 0, f"{environment.name}: {result.stderr[-3000:]}"
    assert result.stdout.split() == [script.name for script in scripts_of(environment)]


def test_package_that_the_environment_does_not_name_is_missing(tmp_path):
    environment = ROOT / "envs" / "apply.yaml"
    linked_packages.link(names_on_pypi(environment) - {"pyfaidx"}, tmp_path)
    result = run_isolated(IMPORT_SCRIPTS, tmp_path, environment)
    assert result.returncode == 1
    assert "No module named 'pyfaidx'" in result.stderr
    assert "No module named 'py2bit'" not in result.stderr


def test_isolated_interpreter_has_the_linked_packages_alone(tmp_path):
    linked_packages.link({"pandas"}, tmp_path)
    code = """
import sys
from importlib.util import find_spec
sys.path.append(sys.argv[1])
print(*(name for name in sys.argv[2:] if find_spec(name)))
"""
    result = run_isolated(code, tmp_path, "pandas", "numpy", "dateutil", "scipy", "pyarrow", "pytest")
    assert result.stdout == "pandas numpy dateutil\n"


def test_closure_follows_requirements_and_extras():
    assert {"pandas", "numpy", "python-dateutil", "tzdata"} <= linked_packages.closure({"pandas"})
    assert "pyarrow" not in linked_packages.closure({"pandas"})
    assert linked_packages.required("pandas", frozenset({"parquet"})) != linked_packages.required("pandas", frozenset())
    with pytest.raises(LookupError, match="no-such-package is not installed"):
        linked_packages.closure({"No.Such_Package"})
