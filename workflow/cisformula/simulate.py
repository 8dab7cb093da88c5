"""Promoters and expression with a known formula, so that a run can be graded against the truth.

Promoters vary in GC content and carry sites sampled from JASPAR matrices. A factor cannot know who wrote its site:
every window that matches a planted motif counts as one, those that arose by chance too. Log expression is a linear
function of the sites, of base composition, of one pair of motifs whose effect depends on each other (context) and of
pairs that add more at a fixed distance (spacing rules), plus gene noise; in groups of cell types some motifs act more
or less than on average. Some motifs form communities, whose sites come together more often than by chance.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from . import hits
from .errors import InputError
from .planted_grammar import SpacingRule, communities, site_rates, spacing_rules
from .pwm import Motif
from .sequence import reverse_complement_codes

DATABASE = "JASPAR2022"
PLANTED = (
    "YY1",
    "NRF1",
    "REST",
    "ELK4",
    "CREB1",
    "NFYA",
    "IRF1",
    "HNF1A",
    "HNF4A",
    "GATA1",
    "TBP",
    "MEF2A",
    "RFX1",
    "USF1",
    "CEBPB",
    "ZNF143",
    "TEAD4",
    "RUNX1",
    "SPI1",
    "FOXA1",
)
"""Names of the motifs that are planted, from different families; the first two form the context rule. Communities and
spacing rules: see :mod:`cisformula.planted_grammar`."""
PROMOTER_GC = ((0.6, 0.62, 0.06), (0.4, 0.45, 0.05))
"""Two classes of promoters, as in vertebrates: (share, mean GC, standard deviation)."""
GENOME_GC = 0.41
SITE_P_VALUE = 1e-4
"""A window is a site of a motif if its score has at most this p-value on either strand, the usual limit of FIMO."""
REGULATORY_WINDOW = (-249, 50)
"""First and last position of the window that carries sites, relative to the TSS (position 0)."""


@dataclass(frozen=True)
class Plan:
    """What is simulated.

    Attributes
    ----------
    genes : int
        Number of genes with a promoter.
    chromosomes : int
        Number of chromosomes the genes are spread over, unevenly.
    sites_per_promoter : tuple of float
        Lowest and highest mean number of sites of one motif that are planted into one promoter.
    explained : float
        Share of the variance of mean log expression that the true linear formula (sites and composition) explains.
    explained_by_composition : float
        The part of it that is GC content.
    cell_types, groups : int
        Number of cell types and of groups they fall into.
    specific : float
        Effect of a motif in the groups where it deviates, in units of the spread of log expression.
    """

    genes: int = 6000
    chromosomes: int = 12
    sites_per_promoter: tuple[float, float] = (0.12, 0.30)
    explained: float = 0.6
    explained_by_composition: float = 0.1
    cell_types: int = 154
    groups: int = 14
    specific: float = 0.25


@dataclass(frozen=True)
class PromoterSet:
    """Simulated promoters.

    Attributes
    ----------
    codes : np.ndarray, shape (genes, 300), uint8
        Sense-strand sequences.
    gc : np.ndarray, shape (genes,)
        GC content each was drawn with.
    sites : pd.DataFrame
        One row per site, planted or there by chance: gene (row number), motif (id), start (0-based in the promoter),
        strand, planted.
    spaced : np.ndarray, shape (genes, rules), bool
        Carries the pair of each of the spacing rules at its distance.
    """

    codes: np.ndarray
    gc: np.ndarray
    sites: pd.DataFrame
    spaced: np.ndarray

    def counts(self, motif_ids: list[str]) -> np.ndarray:
        """Sites per gene and motif, shape (genes, motifs)."""
        table = pd.crosstab(self.sites["gene"], self.sites["motif"])
        return table.reindex(index=range(len(self.codes)), columns=motif_ids, fill_value=0).to_numpy()


def sample_sites(motif: Motif, n_sites: int, rng: np.random.Generator) -> np.ndarray:
    """Sites drawn from a motif's PFM, those below the score of :data:`SITE_P_VALUE` drawn again.

    Returns
    -------
    np.ndarray, shape (n_sites, width), uint8
        Codes 0..3.

    Raises
    ------
    InputError
        If hardly any site of the motif is that strong.
    """
    matrix = hits.score_matrix(motif, [SITE_P_VALUE])
    sites = np.empty((0, motif.width), dtype=np.uint8)
    for _ in range(100):
        drawn = (rng.random((n_sites, motif.width, 1)) > motif.pfm.cumsum(axis=1)[:, :3]).sum(axis=2).astype(np.uint8)
        scores = matrix.scores[np.arange(motif.width), drawn].sum(axis=1)
        sites = np.concatenate([sites, drawn[scores >= matrix.thresholds[0]]])
        if len(sites) >= n_sites:
            return sites[:n_sites]
    raise InputError(
        f"too few sites of its matrix reach p = {SITE_P_VALUE:g}.",
        place=f"motif {motif.id}",
        fix="plant another motif.",
    )


def random_bases(gc: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """Independent bases, one row per entry of ``gc``; shape (len(gc), length), uint8."""
    limits = np.stack([(1 - gc) / 2, np.full_like(gc, 0.5), (1 + gc) / 2], axis=1)
    draws = rng.random((len(gc), length))
    return (draws[:, :, None] > limits[:, None, :]).sum(axis=2).astype(np.uint8)


def simulate_promoters(plan: Plan, motifs: list[Motif], rng: np.random.Generator) -> PromoterSet:
    """Promoters with sites of every motif at random places and strands, the planted ones never overlapping.

    In half of the promoters that are to carry both motifs of a spacing rule, they follow it. The GC content drawn for a
    promoter is that of all its bases: those between the sites make up for the sites, so that sites do not give
    themselves away by the composition.
    """
    length = REGULATORY_WINDOW[1] - REGULATORY_WINDOW[0] + 1
    low = rng.random(plan.genes) < PROMOTER_GC[1][0]
    gc = np.where(low, rng.normal(*PROMOTER_GC[1][1:], plan.genes), rng.normal(*PROMOTER_GC[0][1:], plan.genes))
    gc = gc.clip(0.25, 0.8)
    codes = np.empty((plan.genes, length), dtype=np.uint8)
    means = rng.uniform(*plan.sites_per_promoter, len(motifs))
    numbers = rng.poisson(site_rates(means, communities(len(motifs)), plan.genes, rng))
    stock = [
        iter(sample_sites(motif, int(total), rng)) for motif, total in zip(motifs, numbers.sum(axis=0), strict=True)
    ]
    rules = spacing_rules(len(motifs))
    planted, spaced = [], np.zeros((plan.genes, len(rules)), dtype=bool)
    for gene in range(plan.genes):
        planting = _Planting(codes[gene], np.zeros(length, dtype=bool), motifs, stock, rng)
        left = numbers[gene].copy()
        for number, rule in enumerate(rules):
            if left[rule.first] and left[rule.second] and rng.random() < 0.5:
                spaced[gene, number] = planting.plant_pair(rule)
                left[[rule.first, rule.second]] -= int(spaced[gene, number])
        for index in rng.permutation(len(motifs)):
            for _ in range(left[index]):
                planting.plant(index)
        planted.extend((gene, index, start) for index, start in planting.planted)
        planting.fill(gc[gene])
    return PromoterSet(codes, gc, _matching_sites(codes, motifs, planted), spaced)


def _matching_sites(codes: np.ndarray, motifs: list[Motif], planted: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Every window that matches a motif, and whether it was planted."""
    found = hits.Scanner(motifs, SITE_P_VALUE).hits(codes)
    strand = {1: "+", -1: "-", 0: "."}
    tables = [
        pd.DataFrame(
            {
                "gene": sites.sequence,
                "motif": motif.id,
                "start": sites.start,
                "strand": pd.Series(sites.strand).map(strand),
            }
        )
        for motif, sites in zip(motifs, found, strict=True)
    ]
    ids = [motif.id for motif in motifs]
    written = {(gene, ids[index], start) for gene, index, start in planted}
    table = pd.concat(tables).sort_values(["gene", "start", "motif"], ignore_index=True)
    return table.assign(
        planted=[site in written for site in zip(table["gene"], table["motif"], table["start"], strict=True)]
    )


