"""What an ARGMINN has learned, as something to write sequences with: motifs, their arrangements, the gaps between them.

How Tseng et al. 2024 (arXiv 2410.06211) made designs from rules is not public; everything here is our own.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from ..archetypes import archetypes
from ..errors import InputError
from ..pwm import Motif
from .configurations import NONE
from .filter_motifs import filter_id
from .frames import NO_STRAND
from .site_gaps import KEY, classify
from .tasks import JITTER

LEAST_SHARE = 0.01
"""Arrangements in a smaller share of the bound sequences are not written."""
BEYOND = 20
"""Bases beyond the longest gap of a rule among which gaps that no rule allows are looked for."""

Site = tuple[str, str]
"""A motif's name and its strand: ``+``, ``-``, or ``.`` for a palindrome."""


@dataclass(frozen=True)
class Element:
    """A motif as it is written: the filters that share a frame, merged.

    Attributes
    ----------
    name : str
    pfm : np.ndarray, shape (columns, 4)
        Above 0 everywhere.
    first : int
        Column of the frame at which ``pfm`` begins; gaps are between frames.
    width : int
        Columns of the frame.
    palindrome : bool
        Whether the frame has no strand.
    """

    name: str
    pfm: np.ndarray
    first: int
    width: int
    palindrome: bool

    @property
    def overhang(self) -> int:
        """Most columns by which ``pfm`` reaches over either end of the frame."""
        return max(-self.first, self.first + len(self.pfm) - self.width, 0)

    def start(self, reverse: np.ndarray) -> np.ndarray:
        """Where the bases begin, counted from the frame's first base, for frames on the forward or reverse strand."""
        return np.where(reverse, self.width - self.first - len(self.pfm), self.first)


@dataclass(frozen=True)
class Spacing:
    """Gaps between two neighbouring sites.

    Attributes
    ----------
    gaps : np.ndarray, shape (gaps,), int
        Those of the rules of such pairs, or all that were seen where there is no rule.
    shares : np.ndarray, shape (gaps,)
        Their relative frequencies; sum to one.
    forbidden : np.ndarray, int
        Gaps that no rule of such pairs allows; empty where there is no rule.
    """

    gaps: np.ndarray
    shares: np.ndarray
    forbidden: np.ndarray


@dataclass(frozen=True)
class Arrangement:
    """Sites from left to right.

    Attributes
    ----------
    text : str
        As :func:`cisformula.argminn.configurations.configuration` writes it.
    share : float
        Of the bound sequences that were read.
    sites : tuple of Site
    spacings : tuple of Spacing
        Between each site and the next.
    """

    text: str
    share: float
    sites: tuple[Site, ...]
    spacings: tuple[Spacing, ...]


def read_elements(frames: pd.DataFrame, motifs: list[Motif]) -> dict[str, Element]:
    """Motifs to write by their names.

    Parameters
    ----------
    frames : pd.DataFrame
        From :func:`cisformula.argminn.frames.similar_filters`.
    motifs : list of Motif
        Trimmed motifs of the filters. Filters that share a frame are averaged, weighted by their sites.
    """
    elements = {}
    for name, rows in frames.groupby("motif", sort=False):
        ids = rows["filter"].map(filter_id)
        cluster = rows.assign(cluster=0, motif=ids, representative=ids.iloc[0])
        ((merged, first),) = archetypes(motifs, cluster)
        frame = rows.iloc[0]
        elements[name] = Element(name, merged.smoothed(), first, int(frame["width"]), bool(frame["palindrome"]))
    return elements


