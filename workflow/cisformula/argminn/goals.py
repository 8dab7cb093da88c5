"""What ARGMINN should reach on the simulated tasks, graded from the tables of a run.

The goals are this project's own, set beside the numbers that Tseng et al. (2024) report (:mod:`.published`). A goal
whose tasks were not run is left out.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from .. import recovery
from . import published
from .tasks import PUBLISHED_TASKS

PRECISION = 0.9
LEAD = 0.1
"""In accuracy over the ExplaiNN-like network, where spacing is all that tells bound from unbound."""
MOST_PASSED = 4
LEAST_WON = 5
"""Of the six tasks."""
HARD_SPACING, SPACING_ALONE = "JUND_TEAD4", "REST_v2"
ARGMINN, CNN, EXPLAINN = "argminn", "cnn", "explainn"
DECIMALS = 6
"""Of the tables, and therefore of differences between their numbers."""
AIMS = {
    "accuracy": "Accuracy is at least the published one on every task of the paper",
    "peers": "Accuracy is above that of the CNN and of the ExplaiNN-like network in the same run on at least "
    f"{LEAST_WON} of 6 tasks",
    "instances": f"Of the called instances at least {100 * PRECISION:.0f} % are planted sites, and at least the "
    "published share of the sites is called",
    "gaps": f"Where spacing is hard ({HARD_SPACING}) every planted gap is found, and no other is called between these "
    "motifs",
    "spacing": f"Where spacing is all there is ({SPACING_ALONE}) accuracy is at least {LEAD:g} above that of the "
    "ExplaiNN-like network",
    "motifs": f"At most {MOST_PASSED} motifs pass per task, each matching a planted one (q < 0.05)",
}
"""Goals in words, by the name they have in the column ``aim``."""
COLUMNS = ["aim", "task", "measure", "value", "low", "high", "goal", "passed"]


class TaskScores(NamedTuple):
    """Tables of one task, with the columns of their files.

    Attributes
    ----------
    performance, motifs, instances, gaps : pd.DataFrame
        Those of ``evaluation/``.
    rules : pd.DataFrame
        ``readouts/syntax.tsv``.
    """

    performance: pd.DataFrame
    motifs: pd.DataFrame
    instances: pd.DataFrame
    gaps: pd.DataFrame
    rules: pd.DataFrame


class Measure(NamedTuple):
    """A number with its 95 % interval (NaN where there is none) and what it should be: ``>= x`` or ``<= x``."""

    aim: str
    task: str
    measure: str
    value: float
    low: float
    high: float
    goal: str


def grade(tasks: dict[str, TaskScores]) -> pd.DataFrame:
    """Grade a run.

    Parameters
    ----------
    tasks : dict of str to TaskScores
        The simulated tasks that were run, by their names.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, in the order of :data:`AIMS`. A number that is missing does not pass.
    """
    measures = [
        *(_accuracy(task, tasks[task]) for task in _run(PUBLISHED_TASKS, tasks)),
        *_peers(tasks),
        *(row for task in _run(PUBLISHED_TASKS, tasks) for row in _instances(task, tasks[task])),
        *(row for task in _run([HARD_SPACING], tasks) for row in _gaps(task, tasks[task])),
        *(_lead(task, tasks[task]) for task in _run([SPACING_ALONE], tasks)),
        *(row for task, scores in tasks.items() for row in _motifs(task, scores)),
    ]
    graded = recovery.verdict([(row.measure, row.value, row.goal) for row in measures])
    rows = pd.DataFrame(measures, columns=Measure._fields)
    return rows.assign(passed=graded["passed"])[COLUMNS]


def _run(wanted: list[str], tasks: dict[str, TaskScores]) -> list[str]:
    return [task for task in wanted if task in tasks]


def _row(table: pd.DataFrame, name: str) -> pd.Series:
    """The row of a network or method, whichever the first column holds."""
    return table.set_index(table.columns[0]).loc[name]


def _accuracy(task: str, scores: TaskScores) -> Measure:
    own, least = _row(scores.performance, ARGMINN), published.PERFORMANCE[task][ARGMINN].accuracy
    return Measure(
        "accuracy",
        task,
        "accuracy",
        own["accuracy"],
        own["accuracy_low"],
        own["accuracy_high"],
        f">= {least:g}",
    )


def _peers(tasks: dict[str, TaskScores]) -> list[Measure]:
    if len(_run(PUBLISHED_TASKS, tasks)) < len(PUBLISHED_TASKS):
        return []
    accuracy = pd.DataFrame(
        [_row(tasks[task].performance, network)["accuracy"] for network in (ARGMINN, CNN, EXPLAINN)]
        for task in PUBLISHED_TASKS
    )
    won = int((accuracy[0] > accuracy[[1, 2]].max(axis=1)).sum())
    return [Measure("peers", "all six", "tasks with higher accuracy", won, np.nan, np.nan, f">= {LEAST_WON}")]


def _instances(task: str, scores: TaskScores) -> list[Measure]:
    own = _row(scores.instances, ARGMINN)
    goals = {"precision": PRECISION, "recall": published.INSTANCES[task][ARGMINN].recall}
    return [
        Measure("instances", task, name, own[name], own[f"{name}_low"], own[f"{name}_high"], f">= {least:g}")
        for name, least in goals.items()
    ]


def _gaps(task: str, scores: TaskScores) -> list[Measure]:
    """Planted gaps that are the most frequent called one, and gaps that rules name, more or fewer than planted.

    A rule counts if it is of two motifs that were planted at a gap. Its own gap runs between what the filters see of
    the two, and is larger than the planted one where they see less, so that only the number of gaps is compared.
    """
    planted, rules = scores.gaps, scores.rules
    pairs = set(map(frozenset, zip(planted["first"], planted["second"], strict=True)))
    is_planted = [frozenset(pair) in pairs for pair in zip(rules["first"], rules["second"], strict=True)]
    named = int((rules["high"] - rules["low"] + 1)[is_planted].sum())
    found = planted["is_mode"].astype(bool).mean()
    surplus = abs(named - len(planted))
    return [
        Measure("gaps", task, "share of planted gaps that are called most often", found, np.nan, np.nan, ">= 1"),
        Measure("gaps", task, "gaps of rules, more or fewer than planted", surplus, np.nan, np.nan, "<= 0"),
    ]


def _lead(task: str, scores: TaskScores) -> Measure:
    ours, theirs = (_row(scores.performance, network)["accuracy"] for network in (ARGMINN, EXPLAINN))
    lead = round(ours - theirs, DECIMALS)
    return Measure("spacing", task, "lead in accuracy", lead, np.nan, np.nan, f">= {LEAD:g}")


def _motifs(task: str, scores: TaskScores) -> list[Measure]:
    """No motif at all fails too: the share of those that match is then missing."""
    own = _row(scores.motifs, ARGMINN)
    matched = own["n_matched"] / own["n_passed"] if own["n_passed"] else np.nan
    return [
        Measure("motifs", task, "motifs that passed", own["n_passed"], np.nan, np.nan, f"<= {MOST_PASSED}"),
        Measure("motifs", task, "share of them that match a planted one", matched, np.nan, np.nan, ">= 1"),
    ]


def log_verdict(verdict: pd.DataFrame) -> None:
    """Log every measure with its goal."""
    recovery.log_verdict(verdict.assign(measure=verdict["task"] + ": " + verdict["measure"]))
