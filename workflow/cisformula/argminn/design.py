"""Sequences made from what an ARGMINN has learned, and controls that break one part of it each.

An arrangement of motifs is chosen by its frequency, the gaps between its sites by theirs; sites are drawn from the
motifs and written near the middle of clean background. The controls have the same background: the same sites at gaps
that no rule allows, the bases of each site in another order, and nothing at all.
"""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from .design_table import BACKGROUND, COLUMNS, RULES, SHUFFLED, SITE_COLUMNS, WRONG_GAPS, name_of
from .learned_grammar import Arrangement, Element
from .tasks import JITTER


@dataclass(frozen=True)
class Layout:
    """What each sequence is to hold.

    Attributes
    ----------
    number : np.ndarray, shape (sequences,), int
        Number of its background.
    arrangement : np.ndarray, shape (sequences,), int
        Index among the arrangements.
    gaps : np.ndarray, shape (sequences, most sites), int
        Bases after each site; 0 after the last.
    shift : np.ndarray, shape (sequences,), int
        Bases by which the middle of the arrangement lies right of that of the sequence.
    turned : np.ndarray, shape (sequences, most sites), bool
        Whether a palindrome in that place is written on the reverse strand.
    reverse : np.ndarray, shape (sequences,), bool
        Whether the whole arrangement is.
    """

    number: np.ndarray
    arrangement: np.ndarray
    gaps: np.ndarray
    shift: np.ndarray
    turned: np.ndarray
    reverse: np.ndarray

    def rows(self, chosen: np.ndarray) -> "Layout":
        """Some of the sequences."""
        return Layout(*(values[chosen] for values in vars(self).values()))


class Designs(NamedTuple):
    """Designed sequences and their controls.

    Attributes
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
    table : pd.DataFrame
        Columns of :mod:`cisformula.argminn.design_table`, a row per sequence: ``sequence`` is its name, ``number`` that
        of its background; ``gaps`` are those between neighbouring sites in the order of ``motifs``, with commas;
        ``start`` is the first base of the leftmost site (0-based), ``strand`` that on which the sites lie in the order
        of ``motifs``. Controls without sites have what the design on the same background has.
    sites : pd.DataFrame
        ``sequence`` (name), ``motif start end strand``: what was placed in designs and in those with wrong gaps, by
        sequence and start (0-based, half-open).
    """

    codes: np.ndarray
    table: pd.DataFrame
    sites: pd.DataFrame


def design(
    arrangements: list[Arrangement],
    elements: dict[str, Element],
    background: np.ndarray,
    consensus: bool,
    rng: np.random.Generator,
) -> Designs:
    """A design on every background, with its controls.

    Parameters
    ----------
    arrangements : list of Arrangement
    elements : dict of str to Element
    background : np.ndarray, shape (designs, length), uint8
    consensus : bool
        Whether every site is the most probable one, instead of drawn from its motif.
    rng : np.random.Generator

    Returns
    -------
    Designs
        All from rules, then those with wrong gaps (only arrangements for whose gaps there is a rule), with shuffled
        sites, and background.
    """
    length = background.shape[1]
    layout = draw_layout(arrangements, len(background), rng)
    sites = lay_out(layout, arrangements, elements, length)
    codes = write_sites(background, sites, elements, None if consensus else rng)
    wrong = with_wrong_gaps(layout, arrangements, rng)
    wrong_sites = lay_out(wrong, arrangements, elements, length)
    same = sites[np.isin(sites["sequence"], wrong.number)]
    moved = move_sites(codes, same, background[wrong.number], wrong_sites)
    parts = {
        RULES: (codes, layout, sites),
        WRONG_GAPS: (moved, wrong, wrong_sites),
        SHUFFLED: (shuffle_sites(codes, sites, rng), layout, sites),
        BACKGROUND: (background, layout, sites),
    }
    tables = [_table(method, plan, arrangements, placed) for method, (_, plan, placed) in parts.items()]
    return Designs(
        np.concatenate([part[0] for part in parts.values()]),
        pd.concat(tables, ignore_index=True),
        pd.concat([named(RULES, layout, sites), named(WRONG_GAPS, wrong, wrong_sites)], ignore_index=True),
    )


