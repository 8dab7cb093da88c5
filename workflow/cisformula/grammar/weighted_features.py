"""Weighted features of genes: what each motif adds to a prediction by a network that never saw the gene.

Filters of different runs are aligned through clusters of their motifs. That contextual regression yields weighted
features which group genes is the claim of Wang & Wang 2022 (bioRxiv); how they are read, aligned and summed here is our
own design.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import InputError

OTHER, BIAS = "other", "bias"
"""Columns of the filters that belong to no feature, and of the networks' constants."""
SIGNIFICANT = 0.05
"""q-value below which a feature is called by its best known match."""


class RunTerms(NamedTuple):
    """What one run says about the genes it never saw.

    Attributes
    ----------
    run : int
    genes : np.ndarray, shape (held out,), int
        Rows of the table of genes.
    weighted : np.ndarray, shape (held out, bins, filters), float32
    bias : float
    predicted : np.ndarray, shape (held out,), float32
    track : np.ndarray, shape (held out, length), float32
    """

    run: int
    genes: np.ndarray
    weighted: np.ndarray
    bias: float
    predicted: np.ndarray
    track: np.ndarray


class WeightedFeatures(NamedTuple):
    """Out-of-fold weighted features of all genes; a gene that several runs held out has their mean.

    Attributes
    ----------
    by_bin : np.ndarray, shape (genes, features + 1, bins), float32
        The last of the features is :data:`OTHER`.
    bias : np.ndarray, shape (genes,), float32
        ``by_bin.sum(axis=(1, 2)) + bias == predicted`` up to rounding.
    predicted : np.ndarray, shape (genes,), float32
    track : np.ndarray, shape (genes, length), float32
        ``track.sum(axis=1) + bias == predicted`` up to rounding.
    """

    by_bin: np.ndarray
    bias: np.ndarray
    predicted: np.ndarray
    track: np.ndarray


def features_of_motifs(clusters: pd.DataFrame, min_runs: int) -> pd.Series:
    """The feature of each motif: the representative of its cluster, or nothing if too few runs found the cluster.

    Parameters
    ----------
    clusters : pd.DataFrame
        As :func:`cisformula.motif_clusters.cluster_motifs` returns it.
    min_runs : int

    Returns
    -------
    pd.Series of str
        Indexed by motif; empty text for no feature.
    """
    return clusters.set_index("motif")["representative"].where((clusters["n_runs"] >= min_runs).to_numpy(), "")


def combine(runs: list[RunTerms], filters: pd.DataFrame, features: list[str], n_genes: int) -> WeightedFeatures:
    """Sum what the filters of a feature add, and average over the runs that held a gene out.

    Parameters
    ----------
    runs : list of RunTerms
    filters : pd.DataFrame
        ``run filter feature``; a filter that is not listed, or whose feature is not, counts as :data:`OTHER`.
    features : list of str
    n_genes : int

    Raises
    ------
    InputError
        If no run held a gene out.
    """
    n_bins, length = runs[0].weighted.shape[1], runs[0].track.shape[1]
    by_bin = np.zeros((n_genes, len(features) + 1, n_bins))
    bias, predicted, times = np.zeros(n_genes), np.zeros(n_genes), np.zeros(n_genes)
    track = np.zeros((n_genes, length))
    for run in runs:
        member = _membership(filters[filters["run"] == run.run], features, run.weighted.shape[2])
        by_bin[run.genes] += np.einsum("gpk,kf->gfp", run.weighted.astype(float), member, optimize=True)
        bias[run.genes] += run.bias
        predicted[run.genes] += run.predicted
        track[run.genes] += run.track
        times[run.genes] += 1
    if not times.all():
        raise InputError(
            f"{(times == 0).sum()} of {n_genes} genes were held out by none of {len(runs)} runs.",
            place="config: splits: n_folds",
            fix="read one run for each fold.",
        )
    by_bin /= times[:, None, None]
    track /= times[:, None]
    arrays = (by_bin, bias / times, predicted / times, track)
    return WeightedFeatures(*(array.astype(np.float32) for array in arrays))


