"""From sites to spacing rules: all steps in turn, for a run and for its controls."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..job import logger
from ..pwm import Motif
from .site_pairs import SitePairs, add_matched, find_pairs, one_per_family
from .spacing import RESOLUTIONS, DistanceCounts, Limits, candidate_bins, count_by_distance, significant_bins
from .spacing_null import expected_pairs
from .spacing_rules import Rule, RuleFinder, SiteBits, mirror_shift


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
    """

    sites: pd.DataFrame
    pairs: SitePairs
    counts: list[DistanceCounts]
    rules: list[Rule]


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
    sites = one_per_family(add_matched(sites, nodes, motifs), families)
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
    return Spacing(sites, pairs, counts, rules)