@dataclass(frozen=True)
class _Planting:
    """One promoter into which sites are written.

    Attributes
    ----------
    promoter : np.ndarray, shape (length,), uint8
    taken : np.ndarray, shape (length,), bool
        Bases of the sites so far.
    motifs : list of Motif
    stock : list of iterator of np.ndarray
        Sampled sites of each motif.
    rng : np.random.Generator
    planted : list of tuple of int
        Index of the motif and first base of each site so far.
    """

    promoter: np.ndarray
    taken: np.ndarray
    motifs: list[Motif]
    stock: list[Iterator[np.ndarray]]
    rng: np.random.Generator
    planted: list[tuple[int, int]] = field(default_factory=list)

    def plant(self, index: int) -> None:
        """Write a site of one motif on a random strand at a random free place, if there is one."""
        start = self._free_start(self.motifs[index].width)
        if start is not None:
            self._write(index, start, reverse=bool(self.rng.random() < 0.5))

    def plant_pair(self, rule: SpacingRule) -> bool:
        """Write the two sites of a spacing rule, read on a random strand; False if there is no room."""
        first, second = self.motifs[rule.first].width, self.motifs[rule.second].width
        start = self._free_start(first + rule.distance + second)
        if start is None:
            return False
        reverse = bool(self.rng.random() < 0.5)
        first_start, second_start = (second + rule.distance, 0) if reverse else (0, first + rule.distance)
        self._write(rule.first, start + first_start, reverse)
        self._write(rule.second, start + second_start, reverse == rule.same_strand)
        return True

    def fill(self, gc: float) -> None:
        """Write random bases between the sites, so that the GC content of the whole is as given, if it can be."""
        in_sites = np.isin(self.promoter[self.taken], (1, 2)).sum()
        n_free = (~self.taken).sum()
        between = np.clip((gc * len(self.taken) - in_sites) / n_free, 0.05, 0.95)
        self.promoter[~self.taken] = random_bases(np.array([between]), n_free, self.rng)[0]

    def _free_start(self, width: int) -> int | None:
        for _ in range(20):
            start = int(self.rng.integers(0, len(self.taken) - width + 1))
            if not self.taken[start : start + width].any():
                return start
        return None

    def _write(self, index: int, start: int, reverse: bool) -> None:
        site = next(self.stock[index])
        end = start + len(site)
        self.promoter[start:end] = reverse_complement_codes(site) if reverse else site
        self.taken[start:end] = True
        self.planted.append((index, start))


