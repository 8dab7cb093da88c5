"""From significant distances to rules: neighbours joined, and shadows told from what casts them.

Motifs resemble each other, in whole or in part. Where two sites keep a distance, so do all sites that overlap them; and
one long site holds shorter ones, which keep a distance too. Candidates are therefore taken from the smallest p-value
up. Where stronger rules, or single sites of a third node, account for half of the excess or more, what they leave must
hold by itself.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..pwm import Motif, column_information
from .site_pairs import SitePairs
from .spacing import Limits, upper_tail

RULE, SHADOW, ONE_SITE, MIRROR, COMPOSITION = "rule", "shadow", "one_site", "mirror", "composition"
EXPLAINED = 0.5
"""Share of the excess of promoters from which a candidate must hold without those that others account for."""
READ_BITS = 4.0
"""A site reads another if its motif has at least so much information, two exact bases, over it."""
READING_SHARE = 0.1
"""A third node accounts for pairs if its sites read both members of at least this share of them."""
PALINDROME = 0.8
"""Correlation with its own reverse complement from which a motif says little about the strand of its sites."""


@dataclass
class Rule:
    """A distance that two nodes keep, or seem to.

    Attributes
    ----------
    bin : tuple
        The most significant bin, with the columns of :data:`cisformula.grammar.spacing.BIN_COLUMNS`.
    low, high : int
        First and last distance of the rule, which joins neighbouring bins.
    instances : np.ndarray, shape (pairs of sites,), int64
        Indices of its pairs of sites.
    unexplained : int
        Promoters of the most significant bin for which nothing stronger accounts.
    status : str
        ``rule``; ``shadow`` of a stronger rule; its ``mirror``, which is the same rule where a palindromic site is read
        on its other strand; ``one_site``: both sites lie in one site of a third node; or ``composition``: shuffled
        promoters have it too, see :func:`cisformula.grammar.find_spacing.mark_composition`.
    shadow_of : int or str or None
        Index of the stronger rule, or id of the third node.
    """

    bin: tuple
    low: int
    high: int
    instances: np.ndarray
    unexplained: int
    status: str = RULE
    shadow_of: int | str | None = None

    def joins(self, candidate: tuple) -> bool:
        """Whether a bin of the same pair, class and resolution lies next to the rule's."""
        same = (self.bin.pair, self.bin.kind, self.bin.resolution)
        if same != (candidate.pair, candidate.kind, candidate.resolution):
            return False
        return candidate.low <= self.high + 1 and candidate.high >= self.low - 1


class PairIndex:
    """Finds the pairs of sites of two nodes in one class and range of distances.

    Parameters
    ----------
    pairs : SitePairs
    max_distance : int
    """

    def __init__(self, pairs: SitePairs, max_distance: int):
        self._step = max_distance + 1
        key = (pairs.pair * 4 + pairs.kind) * self._step + pairs.distance
        self._order = np.argsort(key, kind="stable")
        self._key = key[self._order]

    def find(self, pair: int, kind: int, low: int, high: int) -> np.ndarray:
        """Indices of the pairs with ``low <= distance <= high``."""
        base = (pair * 4 + kind) * self._step
        return self._order[np.searchsorted(self._key, base + low) : np.searchsorted(self._key, base + high, "right")]


