"""A user's peaks on a genome as a binary task: windows at peaks, and as many of the same GC content off them.

Windows at peaks follow Tseng et al. 2024 (arXiv 2410.06211): 500 bases whose central 400 overlap the peak by at least
half of the smaller of the two, moved at random in training. Matching the GC content of the unbound windows, and keeping
them off all peaks and away from unknown bases, is our own choice.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import InputError
from ..features import gc_and_cpg
from ..genome import GenomeRegions, read_regions
from ..job import logger
from ..sequence import UNKNOWN, encode
from .chromosome_split import SETS, split_chromosomes
from .examples import Examples
from .intervals import Intervals
from .peak_file import Peaks, shift_limits
from .peak_source import LENGTH, MARGIN, PeakSource

CLEAR = 200
"""Bases on either side of an unbound window that must be known."""
MOST = {"train": 100_000, "validation": 2_500, "test": 10_000}
"""Most bound windows of each set; more are thinned at random."""
MOST_READING = 10_000
POOL = {"train": 3, "validation": 1, "test": 1}
"""Unbound windows for each bound one. Those of training are a pool from which every epoch draws anew."""
GC_BINS = 20
ROUNDS = 8
"""Times that the genome is searched for unbound windows of the GC contents still missing."""
FIRST_DRAWN = 3
"""Windows drawn in the first round for each that is wanted."""
MOST_DRAWN = 100_000
"""Most windows drawn for a set in a round, so that memory stays bounded."""
REGION_COLUMNS = ["set", "label", "chrom", "start", "end", "gc"]


@dataclass(frozen=True)
class Windows:
    """Windows of one length on a genome.

    Attributes
    ----------
    chroms : np.ndarray of str, shape (windows,)
    starts : np.ndarray, shape (windows,), int64
        0-based.
    codes : np.ndarray, shape (windows, bases), uint8
        On the plus strand; the window and as many bases more on either side.
    gc_bin : np.ndarray, shape (windows,), int
        Bin of GC content; -1 outside that of all bound windows, and where there are no bins yet.
    """

    chroms: np.ndarray
    starts: np.ndarray
    codes: np.ndarray
    gc_bin: np.ndarray

    def rows(self, chosen: np.ndarray) -> "Windows":
        """Some of the windows."""
        return Windows(self.chroms[chosen], self.starts[chosen], self.codes[chosen], self.gc_bin[chosen])

    def inner(self) -> np.ndarray:
        """The windows without the bases around them, shape (windows, LENGTH)."""
        around = (self.codes.shape[1] - LENGTH) // 2
        return self.codes[:, around : around + LENGTH]

    def regions(self, name: str, label: int) -> pd.DataFrame:
        """A row for each window, with :data:`REGION_COLUMNS`."""
        columns = [name, label, self.chroms, self.starts, self.starts + LENGTH, gc_content(self.inner())]
        return pd.DataFrame(dict(zip(REGION_COLUMNS, columns, strict=True)), columns=REGION_COLUMNS)


def gc_content(codes: np.ndarray) -> np.ndarray:
    """Share of C and G among the bases of each window, shape (windows,)."""
    return gc_and_cpg(codes)[:, 0] / codes.shape[1]


def gc_bins(gc: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Bin of each GC content between ascending edges; -1 below the first or above the last."""
    return np.where((gc < edges[0]) | (gc > edges[-1]), -1, np.searchsorted(edges[1:-1], gc, side="right"))


@dataclass(frozen=True)
class GenomeFile:
    """Where the genome is, and where the index of a plain FASTA file may be written."""

    path: str | Path
    index: str | Path

    def around(self, chroms: np.ndarray, starts: np.ndarray, margin: int) -> tuple[GenomeRegions, np.ndarray]:
        """Windows with ``margin`` bases on either side; what lies beyond a chromosome's end is unknown.

        Returns
        -------
        tuple of GenomeRegions and np.ndarray, shape (windows, LENGTH + 2 * margin), uint8
        """
        first, width = starts - margin, LENGTH + 2 * margin
        found = read_regions(self.path, {"chrom": chroms, "start": first, "end": first + width}, self.index)
        codes = np.full((len(chroms), width), UNKNOWN, dtype=np.uint8)
        for row, (sequence, offset) in enumerate(zip(found.sequences, found.starts - first, strict=True)):
            codes[row, offset : offset + len(sequence)] = encode(sequence)
        return found, codes


