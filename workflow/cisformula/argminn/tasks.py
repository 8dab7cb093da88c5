"""Simulated tasks whose motifs and syntax are known: six as Tseng et al. 2024 name them, three more, and plain forms.

Tseng et al. (arXiv 2410.06211) published the names of their tasks, plots of the planted motifs and numbers from which
the number of planted sites per bound sequence follows. They did not publish the configurations. Here the shares of the
configurations are such that the number of sites comes out the same; the kind of syntax follows the name of the task.
Everything else, that is matrices, their columns, gaps, strands, the remaining shares, all unbound sequences and
:data:`SHARPENED`, is our own choice and not the authors'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

import numpy as np

from ..errors import InputError
from ..pwm import Motif

DATABASE = "JASPAR2022"
LENGTH = 500
"""Bases of a sequence, as published."""
JITTER = 50
"""Most bases by which the middle of a configuration lies off the middle of the sequence, as published."""


class Columns(NamedTuple):
    """Some columns of a JASPAR matrix: its id, the first column (0-based) and the one after the last."""

    matrix: str
    first: int
    end: int


SOURCES = {
    "SPI1": Columns("MA0080.6", 2, 15),
    "TAL1": Columns("MA0091.1", 2, 12),
    "GATA1": Columns("MA0035.4", 2, 9),
    "E2F6": Columns("MA0471.2", 3, 11),
    "MAX": Columns("MA0058.3", 1, 8),
    "JUND_CRE": Columns("MA0492.1", 3, 14),
    "JUND_TRE": Columns("MA0491.2", 2, 11),
    "TEAD4": Columns("MA0809.2", 2, 10),
    "REST_left": Columns("MA0138.2", 0, 9),
    "REST_right": Columns("MA0138.2", 11, 21),
    "CTCF": Columns("MA0139.1", 3, 17),
}
"""Planted motifs: matrices of JASPAR 2022 without their flanks of low information, so that a filter can hold one.

TAL1 binds as a dimer with TCF3. JASPAR has two matrices of JUND: with a CRE (TGACGTCA) and with a TRE (TGACTCA). The
two halves of the site of REST are cut from its matrix; the two columns between them, which say little, are a gap.
"""
SHARPENED = 1.5
"""Power to which the frequencies of some tasks are raised before sites are drawn: such sites vary less than in cells.

