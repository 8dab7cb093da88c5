"""The grammar of the simulated promoters: communities of motifs, and pairs that keep their distance."""

from typing import NamedTuple

import numpy as np

MEMBERS = 4
"""Motifs of a community; as many motifs at the end of the list belong to none."""
ACTIVE_SHARE = 0.15
"""Share of the promoters in which a community is active."""
ENRICHMENT = 8.0
"""How many times as many sites its members have there as elsewhere."""


class SpacingRule(NamedTuple):
    """Two motifs whose sites lie at one distance.

    Attributes
    ----------
    first, second : int
        Indices of the motifs. Read on the strand of the first, the second follows it.
    distance : int
        Bases between the two sites.
    same_strand : bool
        Whether the second lies on the strand of the first.
    """

    first: int
    second: int
    distance: int
    same_strand: bool


def communities(n_motifs: int) -> list[list[int]]:
    """Indices of the motifs of each community."""
    last = max(0, n_motifs - MEMBERS)
    return [list(range(start, start + MEMBERS)) for start in range(0, last - MEMBERS + 1, MEMBERS)]


def spacing_rules(n_motifs: int) -> list[SpacingRule]:
    """Two motifs of no community on one strand, and, where there are communities, two of the first on opposite ones.

    None of the demo's four is nearly a palindrome, whose strand would be anyone's guess.
    """
    rules = [SpacingRule(n_motifs - 2, n_motifs - 1, 6, True)]
    if groups := communities(n_motifs):
        rules.append(SpacingRule(*groups[0][-2:], 12, False))
    return rules


def site_rates(means: np.ndarray, groups: list[list[int]], n_promoters: int, rng: np.random.Generator) -> np.ndarray:
    """Expected number of planted sites of every motif in every promoter, shape (promoters, motifs).

    Parameters
    ----------
    means : np.ndarray, shape (motifs,)
        Expected number in a promoter of which nothing is known.
    groups : list of list of int
        From :func:`communities`.
    n_promoters : int
    rng : np.random.Generator
    """
    rates = np.tile(means, (n_promoters, 1))
    elsewhere = 1 / (1 + ACTIVE_SHARE * (ENRICHMENT - 1))
    for members in groups:
        active = rng.random((n_promoters, 1)) < ACTIVE_SHARE
        rates[:, members] *= np.where(active, ENRICHMENT, 1.0) * elsewhere
    return rates
