"""What was found in a task of ARGMINN, in words."""

import pandas as pd

from ..argminn import published
from ..argminn.design_table import RULES, SHUFFLED
from ..argminn.filter_motifs import SIGNIFICANT
from ..argminn.goals import ARGMINN, CNN, EXPLAINN
from ..figures.network_performance import CEILING
from . import wording
from .task_tables import TaskTables
from .verdict import Sentence

RIVALS = {CNN: "The CNN", EXPLAINN: "The ExplaiNN-like network"}


def findings(task: TaskTables) -> list[Sentence]:
    """Each finding with its number, computed from the tables alone."""
    found = [_accuracy(task), _motifs(task)]
    if task.instances is not None:
        found.append(_instances(task))
    return [*found, _rules(task), _designs(task)]


def _row(table: pd.DataFrame, column: str, name: str) -> pd.Series | None:
    rows = table[table[column] == name]
    return None if rows.empty else rows.iloc[0]


def _interval(row: pd.Series, name: str) -> str:
    return f"{wording.fixed(100 * row[f'{name}_low'], 1)} to {wording.percent(row[f'{name}_high'])}"


def _accuracy(task: TaskTables) -> Sentence:
    own, best = (_row(task.performance, "network", name) for name in (ARGMINN, CEILING))
    text = (
        f"Accuracy of ARGMINN on {wording.count(own['n'])} test sequences that had no part in training or in any "
        f"choice; 95 % interval {_interval(own, 'accuracy')}. auROC {wording.fixed(own['auroc'])}, auPRC "
        f"{wording.fixed(own['auprc'])}."
    )
    if best is not None:
        text += f" Best possible: {wording.percent(best['accuracy'])}."
    text += "".join(f" {_compared(own, _row(task.performance, 'network', name), RIVALS[name])}" for name in RIVALS)
    reported = published.PERFORMANCE.get(task.name, {}).get(ARGMINN) if task.is_simulated else None
    if reported:
        text += f" Published of a task with this name: {wording.percent(reported.accuracy)}."
    return Sentence(wording.percent(own["accuracy"]), "of test sequences are told right", text)


def _compared(own: pd.Series, rival: pd.Series, name: str) -> str:
    lead = wording.signed(100 * (own["accuracy"] - rival["accuracy"]), 1)
    overlap = own["accuracy_low"] <= rival["accuracy_high"] and rival["accuracy_low"] <= own["accuracy_high"]
    doubt = "; the intervals overlap" if overlap else ""
    return f"{name} has {wording.percent(rival['accuracy'])} ({lead} points for ARGMINN{doubt})."


def _motifs(task: TaskTables) -> Sentence:
    own = _row(task.scores, "method", ARGMINN)
    n_passed, n_matched, n_found = (int(own[name]) for name in ("n_passed", "n_matched", "n_found"))
    what = "planted" if task.is_simulated else "known"
    text = (
        f"{wording.several(n_passed, 'motif')} of {len(task.filters)} filters passed the quality filter; "
        f"{n_matched} of them {'matches' if n_matched == 1 else 'match'} a {what} motif at q < {SIGNIFICANT:g}."
    )
    modisco = _row(task.scores, "method", "modisco")
    if modisco is not None:
        text += (
            f" TF-MoDISco, from the CNN: {wording.several(int(modisco['n_passed']), 'motif')}, "
            f"{wording.count(modisco['n_matched'])} with a match."
        )
    text += f" Match score of ARGMINN: {wording.fixed(own['match_score'], 2)}"
    text += f"; of TF-MoDISco: {wording.fixed(modisco['match_score'], 2)}." if modisco is not None else "."
    if task.is_simulated:
        return Sentence(f"{n_found} of {wording.count(own['n_planted'])}", "planted motifs are found", text)
    return Sentence(f"{n_matched} of {n_passed}", "motifs that passed match a known one", text)


def _instances(task: TaskTables) -> Sentence:
    own = _row(task.instances, "method", ARGMINN)
    text = (
        f"Precision of {wording.several(int(own['n_calls']), 'call')}, 95 % interval {_interval(own, 'precision')}; "
        f"{wording.percent(own['recall'])} ({_interval(own, 'recall')}) of {wording.count(own['n_truth'])} planted "
        f"sites are called, {wording.fixed(own['hits_per_sequence'], 2)} per bound sequence."
    )
    scanned = _row(task.instances, "method", "fimo_argminn")
    if scanned is not None:
        text += (
            f" Scanning with the same motifs: precision {wording.percent(scanned['precision'])}, recall "
            f"{wording.percent(scanned['recall'])}."
        )
    return Sentence(wording.percent(own["precision"]), "of called instances are planted sites", text)


def _rules(task: TaskTables) -> Sentence:
    n_rules = len(task.rules)
    if n_rules:
        text = f"The one that most pairs follow: {task.rules['sentence'].iloc[0]}."
    else:
        text = "No gap between two motifs is more frequent than their places lead to expect."
    if task.gaps is not None and len(task.gaps):
        n_found = int((task.gaps["is_mode"].astype(str) == "True").sum())
        text += (
            f" Of the planted gaps {n_found} of {len(task.gaps)} are the most frequent ones between the calls of "
            "their sites."
        )
    elif task.gaps is not None:
        text += " None was planted in bound sequences."
    return Sentence(str(n_rules), "rule of spacing" if n_rules == 1 else "rules of spacing", text)


def _designs(task: TaskTables) -> Sentence:
    rules, shuffled = (_row(task.design, "method", name) for name in (RULES, SHUFFLED))
    if rules is None:
        return Sentence(wording.NONE, "designs", "No sequence was made from the rules.")
    text = (
        f"Of {wording.several(int(rules['n']), 'sequence')} made from what was learned; 95 % interval "
        f"{_interval(rules, 'predicted')}."
    )
    if shuffled is not None:
        text += f" With their sites shuffled: {wording.percent(shuffled['predicted_bound'])}."
    if not wording.missing(rules["attended"]):
        text += f" ARGMINN attends to {wording.percent(rules['attended'])} of the sites placed in them."
    return Sentence(wording.percent(rules["predicted_bound"]), "of designs from rules are taken for bound", text)
