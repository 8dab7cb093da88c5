"""Where motifs lie relative to the TSS, against promoters shuffled within blocks that keep their dinucleotides.

The promoters with a hit in a bin are compared with those of the shuffled ones, pooled over neighbouring bins: given the
sum of both numbers, the observed one is binomial if bin and neighbours are alike (Przyborowski & Wilenski 1940,
Biometrika 31:313). The bases at which blocks begin differ from shuffle to shuffle, since the ends of a block stay.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from ..hits import Scanner, bin_edges, chunks
from ..job import progress
from ..sequence import centre
from .core_promoter import Element, find_element
from .dinucleotide_shuffle import shuffle

STRANDS = ("sense", "antisense", "both")
BLOCK = 50
"""Bases of a block: what changes more slowly along the promoter, such as GC content, is not tested."""
RESOLUTIONS = {1: 10, 10: 1}
"""Bases of a bin, and the bins on either side that the expectation is pooled over."""
NEAR = 5
"""Bases on either side of its expected position in which a core element is looked for."""


class Profiles(NamedTuple):
    """Promoters with a hit by motif, strand and position, in the real and in all shuffled promoters.

    Attributes
    ----------
    observed, shuffled : dict of int to np.ndarray, shape (motifs, 3, bins), int64
        By the bases of a bin; strands as in :data:`STRANDS`. ``shuffled`` is the sum over shuffles.
    with_hit, with_hit_shuffled : np.ndarray, shape (motifs, 3), int64
        Promoters with any hit.
    n_shuffles : int
    """

    observed: dict[int, np.ndarray]
    shuffled: dict[int, np.ndarray]
    with_hit: np.ndarray
    with_hit_shuffled: np.ndarray
    n_shuffles: int


class Places(NamedTuple):
    """Hits of one motif; shape (hits,) each: row of the sequence, position in it and strand (1, -1; 0 for both)."""

    sequence: np.ndarray
    position: np.ndarray
    strand: np.ndarray


Search = Callable[[np.ndarray], Iterable[Places]]
"""Finds the hits of each motif in turn in encoded sequences."""


def motif_search(scanner: Scanner) -> Search:
    """Search for motifs, whose hits lie at their middle base (see :func:`cisformula.sequence.centre`)."""

    def search(codes: np.ndarray) -> Iterator[Places]:
        for motif, hits in zip(scanner.motifs, scanner.hits(codes), strict=True):
            yield Places(hits.sequence, centre(hits.start, motif.width), hits.strand)

    return search


def element_search(elements: list[Element]) -> Search:
    """Search for core promoter elements, whose matches lie at the base that the literature names."""

    def search(codes: np.ndarray) -> Iterator[Places]:
        for element in elements:
            hits = find_element(codes, element)
            # Counted from the other end where only the other strand matches.
            base = np.where(hits.strand < 0, len(element.consensus) - 1 - element.base, element.base)
            yield Places(hits.sequence, hits.start + base, hits.strand)

    return search


def one_after_another(searches: list[Search]) -> Search:
    """A search for the motifs of several searches in turn."""
    return lambda codes: (places for search in searches for places in search(codes))


def everything(scanner: Scanner, sources: pd.Series, elements: list[Element]) -> tuple[pd.DataFrame, Search]:
    """Motifs and core promoter elements, and the search for them.

    Parameters
    ----------
    scanner : Scanner
    sources : pd.Series
        Where each motif is from, by its id.
    elements : list of Element

    Returns
    -------
    described : pd.DataFrame
        ``motif name kind expected_position``.
    search : callable
    """
    rows = [(motif.id, motif.name, sources[motif.id], np.nan) for motif in scanner.motifs]
    rows += [(element.name, element.name, "core element", element.position) for element in elements]
    searches = [motif_search(scanner), *([element_search(elements)] if elements else [])]
    described = pd.DataFrame(rows, columns=["motif", "name", "kind", "expected_position"])
    return described.astype({"expected_position": float}), one_after_another(searches)


def shuffles(codes: np.ndarray, number: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Shuffled promoters whose blocks begin at different bases.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
    number : int
    rng : np.random.Generator
    """
    for which in range(number):
        first = which * BLOCK // number
        yield np.hstack([shuffle(part, rng, BLOCK) for part in (codes[:, :first], codes[:, first:]) if part.size])