These are the tasks with a motif that holds fewer than 12 bits as JASPAR has it (GATA1 9.8, REST_left 10.9, MAX 11.1,
E2F6 and TEAD4 11.3, REST_right 11.5): with some 1,000 windows on both strands of a sequence, sites of 10 bits stand in
most sequences by chance. With JASPAR's frequencies the best possible accuracy (:mod:`cisformula.argminn.oracle`) of
E2F6_MAX (0.89) and JUND_TEAD4 (0.98) would lie below what the authors report for their network. The tasks of SPI1 and
CTCF have JASPAR's frequencies.
"""

Gap = Mapping[int, float]
"""Bases between two sites, and the probability of each number."""


def exactly(bases: int) -> Gap:
    """Always this many bases."""
    return {bases: 1.0}


def evenly(*ranges: tuple[int, int]) -> Gap:
    """Any number of bases within the ranges, both ends included, each as likely."""
    values = [value for first, last in ranges for value in range(first, last + 1)]
    return dict.fromkeys(values, 1 / len(values))


def mixed(*parts: tuple[float, Gap]) -> Gap:
    """Gaps with the weights that come before them."""
    gap: dict[int, float] = {}
    for weight, part in parts:
        for bases, share in part.items():
            gap[bases] = gap.get(bases, 0.0) + weight * share
    return gap


@dataclass(frozen=True)
class Configuration:
    """Sites side by side, as they lie on one strand; half of the sequences have them on the other, in opposite order.

    Attributes
    ----------
    weight : float
        Share among the bound, or the unbound, sequences of a task.
    motifs : tuple of str
        Names in their order; none for background alone.
    strands : str
        ``+``, ``-`` or ``?`` (either, as likely) for each motif.
    gaps : tuple of Gap
        Bases between each site and the next.
    """

    weight: float
    motifs: tuple[str, ...] = ()
    strands: str = ""
    gaps: tuple[Gap, ...] = ()

    def describe(self) -> str:
        """The configuration in words: ``REST_left(+) 2 or 7 to 10 bp REST_right(+)``."""
        sites = [f"{motif}({strand})" for motif, strand in zip(self.motifs, self.strands, strict=True)]
        words = [word for site, gap in zip(sites, self.gaps, strict=False) for word in (site, describe_gap(gap))]
        return " ".join([*words, *sites[-1:]]) or "background"


BACKGROUND = Configuration(1.0)


@dataclass(frozen=True)
class Task:
    """A binary problem: sequences with one of some configurations against sequences with one of others.

    Attributes
    ----------
    name : str
    description : str
        What tells bound from unbound sequences.
    positives, negatives : tuple of Configuration
        The weights of either sum to one.
    sites_per_thousand : int
        Planted sites in 1,000 bound sequences.
    sanitised : bool
        Every site is the consensus of its motif.
    sharpness : float
        Power to which the frequencies of the matrices are raised.
    length : int
        Bases of a sequence.
    jitter : int
        Most bases by which the middle of a configuration lies off the middle of the sequence, all as likely.
    """

    name: str
    description: str
    positives: tuple[Configuration, ...]
    negatives: tuple[Configuration, ...] = (BACKGROUND,)
    sanitised: bool = False
    sharpness: float = 1.0
    length: int = LENGTH
    jitter: int = JITTER
    sites_per_thousand: int = field(init=False)

    def __post_init__(self):
        """Count the sites."""
        sites = sum(configuration.weight * len(configuration.motifs) for configuration in self.positives)
        object.__setattr__(self, "sites_per_thousand", round(1000 * sites))

    def configurations(self, label: int) -> tuple[Configuration, ...]:
        """Those of bound (1) or unbound (0) sequences."""
        return self.positives if label else self.negatives

    @property
    def motifs(self) -> list[str]:
        """Names of the planted motifs, those of bound sequences first."""
        configurations = (*self.positives, *self.negatives)
        return list(dict.fromkeys(motif for configuration in configurations for motif in configuration.motifs))


def describe_gap(gap: Gap) -> str:
    """A gap in words: ``2 or 7 to 10 bp``."""
    values = sorted(gap)
    starts = [value for value in values if value - 1 not in gap]
    ends = [value for value in values if value + 1 not in gap]
    runs = [str(start) if start == end else f"{start} to {end}" for start, end in zip(starts, ends, strict=True)]
    return " or ".join(runs) + " bp"


def sanitised(task: Task) -> Task:
    """The same task with the consensus for every site; its name ends in ``_sanitised``."""
    description = f"{task.description} Every site is the consensus."
    return replace(task, name=f"{task.name}_sanitised", description=description, sanitised=True)


REST_GAP = mixed((0.5, exactly(2)), (0.5, evenly((7, 10))))
"""As in the matrix of REST (hard), or from 5 to 8 bases more (soft), as Johnson et al. (2007, Science 316:1497) and
others saw in cells."""
WRONG_REST_GAP = evenly((0, 1), (3, 6), (11, 24))
ANY_GAP = evenly((0, 20))
HALVES = ("REST_left", "REST_right")

_TASKS = (
    Task(
        "SPI1",
        "Single motif: one site of SPI1 against background.",
        positives=(Configuration(1.0, ("SPI1",), "+"),),
    ),
    Task(
        "TAL1_GATA1",
        "Mixture: a site of TAL1, of GATA1, or of both in any order, against background.",
        positives=(
            Configuration(0.368, ("TAL1",), "+"),
            Configuration(0.368, ("GATA1",), "+"),
            Configuration(0.264, ("TAL1", "GATA1"), "??", (ANY_GAP,)),
        ),
        sharpness=SHARPENED,
    ),
    Task(
        "E2F6_MAX",
        "Cooperation: sites of E2F6 and MAX together, rarely E2F6 alone, against either alone.",
        positives=(
            Configuration(0.921, ("E2F6", "MAX"), "??", (ANY_GAP,)),
            Configuration(0.079, ("E2F6",), "+"),
        ),
        negatives=(
            Configuration(0.3, ("E2F6",), "+"),
            Configuration(0.3, ("MAX",), "+"),
            Configuration(0.4),
        ),
        sharpness=SHARPENED,
    ),
    Task(
        "JUND_TEAD4",
        "Hard spacing: a CRE of JUND alone, or a TRE of JUND 10 bases before a site of TEAD4, against both at "
        "other gaps, either alone, and background.",
        positives=(
            Configuration(0.518, ("JUND_CRE",), "+"),
            Configuration(0.482, ("JUND_TRE", "TEAD4"), "++", (exactly(10),)),
        ),
        # Against background alone, a site of TEAD4 says all, and its gap to JUND nothing. At a gap of less than the
        # width of a filter, one filter that sees the ends of both sites would hide the gap in itself.
        negatives=(
            Configuration(0.25, ("JUND_TRE", "TEAD4"), "++", (evenly((0, 9), (11, 20)),)),
            Configuration(0.125, ("JUND_TRE",), "+"),
            Configuration(0.125, ("TEAD4",), "+"),
            Configuration(0.5),
        ),
        sharpness=SHARPENED,
    ),
    Task(
        "REST",
        "Hard and soft spacing: both halves of a site of REST at an allowed gap, against both at other gaps or one.",
        positives=(Configuration(1.0, HALVES, "++", (REST_GAP,)),),
        negatives=(
            Configuration(0.5, HALVES, "++", (WRONG_REST_GAP,)),
            Configuration(0.25, ("REST_left",), "+"),
            Configuration(0.25, ("REST_right",), "+"),
        ),
        sharpness=SHARPENED,
    ),
    Task(
        "SPI1_CTCF",
        "Repression: one site of SPI1, against SPI1 with CTCF beside it, CTCF alone and background.",
        positives=(Configuration(1.0, ("SPI1",), "+"),),
        negatives=(
            Configuration(0.6, ("SPI1", "CTCF"), "??", (ANY_GAP,)),
            Configuration(0.2, ("CTCF",), "+"),
            Configuration(0.2),
        ),
    ),
    Task(
        "GATA1_density",
        "Density: three or four sites of GATA1 against up to two, on any strands.",
        positives=(
            Configuration(0.5, ("GATA1",) * 3, "???", (ANY_GAP,) * 2),
            Configuration(0.5, ("GATA1",) * 4, "????", (ANY_GAP,) * 3),
        ),
        negatives=(
            Configuration(0.3),
            Configuration(0.3, ("GATA1",), "+"),
            Configuration(0.4, ("GATA1",) * 2, "??", (ANY_GAP,)),
        ),
        sharpness=SHARPENED,
    ),
    Task(
        "CTCF_spacing",
        "Soft spacing: two sites of CTCF on one strand 10 to 14 bases apart, against two at other gaps and one alone.",
        positives=(Configuration(1.0, ("CTCF", "CTCF"), "++", (evenly((10, 14)),)),),
        negatives=(
            Configuration(0.7, ("CTCF", "CTCF"), "++", (evenly((0, 6), (18, 30)),)),
            Configuration(0.3, ("CTCF",), "+"),
        ),
    ),
    Task(
        "REST_v2",
        "Spacing alone: both halves of a site of REST at an allowed gap, against both halves at other gaps.",
        positives=(Configuration(1.0, HALVES, "++", (REST_GAP,)),),
        negatives=(Configuration(1.0, HALVES, "++", (WRONG_REST_GAP,)),),
        sharpness=SHARPENED,
    ),
)

PUBLISHED_TASKS = [task.name for task in _TASKS[:6]]
"""The six of the paper's main comparison, in its order."""
TASKS: dict[str, Task] = {task.name: task for task in (*_TASKS, *map(sanitised, _TASKS))}
"""All tasks by name."""


