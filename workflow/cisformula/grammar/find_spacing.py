"""From sites to spacing rules: all steps in turn, for a run and for its controls."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..job import logger
from ..pwm import Motif
from .site_pairs import SitePairs, add_matched, find_pairs, in_one_per_family
from .spacing import (
    RESOLUTIONS,
    DistanceCounts,
    Limits,
    candidate_bins,
    count_by_distance,
    significant_bins,
    upper_tail,
)
from .spacing_null import expected_pairs
from .spacing_profiles import global_test, helical_test
from .spacing_rules import COMPOSITION, RULE, Rule, RuleFinder, SiteBits, mirror_shift
from .spacing_tables import pair_table

EXCESS_P = 0.05
"""Below it shuffled promoters have more pairs in a bin than their own null explains."""


class Spacing(NamedTuple):
    """What was found.

    Attributes
    ----------
    sites : pd.DataFrame
        One promoter per family.
    pairs : SitePairs
    counts : list of DistanceCounts
        One for each resolution.
    rules : list of Rule
        With their shadows.
    p_limit : float
        Largest p-value that is significant.
    """

    sites: pd.DataFrame
    pairs: SitePairs
    counts: list[DistanceCounts]
    rules: list[Rule]
    p_limit: float


def find_spacing(
    sites: pd.DataFrame,
    nodes: pd.DataFrame,
    motifs: list[Motif],
    families: np.ndarray,
    strata: np.ndarray,
    length: int,
    max_distance: int,
    limits: Limits,
) -> Spacing:
    """Find the distances that pairs of nodes keep.

    Parameters
    ----------
    sites, nodes : pd.DataFrame
        From :func:`cisformula.grammar.node_sites.node_sites` and :func:`cisformula.grammar.node_sites.collapse`.
    motifs : list of Motif
        All motifs of the nodes.
    families : np.ndarray, shape (promoters,)
        Promoters that resemble each other have the same number.
    strata : np.ndarray, shape (promoters,), int
        From :func:`cisformula.grammar.spacing_null.gc_strata`.
    length : int
        Bases of a promoter.
    max_distance : int
        Most bases between two sites.
    limits : Limits
    """
    sites = in_one_per_family(add_matched(sites, nodes, motifs), families)
    pairs = find_pairs(sites, max_distance)
    expected = expected_pairs(sites, pairs, strata, max_distance, length)
    counts = [count_by_distance(pairs, expected, resolution) for resolution in RESOLUTIONS]
    bins, p_limit = significant_bins(counts, limits)
    candidates = candidate_bins(bins, limits)
    by_id = {motif.id: motif for motif in motifs}
    order = sites["motif"].cat.categories
    bits = SiteBits(sites, [by_id[name] for name in order], nodes.set_index("motif").loc[order, "reverse"].to_numpy())
    shifts = np.array([mirror_shift(by_id[name].pfm) for name in sites["node"].cat.categories])
    finder = RuleFinder(sites, pairs, bits, shifts, limits, p_limit, max_distance)
    rules = finder.find(candidates)
    logger.info(
        "%d pairs of %d sites; %d significant bins, p at most %.3g; %d of them reach %d promoters and %g-fold",
        len(pairs.gene),
        len(sites),
        len(bins),
        p_limit,
        len(candidates),
        limits.min_promoters,
        limits.min_fold,
    )
    return Spacing(sites, pairs, counts, rules, p_limit)


def mark_composition(found: Spacing, by_chance: Spacing, limits: Limits) -> None:
    """Give the status ``composition`` to rules of which shuffled promoters show as much.

    In promoters shuffled within short blocks that keep their dinucleotides, no site was placed at a distance from
    another. What recurs there is owed to local composition, as in tracts of few words, which similar motifs match over
    and over. Where the shuffled promoters have more in a rule's most significant bin than their own null explains, the
    rule must hold when as many times more are expected.

    Parameters
    ----------
    found : Spacing
        Its rules are changed in place, those of status ``rule`` only.
    by_chance : Spacing
        Of the same nodes in shuffled promoters.
    limits : Limits
        With which the rules were found.
    """
    for rule in found.rules:
        best = rule.bin
        counts = by_chance.counts[RESOLUTIONS.index(best.resolution)]
        cell = best.pair, best.kind, np.searchsorted(counts.edges, best.low)
        observed, expected = counts.observed[cell], counts.expected[cell]
        if rule.status != RULE or upper_tail(observed, expected) >= EXCESS_P:
            continue
        explained = best.expected * observed / expected
        if not limits.met(best.observed, explained) or upper_tail(best.observed, explained) > found.p_limit:
            rule.status = COMPOSITION


def profile_tests(found: Spacing, names: pd.Series, min_pairs: int) -> pd.DataFrame:
    """The global and the helical test of every pair and class, the distances of rules left out of the latter.

    Parameters
    ----------
    found : Spacing
    names : pd.Series
        Name of each node, by id.
    min_pairs : int
        Fewest pairs of sites.

    Returns
    -------
    pd.DataFrame
        As :func:`cisformula.grammar.spacing_tables.pair_table` returns it.
    """
    fine, coarse = found.counts
    left_out = np.zeros(fine.observed.shape, dtype=bool)
    for rule in found.rules:
        left_out[rule.bin.pair, rule.bin.kind, rule.low : rule.high + 1] = True
    chi2, helix = global_test(coarse), helical_test(fine, left_out)
    return pair_table(fine, found.pairs, chi2, helix, found.sites["node"].cat.categories, names, min_pairs)