def count_positions(codes: np.ndarray, search: Search) -> tuple[dict[int, np.ndarray], np.ndarray]:
    """Promoters with a hit in each bin of positions, and with any.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
    search : callable

    Returns
    -------
    binned : dict of int to np.ndarray, shape (motifs, 3, bins), int64
        By the bases of a bin, see :data:`RESOLUTIONS`.
    total : np.ndarray, shape (motifs, 3), int64
    """
    length = codes.shape[1]
    bins = {width: np.searchsorted(bin_edges(length, width), np.arange(length), "right") - 1 for width in RESOLUTIONS}
    parts = [[_count(places, bins) for places in search(group)] for group in chunks(codes)]
    counted = {
        width: sum(np.array([binned[width] for binned, _ in part], dtype=np.int64) for part in parts) for width in bins
    }
    return counted, sum(np.array([total for _, total in part], dtype=np.int64) for part in parts)


def _count(places: Places, bins: dict[int, np.ndarray]) -> tuple[dict[int, list[np.ndarray]], list[int]]:
    """Promoters of one motif, by strand: in each bin, and in all."""
    chosen = [places.strand >= 0, places.strand <= 0, np.ones(len(places.strand), dtype=bool)]
    binned = {}
    for width, bin_of in bins.items():
        n_bins = int(bin_of[-1]) + 1
        # A promoter counts once per bin, however many of its hits lie there.
        cells = [np.unique(places.sequence[on] * n_bins + bin_of[places.position[on]]) for on in chosen]
        binned[width] = [np.bincount(cell % n_bins, minlength=n_bins) for cell in cells]
    return binned, [len(np.unique(places.sequence[on])) for on in chosen]


def profiles(codes: np.ndarray, search: Search, n_shuffles: int, rng: np.random.Generator) -> Profiles:
    """Count promoters by position, real and shuffled.

    Parameters
    ----------
    codes : np.ndarray, shape (n, length), uint8
        Promoters, of which no two are alike.
    search : callable
    n_shuffles : int
        From one.
    rng : np.random.Generator
    """
    observed, with_hit = count_positions(codes, search)
    shuffled, with_hit_shuffled = None, np.zeros_like(with_hit)
    for control in progress(shuffles(codes, n_shuffles, rng), n_shuffles, "shuffles searched"):
        binned, total = count_positions(control, search)
        shuffled = binned if shuffled is None else {width: shuffled[width] + binned[width] for width in binned}
        with_hit_shuffled += total
    return Profiles(observed, shuffled, with_hit, with_hit_shuffled, n_shuffles)


def pooled(counts: np.ndarray, reach: int) -> tuple[np.ndarray, np.ndarray]:
    """Sums over each bin and ``reach`` bins on either side, and the number of bins in each sum.

    Parameters
    ----------
    counts : np.ndarray, shape (..., bins)
    reach : int

    Returns
    -------
    sums : np.ndarray, shape (..., bins)
    number : np.ndarray, shape (bins,)
    """
    n_bins = counts.shape[-1]
    edges = np.concatenate([np.zeros((*counts.shape[:-1], 1), dtype=counts.dtype), counts.cumsum(axis=-1)], axis=-1)
    first = np.maximum(np.arange(n_bins) - reach, 0)
    last = np.minimum(np.arange(n_bins) + reach + 1, n_bins)
    return edges[..., last] - edges[..., first], last - first


def significance(found: Profiles) -> dict[int, dict[str, np.ndarray]]:
    """Expectation, p-value and q-value of every motif, strand and bin, at one false discovery rate.

    Returns
    -------
    dict of int to dict
        By the bases of a bin: ``expected``, ``p`` and ``q``, shape (motifs, 3, bins) each. Without a single hit in the
        shuffled promoters around, half a hit is expected there.
    """
    results, flat = {}, []
    for width, reach in RESOLUTIONS.items():
        observed = found.observed[width]
        control, number = pooled(found.shuffled[width], reach)
        times = found.n_shuffles * number
        p = stats.binom.sf(observed - 1, observed + control, 1 / (1 + times))
        p[observed == 0] = 1.0
        results[width] = {"expected": np.maximum(control, 0.5) / times, "p": p}
        flat.append(p.ravel())
    q = stats.false_discovery_control(np.concatenate(flat))
    for width, part in zip(results, np.split(q, np.cumsum([len(part) for part in flat])[:-1]), strict=True):
        results[width]["q"] = part.reshape(results[width]["p"].shape)
    return results


