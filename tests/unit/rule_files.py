"""The rules of the workflow that run a job, as their files spell them."""

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "workflow" / "rules"
WAYS_TO_RUN = {"script", "shell", "run", "notebook", "wrapper"}


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


def rule_files() -> list[Path]:
    return [*sorted(RULES.glob("*.smk")), ROOT / "Snakefile"]


def rules_with_jobs() -> list[Rule]:
    rules = []
    for file in rule_files():
        parts = re.split(r"^ *(?:rule|checkpoint) (\w+):\n", file.read_text(), flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True):
            # The body ends at the first line that is not indented, be it code or a comment.
            rule = Rule(file, name, re.split(r"^(?=[^\s])", text, maxsplit=1, flags=re.MULTILINE)[0])
            if WAYS_TO_RUN & set(rule.directives()):
                rules.append(rule)
    return rules


def scripts_of(environment: Path) -> list[Path]:
    """The scripts that run in an environment."""
    return sorted({rule.path("script") for rule in rules_with_jobs() if rule.path("conda") == environment})
