"""What the tests of the grammar say of data in which there is nothing to find.

Each control returns rows of :data:`COLUMNS` without the first: what was measured, its value, what it should be at most
if the test errs no more than it says (nominal), and the number of tests behind the value.
"""

import numpy as np
import pandas as pd
from scipy import stats

from ..job import progress
from . import group_enrichment, matched_background
from .cooccurrence import Pairs, pair_table
from .cooccurrence_null import error_rates
from .find_spacing import Spacing, mark_composition, profile_tests
from .group_expression import Groups
from .spacing import Limits
from .spacing_expression import Setting, comparisons, spacing_expression
from .spacing_rules import COMPOSITION, RULE

COLUMNS = ["control", "measure", "value", "nominal", "n"]
LEVEL, STRICT_LEVEL = 0.05, 0.01
PERMUTATIONS = 100
Row = tuple[str, float, float, int]


def share_below(p: np.ndarray, level: float) -> tuple[float, float, int]:
    """Share of the known p-values below a level, the level, and their number."""
    known = np.asarray(p, dtype=float)
    known = known[~np.isnan(known)]
    return (float((known < level).mean()) if len(known) else np.nan), level, len(known)


def permuted_groups(
    present: np.ndarray, motifs: pd.DataFrame, labels: np.ndarray, genes: pd.DataFrame, fdr: float, seed: int
) -> list[Row]:
    """Enrichment of motifs in groups whose labels were permuted.

    Parameters
    ----------
    present, motifs, labels, genes, fdr
        As for :func:`cisformula.grammar.group_enrichment.enrichment`.
    seed : int
    """
    labels = np.random.default_rng(seed).permutation(labels)
    matched = matched_background.match_groups(labels, genes, seed)
    table = group_enrichment.enrichment(present, motifs, labels, genes, matched, fdr)
    called = int((table["call"] != group_enrichment.NO_CALL).sum())
    return [
        ("motifs in groups, Fisher's p < 0.05", *share_below(table["p"], LEVEL)),
        ("motifs in groups, logistic p < 0.05", *share_below(table["logistic_p"], LEVEL)),
        ("motifs in groups, called", called, 0, len(table)),
    ]


def permuted_target(
    labels: np.ndarray, rules: pd.DataFrame, setting: Setting, target: np.ndarray, seed: int
) -> list[Row]:
    """Expression of groups, and at the distances of rules, in :data:`PERMUTATIONS` permutations of the target.

    Parameters
    ----------
    labels : np.ndarray, shape (genes,), int
        Group of each gene.
    rules : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.rule_table`.
    setting : Setting
    target : np.ndarray, shape (genes,)
    seed : int
    """
    rng, nothing = np.random.default_rng(seed), np.zeros(len(target))
    compared = comparisons(rules, setting)
    members = [labels == name for name in np.unique(labels)]
    p, eta2, plain, adjusted = [], [], [np.empty(0)], [np.empty(0)]
    for _ in progress(range(PERMUTATIONS), PERMUTATIONS, "permutations"):
        moved = rng.permutation(target)
        if len(members) > 1:
            p.append(stats.kruskal(*(moved[member] for member in members)).pvalue)
        eta2.append(Groups(labels, nothing, moved).shares(np.ones(len(moved)))[0])
        if len(rules):
            table = spacing_expression(rules, compared, moved)
            plain.append(table["p"].to_numpy(float))
            adjusted.append(table["adjusted_p"].to_numpy(float))
    expected = (len(members) - 1) / (len(target) - 1)
    return [
        ("expression of groups, Kruskal-Wallis p < 0.05", *share_below(p, LEVEL)),
        ("expression of groups, share of variance", float(np.mean(eta2)), expected, PERMUTATIONS),
        ("expression at distances, p < 0.05", *share_below(np.concatenate(plain), LEVEL)),
        ("expression at distances, adjusted p < 0.05", *share_below(np.concatenate(adjusted), LEVEL)),
    ]


def company(pairs: Pairs, nodes: pd.DataFrame, similarity: np.ndarray, max_similarity: float, fdr: float) -> list[Row]:
    """Co-occurrence of nodes.

    Parameters
    ----------
    pairs : Pairs
    nodes, similarity, max_similarity, fdr
        As for :func:`cisformula.grammar.cooccurrence.pair_table`.
    """
    rates = error_rates(pairs, similarity, max_similarity)
    edges = pair_table(pairs, np.zeros(len(similarity), dtype=int), nodes, similarity, max_similarity, fdr)["edge"]
    tested = rates["pairs"]
    return [
        (f"company, p < {STRICT_LEVEL:g}", rates[f"attraction_{STRICT_LEVEL:g}"], STRICT_LEVEL, tested),
        (f"avoidance, p < {STRICT_LEVEL:g}", rates[f"repulsion_{STRICT_LEVEL:g}"], STRICT_LEVEL, tested),
        ("company, edges", int(edges.sum()), 0, tested),
    ]


def distances(found: Spacing, by_chance: Spacing, limits: Limits) -> list[Row]:
    """Distances between nodes.

    Parameters
    ----------
    found : Spacing
        Its rules are told from composition in place.
    by_chance : Spacing
        In promoters shuffled anew, see :func:`cisformula.grammar.find_spacing.mark_composition`.
    limits : Limits
    """
    ids = found.sites["node"].cat.categories
    profiles = profile_tests(found, pd.Series(ids, index=ids), limits.min_promoters)
    mark_composition(found, by_chance, limits)
    status = [rule.status for rule in found.rules]
    return [
        ("distances, rules", status.count(RULE), 0, len(profiles)),
        ("distances, owed to composition", status.count(COMPOSITION), np.nan, len(profiles)),
        ("distances, global p < 0.05", *share_below(profiles["p"], LEVEL)),
        ("distances, helical p < 0.05", *share_below(profiles["helical_p"], LEVEL)),
    ]


def places(table: pd.DataFrame, fdr: float, min_fold: float) -> list[Row]:
    """Places of motifs and core promoter elements relative to the TSS.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`cisformula.grammar.positions.position_table`.
    fdr, min_fold : float
        What makes a call.
    """
    called = (table["bin_q"] < fdr) & (table["bin_fold"] >= min_fold)
    return [("places, called", int(called.sum()), 0, len(table))]


def write(path: str, measured: dict[str, list[Row]]) -> None:
    """Write the rows of each control as a table of :data:`COLUMNS`."""
    rows = [(control, *row) for control, found in measured.items() for row in found]
    pd.DataFrame(rows, columns=COLUMNS).to_csv(path, sep="\t", index=False, float_format="%.6g")