def strand_test(found: Profiles) -> pd.DataFrame:
    """Promoters with sense hits among those with sense and those with antisense hits, against the shuffled ones.

    Returns
    -------
    pd.DataFrame
        ``sense_share sense_share_expected strand_p strand_q``, one row per motif; Fisher's exact test, two-sided.
    """
    rows = []
    for real, control in zip(found.with_hit[:, :2], found.with_hit_shuffled[:, :2], strict=True):
        shares = [side[0] / side.sum() if side.sum() else np.nan for side in (real, control)]
        rows.append((*shares, stats.fisher_exact([real, control]).pvalue))
    table = pd.DataFrame(rows, columns=["sense_share", "sense_share_expected", "strand_p"])
    return table.assign(strand_q=stats.false_discovery_control(table["strand_p"]))


def position_table(found: Profiles, motifs: pd.DataFrame, upstream: int) -> pd.DataFrame:
    """Where each motif is most significantly in excess, to the base and in bins of ten.

    Parameters
    ----------
    found : Profiles
    motifs : pd.DataFrame
        ``motif name kind``, one row per motif; for core elements ``expected_position``, else NaN.
    upstream : int
        Bases of a promoter before the TSS.

    Returns
    -------
    pd.DataFrame
        Positions in bases from the TSS at 0. ``peak_`` columns: the base; ``bin_`` columns: the bin of ten;
        ``near_`` columns: the best base within :data:`NEAR` of the expected position of a core element, on the sense
        strand. Then the columns of :func:`strand_test`.
    """
    tests = significance(found)
    table = motifs[["motif", "name", "kind"]].reset_index(drop=True)
    table["n_promoters"] = found.with_hit[:, 2]
    table["expected_promoters"] = found.with_hit_shuffled[:, 2] / found.n_shuffles
    length = found.observed[1].shape[2]
    for width, prefix in ((1, "peak"), (10, "bin")):
        best = _best(tests[width]["p"], found.observed[width], tests[width]["expected"])
        table = table.join(
            _described(found, tests, width, best, bin_edges(length, width) - upstream).add_prefix(f"{prefix}_")
        )
    expected = motifs["expected_position"].to_numpy()
    near = np.abs(np.arange(length) - upstream - expected[:, None]) <= NEAR
    table["expected_position"] = expected
    p = np.where(near, tests[1]["p"][:, 0], np.inf)
    at = _best(p[:, None], found.observed[1][:, :1], tests[1]["expected"][:, :1])
    named = _described(found, tests, 1, at, np.arange(length + 1) - upstream)
    named.loc[~near.any(axis=1)] = np.nan
    table = table.join(named[["low", "observed", "expected", "fold", "q"]].add_prefix("near_"))
    return (
        table.join(strand_test(found))
        .rename(columns={"peak_low": "peak_position", "near_low": "near_position"})
        .drop(columns="peak_high")
    )


def _best(p: np.ndarray, observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Strand and bin of the smallest p-value of each motif; of equally small ones that of the largest excess."""
    excess = (observed - expected) / np.sqrt(expected)
    lowest = p.min(axis=(1, 2), keepdims=True)
    rank = np.where(p == lowest, excess, -np.inf).reshape(len(p), -1).argmax(axis=1)
    return np.unravel_index(rank, p.shape[1:])


def _described(
    found: Profiles, tests: dict[int, dict[str, np.ndarray]], width: int, best: tuple, edges: np.ndarray
) -> pd.DataFrame:
    """Place, numbers and significance of one strand and bin of each motif."""
    strand, column = best
    cell = (np.arange(len(strand)), strand, column)
    observed, expected = found.observed[width][cell], tests[width]["expected"][cell]
    return pd.DataFrame(
        {
            "strand": np.array(STRANDS)[strand],
            "low": edges[column],
            "high": edges[column + 1] - 1,
            "observed": observed,
            "expected": expected,
            "fold": observed / expected,
            "p": tests[width]["p"][cell],
            "q": tests[width]["q"][cell],
        }
    ).astype({"low": float, "observed": float})


def profile_table(found: Profiles, motifs: pd.DataFrame, upstream: int) -> pd.DataFrame:
    """Observed and expected promoters by motif, strand and position.

    Parameters
    ----------
    found, motifs, upstream
        As for :func:`position_table`.

    Returns
    -------
    pd.DataFrame
        ``motif`` and ``strand`` (categories), ``position`` (bases from the TSS), ``observed`` and ``expected``.
    """
    expected = significance(found)[1]["expected"]
    index = np.indices(expected.shape).reshape(3, -1)
    return pd.DataFrame(
        {
            "motif": pd.Categorical.from_codes(index[0], motifs["motif"]),
            "strand": pd.Categorical.from_codes(index[1], list(STRANDS)),
            "position": (index[2] - upstream).astype("int32"),
            "observed": found.observed[1].ravel().astype("int32"),
            "expected": expected.ravel().astype("float32"),
        }
    )