def find_task(name: str) -> Task:
    """A task by its name.

    Raises
    ------
    InputError
        There is none.
    """
    if name not in TASKS:
        raise InputError(
            f"there is no task '{name}'.",
            place="configuration key argminn/tasks",
            fix=f"choose from {', '.join(TASKS)}.",
        )
    return TASKS[name]


def planted_motifs(task: Task) -> list[Motif]:
    """PFMs that the sites of a task are drawn from, by the names the task has for them, cut from JASPAR's matrices.

    Frequencies have the MEME Suite's pseudocount and are raised to the task's sharpness; in a sanitised task the most
    frequent base has all of them.
    """
    motifs = []
    for name in task.motifs:
        matrix, first, end = SOURCES[name]
        whole = _matrices()[matrix]
        pfm = whole.smoothed()[first:end] ** task.sharpness
        if task.sanitised:
            pfm = np.eye(4)[pfm.argmax(axis=1)]
        motifs.append(Motif(name, name, pfm / pfm.sum(axis=1, keepdims=True), whole.nsites))
    return motifs


@cache
def _matrices() -> dict[str, Motif]:
    # Training knows the tasks too, and its environment has no JASPAR.
    from ..jaspar import load_database

    return {motif.id: motif for motif in load_database(DATABASE).motifs}
