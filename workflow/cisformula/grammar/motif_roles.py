"""Active and repressive motifs: by what the network adds at their sites and by the groups that are rich in them.

The contribution of a motif's sites is the sum of the network's track over their bases, out of fold. A stretch of a
promoter contributes without any motif too, for the track depends on position and on GC; so the mean of the same stretch
over promoters of similar GC that hold no site of the motif is subtracted.
"""

import numpy as np
import pandas as pd
from scipy import stats

from .group_enrichment import ENRICHED

CONTRIBUTION_COLUMNS = ["n_genes", "n_sites", "contribution", "standard_error", "p", "q"]
PARTIAL_COLUMNS = ["partial_r", "partial_low", "partial_high", "partial_p"]
COLUMNS = ["motif", "name", *CONTRIBUTION_COLUMNS, *PARTIAL_COLUMNS, "enriched_in", "group_expression", "role"]
GC_CLASSES = 10
"""Classes of equal size by GC content, within which promoters with and without a site are compared."""
FEWEST_CONTROLS = 2
ACTIVE, REPRESSIVE, UNCLEAR = "active", "repressive", "unclear"


def gc_classes(gc: np.ndarray) -> np.ndarray:
    """Class of each promoter by quantiles of its GC content, 0 the lowest; shape (genes,), int64."""
    return np.searchsorted(np.quantile(gc, np.arange(1, GC_CLASSES) / GC_CLASSES), gc, side="right")


def contributions(track: np.ndarray, classes: np.ndarray, sites: pd.DataFrame, n_motifs: int) -> pd.DataFrame:
    """Mean contribution of a site of each motif, less that of the same bases in promoters of its class without one.

    Sites in classes with fewer than :data:`FEWEST_CONTROLS` promoters without the motif are left out. The standard
    error is that of a sum over genes: those with sites, each with all of its own (Liang & Zeger 1986, Biometrika
    73:13), and those without, each with its track at all the sites that it is compared with.

    Parameters
    ----------
    track : np.ndarray, shape (genes, length)
        What each base adds to the prediction, in units of the target.
    classes : np.ndarray, shape (genes,), int
        From :func:`gc_classes`.
    sites : pd.DataFrame
        ``gene`` (row of the track), ``motif`` (number from 0), ``start`` and ``end`` (bases from the window's first,
        half-open); the same bases once per motif.
    n_motifs : int

    Returns
    -------
    pd.DataFrame
        :data:`CONTRIBUTION_COLUMNS`, one row per motif, ``contribution`` in units of the target per site; p of the t
        test with as many degrees of freedom as genes with sites, less one; q by Benjamini and Hochberg. NaN where a
        motif has sites in fewer than two genes.
    """
    gene, motif, start, end = (sites[column].to_numpy() for column in ("gene", "motif", "start", "end"))
    inside = np.concatenate([np.zeros((len(track), 1)), np.cumsum(track, axis=1, dtype=float)], axis=1)
    excess = inside[gene, end] - inside[gene, start]
    noise = np.zeros(n_motifs)
    for number in np.unique(classes):
        rows, of_class = np.flatnonzero(classes == number), np.flatnonzero(classes[gene] == number)
        place = np.searchsorted(rows, gene[of_class])
        controls = _Controls(inside[rows], place, motif[of_class], n_motifs)
        excess[of_class] -= controls.expected(start[of_class], end[of_class], motif[of_class])
        noise += controls.variance(track[rows], start[of_class], end[of_class], motif[of_class])
    known = np.isfinite(excess)
    return _estimates(gene[known], motif[known], excess[known], noise, n_motifs)


class _Controls:
    """Promoters of one class without a site of each motif.

    Parameters
    ----------
    inside : np.ndarray, shape (promoters, length + 1)
        Sum of the track before each base.
    place, motif : np.ndarray, shape (sites,)
        Promoter and motif of the class's sites.
    """

    def __init__(self, inside: np.ndarray, place: np.ndarray, motif: np.ndarray, n_motifs: int):
        self.without = np.ones((len(inside), n_motifs))
        self.without[place, motif] = 0
        self.number = self.without.sum(axis=0)
        self.enough = self.number >= FEWEST_CONTROLS
        self.mean = inside.T @ self.without / np.where(self.enough, self.number, np.nan)

    def expected(self, start: np.ndarray, end: np.ndarray, motif: np.ndarray) -> np.ndarray:
        """Mean track over the bases of each site, NaN without enough promoters; shape (sites,)."""
        return self.mean[end, motif] - self.mean[start, motif]

    def variance(self, track: np.ndarray, start: np.ndarray, end: np.ndarray, motif: np.ndarray) -> np.ndarray:
        """Variance, for each motif, of the expected track summed over all sites; shape (motifs,)."""
        length, n_motifs = track.shape[1], len(self.number)
        edges = np.zeros((length + 1, n_motifs))
        np.add.at(edges, (start, motif), 1.0)
        np.add.at(edges, (end, motif), -1.0)
        covered = track @ edges.cumsum(axis=0)[:-1]
        n = np.where(self.enough, self.number, np.nan)
        mean = (self.without * covered).sum(axis=0) / n
        spread = (self.without * (covered - mean) ** 2).sum(axis=0) / (n - 1)
        return np.where(self.enough, spread / n, 0.0)


