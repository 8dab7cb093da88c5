"""What a network says of a distance rule: one site is moved along promoters the network never saw.

Both sites are written into a promoter, then each alone. What the pair adds beyond its parts,
``y(A, B) - y(A) - y(B) + y(neither)``, is averaged over promoters, each with the pair at a place and on a strand of its
own. A network that reads positions in bins resolves distances no finer than these; and where it keeps the best window
of a bin alone, two sites that one filter reads fall short of their sum as soon as they share a bin.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..job import progress
from ..sequence import reverse_complement_codes

Z_95 = 1.959964
COLUMNS = ["first", "second", "orientation", "order", "distance", "n", "effect", "low", "high"]

Predict = Callable[[np.ndarray], np.ndarray]
"""From encoded sequences (n, length) to predictions (n,)."""


class Rule(NamedTuple):
    """How two sites lie, in the frame in which the first is on the forward strand.

    Attributes
    ----------
    first, second : str
        Motif ids.
    orientation : {"same", "opposite", "tandem", "convergent", "divergent"}
        Whether the second is on the strand of the first; how two sites of one motif stand to each other.
    order : {"first_second", "second_first", "either"}
        ``first_second``: the second lies 3' of the first. ``either``, of one motif: its orientation says it all.
    """

    first: str
    second: str
    orientation: str
    order: str

    @property
    def opposite(self) -> bool:
        """Whether the sites lie on different strands."""
        return self.orientation not in ("same", "tandem")

    @property
    def second_follows(self) -> bool:
        """Whether the second lies 3' of the first."""
        return self.order == "first_second" or self.orientation in ("tandem", "convergent")


class Background(NamedTuple):
    """Promoters in which the pair is put, and where.

    Attributes
    ----------
    codes : np.ndarray, shape (promoters, length), uint8
    place : np.ndarray, shape (promoters,)
        From 0 to 1: where, between the first and the last possible place, the first site goes.
    reverse : np.ndarray, shape (promoters,), bool
        Whether the pair is put on the other strand.
    """

    codes: np.ndarray
    place: np.ndarray
    reverse: np.ndarray


def rules_of(spacing: pd.DataFrame, most: int) -> list[Rule]:
    """The first ``most`` different rules of a table with columns ``first second orientation order status``.

    Rows of another status than ``rule`` owe their distance to a stronger rule or to a single site.
    """
    rows = spacing.loc[spacing["status"] == "rule", list(Rule._fields)].drop_duplicates().head(most)
    return [Rule(*row) for row in rows.itertuples(index=False)]


def draw_background(codes: np.ndarray, number: int, rng: np.random.Generator) -> Background:
    """At most ``number`` of the promoters, each with a random place and strand of the pair."""
    chosen = np.sort(rng.choice(len(codes), min(number, len(codes)), replace=False))
    return Background(codes[chosen], rng.random(len(chosen)), rng.random(len(chosen)) < 0.5)


def distances_that_fit(first: np.ndarray, second: np.ndarray, length: int, farthest: int, step: int) -> np.ndarray:
    """Gaps 0, ``step``, ... up to ``farthest``, or to the last one at which both sites fit into ``length`` bases."""
    return np.arange(0, min(farthest, length - len(first) - len(second)) + 1, step)


def interaction(
    predict: Predict, background: Background, rule: Rule, sites: dict[str, np.ndarray], distances: np.ndarray
) -> np.ndarray:
    """What the pair adds beyond its parts, in each promoter and at each distance.

    Parameters
    ----------
    predict : callable
    background : Background
    rule : Rule
    sites : dict of str to np.ndarray, shape (width,), uint8
        Encoded site of each motif.
    distances : np.ndarray, shape (distances,), int
        Bases between the two sites, ascending.

    Returns
    -------
    np.ndarray, shape (promoters, distances)
    """
    first, second = sites[rule.first], sites[rule.second]
    if rule.opposite:
        second = reverse_complement_codes(second)
    frame = np.where(background.reverse[:, None], reverse_complement_codes(background.codes), background.codes)
    before, after = len(second) + distances[-1], 0
    if rule.second_follows:
        before, after = after, before
    places = 1 + frame.shape[1] - before - len(first) - after
    anchor = before + np.minimum((background.place * places).astype(int), places - 1)
    alone = _written(frame, first, anchor)
    variants = [frame, alone]
    for distance in distances:
        offset = len(first) + distance if rule.second_follows else -len(second) - distance
        variants += [_written(frame, second, anchor + offset), _written(alone, second, anchor + offset)]
    sequences = np.stack(variants, axis=1)
    sequences = np.where(background.reverse[:, None, None], reverse_complement_codes(sequences), sequences)
    predicted = np.asarray(predict(sequences.reshape(-1, frame.shape[1])), dtype=float).reshape(len(frame), -1)
    neither, only_first, only_second, both = predicted[:, :1], predicted[:, 1:2], predicted[:, 2::2], predicted[:, 3::2]
    return both - only_first - only_second + neither


def _written(codes: np.ndarray, site: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Sequences with a site written over their bases from ``starts`` on."""
    written = codes.copy()
    written[np.arange(len(codes))[:, None], starts[:, None] + np.arange(len(site))] = site
    return written


def summarise(rule: Rule, distances: np.ndarray, effects: np.ndarray) -> pd.DataFrame:
    """Mean effect at each distance with a normal 95 % interval over promoters.

    Parameters
    ----------
    rule : Rule
    distances : np.ndarray, shape (distances,), int
    effects : np.ndarray, shape (promoters, distances)

    Returns
    -------
    pd.DataFrame
        Columns :data:`COLUMNS`; effects in standard deviations of expression.
    """
    mean, half = effects.mean(axis=0), Z_95 * effects.std(axis=0, ddof=1) / np.sqrt(len(effects))
    values = {"distance": distances, "n": len(effects), "effect": mean, "low": mean - half, "high": mean + half}
    return pd.DataFrame({**rule._asdict(), **values})[COLUMNS]


def relocate(
    networks: list[tuple[Predict, Background]],
    rules: list[Rule],
    sites: dict[str, np.ndarray],
    farthest: int,
    step: int,
) -> pd.DataFrame:
    """The effect of distance for each rule, by several networks, each with promoters that it never saw.

    Parameters
    ----------
    networks : list of (callable, Background)
    rules : list of Rule
    sites : dict of str to np.ndarray, shape (width,), uint8
    farthest, step : int
        Largest distance and distance between distances, in bases.

    Returns
    -------
    pd.DataFrame
        Columns :data:`COLUMNS`; a rule whose sites do not fit into a promoter has no rows.
    """
    tables = [pd.DataFrame(columns=COLUMNS)]
    for rule in progress(rules, len(rules), "distance rules examined"):
        length = networks[0][1].codes.shape[1]
        distances = distances_that_fit(sites[rule.first], sites[rule.second], length, farthest, step)
        if len(distances):
            effects = [interaction(predict, background, rule, sites, distances) for predict, background in networks]
            tables.append(summarise(rule, distances, np.concatenate(effects)))
    return pd.concat(tables[1:] or tables, ignore_index=True)
