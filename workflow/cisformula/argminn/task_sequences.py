"""Sequences of a simulated task, with every planted site kept as truth."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..pwm import Motif
from ..sequence import reverse_complement_codes
from .examples import Examples
from .tasks import Configuration, Gap, Task

MATCH = 0.9
"""Mean probability of a window's bases in a PFM from which it counts as a match, as published."""
REDRAWS = 1000
"""Times that matches in the background are redrawn before giving up."""
WORD = 6
"""Bases at the start of a window that tell most windows apart from matches."""
SETS = {"validation": (640, 640), "reading": (10_000, 0), "test": (10_000, 10_000)}
"""Bound and unbound sequences of the fixed sets; as published but for the test, which had 640 of either."""
GC_LEVELS = np.arange(1, 20) / 20
"""GC contents of the sweep, as published."""
PER_GC_LEVEL = 200
"""Sequences of each label at a level of the sweep."""
SITE_COLUMNS = ["sequence", "motif", "start", "end", "strand"]
SET_STREAM, EPOCH_STREAM = 0, 1
"""First key of the random streams that :func:`set_stream` and :class:`TaskSource` spawn from a seed."""


@dataclass(frozen=True)
class Simulated:
    """Sequences of a task and what was planted into them.

    Attributes
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    label : np.ndarray, shape (sequences,), float32
        1 for bound.
    configuration : np.ndarray, shape (sequences,), int8
        Index among the task's configurations of that label.
    sites : pd.DataFrame
        One row per planted site, of unbound sequences too, by sequence and start: ``sequence`` (row), ``motif`` (name),
        ``start`` and ``end`` (0-based, half-open, on the sequence as it is here), ``strand`` (``+``, ``-``).
    motifs : list of Motif
        What the sites were drawn from.
    """

    codes: np.ndarray
    label: np.ndarray
    configuration: np.ndarray
    sites: pd.DataFrame
    motifs: list[Motif]

    def examples(self) -> Examples:
        """The sequences without the truth."""
        return Examples(self.codes, self.label)

    def save(self, path: str | Path, sites_path: str | Path) -> None:
        """Write the sequences as ``.npz`` and the sites as a table, the same bytes for the same content."""
        np.savez(path, codes=self.codes, label=self.label, configuration=self.configuration)
        self.sites.to_csv(sites_path, sep="\t", index=False, compression={"method": "gzip", "mtime": 0})

    @classmethod
    def load(cls, path: str | Path, sites_path: str | Path, motifs: list[Motif]) -> "Simulated":
        """Read what :meth:`save` wrote."""
        sites = pd.read_csv(sites_path, sep="\t", dtype={"motif": str, "strand": str})
        with np.load(path) as arrays:
            return cls(arrays["codes"], arrays["label"], arrays["configuration"], sites, motifs)