@dataclass(frozen=True)
class Truth:
    """The formula that made the expression.

    Attributes
    ----------
    coefficients : np.ndarray, shape (motifs,)
        Change of log10 expression per site, averaged over cell types.
    specific : np.ndarray, shape (motifs, cell types)
        Deviation of that change in each cell type; every row sums to zero.
    groups : np.ndarray, shape (cell types,), str
        Group of each cell type.
    log_expression : np.ndarray, shape (genes, cell types)
        log10 expression.
    """

    coefficients: np.ndarray
    specific: np.ndarray
    groups: np.ndarray
    log_expression: np.ndarray


def simulate_expression(plan: Plan, promoters: PromoterSet, motifs: list[Motif], rng: np.random.Generator) -> Truth:
    """Log expression of every gene in every cell type, from the sites."""
    counts = promoters.counts([motif.id for motif in motifs]).astype(float)
    n_motifs = len(motifs)
    signs = np.where(rng.permutation(n_motifs) < round(0.65 * n_motifs), 1.0, -1.0)
    effects = signs * rng.uniform(0.7, 1.3, n_motifs) / counts.std(axis=0)
    linear = counts @ effects
    scale = np.sqrt(plan.explained - plan.explained_by_composition) / linear.std()
    context = counts[:, 0] * (counts[:, 1] > 0) * abs(effects[0]) * scale
    partners = [rule.second for rule in spacing_rules(n_motifs)]
    spacing = promoters.spaced @ abs(effects[partners]) * scale
    composition = np.sqrt(plan.explained_by_composition) * (promoters.gc - promoters.gc.mean()) / promoters.gc.std()
    noise = rng.normal(0, np.sqrt(1 - plan.explained), plan.genes)
    mean = scale * linear + context + spacing + composition + noise

    groups = np.sort(np.arange(plan.cell_types) % plan.groups)
    specific = np.zeros((n_motifs, plan.cell_types))
    size = min(np.bincount(groups))
    for motif in range(n_motifs):
        up, down = rng.permutation(plan.groups)[:2]
        specific[motif, np.flatnonzero(groups == up)[:size]] = plan.specific
        specific[motif, np.flatnonzero(groups == down)[:size]] = -plan.specific
    own_noise = rng.normal(0, 0.4, (plan.genes, plan.cell_types))
    values = mean[:, None] + counts @ specific + own_noise
    spread = 0.55
    names = np.array([f"lineage_{chr(ord('A') + group)}" for group in groups])
    return Truth(spread * scale * effects, spread * specific, names, 1.0 + spread * values)
