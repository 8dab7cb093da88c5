"""Active and repressive motifs: by what the network adds at their sites and by the groups that are rich in them.

The contribution of a motif's sites is the sum of the network's track over their bases, out of fold. Two things raise or
lower it that are not the motif's: the track depends on position and on GC, and promoters with the motif hold others
too. So the mean of the same bases over promoters of similar GC without the motif is subtracted, and then what the other
bases of the same promoter differ from theirs.
"""

import numpy as np
import pandas as pd
from scipy import stats

from ..false_discovery import q_values
from .group_enrichment import ENRICHED

CONTRIBUTION_COLUMNS = ["n_genes", "n_sites", "contribution", "standard_error", "p", "q"]
PARTIAL_COLUMNS = ["partial_r", "partial_low", "partial_high", "partial_p"]
COLUMNS = ["motif", "name", *CONTRIBUTION_COLUMNS, *PARTIAL_COLUMNS, "enriched_in", "group_expression", "role"]
GC_CLASSES = 10
"""Classes of equal size by GC content, within which promoters with and without a site are compared."""
FEWEST_CONTROLS = 2
LARGEST_COVER = 0.5
"""Promoters of which the sites of a motif cover a larger share have too few other bases to compare them with."""
ACTIVE, REPRESSIVE, UNCLEAR = "active", "repressive", "unclear"


def gc_classes(gc: np.ndarray) -> np.ndarray:
    """Class of each promoter by quantiles of its GC content, 0 the lowest; shape (genes,), int64."""
    return np.searchsorted(np.quantile(gc, np.arange(1, GC_CLASSES) / GC_CLASSES), gc, side="right")


def contributions(track: np.ndarray, classes: np.ndarray, sites: pd.DataFrame, n_motifs: int) -> pd.DataFrame:
    """Mean contribution of a site of each motif beyond the same bases elsewhere and its promoter's other bases.

    The track of a promoter, less the mean track of the promoters of its class without the motif, is summed over the
    bases of its sites; of that, as many times the mean over its other bases is subtracted. Sites in classes with fewer
    than :data:`FEWEST_CONTROLS` promoters without the motif, and promoters that are covered by more than
    :data:`LARGEST_COVER`, are left out. The standard error is that of a sum over genes: those with sites, each with all
    of its own (Liang & Zeger 1986, Biometrika 73:13), and those without, each with its track at all that it is compared
    with.

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
    inside = np.concatenate([np.zeros((len(track), 1)), np.cumsum(track, axis=1, dtype=float)], axis=1)
    sites = sites[["gene", "motif", "start", "end"]].assign(width=sites["end"] - sites["start"])
    width = sites.groupby(["motif", "gene"])["width"].transform("sum")
    sites = sites[width <= LARGEST_COVER * track.shape[1]].assign(ratio=width / (track.shape[1] - width))
    sites["excess"], noise = np.nan, np.zeros(n_motifs)
    whole = np.full(len(sites), np.nan)
    for number in np.unique(classes):
        rows, of_class = np.flatnonzero(classes == number), classes[sites["gene"]] == number
        controls = _Controls(track[rows], inside[rows], rows, sites[of_class], n_motifs)
        sites.loc[of_class, "excess"], whole[of_class] = controls.excess(inside)
        noise += controls.variance()
    known = sites.assign(whole=whole).dropna(subset="excess")
    pairs = known.groupby(["motif", "gene"]).agg(
        sites=("excess", "size"), excess=("excess", "sum"), whole=("whole", "first"), ratio=("ratio", "first")
    )
    # The other bases hold the whole less the sites; as many of them as the sites have are the ratio times that.
    value = pairs["excess"] - pairs["ratio"] * (pairs["whole"] - pairs["excess"])
    motif = pairs.index.get_level_values("motif").to_numpy()
    return _estimates(motif, pairs["sites"].to_numpy(), value.to_numpy(), noise, n_motifs)


class _Controls:
    """Promoters of one class without a site of each motif.

    Parameters
    ----------
    track : np.ndarray, shape (promoters, length)
    inside : np.ndarray, shape (promoters, length + 1)
        Sum of the track before each base.
    rows : np.ndarray, shape (promoters,)
        Their rows among all promoters.
    sites : pd.DataFrame
        ``gene motif start end ratio`` of the class; ``ratio`` of the bases of all sites of the motif in the promoter to
        its other bases.
    n_motifs : int
    """

    def __init__(self, track: np.ndarray, inside: np.ndarray, rows: np.ndarray, sites: pd.DataFrame, n_motifs: int):
        self.track, self.sites = track, sites
        self.motif = sites["motif"].to_numpy()
        self.without = np.ones((len(inside), n_motifs))
        self.without[np.searchsorted(rows, sites["gene"]), self.motif] = 0
        number = self.without.sum(axis=0)
        self.number = np.where(number >= FEWEST_CONTROLS, number, np.nan)
        self.mean = inside.T @ self.without / self.number

    def excess(self, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Track of all promoters over the bases of each site, and of its whole promoter, less the means of controls.

        Shape (sites,) each; NaN without enough controls.
        """
        gene, start, end = (self.sites[column].to_numpy() for column in ("gene", "start", "end"))
        at_site = inside[gene, end] - inside[gene, start] - (self.mean[end, self.motif] - self.mean[start, self.motif])
        return at_site, inside[gene, -1] - self.mean[-1, self.motif]

    def variance(self) -> np.ndarray:
        """Variance, for each motif, that the controls' track gives to the sum over all promoters; shape (motifs,)."""
        length, n_motifs = self.track.shape[1], len(self.number)
        edges = np.zeros((length + 1, n_motifs))
        weight = 1 + self.sites["ratio"].to_numpy()
        np.add.at(edges, (self.sites["start"].to_numpy(), self.motif), weight)
        np.add.at(edges, (self.sites["end"].to_numpy(), self.motif), -weight)
        once = self.sites.drop_duplicates(["motif", "gene"])
        others = np.bincount(once["motif"], once["ratio"], n_motifs)
        compared = self.track @ (edges.cumsum(axis=0)[:-1] - others)
        mean = (self.without * compared).sum(axis=0) / self.number
        spread = (self.without * (compared - mean) ** 2).sum(axis=0) / (self.number - 1)
        return np.nan_to_num(spread / self.number)