class SiteBits:
    """How much information sites have over the bases of others.

    Parameters
    ----------
    sites : pd.DataFrame
        ``motif strand matched_start``.
    motifs : list of Motif
        In the order of the categories of ``motif``.
    reverse : np.ndarray, shape (motifs,), bool
        Whether a motif lies along its node's on the other strand.
    """

    def __init__(self, sites: pd.DataFrame, motifs: list[Motif], reverse: np.ndarray):
        bits = np.zeros((len(motifs), max(motif.width for motif in motifs) + 1))
        for row, motif in zip(bits, motifs, strict=True):
            row[1 : motif.width + 1] = column_information(motif.pfm)
        self._bits = bits.cumsum(axis=1)
        self._motif = sites["motif"].cat.codes.to_numpy(np.int64)
        self._width = np.array([motif.width for motif in motifs])[self._motif]
        self._start = sites["matched_start"].to_numpy(np.int64)
        self._forward = (sites["strand"].to_numpy() > 0) != reverse[self._motif]

    def over(self, site: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Bits of sites over the bases low..high-1, shape (sites,); 0 where they do not reach.

        Parameters
        ----------
        site : np.ndarray, shape (sites,), int
            Rows of the table of sites.
        low, high : np.ndarray, shape (sites,), int
        """
        start, width, forward, motif = self._start[site], self._width[site], self._forward[site], self._motif[site]
        first, last = np.clip(low - start, 0, width), np.clip(high - start, 0, width)
        first, last = np.where(forward, first, width - last), np.where(forward, last, width - first)
        return self._bits[motif, last] - self._bits[motif, first]


def mirror_shift(pfm: np.ndarray) -> float:
    """By how many bases the site of a palindromic motif moves when it is read on the other strand.

    NaN for other motifs.

    Parameters
    ----------
    pfm : np.ndarray, shape (width, 4)
    """
    flipped, best = pfm[::-1, ::-1] - 0.25, (PALINDROME, np.nan)
    width = len(pfm)
    for shift in range(-(width // 2), width // 2 + 1):
        mine = pfm[max(0, shift) : width + min(0, shift)] - 0.25
        other = flipped[max(0, -shift) : width - max(0, shift)]
        norm = np.sqrt((mine**2).sum() * (other**2).sum())
        if norm > 0 and (mine * other).sum() / norm >= best[0]:
            best = ((mine * other).sum() / norm, float(abs(shift)))
    return best[1]


@dataclass
class Accounts:
    """The places of the accepted rules: two spans in a promoter, and the rule that accounts for them."""

    places: dict[int, list[tuple[int, int, int, int, int]]] = field(default_factory=dict)

    def add(self, rule: int, gene: np.ndarray, spans: np.ndarray) -> None:
        """Enter instances of a rule; ``spans`` holds start and end of the first and of the second site."""
        for row, span in zip(gene.tolist(), spans.tolist(), strict=True):
            self.places.setdefault(row, []).append((*span, rule))

    def explaining(self, gene: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """For each pair of sites the first rule with an instance whose two sites both overlap them; -1 if none."""
        found = np.full(len(gene), -1)
        for index, (row, span) in enumerate(zip(gene.tolist(), spans.tolist(), strict=True)):
            for *other, rule in self.places.get(row, ()):
                if _overlap(span, other) or _overlap(span, other[2:] + other[:2]):
                    found[index] = rule
                    break
        return found


def _overlap(one: list[int], other: list[int]) -> bool:
    """Whether first site overlaps first site, and second site second site."""
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


class RuleFinder:
    """Turns candidate bins into rules.

    Parameters
    ----------
    sites : pd.DataFrame
        ``gene node motif strand matched_start matched_end``, by gene.
    pairs : SitePairs
        All pairs of these sites up to ``max_distance``.
    bits : SiteBits
        Of these sites.
    shifts : np.ndarray, shape (nodes,)
        From :func:`mirror_shift`.
    limits : Limits
    p_limit : float
        Largest p-value that is significant.
    max_distance : int
    """

    def __init__(
        self,
        sites: pd.DataFrame,
        pairs: SitePairs,
        bits: SiteBits,
        shifts: np.ndarray,
        limits: Limits,
        p_limit: float,
        max_distance: int,
    ):
        self.pairs, self.limits, self.p_limit = pairs, limits, p_limit
        self._bits, self._shifts, self._index = bits, shifts, PairIndex(pairs, max_distance)
        self._start, self._end = (sites[column].to_numpy(np.int64) for column in ("matched_start", "matched_end"))
        self._node, self._names = sites["node"].cat.codes.to_numpy(np.int64), sites["node"].cat.categories
        gene = sites["gene"].to_numpy(np.int64)
        self._first_site = np.searchsorted(gene, np.arange(int(gene.max(initial=0)) + 2))
        self._accounts, self.rules = Accounts(), []

    def find(self, candidates: pd.DataFrame) -> list[Rule]:
        """Rules and shadows of candidate bins, the most significant first.

        Parameters
        ----------
        candidates : pd.DataFrame
            As :func:`cisformula.grammar.spacing.candidate_bins` returns it.
        """
        for candidate in candidates.itertuples(index=False):
            instances = self._index.find(candidate.pair, candidate.kind, candidate.low, candidate.high)
            neighbour = next((n for n, rule in enumerate(self.rules) if rule.joins(candidate)), None)
            if neighbour is not None:
                self._extend(neighbour, candidate, instances)
            else:
                self._judge(candidate, instances)
        return self.rules

    def _extend(self, number: int, candidate: tuple, instances: np.ndarray) -> None:
        rule = self.rules[number]
        rule.low, rule.high = min(rule.low, candidate.low), max(rule.high, candidate.high)
        rule.instances = np.concatenate([rule.instances, instances])
        if rule.status == RULE:
            self._accounts.add(number, *self._places(instances))

    def _judge(self, candidate: tuple, instances: np.ndarray) -> None:
        gene, spans = self._places(instances)
        by_rule = self._accounts.explaining(gene, spans)
        by_node = self._reading_nodes(instances, gene, spans)
        left = len(np.unique(gene[(by_rule < 0) & (by_node < 0)]))
        rule = Rule(candidate, candidate.low, candidate.high, instances, left)
        mirrored = self._mirrored(candidate)
        explained = candidate.observed - left >= EXPLAINED * (candidate.observed - candidate.expected)
        if explained and not self._holds(left, candidate.expected):
            if (by_rule >= 0).sum() >= (by_node >= 0).sum():
                rule.status, rule.shadow_of = SHADOW, int(np.bincount(by_rule[by_rule >= 0]).argmax())
            else:
                rule.status, rule.shadow_of = ONE_SITE, self._names[np.bincount(by_node[by_node >= 0]).argmax()]
        elif mirrored is not None:
            rule.status, rule.shadow_of = MIRROR, mirrored
            self._accounts.add(mirrored, gene, spans)
        else:
            self._accounts.add(len(self.rules), gene, spans)
        self.rules.append(rule)

    def _holds(self, observed: int, expected: float) -> bool:
        return bool(self.limits.met(observed, expected) and upper_tail(observed, expected) <= self.p_limit)

    def _places(self, instances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Promoter of pairs of sites, and start and end of their first and second site, shape (pairs, 4)."""
        first, second = self.pairs.first[instances], self.pairs.second[instances]
        spans = [self._start[first], self._end[first], self._start[second], self._end[second]]
        return self.pairs.gene[instances], np.stack(spans, axis=1)

    def _reading_nodes(self, instances: np.ndarray, gene: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """For each pair of sites the third node of which one site reads both; -1 if none that does so often."""
        number = self._first_site[gene + 1] - self._first_site[gene]
        row = np.repeat(np.arange(len(gene)), number)
        site = np.arange(len(row)) + np.repeat(self._first_site[gene] - np.cumsum(number) + number, number)
        reads = (site != self.pairs.first[instances][row]) & (site != self.pairs.second[instances][row])
        for low, high in ((0, 1), (2, 3)):
            reads &= self._bits.over(site, spans[row, low], spans[row, high]) >= READ_BITS
        row, node = row[reads], self._node[site[reads]]
        times = np.bincount(node, minlength=len(self._names))
        found = np.full(len(gene), -1)
        # Where several nodes do, the one that does so most often stands for them: it is written last.
        rank = np.argsort(times[node], kind="stable")
        rank = rank[times[node[rank]] >= READING_SHARE * len(gene)]
        found[row[rank]] = node[rank]
        return found

    def _mirrored(self, candidate: tuple) -> int | None:
        """The stronger rule of which a palindromic node, read on its other strand, would make the candidate."""
        first, second = (self._node[index] for index in self._nodes_of(candidate))
        shifts = self._shifts[[first, second]]
        # In the frame of the first site: to turn it changes orientation and order, to turn the second orientation only.
        turns = {2: shifts[1], 3: shifts[0], 1: shifts.sum()}
        for number, rule in enumerate(self.rules):
            if rule.status != RULE or rule.bin.pair != candidate.pair or rule.bin.kind == candidate.kind:
                continue
            kinds = {rule.bin.kind ^ candidate.kind}
            if first == second:
                kinds = set(turns)
            for kind in kinds:
                reach = turns[kind] + 1
                if candidate.low <= rule.high + reach and candidate.high >= rule.low - reach:
                    return number
        return None

    def _nodes_of(self, candidate: tuple) -> tuple[int, int]:
        instance = self._index.find(candidate.pair, candidate.kind, candidate.low, candidate.high)[0]
        return self.pairs.first[instance], self.pairs.second[instance]
