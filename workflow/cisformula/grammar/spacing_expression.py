"""What the preferred distance of two nodes does to expression, among promoters that have sites of both."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from ..false_discovery import q_values
from ..features import base_composition, gc_and_cpg
from .adjusted_effect import adjusted_effect
from .site_pairs import SitePairs, class_names, find_pairs, pair_number

COLUMNS = ["rule", "first", "second", "first_name", "second_name", "orientation", "order", "low", "high"]
COLUMNS += ["n_preferred", "n_other", "difference", "difference_low", "difference_high", "p", "q"]
COLUMNS += ["adjusted", "adjusted_low", "adjusted_high", "adjusted_p", "adjusted_q"]
TOLERANCE = 1
"""Bases around the distances of a rule that still count as preferred."""
MIN_PROMOTERS = 5
"""Fewest promoters on either side of a comparison."""
LEVEL = 0.95


def carriers(rule: pd.Series, pairs: SitePairs, nodes: pd.Index, n_genes: int) -> tuple[np.ndarray, np.ndarray]:
    """Promoters with a pair of nodes at the preferred distance, and those with the pair at other distances only.

    Parameters
    ----------
    rule : pd.Series
        ``first second orientation order low high``.
    pairs : SitePairs
        All pairs of sites that share no base, at whatever distance.
    nodes : pd.Index
        Ids of the nodes in order.
    n_genes : int

    Returns
    -------
    preferred, other : np.ndarray, shape (n_genes,), bool
    """
    first, second = nodes.get_indexer([rule["first"], rule["second"]])
    kind = class_names(first == second).index((rule["orientation"], rule["order"]))
    of_pair = pairs.pair == pair_number(first, second, len(nodes))
    near = (pairs.distance >= rule["low"] - TOLERANCE) & (pairs.distance <= rule["high"] + TOLERANCE)
    preferred, other = np.zeros((2, n_genes), dtype=bool)
    preferred[pairs.gene[of_pair & (pairs.kind == kind) & near]] = True
    other[pairs.gene[of_pair]] = True
    return preferred, other & ~preferred


def difference_of_means(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Difference of two means and its 95 % interval, unequal variances (Welch 1947, Biometrika 34:28)."""
    interval = stats.ttest_ind(one, other, equal_var=False).confidence_interval(LEVEL)
    return float(one.mean() - other.mean()), float(interval.low), float(interval.high)


class Setting(NamedTuple):
    """What the comparison of every rule needs of the promoters.

    Attributes
    ----------
    pairs : SitePairs
        All pairs of sites that share no base, at whatever distance.
    hits : np.ndarray, shape (genes, nodes)
        Number of sites of each node in each promoter.
    nodes : pd.Index
        Ids of the nodes in order.
    composition : np.ndarray, shape (genes, 4)
        Shares of A, C and G, and CpG o/e.
    """

    pairs: SitePairs
    hits: np.ndarray
    nodes: pd.Index
    composition: np.ndarray


def describe(sites: pd.DataFrame, codes: np.ndarray) -> Setting:
    """The setting of promoters.

    Parameters
    ----------
    sites : pd.DataFrame
        One promoter per family, from :func:`cisformula.grammar.site_pairs.add_matched`.
    codes : np.ndarray, shape (genes, length), uint8
    """
    nodes = sites["node"].cat.categories
    hits = np.zeros((len(codes), len(nodes)))
    np.add.at(hits, (sites["gene"].to_numpy(), sites["node"].cat.codes.to_numpy()), 1)
    composition = np.column_stack([base_composition(codes)[:, :3], gc_and_cpg(codes)[:, 1]])
    return Setting(find_pairs(sites, codes.shape[1]), hits, nodes, composition)


class Comparison(NamedTuple):
    """Promoters that a rule sets apart, and what is held fixed between them.

    Attributes
    ----------
    preferred, other : np.ndarray, shape (genes,), bool
        From :func:`carriers`.
    covariates : np.ndarray, shape (genes, columns)
        Composition, and number of sites of both nodes.
    """

    preferred: np.ndarray
    other: np.ndarray
    covariates: np.ndarray


def comparisons(rules: pd.DataFrame, setting: Setting) -> list[Comparison]:
    """The comparison of each rule, which is the same for every target.

    Parameters
    ----------
    rules : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.rule_table`.
    setting : Setting
    """
    compared = []
    for _, rule in rules.iterrows():
        preferred, other = carriers(rule, setting.pairs, setting.nodes, len(setting.hits))
        own = setting.hits[:, np.unique(setting.nodes.get_indexer([rule["first"], rule["second"]]))]
        compared.append(Comparison(preferred, other, np.column_stack([setting.composition, own])))
    return compared


def spacing_expression(rules: pd.DataFrame, compared: list[Comparison], target: np.ndarray) -> pd.DataFrame:
    """Compare expression at the preferred distance of each rule with that at other distances.

    Parameters
    ----------
    rules : pd.DataFrame
        From :func:`cisformula.grammar.spacing_tables.rule_table`.
    compared : list of Comparison
        One for each rule, from :func:`comparisons`.
    target : np.ndarray, shape (genes,)
        Expression.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, one row per rule, in units of the target: the plain difference of means with the p-value of
        Mann and Whitney's test, and the adjusted one. NaN with fewer than :data:`MIN_PROMOTERS` on either side.
    """
    rows = []
    for (_, rule), (preferred, other, covariates) in zip(rules.iterrows(), compared, strict=True):
        row = {name: rule[name] for name in COLUMNS[:9]}
        row |= {"n_preferred": int(preferred.sum()), "n_other": int(other.sum())}
        if min(row["n_preferred"], row["n_other"]) >= MIN_PROMOTERS:
            plain = difference_of_means(target[preferred], target[other])
            row |= dict(zip(("difference", "difference_low", "difference_high"), plain, strict=True))
            row["p"] = float(stats.mannwhitneyu(target[preferred], target[other]).pvalue)
            both = preferred | other
            adjusted = adjusted_effect(preferred[both], covariates[both], target[both])
            row |= dict(zip(("adjusted", "adjusted_low", "adjusted_high", "adjusted_p"), adjusted, strict=True))
        rows.append(row)
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.assign(q=q_values(table["p"]), adjusted_q=q_values(table["adjusted_p"]))
