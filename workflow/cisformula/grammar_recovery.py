"""Grading the grammar of a run on simulated data against what was planted."""

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from .pwm import Motif
from .similarity import best_alignment

TOLERANCE = 1
"""Bases by which the distance of a rule may miss the planted one."""


def community_agreement(planted: list[str], truth: pd.DataFrame, nodes: pd.Series, communities: pd.DataFrame) -> float:
    """Adjusted Rand index of planted and found communities over the planted motifs.

    A motif of no community is one of its own, in the truth and in what was found; so is one that the formula lacks.

    Parameters
    ----------
    planted : list of str
        Ids of the planted motifs.
    truth : pd.DataFrame
        ``community motif``, of the motifs that were planted in communities.
    nodes : pd.Series
        Node of each planted motif that the formula has, indexed by planted id.
    communities : pd.DataFrame
        ``node community`` as found; empty community for nodes of none.
    """
    planted_in = truth.set_index("motif")["community"]
    found_in = nodes.map(communities.set_index("node")["community"]).dropna()
    return float(adjusted_rand_score(_labels(planted, planted_in), _labels(planted, found_in)))


def _labels(motifs: list[str], community: pd.Series) -> list[str]:
    return [f"community {community[motif]}" if motif in community.index else f"alone {motif}" for motif in motifs]


def frames(planted: list[Motif], heads: list[Motif], min_overlap: int) -> pd.DataFrame:
    """How the site of a node lies on that of the planted motif it stands for.

    Parameters
    ----------
    planted, heads : list of Motif
        Motifs, and the motif of the node of each.
    min_overlap : int
        Fewest aligned columns.

    Returns
    -------
    pd.DataFrame
        Index planted id; ``before`` and ``after``: bases by which the node's site begins later and ends earlier than
        that of the planted motif, read along the planted motif; ``reverse``: whether the node's motif lies on the other
        strand.
    """
    rows = {}
    for motif, head in zip(planted, heads, strict=True):
        aligned = best_alignment([motif], [head], min_overlap)
        offset, reverse = int(aligned.offset[0, 0]), bool(aligned.reverse[0, 0])
        rows[motif.id] = (-offset, offset + motif.width - head.width, reverse)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["before", "after", "reverse"])


def expected_rules(truth: pd.DataFrame, nodes: pd.Series, frames: pd.DataFrame) -> pd.DataFrame:
    """Planted spacing rules as the run would name them.

    Parameters
    ----------
    truth : pd.DataFrame
        ``first second distance same_strand``: read on the strand of the first, the second follows it.
    nodes : pd.Series
        Node of each planted motif that the formula has, indexed by planted id.
    frames : pd.DataFrame
        From :func:`frames`, of the same motifs.

    Returns
    -------
    pd.DataFrame
        One row per rule both of whose motifs have a node: ``first second`` (nodes), ``orientation``, ``order`` and
        ``distance`` as in the table of rules, in the frame of the first.
    """
    rows = []
    for rule in truth.itertuples():
        if rule.first not in nodes.index or rule.second not in nodes.index:
            continue
        first, second = frames.loc[rule.first], frames.loc[rule.second]
        # The second lies on the opposite strand end first: its far end then faces the first motif.
        distance = rule.distance + first["after"] + (second["before"] if rule.same_strand else second["after"])
        same = bool(rule.same_strand) ^ bool(first["reverse"]) ^ bool(second["reverse"])
        order = "second_first" if first["reverse"] else "first_second"
        rows.append((nodes[rule.first], nodes[rule.second], "same" if same else "opposite", order, int(distance)))
    return pd.DataFrame(rows, columns=["first", "second", "orientation", "order", "distance"])


def swapped(rules: pd.DataFrame) -> pd.DataFrame:
    """The same rules with the two motifs of each exchanged."""
    other = {"first_second": "second_first", "second_first": "first_second"}
    # On opposite strands each motif sees the other on the same side.
    order = rules["order"].where(rules["orientation"] == "opposite", rules["order"].map(other))
    return rules.assign(first=rules["second"], second=rules["first"], order=order)


def spacing_agreement(expected: pd.DataFrame, found: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Which planted rules were found, and which found ones were planted.

    Parameters
    ----------
    expected : pd.DataFrame
        From :func:`expected_rules`.
    found : pd.DataFrame
        ``first second orientation order distance`` of the rules called.

    Returns
    -------
    recovered : np.ndarray, shape (expected,), bool
        Called within :data:`TOLERANCE` bases.
    true : np.ndarray, shape (found,), bool
    """
    same = np.zeros((len(expected), len(found)), dtype=bool)
    for table in (found, swapped(found)):
        kinds = [table[column].to_numpy() for column in ("first", "second", "orientation", "order")]
        wanted = [expected[column].to_numpy() for column in ("first", "second", "orientation", "order")]
        alike = np.all([a[:, None] == b[None, :] for a, b in zip(wanted, kinds, strict=True)], axis=0)
        near = np.abs(expected["distance"].to_numpy()[:, None] - table["distance"].to_numpy()) <= TOLERANCE
        same |= alike & near
    return same.any(axis=1), same.any(axis=0)