def _estimates(
    motif: np.ndarray, n_sites: np.ndarray, value: np.ndarray, noise: np.ndarray, n_motifs: int
) -> pd.DataFrame:
    """Means per site with standard errors clustered by gene.

    Parameters
    ----------
    motif, n_sites, value : np.ndarray, shape (pairs of motif and gene,)
        Number of sites and sum of their contributions.
    noise : np.ndarray, shape (motifs,)
        Variance that the controls add to the sum over genes.
    n_motifs : int
    """
    genes = np.bincount(motif, minlength=n_motifs)
    sites = np.bincount(motif, n_sites, n_motifs).astype(np.int64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.bincount(motif, value, n_motifs) / sites
        between = np.bincount(motif, (value - n_sites * mean[motif]) ** 2, n_motifs)
        error = np.sqrt(between * genes / (genes - 1) + noise) / sites
        p = 2 * stats.t.sf(np.abs(mean) / error, genes - 1)
    error, p = np.where(genes > 1, error, np.nan), np.where((genes > 1) & (error > 0), p, np.nan)
    return pd.DataFrame(dict(zip(CONTRIBUTION_COLUMNS, (genes, sites, mean, error, p, q_values(p)), strict=True)))


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

    A motif is ``active`` if its sites contribute more than expected (q < ``fdr``, above 0), the genes of the groups
    that are enriched in it have a higher mean target than all genes, and so have, composition held fixed, the genes
    with a site; ``repressive`` if all three are lower; else ``unclear``. The last condition looks at the data alone: a
    network that hardly learned a motif may give its sites what it gives those of another one.

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
    active = significant & (table["contribution"] > 0) & (above > 0) & (table["partial_r"] > 0)
    repressive = significant & (table["contribution"] < 0) & (above < 0) & (table["partial_r"] < 0)
    table["role"] = np.select([active, repressive], [ACTIVE, REPRESSIVE], UNCLEAR)
    return table[COLUMNS]