@dataclass(frozen=True)
class PeakExamples:
    """All sets of a task of peaks.

    Attributes
    ----------
    train : dict of str to np.ndarray
        Arguments of :class:`cisformula.argminn.peak_source.PeakSource`, but for the seed.
    validation, reading, test : Examples
        Bound windows come first.
    regions : pd.DataFrame
        :data:`REGION_COLUMNS`; the windows of each set in the order of its arrays.
    """

    train: dict[str, np.ndarray]
    validation: Examples
    reading: Examples
    test: Examples
    regions: pd.DataFrame

    def source(self, seed: int) -> PeakSource:
        """New examples of the training chromosomes for every epoch."""
        return PeakSource(**self.train, seed=seed)


def make_examples(
    peaks: Peaks, genome: GenomeFile, test: list[str] | None, validation: list[str] | None, seed: int
) -> PeakExamples:
    """Windows at peaks and unbound ones of the same GC content, in sets that share no chromosome.

    Parameters
    ----------
    peaks : Peaks
    genome : GenomeFile
    test, validation : list of str or None
        See :func:`split_chromosomes`.
    seed : int

    Raises
    ------
    InputError
        No peak lies on the genome, and what :func:`split_chromosomes` and :func:`cisformula.genome.read_regions` raise.
    """
    rng = np.random.default_rng(seed)
    found, codes = genome.around(peaks.chroms, peaks.middles - LENGTH // 2, MARGIN)
    if not found.names:
        raise InputError(
            f"has none of the chromosomes of the peaks ({', '.join(dict.fromkeys(peaks.chroms[:3].tolist()))} ...).",
            place=str(genome.path),
            fix="give the genome that the peaks lie on ('chr1' and '1' are taken as the same).",
        )
    peaks = peaks._replace(chroms=np.array([found.names.get(chrom, "") for chrom in peaks.chroms]))
    whole = (codes[:, MARGIN : MARGIN + LENGTH] != UNKNOWN).all(axis=1)
    logger.info(
        "%d peaks; %d left out: their windows hold unknown bases, reach over a chromosome's end, or the genome lacks "
        "the chromosome",
        len(whole),
        (~whole).sum(),
    )
    present = set(peaks.chroms[whole].tolist())
    lengths = {chrom: length for chrom, length in found.lengths.items() if chrom in present}
    split = split_chromosomes(lengths, test, validation)
    own_set = np.array([split.get(chrom, "") for chrom in peaks.chroms])
    chosen = _choose(peaks, own_set, whole, rng)
    low, high = (limit[chosen] for limit in shift_limits(peaks))
    codes = codes[chosen]
    low, high = _within_known(codes, low, high)
    gc = gc_content(codes[:, MARGIN : MARGIN + LENGTH])
    edges = np.unique(np.quantile(gc, np.linspace(0, 1, GC_BINS + 1)))
    bound = Windows(peaks.chroms[chosen], peaks.middles[chosen] - LENGTH // 2, codes, gc_bins(gc, edges))
    own_set = own_set[chosen]
    taken = Intervals(peaks.chroms, peaks.starts, peaks.ends)
    unbound = _Search(genome, taken, lengths, split, edges, rng).find(bound, own_set)
    return _assemble(bound, own_set, low, high, unbound, rng)


def _choose(peaks: Peaks, own_set: np.ndarray, whole: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of the peaks that are used, in file order: whole windows, each once, and not too many of a set."""
    places = pd.DataFrame({"chrom": peaks.chroms, "middle": peaks.middles})
    usable = whole & ~places.duplicated().to_numpy()
    chosen = []
    for name in SETS:
        rows = np.flatnonzero(usable & (own_set == name))
        if len(rows) > MOST[name]:
            logger.info("%s: %d of %d peaks, drawn at random", name, MOST[name], len(rows))
            rows = rng.choice(rows, MOST[name], replace=False)
        chosen.append(rows)
    return np.sort(np.concatenate(chosen))


def _within_known(codes: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits of the shift that keep the moved window free of unknown bases; ``codes`` have the margin."""
    before = codes[:, :MARGIN][:, ::-1] == UNKNOWN
    after = codes[:, MARGIN + LENGTH :] == UNKNOWN
    reach = [np.where(side.any(axis=1), side.argmax(axis=1), MARGIN) for side in (before, after)]
    return np.maximum(low, -reach[0]), np.minimum(high, reach[1])


@dataclass(frozen=True)
class _Search:
    """Search of the genome for unbound windows of given GC contents.

    Attributes
    ----------
    genome : GenomeFile
    taken : Intervals
        All peaks, those that are not used too.
    lengths : dict of str to int
        Bases of each chromosome that may be searched.
    split : dict of str to str
        Set of each of them.
    edges : np.ndarray
        Of the bins of GC content.
    rng : np.random.Generator
    """

    genome: GenomeFile
    taken: Intervals
    lengths: dict[str, int]
    split: dict[str, str]
    edges: np.ndarray
    rng: np.random.Generator

    def find(self, bound: Windows, own_set: np.ndarray) -> dict[str, Windows]:
        """Unbound windows of each set: in each bin :data:`POOL` for each bound one, or all that were found."""
        n_bins = max(len(self.edges) - 1, 1)
        sizes = {name: np.bincount(bound.gc_bin[own_set == name], minlength=n_bins) for name in SETS}
        missing = {name: POOL[name] * size for name, size in sizes.items()}
        # How often a random window is of each bin: at first unknown, and the same as among the bound windows.
        rates = {name: np.maximum(size, 1) / max(size.sum(), 1) / FIRST_DRAWN for name, size in sizes.items()}
        drawn, seen = dict.fromkeys(SETS, 0), {name: np.zeros(n_bins) for name in SETS}
        kept: dict[str, list[Windows]] = {name: [] for name in SETS}
        for number in range(ROUNDS):
            n_drawn = {
                name: int(min(np.ceil((missing[name] / rates[name]).max()), MOST_DRAWN))
                for name in SETS
                if missing[name].any()
            }
            if not n_drawn:
                break
            logger.info("round %d: %d random windows", number + 1, sum(n_drawn.values()))
            windows, of_set = self._draw(n_drawn)
            for name in n_drawn:
                own = np.flatnonzero((of_set == name) & (windows.gc_bin >= 0))
                drawn[name] += n_drawn[name]
                seen[name] += np.bincount(windows.gc_bin[own], minlength=n_bins)
                rates[name] = (seen[name] + 0.5) / (drawn[name] + 1)
                first = own[_place_in_bin(windows.gc_bin[own]) < missing[name][windows.gc_bin[own]]]
                missing[name] = missing[name] - np.bincount(windows.gc_bin[first], minlength=n_bins)
                kept[name].append(windows.rows(first))
        return {name: _join(parts, name) for name, parts in kept.items()}

    def _draw(self, n_drawn: dict[str, int]) -> tuple[Windows, np.ndarray]:
        """Random windows off the peaks, with nothing unknown near them, and their sets."""
        chroms, starts = [], []
        for name, number in n_drawn.items():
            own = [chrom for chrom, own_set in self.split.items() if own_set == name and self.lengths[chrom] >= LENGTH]
            places = np.array([self.lengths[chrom] - LENGTH + 1 for chrom in own])
            ends = places.cumsum()
            place = self.rng.integers(0, ends[-1], number)
            which = np.searchsorted(ends, place, side="right")
            chroms.append(np.array(own)[which])
            starts.append(place - (ends - places)[which])
        chrom, start = np.concatenate(chroms), np.concatenate(starts)
        of_set = np.repeat(np.array(list(n_drawn)), list(n_drawn.values()))
        off = ~self.taken.overlap(chrom, start, start + LENGTH)
        off &= ~pd.DataFrame({"chrom": chrom, "start": start}).duplicated().to_numpy()
        chrom, start, of_set = chrom[off], start[off], of_set[off]
        codes = self.genome.around(chrom, start, CLEAR)[1]
        known = (codes != UNKNOWN).all(axis=1)
        codes = codes[known, CLEAR : CLEAR + LENGTH]
        return Windows(chrom[known], start[known], codes, gc_bins(gc_content(codes), self.edges)), of_set[known]


def _place_in_bin(gc_bin: np.ndarray) -> np.ndarray:
    """How many windows of the same bin come before each, shape of ``gc_bin``."""
    return pd.Series(gc_bin).groupby(gc_bin).cumcount().to_numpy()


def _join(parts: list[Windows], name: str) -> Windows:
    """Windows of all rounds of a set, sorted by bin, each once."""
    if not sum(len(part.starts) for part in parts):
        raise InputError(
            f"found no unbound window of the GC content of peaks for the {name} set.",
            place="peaks and genome",
            fix="give peaks that leave most of their chromosomes free, or another split.",
        )
    joined = Windows(
        *(np.concatenate(columns) for columns in zip(*(vars(part).values() for part in parts), strict=True))
    )
    new = ~pd.DataFrame({"chrom": joined.chroms, "start": joined.starts}).duplicated().to_numpy()
    joined = joined.rows(new)
    return joined.rows(np.argsort(joined.gc_bin, kind="stable"))


def _assemble(
    bound: Windows,
    own_set: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    unbound: dict[str, Windows],
    rng: np.random.Generator,
) -> PeakExamples:
    """The sets, without the bound windows for whose GC content the genome has too few unbound ones."""
    rows = {name: _matched(bound, np.flatnonzero(own_set == name), unbound[name], name, rng) for name in SETS}
    own, pool = rows["train"], unbound["train"]
    train = {
        "bound": bound.codes[own],
        "low": low[own],
        "high": high[own],
        "bound_bin": bound.gc_bin[own],
        "unbound": pool.codes,
        "unbound_bin": pool.gc_bin,
    }
    regions = [bound.rows(own).regions("train", 1), pool.regions("train", 0)]
    held_out = {}
    for name in ("validation", "test"):
        parts = bound.rows(rows[name]), unbound[name]
        # As many of either in every bin: a bin's surplus of unbound windows was not kept by the search.
        codes = np.concatenate([part.inner() for part in parts])
        label = np.repeat(np.array([1, 0], dtype=np.float32), [len(part.starts) for part in parts])
        held_out[name] = Examples(codes, label)
        regions += [part.regions(name, 1 - number) for number, part in enumerate(parts)]
    reading = np.sort(np.concatenate([rows["train"], rows["validation"]]))
    if len(reading) > MOST_READING:
        reading = np.sort(rng.choice(reading, MOST_READING, replace=False))
    read = bound.rows(reading)
    regions.append(read.regions("reading", 1))
    return PeakExamples(
        train,
        held_out["validation"],
        Examples(read.inner(), np.ones(len(reading), dtype=np.float32)),
        held_out["test"],
        pd.concat(regions, ignore_index=True),
    )


def _matched(bound: Windows, rows: np.ndarray, unbound: Windows, name: str, rng: np.random.Generator) -> np.ndarray:
    """Rows of bound windows that have partners: in training a bin needs one, elsewhere as many as bound windows."""
    partners = np.bincount(unbound.gc_bin, minlength=bound.gc_bin.max() + 1)
    shuffled = rng.permutation(rows)
    gc_bin = bound.gc_bin[shuffled]
    place = np.zeros(len(rows), dtype=int) if name == "train" else _place_in_bin(gc_bin)
    kept = shuffled[place < partners[gc_bin]]
    logger.info(
        "%s: %d bound windows, %d unbound; %d peaks left out for want of unbound windows of their GC content",
        name,
        len(kept),
        len(unbound.starts),
        len(rows) - len(kept),
    )
    return np.sort(kept)