def _membership(filters: pd.DataFrame, features: list[str], n_filters: int) -> np.ndarray:
    """1 for the feature of each filter of a run, else 0; shape (filters, features + 1)."""
    column = {feature: number for number, feature in enumerate(features)}
    member = np.full(n_filters, len(features))
    member[filters["filter"].to_numpy()] = [column.get(feature, len(features)) for feature in filters["feature"]]
    return np.eye(len(features) + 1)[member]


def to_table(found: WeightedFeatures, features: list[str], gene_ids: pd.Series) -> pd.DataFrame:
    """One float32 column per feature, then :data:`OTHER` and :data:`BIAS`; rows, by gene id, sum to the prediction."""
    values = np.column_stack([found.by_bin.sum(axis=2, dtype=float), found.bias]).astype(np.float32)
    return pd.DataFrame(values, index=pd.Index(gene_ids, name="gene_id"), columns=[*features, OTHER, BIAS])


def describe(table: pd.DataFrame, filters: pd.DataFrame, consensus: dict[str, str], best: pd.DataFrame) -> pd.DataFrame:
    """What each feature is and how much of the predictions' variance it carries.

    Parameters
    ----------
    table : pd.DataFrame
        From :func:`to_table`.
    filters : pd.DataFrame
        ``motif run filter feature``.
    consensus : dict of str to str
        Consensus of each feature's representative.
    best : pd.DataFrame
        ``match match_q`` of the representatives, indexed by their id; as
        :func:`cisformula.formula_table.best_matches` returns it.

    Returns
    -------
    pd.DataFrame
        ``feature name match match_q n_runs n_filters consensus mean sd share_of_variance``, one row per feature. The
        name is the best match, if significant, else the consensus. The share of variance is the covariance with the
        prediction over the prediction's variance: with those of :data:`OTHER` and :data:`BIAS` the shares sum to one.
    """
    features = [column for column in table.columns if column not in (OTHER, BIAS)]
    values = table.to_numpy(dtype=float)
    centred = values - values.mean(axis=0)
    predicted = centred.sum(axis=1)
    variance = predicted @ predicted
    shares = predicted @ centred / variance if variance > 0 else np.full(values.shape[1], np.nan)
    members = filters.groupby("feature")["run"]
    described = pd.DataFrame({"feature": features})
    described["match"] = described["feature"].map(best["match"])
    described["match_q"] = described["feature"].map(best["match_q"])
    described["n_runs"] = described["feature"].map(members.nunique())
    described["n_filters"] = described["feature"].map(members.size())
    described["consensus"] = described["feature"].map(consensus)
    described["mean"] = values.mean(axis=0)[: len(features)]
    described["sd"] = values.std(axis=0, ddof=1)[: len(features)]
    described["share_of_variance"] = shares[: len(features)]
    name = described["match"].where(described["match_q"] < SIGNIFICANT, described["consensus"])
    described.insert(1, "name", name)
    return described


def profiles(found: WeightedFeatures, features: list[str], edges: np.ndarray) -> pd.DataFrame:
    """Mean and standard deviation over genes of each feature in each position bin.

    Parameters
    ----------
    found : WeightedFeatures
    features : list of str
    edges : np.ndarray, shape (bins + 1,), int
        In bases from the TSS.

    Returns
    -------
    pd.DataFrame
        ``feature bin_start bin_end mean sd``; a bin goes from its first to its last base.
    """
    by_bin = found.by_bin[:, : len(features)].astype(float)
    return pd.DataFrame(
        {
            "feature": np.repeat(features, len(edges) - 1),
            "bin_start": np.tile(edges[:-1], len(features)),
            "bin_end": np.tile(edges[1:] - 1, len(features)),
            "mean": by_bin.mean(axis=0).ravel(),
            "sd": by_bin.std(axis=0, ddof=1).ravel(),
        }
    )
