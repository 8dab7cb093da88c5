"""Variants that break planted sites, and the same substitutions beside them.

A breaking variant replaces the most informative base of a planted site that bears the motif's most frequent base there
by the motif's least frequent one. Its match is the same substitution in the same sequence, at a base of no planted
site. The design is our own.
"""

import numpy as np
import pandas as pd

from ..pwm import Motif, column_information

COLUMNS = ["variant", "sequence", "position", "reference", "alternative", "breaks"]


def make_variants(
    codes: np.ndarray, sites: pd.DataFrame, motifs: list[Motif], rng: np.random.Generator
) -> pd.DataFrame:
    """One breaking variant per planted site, each with its match.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    sites : pd.DataFrame
        ``sequence motif start end strand``.
    motifs : list of Motif
        The planted ones.
    rng : np.random.Generator

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`: two rows per ``variant``, the one with ``breaks`` true first; ``reference`` and ``alternative``
        are codes 0..3. A site that bears no most frequent base, or whose sequence has no such base elsewhere, is left
        out.
    """
    by_id = {motif.id: motif for motif in motifs}
    planted = np.zeros(codes.shape, dtype=bool)
    for site in sites.itertuples():
        planted[site.sequence, site.start : site.end] = True
    rows = []
    for number, site in enumerate(sites.itertuples()):
        motif = by_id[site.motif]
        change = _break_site(codes[site.sequence, site.start : site.end], _as_it_lies(motif, site.strand))
        if change is None:
            continue
        column, reference, alternative = change
        elsewhere = np.flatnonzero((codes[site.sequence] == reference) & ~planted[site.sequence])
        if not len(elsewhere):
            continue
        for position, breaks in ((site.start + column, True), (int(rng.choice(elsewhere)), False)):
            rows.append((number, site.sequence, position, reference, alternative, breaks))
    return pd.DataFrame(rows, columns=COLUMNS)


def _as_it_lies(motif: Motif, strand: str) -> np.ndarray:
    return motif.pfm if strand == "+" else motif.pfm[::-1, ::-1]


def _break_site(bases: np.ndarray, pfm: np.ndarray) -> tuple[int, int, int] | None:
    """Column, reference and alternative of the change that breaks a site, shape (width,), of a motif as it lies."""
    bears_consensus = bases == pfm.argmax(axis=1)
    if not bears_consensus.any():
        return None
    column = int(np.argmax(np.where(bears_consensus, column_information(pfm), -1.0)))
    return column, int(bases[column]), int(pfm[column].argmin())


def apply_variants(codes: np.ndarray, variants: pd.DataFrame) -> np.ndarray:
    """The sequence of each variant with its alternative base, shape (variants, length), uint8."""
    changed = codes[variants["sequence"].to_numpy()].copy()
    changed[np.arange(len(variants)), variants["position"].to_numpy()] = variants["alternative"].to_numpy()
    return changed
