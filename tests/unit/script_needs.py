"""What a script of the workflow needs, read from its source.

The modules it imports count, the library modules these import in turn, and so on. Of a library module only the
functions and classes that the script can reach count, judged by name: an import inside a function is asked for where
that function may run. An import under ``try: ... except ImportError`` is optional.
"""

import ast
import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "workflow" / "scripts"
LIBRARY = ROOT / "workflow" / "cisformula"


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


@cache
def statements(file: Path) -> list[ast.stmt]:
    return ast.parse(file.read_text()).body


def needs_of(script: Path) -> Needs:
    """Everything a script can reach, found by going round until nothing new turns up."""
    needs = Needs({}, {script}, set())
    size = -1
    while size != len(needs.files) + len(needs.names) + len(needs.third_party):
        size = len(needs.files) + len(needs.names) + len(needs.third_party)
        for file in sorted(needs.files):
            for node in statements(file):
                is_definition = isinstance(node, ast.FunctionDef | ast.ClassDef)
                if not is_definition or file == script or node.name in needs.names:
                    visit(node, file, needs)
    return needs
