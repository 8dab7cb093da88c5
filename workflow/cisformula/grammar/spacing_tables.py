"""Spacing rules, tests of whole profiles and histograms as tables."""

import numpy as np
import pandas as pd

from ..false_discovery import q_values
from .gap_information import around_pairs, column_bits
from .site_pairs import SitePairs, class_names, node_pairs
from .spacing import DistanceCounts
from .spacing_profiles import GlobalTest, HelicalTest
from .spacing_rules import RULE, Rule

RULE_COLUMNS = ["rule", "first", "second", "first_name", "second_name", "orientation", "order"]
RULE_COLUMNS += ["distance", "low", "high", "resolution", "observed", "expected", "fold", "p", "q", "n_promoters"]
RULE_COLUMNS += ["unexplained", "gap_information", "flank_information", "status", "shadow_of"]
PAIR_COLUMNS = ["first", "second", "first_name", "second_name", "orientation", "order", "n_pairs", "n_promoters"]
PAIR_COLUMNS += ["expected", "chi2", "df", "p", "q", "helical_p", "helical_q", "helical_phase", "helical_strength"]
COMPOSITE = "composite"
COMPOSITE_BITS = 0.5
"""Mean information of the bases between two sites from which they are taken for parts of one longer motif or a repeat.

Bases that evolve freely have none; those of promoters with 80 % GC have 0.3 bits.
"""


def rule_table(
    rules: list[Rule],
    counts: DistanceCounts,
    pairs: SitePairs,
    sites: pd.DataFrame,
    codes: np.ndarray,
    names: pd.Series,
) -> pd.DataFrame:
    """One row per rule and shadow, in their order.

    Parameters
    ----------
    rules : list of Rule
    counts : DistanceCounts
        At single distances.
    pairs : SitePairs
    sites : pd.DataFrame
        ``node start end strand``; the pairs are its rows.
    codes : np.ndarray, shape (promoters, length), uint8
    names : pd.Series
        Name of each node, by id.

    Returns
    -------
    pd.DataFrame
        :data:`RULE_COLUMNS`. ``distance`` is that of the largest excess between ``low`` and ``high``; the numbers up to
        ``q`` are those of the most significant bin, ``n_promoters`` those of the whole rule. ``status`` is ``rule``;
        ``composite``, if the bases between are too much alike; ``composition``; ``shadow`` or ``mirror`` of the rule or
        ``one_site`` of the node in ``shadow_of``, see :class:`cisformula.grammar.spacing_rules.Rule`.
    """
    rows = []
    nodes = sites["node"].cat.categories
    for number, rule in enumerate(rules, start=1):
        best = rule.bin
        gap, flank = _information(rule, pairs, sites, codes)
        excess = counts.observed[best.pair, best.kind] - counts.expected[best.pair, best.kind]
        composite = rule.status == RULE and gap > COMPOSITE_BITS
        rows.append(
            {
                "rule": number,
                **_pair_of(best.pair, best.kind, nodes, names),
                "distance": best.low + int(excess[best.low : best.high + 1].argmax()),
                "low": rule.low,
                "high": rule.high,
                **{name: getattr(best, name) for name in ("resolution", "observed", "expected", "fold", "p", "q")},
                "n_promoters": len(np.unique(pairs.gene[rule.instances])),
                "unexplained": rule.unexplained,
                "gap_information": gap,
                "flank_information": flank,
                "status": COMPOSITE if composite else rule.status,
                "shadow_of": rule.shadow_of + 1 if isinstance(rule.shadow_of, int) else rule.shadow_of,
            }
        )
    return pd.DataFrame(rows, columns=RULE_COLUMNS)


def _pair_of(pair: int, kind: int, nodes: pd.Index, names: pd.Series) -> dict[str, str]:
    first, second = (nodes[members[pair]] for members in node_pairs(len(nodes)))
    orientation, order = class_names(first == second)[kind]
    return {
        "first": first,
        "second": second,
        "first_name": names[first],
        "second_name": names[second],
        "orientation": orientation,
        "order": order,
    }


