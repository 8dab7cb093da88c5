"""Profiles and rules fit together."""

import re

import yaml
from rule_files import ROOT, rules_with_jobs

SLURM = yaml.safe_load((ROOT / "profiles/slurm/profile.yaml").read_text())
RULES = {rule.name: rule for rule in rules_with_jobs()}
COPIES = re.compile(r"^ *use rule \w+ as (\w+)", flags=re.MULTILINE)


def _names():
    copies = {name for path in (ROOT / "workflow/rules").glob("*.smk") for name in COPIES.findall(path.read_text())}
    return copies | set(RULES)


def test_every_rule_in_a_group_exists_and_so_does_every_group_with_components():
    assert set(SLURM["groups"]) - _names() == set()
    assert set(SLURM["group-components"]) - set(SLURM["groups"].values()) == set()


def test_every_figure_shares_a_submission():
    figures = {name for name in _names() if name.startswith("figure_")}
    assert len(figures) > 30
    assert figures - set(SLURM["groups"]) == set()


def test_every_rule_asks_for_memory_that_grows_with_attempts():
    asks = re.compile(r"\bmem_mb=memory(_per_thread)?\(\d+\),")
    assert [name for name, rule in RULES.items() if not asks.search(rule.text)] == []