def draw_layout(arrangements: list[Arrangement], n_sequences: int, rng: np.random.Generator) -> Layout:
    """Choose arrangements and gaps by their frequencies, and half of the sequences for the reverse strand."""
    most = max(len(arrangement.sites) for arrangement in arrangements)
    shares = np.array([arrangement.share for arrangement in arrangements])
    chosen = rng.choice(len(arrangements), n_sequences, p=shares / shares.sum())
    gaps = np.zeros((n_sequences, most), dtype=int)
    for number, arrangement in enumerate(arrangements):
        rows = np.flatnonzero(chosen == number)
        for place, spacing in enumerate(arrangement.spacings):
            gaps[rows, place] = rng.choice(spacing.gaps, len(rows), p=spacing.shares)
    reverse = np.zeros(n_sequences, dtype=bool)
    reverse[rng.permutation(n_sequences)[: n_sequences // 2]] = True
    shift = rng.integers(-JITTER, JITTER + 1, n_sequences)
    return Layout(np.arange(n_sequences), chosen, gaps, shift, rng.random(gaps.shape) < 0.5, reverse)


def with_wrong_gaps(layout: Layout, arrangements: list[Arrangement], rng: np.random.Generator) -> Layout:
    """The sequences whose arrangement has a rule, with gaps that no rule allows in place of those of rules."""
    ruled = [any(len(spacing.forbidden) for spacing in arrangement.spacings) for arrangement in arrangements]
    layout = layout.rows(np.flatnonzero(np.array(ruled)[layout.arrangement]))
    gaps = layout.gaps.copy()
    for number, arrangement in enumerate(arrangements):
        rows = np.flatnonzero(layout.arrangement == number)
        for place, spacing in enumerate(arrangement.spacings):
            if len(spacing.forbidden):
                gaps[rows, place] = rng.choice(spacing.forbidden, len(rows))
    return replace(layout, gaps=gaps)


def lay_out(layout: Layout, arrangements: list[Arrangement], elements: dict[str, Element], length: int) -> pd.DataFrame:
    """Where the bases of every site lie.

    Returns
    -------
    pd.DataFrame
        ``sequence`` (number of the background), ``motif``, ``start``, ``end``, ``strand``, by sequence and, within it,
        in the order of the arrangement, which is from right to left where it lies on the reverse strand.
    """
    tables = []
    for number, arrangement in enumerate(arrangements):
        rows = np.flatnonzero(layout.arrangement == number)
        gaps, whole_reverse = layout.gaps[rows], layout.reverse[rows]
        total = sum(elements[name].width for name, _ in arrangement.sites) + gaps.sum(axis=1)
        frame = length // 2 - total // 2 + layout.shift[rows]
        for place, (name, strand) in enumerate(arrangement.sites):
            element = elements[name]
            reverse = layout.turned[rows, place] if element.palindrome else np.full(len(rows), strand == "-")
            start = frame + element.start(reverse)
            end = start + len(element.pfm)
            columns = {
                "sequence": layout.number[rows],
                "motif": name,
                "start": np.where(whole_reverse, length - end, start),
                "end": np.where(whole_reverse, length - start, end),
                "strand": np.where(reverse ^ whole_reverse, "-", "+"),
                "place": place,
            }
            tables.append(pd.DataFrame(columns))
            frame = frame + element.width + gaps[:, place]
    return pd.concat(tables).sort_values(["sequence", "place"], ignore_index=True)[SITE_COLUMNS]


def write_sites(
    background: np.ndarray, sites: pd.DataFrame, elements: dict[str, Element], rng: np.random.Generator | None
) -> np.ndarray:
    """Write sites into background; shape of the background, uint8.

    Where sites overlap, the bases are drawn from the product of their frequencies.

    Parameters
    ----------
    background : np.ndarray, shape (sequences, length), uint8
    sites : pd.DataFrame
        From :func:`lay_out`; ``sequence`` is a row of the background.
    elements : dict of str to Element
    rng : np.random.Generator or None
        None writes the most probable base everywhere.
    """
    weights, covered = np.zeros((*background.shape, 4)), np.zeros(background.shape, dtype=bool)
    for (name, strand), group in sites.groupby(["motif", "strand"]):
        pfm = elements[name].pfm if strand == "+" else elements[name].pfm[::-1, ::-1]
        window = group["sequence"].to_numpy()[:, None], group["start"].to_numpy()[:, None] + np.arange(len(pfm))
        np.add.at(weights, window, np.log(pfm))
        covered[window] = True
    if rng is not None:
        # The largest of log-probabilities with Gumbel noise is a draw by the probabilities.
        weights += rng.gumbel(size=weights.shape)
    return np.where(covered, weights.argmax(axis=2), background).astype(np.uint8)


def move_sites(codes: np.ndarray, sites: pd.DataFrame, background: np.ndarray, new_sites: pd.DataFrame) -> np.ndarray:
    """The bases of sites in another place of clean background.

    Parameters
    ----------
    codes : np.ndarray, shape (sequences, length), uint8
        With the sites.
    sites, new_sites : pd.DataFrame
        The same sites in the same order, where they are and where they are to lie; ``sequence`` is a row of ``codes``
        in either.
    background : np.ndarray, shape (sequences of the sites, length), uint8
        One row for each sequence of the sites, in their order.
    """
    moved = background.copy()
    row = np.unique(sites["sequence"].to_numpy(), return_inverse=True)[1]
    width = (sites["end"] - sites["start"]).to_numpy()
    for bases in np.unique(width):
        own, columns = width == bases, np.arange(bases)
        old, new = (table["start"].to_numpy()[own][:, None] + columns for table in (sites, new_sites))
        moved[row[own][:, None], new] = codes[sites["sequence"].to_numpy()[own][:, None], old]
    return moved


def shuffle_sites(codes: np.ndarray, sites: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """The sequences with the bases of each site in random order, which may leave a site much as it was."""
    shuffled = codes.copy()
    width = sites["end"] - sites["start"]
    # Sites of one sequence in turn, as they may overlap.
    for (_, bases), group in sites.groupby([sites.groupby("sequence").cumcount(), width]):
        window = group["sequence"].to_numpy()[:, None], group["start"].to_numpy()[:, None] + np.arange(bases)
        shuffled[window] = rng.permuted(shuffled[window], axis=1)
    return shuffled


def named(method: str, layout: Layout, sites: pd.DataFrame) -> pd.DataFrame:
    """Sites by the name of their sequence, by sequence and start."""
    ordered = sites.sort_values(["sequence", "start"], kind="stable", ignore_index=True)
    return ordered.assign(sequence=[name_of(method, number) for number in ordered["sequence"]])


def _table(method: str, layout: Layout, arrangements: list[Arrangement], sites: pd.DataFrame) -> pd.DataFrame:
    n_gaps = np.array([len(arrangement.spacings) for arrangement in arrangements])[layout.arrangement]
    first = sites.groupby("sequence")["start"].min()
    columns = {
        "sequence": [name_of(method, number) for number in layout.number],
        "method": method,
        "number": layout.number,
        "motifs": [arrangements[number].text for number in layout.arrangement],
        "gaps": [",".join(map(str, row[:n])) for row, n in zip(layout.gaps, n_gaps, strict=True)],
        "start": first.reindex(layout.number).to_numpy(),
        "strand": np.where(layout.reverse, "-", "+"),
    }
    return pd.DataFrame(columns, columns=COLUMNS)
