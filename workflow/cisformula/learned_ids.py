"""Which network, run and filter a learned motif comes from, as its id tells: R3M17 is filter 17 of the main run 3."""

import re
from typing import NamedTuple

from .pwm import Motif

MAIN = "main"
"""The networks of the section ``model`` of the configuration, whatever their kind."""


class Origin(NamedTuple):
    """How motifs of one kind of network are told from others.

    Attributes
    ----------
    letter : str
        Their ids begin with it.
    source : str
        What tables call it.
    """

    letter: str
    source: str


ORIGINS = {MAIN: Origin("R", "learned"), "argminn": Origin("A", "ARGMINN")}
"""Networks whose filters may become motifs, under the name of their folder: the main ones, and further ones."""
SOURCES = tuple(origin.source for origin in ORIGINS.values())
_NETWORK_OF_LETTER = {origin.letter: network for network, origin in ORIGINS.items()}
_ID = re.compile(rf"([{''.join(_NETWORK_OF_LETTER)}])(\d+)M(\d+)")


class LearnedId(NamedTuple):
    """The filter that a learned motif was made from; its text is the motif's id.

    Attributes
    ----------
    network : str
        A key of :data:`ORIGINS`.
    run, filter : int
    """

    network: str
    run: int
    filter: int

    def __str__(self) -> str:
        return f"{ORIGINS[self.network].letter}{self.run}M{self.filter}"


def parse(motif_id: str) -> LearnedId | None:
    """The filter that an id names; None if it is not the id of a learned motif."""
    match = _ID.fullmatch(motif_id)
    return LearnedId(_NETWORK_OF_LETTER[match[1]], int(match[2]), int(match[3])) if match else None


def of_network(network: str, motifs: list[Motif]) -> list[Motif]:
    """Those of some learned motifs that networks of one kind, a key of :data:`ORIGINS`, have learned."""
    return [motif for motif in motifs if parse(motif.id).network == network]
