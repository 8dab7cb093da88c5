"""From a fit to the published formula: its terms, and what is known of each."""

from dataclasses import replace

import numpy as np

from . import features, linear, recipe
from .candidates import Candidates
from .formula import Evidence, Formula, Reading
from .recipe import Chosen


def bind(
    chosen: Chosen,
    pool: Candidates,
    reading: Reading,
    target_mean: float,
    target_scale: float,
    evidence: list[Evidence],
) -> Formula:
    """Write a fit as a formula, motifs with the largest coefficients first.

    Parameters
    ----------
    chosen : Chosen
    pool : Candidates
        What it was chosen from.
    reading : Reading
        How the hits of ``chosen.reading`` were counted; position bins and covariates are filled in here. A fit without
        position effects gets a single bin.
    target_mean, target_scale : float
        Turn standardised log expression into log10 units.
    evidence : list of Evidence
        One entry per motif, with its standardised coefficient.
    """
    ridge, n_bins = chosen.ridge, pool.n_bins
    per_column = ridge.coefficients / ridge.standardisation.scale
    of_motifs, of_words = recipe.effects(
        per_column, len(chosen.ids), pool.composition.shape[1] // n_bins, n_bins, bool(chosen.strength)
    )
    order = np.argsort([-abs(known.coefficient) for known in evidence], kind="stable")
    edges = pool.edges - reading.upstream
    return Formula(
        motifs=[pool.motifs[chosen.ids[column]] for column in order],
        effects=of_motifs[order],
        covariate_effects=of_words,
        intercept=float(ridge.intercept - per_column @ ridge.standardisation.mean),
        reading=replace(
            reading,
            bin_edges=tuple(int(edge) for edge in edges) if chosen.strength else (),
            covariates=features.covariate_names(pool.edges) if len(of_words) else (),
        ),
        target_mean=float(target_mean),
        target_scale=float(target_scale),
        filters={name: pool.filters[name] for name in chosen.ids if name in pool.filters},
        evidence=[evidence[column] for column in order],
        penalty=ridge.penalty,
    )


def coefficients(chosen: Chosen, pool: Candidates, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Standardised coefficient of each motif with its standard error, shape (motifs,) each.

    A coefficient is the mean effect of a hit over the positions of the window times the standard deviation of the
    number of hits: the change of standardised log expression per standard deviation of hits.

    Parameters
    ----------
    chosen : Chosen
        Fitted on all genes.
    pool : Candidates
    target : np.ndarray, shape (genes,)
    """
    X = chosen.columns(pool)
    n_motifs, n_bins = len(chosen.ids), pool.n_bins
    scale = chosen.ridge.standardisation.scale
    spread = linear.Standardisation.of(pool.matrix(chosen.ids, chosen.reading)).scale
    combinations = np.zeros((n_motifs, X.shape[1]))
    motifs = np.arange(n_motifs)
    combinations[motifs, motifs] = spread / scale[:n_motifs]
    if chosen.strength:
        first = X.shape[1] - n_motifs * n_bins
        share = np.diff(pool.edges) / pool.edges[-1]
        for motif in motifs:
            bins = slice(first + motif * n_bins, first + (motif + 1) * n_bins)
            combinations[motif, bins] = spread[motif] * share / scale[bins]
    errors = linear.ridge_standard_errors(chosen.ridge, X, target, combinations)
    return combinations @ chosen.ridge.coefficients, errors