def read_arrangements(
    configurations: pd.DataFrame,
    gaps: pd.DataFrame,
    rules: pd.DataFrame,
    elements: dict[str, Element],
    length: int,
    jitter: int = JITTER,
) -> list[Arrangement]:
    """Arrangements to write, the most frequent first.

    Gaps of neighbouring sites are taken from all pairs of the same two motifs, orientation and order, wherever else in
    a sequence these lie.

    Parameters
    ----------
    configurations : pd.DataFrame
        ``configuration share``, from :func:`cisformula.argminn.configurations.count_configurations`.
    gaps : pd.DataFrame
        From :func:`cisformula.argminn.site_gaps.gap_table`.
    rules : pd.DataFrame
        From :func:`cisformula.argminn.syntax.find_rules`.
    elements : dict of str to Element
    length, jitter : int
        Bases of the sequences, and by how many the middle of an arrangement may lie off theirs. Arrangements and gaps
        that do not fit are left out.

    Raises
    ------
    InputError
        No arrangement is left.
    """
    arrangements = []
    for row in configurations[configurations["share"] >= LEAST_SHARE].itertuples():
        if row.configuration == NONE:
            continue
        sites = sites_of(row.configuration, elements)
        free = length - 2 * jitter - sum(elements[name].width + 2 * elements[name].overhang for name, _ in sites)
        longest = free // max(len(sites) - 1, 1)
        spacings = [_spacing(*pair, gaps, rules, longest) for pair in pairwise(sites)]
        if free >= 0 and None not in spacings:
            arrangements.append(Arrangement(row.configuration, row.share, tuple(sites), tuple(spacings)))
    if not arrangements:
        raise InputError(
            f"no arrangement of motifs is in {LEAST_SHARE:.0%} of the bound sequences, so that there is none to write.",
            place="readouts/configurations.tsv",
            fix="lower argminn/syntax_attention, or train longer (argminn/epochs).",
        )
    return arrangements


def sites_of(configuration: str, elements: dict[str, Element]) -> list[Site]:
    """The sites behind a configuration's text.

    Raises
    ------
    InputError
        It names a motif that is not among the elements.
    """
    written: dict[str, Site] = {}
    for name, element in elements.items():
        strands = {NO_STRAND: name} if element.palindrome else {"+": f"{name}+", "-": f"{name}-"}
        written |= {text: (name, strand) for strand, text in strands.items()}
    # Names may hold blanks and begin alike: the longest that fits is meant.
    word = "|".join(map(re.escape, sorted(written, key=len, reverse=True)))
    if not written or not re.fullmatch(f"(?:{word})(?: (?:{word}))*", configuration):
        raise InputError(
            f"'{configuration}' holds a motif that is not among {', '.join(elements)}.",
            place="readouts/configurations.tsv",
            fix="make frames.tsv and configurations.tsv anew, from the same network.",
        )
    return [written[text] for text in re.findall(word, configuration)]


def pair_class(left: Site, right: Site) -> tuple[str, str, str, str]:
    """First, second, orientation and order of two neighbouring sites, as in the table of gaps."""
    sites = [(*left, 0), (*right, 1)]
    row = {}
    for which, (name, strand, start) in zip(("first", "second"), sorted(sites, key=_name_then_place), strict=True):
        row |= {which: name, f"strand_{which}": strand, f"start_{which}": start, f"end_{which}": start + 1}
    return tuple(classify(pd.DataFrame([row])).loc[0, KEY])


def _name_then_place(site: tuple[str, str, int]) -> tuple[str, int]:
    return site[0], site[2]


def _spacing(left: Site, right: Site, gaps: pd.DataFrame, rules: pd.DataFrame, longest: int) -> Spacing | None:
    """Gaps of up to ``longest`` bases between two sites; None if there is none."""
    key = pair_class(left, right)
    seen, ruled = (table[(table[KEY] == list(key)).all(axis=1)] for table in (gaps, rules))
    seen = seen[(seen["n"] > 0) & (seen["gap"] <= longest)]
    forbidden = np.empty(0, dtype=int)
    if len(ruled):
        seen = seen[_in_rules(seen["gap"].to_numpy(), ruled)]
        candidates = np.arange(0, min(longest, ruled["high"].max() + BEYOND) + 1)
        forbidden = candidates[~_in_rules(candidates, ruled)]
    if seen.empty:
        return None
    return Spacing(seen["gap"].to_numpy(int), (seen["n"] / seen["n"].sum()).to_numpy(), forbidden)


def _in_rules(gap: np.ndarray, rules: pd.DataFrame) -> np.ndarray:
    low, high = rules["low"].to_numpy(), rules["high"].to_numpy()
    return ((gap[:, None] >= low) & (gap[:, None] <= high)).any(axis=1)
