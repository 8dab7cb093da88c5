"""What a variant does to the predictions of the promoters it lies in.

The TSS is the anchor: an insertion or deletion moves the sequence beyond it out of or into the window, whose length
stays the same. Alleles are used as the VCF spells them, after the bases that both share are trimmed, from the end
first.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from .errors import InputError
from .formula import Formula, Reading
from .genome import match_names
from .job import counted, logger
from .scoring import Scorer
from .sequence import encode, reverse_complement_codes
from .vcf import Variant, is_sequence, read_vcf
from .windows import EXAMPLES, Starts, Surroundings, read_starts, read_surroundings

SCORED = "scored"
MISMATCH = "reference_mismatch"
SYMBOLIC = "symbolic_allele"
UNCHANGED = "no_alternative"
TOO_LONG = "too_long"
TSS_LOST = "tss_lost"
CHROMOSOME_END = "chromosome_end"
STATUSES = {
    SCORED: "both alleles are predicted",
    MISMATCH: "the reference allele is not what the genome has there",
    SYMBOLIC: "the alternative is not spelled out in bases (<DEL>, *, breakend)",
    UNCHANGED: "there is no alternative, or it equals the reference",
    TOO_LONG: "more bases of the reference are replaced than asked for (max_indel)",
    TSS_LOST: "the TSS itself is deleted or replaced by another number of bases",
    CHROMOSOME_END: "too few bases are left to fill the window",
}
BATCH = 500
"""Alleles scored at once."""


class Change(NamedTuple):
    """A variant allele in one promoter.

    Attributes
    ----------
    variant : Variant
    alt : str
        The one alternative allele meant here.
    promoter : int
        Row of the promoter.
    from_tss : int
        First changed base, in bp from the TSS along the gene; of an insertion the base it stands before.
    status : str
        One of :data:`STATUSES`.
    codes : np.ndarray or None, shape (length,)
        The window with the alternative allele, on the sense strand; None unless ``status`` is ``scored``.
    """

    variant: Variant
    alt: str
    promoter: int
    from_tss: int
    status: str
    codes: np.ndarray | None


class Effect(NamedTuple):
    """What a change does.

    Attributes
    ----------
    change : Change
    reference, alternative : float
        Standardised log expression; NaN unless scored, as are all that follow.
    composition : float
        What the change of base composition contributes to the difference.
    cell_types : np.ndarray, shape (2, cell types)
        Reference and alternative in each cell type.
    gained, lost, moved : list of (str, float)
        Motifs that have more graded hits, fewer, or as many in other position bins, with the change of what they
        contribute, largest first.
    """

    change: Change
    reference: float
    alternative: float
    composition: float
    cell_types: np.ndarray
    gained: list[tuple[str, float]]
    lost: list[tuple[str, float]]
    moved: list[tuple[str, float]]


def trim(position: int, ref: str, alt: str) -> tuple[int, str, str]:
    """Position and alleles without the bases that both share at their ends, and then at their starts."""
    while ref and alt and ref[-1] == alt[-1]:
        ref, alt = ref[:-1], alt[:-1]
    shared = 0
    while shared < min(len(ref), len(alt)) and ref[shared] == alt[shared]:
        shared += 1
    return position + shared, ref[shared:], alt[shared:]


class Promoters:
    """Promoters in which variants are looked up.

    Parameters
    ----------
    starts : Starts
    surroundings : Surroundings
        Of the windows with ``margin`` bases more on either side.
    upstream, downstream : int
        Bases on either side of the TSS base.
    margin : int
        Most bases of the reference that a scored variant may replace.
    """

    def __init__(self, starts: Starts, surroundings: Surroundings, upstream: int, downstream: int, margin: int):
        self.starts, self.surroundings, self.margin = starts, surroundings, margin
        self.length = upstream + 1 + downstream
        self.before = np.where(starts.reverse, downstream, upstream)
        self.window_starts = starts.positions - self.before
        offset = self.window_starts - surroundings.first
        fits = np.array([len(text) for text in surroundings.sequences]) >= offset + self.length
        whole = (self.window_starts >= 0) & fits
        self._by_chrom: dict[str, tuple[list[int], list[int]]] = {}
        rows = np.flatnonzero(whole)
        for row in rows[np.argsort(self.window_starts[rows], kind="stable")].tolist():
            places, promoters = self._by_chrom.setdefault(surroundings.chroms[row], ([], []))
            places.append(int(self.window_starts[row]))
            promoters.append(row)
        self._chrom_names: dict[str, str | None] = {}
        if not whole.all():
            lost = [starts.ids[row] for row in np.flatnonzero(~whole)]
            logger.warning(
                "%d of %d promoters are left out: they reach over a chromosome's end, or the genome lacks the "
                "chromosome: %s",
                len(lost),
                len(whole),
                ", ".join(lost[:EXAMPLES]) + (" ..." if len(lost) > EXAMPLES else ""),
            )

    def overlapping(self, chrom: str, position: int, n_bases: int) -> list[int]:
        """Promoters whose window holds one of ``n_bases`` bases, or, if there are none, both bases beside ``position``.

        Parameters
        ----------
        chrom : str
            As the VCF calls it; ``chr1`` and ``1`` are the same.
        position : int
            First base, 0-based.
        n_bases : int
        """
        if chrom not in self._chrom_names:
            self._chrom_names[chrom] = match_names([chrom], self._by_chrom).get(chrom)
        places, promoters = self._by_chrom.get(self._chrom_names[chrom], ([], []))
        first, last = (position, position + n_bases - 1) if n_bases else (position - 1, position)
        if n_bases:
            low, high = bisect_left(places, first - self.length + 1), bisect_right(places, last)
        else:
            low, high = bisect_left(places, last - self.length + 1), bisect_right(places, first)
        return promoters[low:high]

    def reference(self, promoter: int) -> np.ndarray:
        """The window of a promoter on the sense strand, encoded, shape (length,)."""
        offset = int(self.window_starts[promoter] - self.surroundings.first[promoter])
        return self._sense(promoter, self.surroundings.sequences[promoter][offset : offset + self.length])

    def changes(self, variant: Variant) -> Iterator[Change]:
        """The alternative alleles of a variant in every promoter they lie in."""
        for alt in variant.alts:
            spelled = is_sequence(alt)
            position, ref, new = trim(variant.position, variant.ref, alt if spelled else variant.ref)
            if not ref and not new:
                position, ref = variant.position, variant.ref
            for promoter in self.overlapping(variant.chrom, position, len(ref)):
                status, codes = SYMBOLIC, None
                if alt in (".", variant.ref):
                    status = UNCHANGED
                elif spelled:
                    status, codes = self._edit(promoter, variant, position, ref, new)
                tss = int(self.starts.positions[promoter])
                last = position + max(len(ref), 1) - 1
                from_tss = tss - last if self.starts.reverse[promoter] else position - tss
                yield Change(variant, alt, promoter, from_tss, status, codes)

    def _edit(
        self, promoter: int, variant: Variant, position: int, ref: str, new: str
    ) -> tuple[str, np.ndarray | None]:
        text, first = self.surroundings.sequences[promoter], int(self.surroundings.first[promoter])
        tss = int(self.starts.positions[promoter])
        if not self._agrees(text, first, variant):
            return MISMATCH, None
        if len(ref) > self.margin:
            return TOO_LONG, None
        if position <= tss < position + len(ref) and len(ref) != len(new):
            return TSS_LOST, None
        edited = text[: position - first] + new + text[position - first + len(ref) :]
        shift = len(new) - len(ref) if position + len(ref) <= tss else 0
        start = tss - first + shift - int(self.before[promoter])
        if start < 0 or start + self.length > len(edited):
            return CHROMOSOME_END, None
        return SCORED, self._sense(promoter, edited[start : start + self.length])

    @staticmethod
    def _agrees(text: str, first: int, variant: Variant) -> bool:
        """Whether the reference allele is what the genome has, as far as it is known here."""
        skipped = max(first - variant.position, 0)
        known = text[max(variant.position - first, 0) :][: len(variant.ref) - skipped]
        return variant.ref[skipped:].startswith(known)

    def _sense(self, promoter: int, window: str) -> np.ndarray:
        codes = encode(window)
        return reverse_complement_codes(codes) if self.starts.reverse[promoter] else codes


def effects(variants: Iterable[Variant], promoters: Promoters, scorer: Scorer) -> Iterator[Effect]:
    """Effects of variants, in their order, scored in batches, so that memory does not grow with their number."""
    waiting: list[Change] = []
    for variant in variants:
        waiting.extend(promoters.changes(variant))
        if len(waiting) >= BATCH:
            yield from _score(waiting, promoters, scorer)
            waiting = []
    yield from _score(waiting, promoters, scorer)


def _score(changes: list[Change], promoters: Promoters, scorer: Scorer) -> Iterator[Effect]:
    scored = [change for change in changes if change.codes is not None]
    n_cell_types = 0 if scorer.cell_types is None else len(scorer.cell_types.cell_types)
    if scored:
        own = {promoter: row for row, promoter in enumerate(dict.fromkeys(change.promoter for change in scored))}
        codes = np.stack([promoters.reference(promoter) for promoter in own] + [change.codes for change in scored])
        table = scorer.read(codes)
    row = 0
    for change in changes:
        if change.codes is None:
            yield Effect(change, np.nan, np.nan, np.nan, np.full((2, n_cell_types), np.nan), [], [], [])
            continue
        pair = [own[change.promoter], len(own) + row]
        row += 1
        reference, alternative = table.predicted[pair]
        hits = table.features[pair]
        gained, lost, moved = _differences(scorer.formula, hits, np.diff(table.contributions[pair], axis=0)[0])
        composition = float(np.diff(table.covariates[pair].sum(axis=1))[0])
        yield Effect(change, reference, alternative, composition, table.cell_types[pair], gained, lost, moved)


def _differences(formula: Formula, hits: np.ndarray, change: np.ndarray) -> list[list[tuple[str, float]]]:
    """Motifs gained, lost and moved between two windows, ``hits`` of shape (2, motifs, bins)."""
    number = np.diff(hits.sum(axis=2), axis=0)[0]
    other_bins = (hits[0] != hits[1]).any(axis=1) & (number == 0)
    found = []
    for rows in (np.flatnonzero(number > 0), np.flatnonzero(number < 0), np.flatnonzero(other_bins)):
        order = rows[np.argsort(-np.abs(change[rows]), kind="stable")]
        found.append(
            [(formula.motifs[i].id, float(change[i])) for i in order if formula.motifs[i].id not in formula.filters]
        )
    return found


def read_promoters(path: str | Path, genome_path: str | Path, reading: Reading, max_indel: int) -> Promoters:
    """Promoters of a BED file on a genome.

    Parameters
    ----------
    path : str or Path
        See :func:`cisformula.windows.read_starts`.
    genome_path : str or Path
        See :func:`cisformula.genome.read_regions`.
    reading : Reading
        Its window is read.
    max_indel : int
        Most bases of the reference that a scored variant may replace.
    """
    starts = read_starts(path, reading.upstream, reading.downstream)
    with TemporaryDirectory() as folder:
        around = read_surroundings(
            starts, genome_path, reading.upstream, reading.downstream, Path(folder, "index"), max_indel
        )
    return Promoters(starts, around, reading.upstream, reading.downstream, max_indel)


def table(vcf: str | Path, promoters: Promoters, scorer: Scorer, strict: bool = False) -> Iterator[str]:
    """The table of effects line by line, header first; at the end the number of each status is logged.

    Raises
    ------
    InputError
        At the end, if ``strict`` and a reference allele is not what the genome has.
    """
    yield _header([] if scorer.cell_types is None else scorer.cell_types.cell_types)
    statuses: Counter[str] = Counter()
    for effect in effects(counted(read_vcf(vcf), "variants"), promoters, scorer):
        statuses[effect.change.status] += 1
        yield _line(effect, promoters.starts, scorer.formula)
    logger.info("%d alleles in promoters", statuses.total())
    for status, number in statuses.most_common():
        logger.info("%s: %d (%s)", status, number, STATUSES[status])
    if strict and statuses[MISMATCH]:
        raise InputError(
            f"{statuses[MISMATCH]} reference alleles are not what the genome has.",
            place=str(vcf),
            fix="give the genome that the variants were called on.",
        )


def _header(cell_types: list[str]) -> str:
    """Column names of :func:`table`."""
    columns = ["chrom", "pos", "id", "ref", "alt", "gene", "strand", "from_tss", "status"]
    columns += ["reference", "alternative", "difference", "log10_difference"]
    columns += ["gained", "lost", "moved", "composition"]
    for name in cell_types:
        columns += [f"reference:{name}", f"alternative:{name}"]
    return "\t".join(columns) + "\n"


def _line(effect: Effect, starts: Starts, formula: Formula) -> str:
    """One row of the table of effects; what was not scored is empty."""
    change = effect.change
    variant = change.variant
    difference = effect.alternative - effect.reference
    words = [variant.chrom, str(variant.position + 1), variant.id, variant.ref, change.alt]
    words += [starts.ids[change.promoter], "-" if starts.reverse[change.promoter] else "+", str(change.from_tss)]
    words += [change.status]
    numbers = [effect.reference, effect.alternative, difference, formula.target_scale * difference]
    words += [_number(value) for value in numbers]
    words += [
        ";".join(f"{name}={value:+.4g}" for name, value in motifs)
        for motifs in (effect.gained, effect.lost, effect.moved)
    ]
    words.append(_number(effect.composition))
    words += [_number(value) for value in effect.cell_types.T.ravel().tolist()]
    return "\t".join(words) + "\n"


def _number(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6g}"
