"""Run the import statements of all scripts of an environment, and nothing else of them.

    python tests/unit/script_imports.py envs/motifs.yaml

The modules of the library that the scripts import are really imported, and with them what these import; so is every
package that a function which the scripts can reach imports when it runs. This file needs the standard library alone, so
any interpreter can run it, that of a conda environment among them.
"""

import ast
import importlib
import sys
from pathlib import Path

from rule_files import ROOT, scripts_of
from script_needs import SCRIPTS, needs_of


def import_statements(script: Path) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(script.read_text())) if isinstance(node, ast.Import | ast.ImportFrom)]


def failures(script: Path) -> list[str]:
    """What could not be imported for a script: the place and the reason."""
    found = []
    for statement in import_statements(script):
        try:
            exec(compile(ast.Module([statement], type_ignores=[]), script, "exec"), {})
        except ImportError as error:
            found.append(f"{script.relative_to(ROOT)}:{statement.lineno}: {error}")
    for module, place in needs_of(script).third_party.items():
        try:
            importlib.import_module(module)
        except ImportError as error:
            found.append(f"{place}: {error}")
    return found


def main(environment: Path) -> int:
    # Snakemake puts the folder of a script first.
    sys.path.insert(0, str(SCRIPTS))
    scripts = scripts_of(environment.resolve())
    found = [failure for script in scripts for failure in failures(script)]
    print("\n".join(script.name for script in scripts))
    if found:
        print("\n".join(found), file=sys.stderr)
    return 1 if found or not scripts else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