def simulate(
    task: Task, motifs: list[Motif], n_positive: int, n_negative: int, rng: np.random.Generator, gc: float = 0.5
) -> Simulated:
    """Draw sequences of a task, in random order.

    The background is free of matches (:func:`clear_of_matches`) before sites are written into it. Half of the sequences
    are then reverse complemented, and so is their truth.

    Parameters
    ----------
    task : Task
    motifs : list of Motif
        From :func:`cisformula.argminn.tasks.planted_motifs`.
    n_positive, n_negative : int
    rng : np.random.Generator
    gc : float
        GC content of the background.
    """
    n = n_positive + n_negative
    label = rng.permutation(np.repeat(np.array([1, 0], dtype=np.float32), [n_positive, n_negative]))
    codes = clear_of_matches(draw_background((n, task.length), gc, rng), motifs, gc, rng)
    configuration = np.zeros(n, dtype=np.int8)
    by_name = {motif.id: motif for motif in motifs}
    planted = []
    for bound in (1, 0):
        choices, rows = task.configurations(bound), np.flatnonzero(label == bound)
        configuration[rows] = rng.choice(len(choices), len(rows), p=[choice.weight for choice in choices])
        for number, choice in enumerate(choices):
            own = rows[configuration[rows] == number]
            planted += _plant(codes, own, choice, by_name, task.jitter, rng)
    flipped = np.zeros(n, dtype=bool)
    flipped[rng.permutation(n)[: n // 2]] = True
    codes[flipped] = reverse_complement_codes(codes[flipped])
    return Simulated(codes, label, configuration, _site_table(planted, flipped, task.length), motifs)


def draw_background(shape: tuple[int, int], gc: float, rng: np.random.Generator) -> np.ndarray:
    """Independent bases, uint8: C and G with half of ``gc`` each, A and T with half of the rest."""
    strong = rng.random(shape, dtype=np.float32) < gc
    second = rng.integers(0, 2, shape, dtype=np.uint8)
    return np.where(strong, 1 + second, 3 * second)


def clear_of_matches(codes: np.ndarray, motifs: list[Motif], gc: float, rng: np.random.Generator) -> np.ndarray:
    """The background with every window that matches a PFM on either strand drawn again, until none is left.

    A window matches if the mean probability of its bases reaches :data:`MATCH`. A PFM whose most frequent bases are
    less probable than that on average has no matches.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        Changed in place.
    motifs : list of Motif
    gc : float
    rng : np.random.Generator

    Raises
    ------
    InputError
        Matches turn up again and again.
    """
    pfms = [pfm for motif in motifs for pfm in (motif.pfm, motif.pfm[::-1, ::-1])]
    pfms = [pfm for pfm in pfms if pfm.max(axis=1).mean() >= MATCH]
    if not redraw(codes, partial(_in_matches, pfms=pfms), gc, rng):
        raise InputError(
            f"background of GC content {gc:g} matches a planted motif however often it is drawn.",
            place="simulated task",
            fix="choose a GC content further from that of the motifs.",
        )
    return codes


def redraw(codes: np.ndarray, find: Callable[[np.ndarray], np.ndarray], gc: float, rng: np.random.Generator) -> bool:
    """Draw bases of the background that must not be there again, in place, until there are none.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    find : callable
        From some of the sequences to whether each of their bases is to be drawn again, of the same shape.
    gc : float
    rng : np.random.Generator

    Returns
    -------
    bool
        False if they turn up again and again, :data:`REDRAWS` times.
    """
    rows = np.arange(len(codes))
    for _ in range(REDRAWS):
        redrawn = find(codes[rows])
        hit = redrawn.any(axis=1)
        rows, redrawn = rows[hit], redrawn[hit]
        if not len(rows):
            return True
        codes[rows] = np.where(redrawn, draw_background(redrawn.shape, gc, rng), codes[rows])
    return False


def _in_matches(codes: np.ndarray, pfms: list[np.ndarray]) -> np.ndarray:
    """Whether each base lies in a window that matches one of the PFMs, shape of the codes."""
    found = np.zeros(codes.shape, dtype=bool)
    word = min([WORD, *map(len, pfms)])
    words = _words(codes, word)
    for pfm in pfms:
        row, start = _matches(codes, words, word, pfm)
        found[row[:, None], start[:, None] + np.arange(len(pfm))] = True
    return found


def _words(codes: np.ndarray, length: int) -> np.ndarray:
    """Number of the word of some bases that begins at each position, shape (sequences, positions)."""
    n_words = codes.shape[1] - length + 1
    words = np.zeros((len(codes), n_words), dtype=np.uint16)
    for place in range(length):
        words *= 4
        words += codes[:, place : place + n_words]
    return words


def _matches(codes: np.ndarray, words: np.ndarray, word: int, pfm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and first bases of the windows that match a PFM; ``words`` of ``word`` bases are those of the codes."""
    width = len(pfm)
    least = MATCH * width - 1e-9
    # A word whose bases leave too much to the rest of the window cannot begin a match.
    totals = np.zeros(1)
    for column in pfm[:word]:
        totals = (totals[:, None] + column).ravel()
    promising = totals + pfm[word:].max(axis=1).sum() >= least
    row, start = np.nonzero(promising[words[:, : codes.shape[1] - width + 1]])
    windows = codes[row[:, None], start[:, None] + np.arange(width)]
    match = pfm[np.arange(width), windows].sum(axis=1) >= least
    return row[match], start[match]


def draw_sites(pfm: np.ndarray, n_sites: int, rng: np.random.Generator) -> np.ndarray:
    """Sites drawn from a PFM, shape (n_sites, width), uint8."""
    limits = pfm.cumsum(axis=1)[:, :3]
    return (rng.random((n_sites, len(pfm), 1)) > limits).sum(axis=2).astype(np.uint8)


def draw_gaps(gap: Gap, n_gaps: int, rng: np.random.Generator) -> np.ndarray:
    """Numbers of bases between two sites, shape (n_gaps,)."""
    return rng.choice(np.array(list(gap)), n_gaps, p=np.array(list(gap.values())))


def _plant(
    codes: np.ndarray,
    rows: np.ndarray,
    configuration: Configuration,
    motifs: dict[str, Motif],
    jitter: int,
    rng: np.random.Generator,
) -> list[pd.DataFrame]:
    """Write a configuration into some sequences; one table of sites, as planted, for each of its motifs."""
    starts, total = [], np.zeros(len(rows), dtype=int)
    for number, name in enumerate(configuration.motifs):
        if number:
            total = total + draw_gaps(configuration.gaps[number - 1], len(rows), rng)
        starts.append(total)
        total = total + motifs[name].width
    first = codes.shape[1] // 2 - total // 2 + rng.integers(-jitter, jitter + 1, len(rows))
    tables = []
    for name, strand, start in zip(configuration.motifs, configuration.strands, starts, strict=True):
        site = draw_sites(motifs[name].pfm, len(rows), rng)
        reverse = rng.random(len(rows)) < {"+": 0.0, "-": 1.0, "?": 0.5}[strand]
        start = first + start
        codes[rows[:, None], start[:, None] + np.arange(site.shape[1])] = np.where(
            reverse[:, None], reverse_complement_codes(site), site
        )
        columns = {"sequence": rows, "motif": name, "start": start, "end": start + site.shape[1], "reverse": reverse}
        tables.append(pd.DataFrame(columns))
    return tables


def _site_table(planted: list[pd.DataFrame], flipped: np.ndarray, length: int) -> pd.DataFrame:
    """Sites on the sequences as they are after some were reverse complemented."""
    if not planted:
        return pd.DataFrame(columns=SITE_COLUMNS)
    sites = pd.concat(planted, ignore_index=True)
    turned = flipped[sites["sequence"]]
    sites["start"], sites["end"] = (
        np.where(turned, length - sites["end"], sites["start"]),
        np.where(turned, length - sites["start"], sites["end"]),
    )
    sites["strand"] = np.where(sites["reverse"].to_numpy() ^ turned, "-", "+")
    return sites.sort_values(["sequence", "start"], kind="stable", ignore_index=True)[SITE_COLUMNS]


def shares(task: Task, simulated: Simulated) -> pd.DataFrame:
    """How often each configuration was planned and planted: ``label configuration planned share``."""
    rows = []
    for label in (1, 0):
        own = simulated.configuration[simulated.label == label]
        for number, configuration in enumerate(task.configurations(label) if len(own) else ()):
            rows.append((label, configuration.describe(), configuration.weight, (own == number).mean()))
    return pd.DataFrame(rows, columns=["label", "configuration", "planned", "share"])


def gc_sweep(task: Task, motifs: list[Motif], rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Sequences whose background has each of :data:`GC_LEVELS`: ``codes``, ``label`` and ``gc`` (the level) of each."""
    levels = [simulate(task, motifs, PER_GC_LEVEL, PER_GC_LEVEL, rng, gc) for gc in GC_LEVELS]
    return {
        "codes": np.concatenate([level.codes for level in levels]),
        "label": np.concatenate([level.label for level in levels]),
        "gc": np.repeat(GC_LEVELS, 2 * PER_GC_LEVEL),
    }


def set_stream(seed: int, number: int) -> np.random.Generator:
    """Random numbers of a fixed set of sequences, none of which an epoch of the same seed uses."""
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(SET_STREAM, number)))


@dataclass(frozen=True)
class TaskSource:
    """New sequences of a task for every epoch.

    Attributes
    ----------
    task : Task
    motifs : list of Motif
    seed : int
    """

    task: Task
    motifs: list[Motif]
    seed: int

    @property
    def length(self) -> int:
        """Bases of a sequence."""
        return self.task.length

    def epoch(self, number: int, size: int) -> Examples:
        """``size`` examples of epoch ``number``, half of them bound."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(EPOCH_STREAM, number)))
        return simulate(self.task, self.motifs, size // 2, size - size // 2, rng).examples()
