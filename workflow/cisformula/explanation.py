"""Why the formula predicts what it predicts for one sequence: its hits, where they lie and what each adds."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from . import hits
from .formula import Formula
from .scoring import Scorer, Scores
from .sequence import centre

STRANDS = {1: "+", -1: "-", 0: "+-"}


class Site(NamedTuple):
    """A hit of a motif in the sequence.

    Attributes
    ----------
    motif : int
        Its place in the formula.
    start, end : int
        First and last base of the site, in bp from the TSS along the gene.
    strand : str
        ``+``, ``-``, or ``+-`` for a palindromic site.
    grade : int
        How often the hit counts.
    contribution : float
        What the hit adds to the prediction.
    """

    motif: int
    start: int
    end: int
    strand: str
    grade: int
    contribution: float


class Explanation(NamedTuple):
    """A prediction taken apart.

    Attributes
    ----------
    id : str
        Name of the sequence.
    sites : list of Site
        Largest contribution first.
    scores : Scores
        Of this one sequence.
    """

    id: str
    sites: list[Site]
    scores: Scores

    @property
    def predicted(self) -> float:
        """Standardised log expression."""
        return float(self.scores.predicted[0])


def explain(scorer: Scorer, name: str, codes: np.ndarray) -> Explanation:
    """Take the prediction for one sequence apart, shape (length,)."""
    formula = scorer.formula
    bin_of = np.searchsorted(scorer.bin_edges, np.arange(len(codes)), side="right") - 1
    sites = []
    for motif, found in zip(scorer.scanned, scorer.scanner.hits(codes[None]), strict=True):
        width = formula.motifs[motif].width
        effects = formula.effects[motif, bin_of[centre(found.start, width)]]
        for start, strand, grade, effect in zip(found.start, found.strand, found.grade, effects, strict=True):
            first = int(start) - formula.reading.upstream
            contribution = float(grade * effect)
            sites.append(Site(int(motif), first, first + width - 1, STRANDS[int(strand)], int(grade), contribution))
    sites.sort(key=lambda site: (-abs(site.contribution), site.start, site.motif))
    return Explanation(name, sites, scorer.read(codes[None]))


def label(formula: Formula, motif: int) -> str:
    """What to call a motif: a known one by its name, a learned one by its id and its best match."""
    found, known = formula.motifs[motif], formula.evidence[motif] if formula.evidence else None
    if known is not None and known.match:
        return f"{found.id} ~ {known.match}"
    return found.name


def summary(explanation: Explanation, formula: Formula) -> list[tuple[str, float]]:
    """The terms of the sum, and the sum: intercept, motifs that raise and lower, composition, prediction."""
    contributions, z = explanation.scores.contributions[0], explanation.predicted
    rows = [
        ("intercept", formula.intercept),
        ("motifs that raise", float(contributions[contributions > 0].sum())),
        ("motifs that lower", float(contributions[contributions < 0].sum())),
    ]
    if formula.reading.covariates:
        rows.append(("composition", float(explanation.scores.covariates[0].sum())))
    return [*rows, ("predicted", z), ("predicted log10", float(formula.log10(z)))]


def table(explanation: Explanation, formula: Formula) -> Iterator[str]:
    """The sums as lines that start with ``#``, then one line per hit, largest contribution first.

    A motif that is read by its mean activation has one line without a place.
    """
    yield f"# sequence\t{explanation.id}\n"
    for name, value in summary(explanation, formula):
        yield f"# {name}\t{value:.6g}\n"
    yield "motif\tname\tstart\tend\tstrand\tgrade\tp_value\tcontribution\n"
    limits = hits.grade_limits(formula.reading.p_value, formula.reading.grades)
    for site in explanation.sites:
        words = [formula.motifs[site.motif].id, label(formula, site.motif), str(site.start), str(site.end), site.strand]
        yield "\t".join([*words, str(site.grade), f"{limits[site.grade - 1]:.3g}", f"{site.contribution:.6g}"]) + "\n"
    for motif in (i for i, motif in enumerate(formula.motifs) if motif.id in formula.filters):
        value = explanation.scores.contributions[0, motif]
        yield "\t".join([formula.motifs[motif].id, label(formula, motif), "", "", "", "", "", f"{value:.6g}"]) + "\n"
