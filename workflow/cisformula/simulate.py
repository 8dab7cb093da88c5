"""Promoters and expression with a known formula, so that a run can be graded against the truth.

Promoters vary in GC content and carry weak sites sampled from JASPAR matrices. Log expression is a linear function of
the sites, of base composition, of one pair of motifs whose effect depends on each other (context) and of one pair that
adds more at a fixed distance (spacing rule), plus gene noise; in groups of cell types some motifs act more or less than
on average.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

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
"""Names of the motifs that are planted, from different families; the first two form the context rule, the last two the
spacing rule."""
PROMOTER_GC = ((0.6, 0.62, 0.06), (0.4, 0.45, 0.05))
"""Two classes of promoters, as in vertebrates: (share, mean GC, standard deviation)."""
GENOME_GC = 0.41
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
        Lowest and highest mean number of sites of one motif in one promoter.
    explained : float
        Share of the variance of mean log expression that the true linear formula (sites and composition) explains.
    explained_by_composition : float
        The part of it that is GC content.
    cell_types, groups : int
        Number of cell types and of groups they fall into.
    specific : float
        Effect of a motif in the groups where it deviates, in units of the spread of log expression.
    spacing : int
        Distance in bp between the end of the first and the start of the second site of the spacing rule.
    """

    genes: int = 6000
    chromosomes: int = 12
    sites_per_promoter: tuple[float, float] = (0.12, 0.30)
    explained: float = 0.6
    explained_by_composition: float = 0.1
    cell_types: int = 154
    groups: int = 14
    specific: float = 0.25
    spacing: int = 6


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
        One row per planted site: gene (row number), motif (id), start (0-based in the promoter), strand.
    spaced : np.ndarray, shape (genes,), bool
        Carries the pair of the spacing rule at its distance.
    """

    codes: np.ndarray
    gc: np.ndarray
    sites: pd.DataFrame
    spaced: np.ndarray

    def counts(self, motif_ids: list[str]) -> np.ndarray:
        """Planted sites per gene and motif, shape (genes, motifs)."""
        table = pd.crosstab(self.sites["gene"], self.sites["motif"])
        return table.reindex(index=range(len(self.codes)), columns=motif_ids, fill_value=0).to_numpy()


def sample_site(pfm: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """One site drawn from a PFM, shape (width,), codes 0..3."""
    return (rng.random(len(pfm))[:, None] > pfm.cumsum(axis=1)[:, :3]).sum(axis=1).astype(np.uint8)


def random_bases(gc: np.ndarray, length: int, rng: np.random.Generator) -> np.ndarray:
    """Independent bases, one row per entry of ``gc``; shape (len(gc), length), uint8."""
    limits = np.stack([(1 - gc) / 2, np.full_like(gc, 0.5), (1 + gc) / 2], axis=1)
    draws = rng.random((len(gc), length))
    return (draws[:, :, None] > limits[:, None, :]).sum(axis=2).astype(np.uint8)


def simulate_promoters(plan: Plan, motifs: list[Motif], rng: np.random.Generator) -> PromoterSet:
    """Promoters with sites of every motif at random places and strands, never overlapping.

    The last two motifs form the spacing rule: in half of the promoters that carry both, the second follows the first at
    ``plan.spacing`` bp on the same strand.
    """
    length = REGULATORY_WINDOW[1] - REGULATORY_WINDOW[0] + 1
    low = rng.random(plan.genes) < PROMOTER_GC[1][0]
    gc = np.where(low, rng.normal(*PROMOTER_GC[1][1:], plan.genes), rng.normal(*PROMOTER_GC[0][1:], plan.genes))
    gc = gc.clip(0.25, 0.8)
    codes = random_bases(gc, length, rng)
    rates = rng.uniform(*plan.sites_per_promoter, len(motifs))
    sites, spaced = [], np.zeros(plan.genes, dtype=bool)
    for gene in range(plan.genes):
        taken = np.zeros(length, dtype=bool)
        numbers = rng.poisson(rates)
        if numbers[-1] and numbers[-2] and rng.random() < 0.5:
            spaced[gene] = _plant_pair(codes[gene], taken, motifs[-2:], plan.spacing, gene, sites, rng)
            numbers[-2:] -= int(spaced[gene])
        for index in rng.permutation(len(motifs)):
            for _ in range(numbers[index]):
                _plant(codes[gene], taken, motifs[index], gene, sites, rng)
    table = pd.DataFrame(sites, columns=["gene", "motif", "start", "strand"])
    return PromoterSet(codes, gc, table, spaced)


def _free_start(taken: np.ndarray, width: int, rng: np.random.Generator) -> int | None:
    for _ in range(20):
        start = int(rng.integers(0, len(taken) - width + 1))
        if not taken[start : start + width].any():
            return start
    return None


def _plant(promoter, taken, motif, gene, sites, rng) -> None:
    start = _free_start(taken, motif.width, rng)
    if start is None:
        return
    _write_site(promoter, taken, motif, start, bool(rng.random() < 0.5), gene, sites, rng)


def _write_site(promoter, taken, motif, start, reverse, gene, sites, rng) -> None:
    site = sample_site(motif.pfm, rng)
    promoter[start : start + motif.width] = reverse_complement_codes(site) if reverse else site
    taken[start : start + motif.width] = True
    sites.append((gene, motif.id, start, "-" if reverse else "+"))


def _plant_pair(promoter, taken, pair, spacing, gene, sites, rng) -> bool:
    first, second = pair
    start = _free_start(taken, first.width + spacing + second.width, rng)
    if start is None:
        return False
    _write_site(promoter, taken, first, start, False, gene, sites, rng)
    _write_site(promoter, taken, second, start + first.width + spacing, False, gene, sites, rng)
    return True


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
    """Log expression of every gene in every cell type, from the planted sites."""
    counts = promoters.counts([motif.id for motif in motifs]).astype(float)
    n_motifs = len(motifs)
    signs = np.where(rng.permutation(n_motifs) < round(0.65 * n_motifs), 1.0, -1.0)
    effects = signs * rng.uniform(0.7, 1.3, n_motifs) / counts.std(axis=0)
    linear = counts @ effects
    scale = np.sqrt(plan.explained - plan.explained_by_composition) / linear.std()
    context = counts[:, 0] * (counts[:, 1] > 0) * abs(effects[0]) * scale
    spacing = promoters.spaced * abs(effects[-1]) * scale
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