def _estimates(
    gene: np.ndarray, motif: np.ndarray, excess: np.ndarray, noise: np.ndarray, n_motifs: int
) -> pd.DataFrame:
    """Means of sites with standard errors clustered by gene; ``noise`` is the variance that the controls add."""
    n_sites = np.bincount(motif, minlength=n_motifs)
    n_genes, between = np.zeros(n_motifs, dtype=np.int64), np.zeros(n_motifs)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(motif, excess, n_motifs) / n_sites
        pairs, pair = np.unique(motif.astype(np.int64) * (gene.max(initial=0) + 1) + gene, return_inverse=True)
        of_pair = pairs // (gene.max(initial=0) + 1)
        residual = np.bincount(pair, excess - mean[motif], len(pairs))
        n_genes += np.bincount(of_pair, minlength=n_motifs)
        between += np.bincount(of_pair, residual**2, n_motifs)
        error = np.sqrt(between * n_genes / (n_genes - 1) + noise) / n_sites
        p = 2 * stats.t.sf(np.abs(mean) / error, n_genes - 1)
    tested = (n_genes > 1) & (error > 0)
    error, p = np.where(n_genes > 1, error, np.nan), np.where(tested, p, np.nan)
    values = (n_genes, n_sites, mean, error, p, _q_values(p))
    return pd.DataFrame(dict(zip(CONTRIBUTION_COLUMNS, values, strict=True)))


def _q_values(p: np.ndarray) -> np.ndarray:
    """Benjamini and Hochberg over the tests that have a p; shape (tests,)."""
    q = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        q[known] = stats.false_discovery_control(p[known])
    return q


def partial_correlations(present: np.ndarray, target: np.ndarray, covariates: np.ndarray) -> pd.DataFrame:
    """Correlation of presence with the target, given covariates.

    Parameters
    ----------
    present : np.ndarray, shape (genes, motifs), bool
    target : np.ndarray, shape (genes,)
    covariates : np.ndarray, shape (genes, covariates)

    Returns
    -------
    pd.DataFrame
        :data:`PARTIAL_COLUMNS`, one row per motif: r, its 95 % interval by Fisher's z, and p of the t test, which is
        that of the motif's coefficient in least squares. NaN where presence is a combination of the covariates.
    """
    n_genes, n_covariates = covariates.shape
    basis, _ = np.linalg.qr(np.column_stack([np.ones(n_genes), covariates - covariates.mean(axis=0)]))
    x, y = (values - basis @ (basis.T @ values) for values in (present.astype(float), target))
    scatter = (x**2).sum(axis=0)
    varies = scatter > 1e-9 * np.maximum(present.sum(axis=0), 1)
    r = np.divide(y @ x, np.sqrt(scatter * (y @ y)), out=np.full(len(scatter), np.nan), where=varies)
    freedom = n_genes - 2 - n_covariates
    t = r * np.sqrt(freedom / (1 - r**2))
    margin = stats.norm.ppf(0.975) / np.sqrt(n_genes - n_covariates - 3)
    low, high = np.tanh(np.arctanh(r) - margin), np.tanh(np.arctanh(r) + margin)
    values = (r, low, high, 2 * stats.t.sf(np.abs(t), freedom))
    return pd.DataFrame(dict(zip(PARTIAL_COLUMNS, values, strict=True)))


def roles(
    motifs: pd.DataFrame,
    contributed: pd.DataFrame,
    partial: pd.DataFrame,
    enrichment: pd.DataFrame,
    labels: np.ndarray,
    target: np.ndarray,
    fdr: float,
) -> pd.DataFrame:
    """The role of each motif, with what led to it.

    A motif is ``active`` if its sites contribute more than expected (q < ``fdr``, above 0) and the genes of the groups
    that are enriched in it have a higher mean target than all genes; ``repressive`` if they contribute less and those
    genes have a lower one; else ``unclear``.

    Parameters
    ----------
    motifs : pd.DataFrame
        ``motif name``.
    contributed, partial : pd.DataFrame
        From :func:`contributions` and :func:`partial_correlations`, row by row.
    enrichment : pd.DataFrame
        ``group motif call`` of :func:`cisformula.grammar.group_enrichment.enrichment`.
    labels : np.ndarray, shape (genes,), int
        Group of each gene.
    target : np.ndarray, shape (genes,)
    fdr : float

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`: ``enriched_in`` lists groups with commas, ``group_expression`` is the mean target of their
        genes.
    """
    called = enrichment[enrichment["call"] == ENRICHED].groupby("motif")["group"].agg(list)
    groups = [sorted(called.get(motif, [])) for motif in motifs["motif"]]
    expression = np.array([target[np.isin(labels, of)].mean() if of else np.nan for of in groups])
    table = pd.concat([motifs[["motif", "name"]].reset_index(drop=True), contributed, partial], axis=1)
    table["enriched_in"] = [",".join(map(str, of)) for of in groups]
    table["group_expression"] = expression
    significant, above = table["q"] < fdr, expression - target.mean()
    active = significant & (table["contribution"] > 0) & (above > 0)
    repressive = significant & (table["contribution"] < 0) & (above < 0)
    table["role"] = np.select([active, repressive], [ACTIVE, REPRESSIVE], UNCLEAR)
    return table[COLUMNS]
