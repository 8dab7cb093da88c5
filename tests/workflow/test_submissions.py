"""What profiles/slurm would submit, without a Slurm: fewer jobs, no group that waits in a circle, growing memory."""

import re
from graphlib import TopologicalSorter

import pytest
import yaml

from .conftest import ROOT, SMALL

GROUPS = yaml.safe_load((ROOT / "profiles/slurm/profile.yaml").read_text())["groups"]
DEMO = {}
WITH_ARGMINN = {
    **SMALL,
    "comparison_networks": ["xpresso_cnn", "argminn"],
    "motifs": {"further_networks": ["argminn"]},
    "grammar": {"de_novo": "streme"},
}


def _needed_rules(checkout, target, config):
    """For every rule that runs, the rules it needs."""
    dot = checkout.run(target, "--rulegraph", "--forceall", config=config).stdout
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', dot))
    needed = {name: set() for name in names.values()}
    for before, after in re.findall(r"(\d+) -> (\d+)", dot):
        needed[names[after]].add(names[before])
    return needed


@pytest.mark.parametrize(
    ("target", "config", "training", "members"),
    [
        ("all", DEMO, "train", {"simulate", "train_comparison", "build_site"}),
        ("all", WITH_ARGMINN, "train", {"promoter_syntax", "discover_group_motifs"}),
        ("paper_figures", DEMO, "train", {"train_compared", "paper_page"}),
        ("simulated_tasks", DEMO, "trainings", {"train_binary", "build_simulated_page"}),
    ],
)
def test_groups_do_not_wait_for_each_other(small, target, config, training, members):
    # Snakemake refuses a group that needs itself, but would wait forever for two that need each other.
    needed = _needed_rules(small, target, config)
    group_of = {rule: GROUPS.get(rule, rule) for rule in needed}
    waits_for = {group: set() for group in group_of.values()}
    for rule, before in needed.items():
        waits_for[group_of[rule]] |= {group_of[name] for name in before} - {group_of[rule]}

    assert members <= set(needed)
    order = list(TopologicalSorter(waits_for).static_order())
    assert order.index("inputs") < order.index(training) < order.index("report")


def test_groups_leave_a_quarter_of_the_submissions(small):
    plan = small.run("--dry-run", "--workflow-profile", "profiles/slurm", config=DEMO).stdout
    jobs = int(re.search(r"^total +(\d+)", plan, flags=re.MULTILINE).group(1)) - 1  # the target itself does nothing
    alone = [rule for rule in re.findall(r"^rule (\w+):", plan, flags=re.MULTILINE) if rule != "all"]
    groups = re.findall(r"Group job (\w+)", plan)

    assert groups.count("inputs") == groups.count("report") == 1
    assert alone.count("train") + alone.count("train_compared") == 3, "all runs of a scheme in one"
    assert {"list_tss", "figure_performance"}.isdisjoint(alone)
    submissions = len(alone) + len(groups)
    assert submissions <= jobs / 4
    readme = " ".join((ROOT / "README.md").read_text().split())
    assert f"The {jobs} jobs of the demo become {submissions} submissions" in readme


def test_a_third_attempt_asks_for_four_times_the_memory(small):
    def asked(attempt):
        target = "results/small/splits/chromosome/folds.tsv"
        plan = small.run(target, "--dry-run", "--attempt", str(attempt), config=SMALL).stdout
        jobs = re.findall(r"^rule (\w+):.*?mem_mb=(\d+)", plan, flags=re.MULTILINE | re.DOTALL)
        return {rule: int(memory) for rule, memory in jobs}

    first = {"list_tss": 2000, "extract_promoters": 1000, "join_expression": 2000, "make_splits": 500}
    assert asked(1) == first
    assert asked(3) == {rule: 4 * memory for rule, memory in first.items()}