def _information(rule: Rule, pairs: SitePairs, sites: pd.DataFrame, codes: np.ndarray) -> tuple[float, float]:
    """Mean bits of the bases between and beside the sites of a rule; distances count by their promoters."""
    instances = pairs.where(rule.instances)
    bits = []
    for distance in np.unique(instances.distance):
        around = around_pairs(codes, sites, instances.where(instances.distance == distance))
        bits.append([(column_bits(bases), len(bases)) for bases in around])
    return tuple(_weighted_mean(part) for part in zip(*bits, strict=True))


def _weighted_mean(columns: list[tuple[np.ndarray, int]]) -> float:
    """Mean over all columns that have a value, each with its weight; NaN if none has."""
    values = np.concatenate([bits for bits, _ in columns])
    weights = np.concatenate([np.full(len(bits), weight) for bits, weight in columns])
    known = ~np.isnan(values)
    return float(np.average(values[known], weights=weights[known])) if known.any() else float("nan")


def pair_table(
    counts: DistanceCounts,
    pairs: SitePairs,
    chi2: GlobalTest,
    helix: HelicalTest,
    nodes: pd.Index,
    names: pd.Series,
    min_pairs: int,
) -> pd.DataFrame:
    """Tests of whole profiles: one row per pair of nodes and class with at least ``min_pairs`` pairs of sites.

    Returns
    -------
    pd.DataFrame
        :data:`PAIR_COLUMNS`: pairs of sites, promoters with any, promoters expected (counted once per distance), and
        the two tests, each with q-values over the rows it applies to.
    """
    n_pairs = np.zeros(counts.observed.shape[:2], dtype=np.int64)
    np.add.at(n_pairs, (pairs.pair, pairs.kind), 1)
    cell = pairs.pair * n_pairs.shape[1] + pairs.kind
    held = np.unique(pairs.gene * n_pairs.size + cell) % n_pairs.size
    n_promoters = np.bincount(held, minlength=n_pairs.size).reshape(n_pairs.shape)
    pair, kind = np.nonzero(n_pairs >= min_pairs)
    first, second = node_pairs(len(nodes))
    classes = [class_names(first[number] == second[number])[which] for number, which in zip(pair, kind, strict=True)]
    table = pd.DataFrame({"first": nodes[first[pair]], "second": nodes[second[pair]]})
    table["first_name"], table["second_name"] = (table[side].map(names) for side in ("first", "second"))
    table["orientation"], table["order"] = ([names_[side] for names_ in classes] for side in (0, 1))
    table["n_pairs"], table["n_promoters"] = n_pairs[pair, kind], n_promoters[pair, kind]
    table["expected"] = counts.expected.sum(axis=2)[pair, kind]
    table["chi2"], table["df"], table["p"] = (array[pair, kind] for array in chi2)
    table["helical_p"], table["helical_phase"], table["helical_strength"] = (array[pair, kind] for array in helix)
    table["q"], table["helical_q"] = (q_values(table[name]) for name in ("p", "helical_p"))
    return table[PAIR_COLUMNS].sort_values(["p", "first", "second", "orientation", "order"], ignore_index=True)


def histogram_table(chosen: pd.DataFrame, counts: DistanceCounts, sites: pd.DataFrame) -> pd.DataFrame:
    """Observed and expected promoters at each distance of some pairs and classes.

    Parameters
    ----------
    chosen : pd.DataFrame
        ``first second orientation order``.
    counts : DistanceCounts
        At single distances.
    sites : pd.DataFrame
        With the categories of ``node``.

    Returns
    -------
    pd.DataFrame
        ``first second orientation order distance observed expected``; a row per distance.
    """
    nodes = sites["node"].cat.categories
    first, second = node_pairs(len(nodes))
    number = {(nodes[one], nodes[other]): pair for pair, (one, other) in enumerate(zip(first, second, strict=True))}
    tables = []
    for row in chosen[["first", "second", "orientation", "order"]].drop_duplicates().itertuples(index=False):
        pair = number[row.first, row.second]
        kind = class_names(row.first == row.second).index((row.orientation, row.order))
        values = {"observed": counts.observed[pair, kind], "expected": counts.expected[pair, kind]}
        tables.append(pd.DataFrame({**row._asdict(), "distance": counts.edges[:-1], **values}))
    columns = ["first", "second", "orientation", "order", "distance", "observed", "expected"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
