"""Which transcription factors may stand behind a motif, and whether their expression goes with its activity.

Factors of one family share their motif, so a motif alone does not tell them apart. The factor that acts is expressed
where the motif is active, or, if it represses, where it is not: each candidate's own expression is correlated with the
motif's activity over cell types.
"""

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from .expression import VERSION_SUFFIX, match_ids
from .false_discovery import q_values

ITSELF, MATCH = "itself", "match"
LINKS = ["motif", "name", "factor", "link", "known_motif", "family", "e_value", "q_match"]
CORRELATION = ["n", "r", "r_low", "r_high", "p", "q", "p_genes", "q_genes", "rank"]
LEAST_CELL_TYPES = 4
"""Fewest cell types for a correlation: with three its interval is infinite."""
_SUFFIX = re.compile(r"\(var\.?\d+\)$|\.\d+$", re.IGNORECASE)


def factor_names(motif_name: str) -> list[str]:
    """The factors a known motif is named after: ``MAFG::NFE2L1`` are two, ``RORA(var.2)`` and ``RORA.2`` are RORA."""
    names = (_SUFFIX.sub("", part.strip()) for part in motif_name.split("::"))
    return list(dict.fromkeys(name for name in names if name))


def links(formula: pd.DataFrame, matches: pd.DataFrame, known: pd.DataFrame, largest_q: float) -> pd.DataFrame:
    """Candidate factors of each motif of the formula.

    Parameters
    ----------
    formula : pd.DataFrame
        ``motif name source``.
    matches : pd.DataFrame
        Matches of the formula's motifs with known ones, in Tomtom's columns.
    known : pd.DataFrame
        ``motif name family`` of the known motifs.
    largest_q : float
        Matches with a smaller q-value count.

    Returns
    -------
    pd.DataFrame
        One row per motif and factor, columns :data:`LINKS`, in the order of the formula, then the motif's own factors
        (link ``itself``), then those of the known motifs it matches (``match``), the smallest E-value first. A factor
        of several known motifs is listed with the first of them.
    """
    name_of, family_of = (known.set_index("motif")[column] for column in ("name", "family"))
    own = formula.loc[formula["source"] == "database", ["motif"]].assign(known_motif=lambda t: t["motif"])
    found = pd.DataFrame(
        {
            "motif": matches["Query_ID"],
            "known_motif": matches["Target_ID"],
            "e_value": matches["E-value"],
            "q_match": matches["q-value"],
        }
    )
    own = own.merge(found, on=["motif", "known_motif"], how="left").assign(link=ITSELF)
    found = found[(found["q_match"] < largest_q) & found["motif"].isin(formula["motif"])].assign(link=MATCH)
    table = pd.concat([own, found.sort_values("e_value", kind="stable")], ignore_index=True)
    place = pd.Series(range(len(formula)), index=formula["motif"])
    table = table.iloc[np.argsort(table["motif"].map(place).to_numpy(), kind="stable")]
    table["name"] = table["motif"].map(formula.set_index("motif")["name"])
    table["factor"] = table["known_motif"].map(name_of).map(factor_names)
    table["family"] = table["known_motif"].map(family_of)
    table = table.explode("factor").dropna(subset="factor")
    repeated = table.assign(factor=table["factor"].str.upper()).duplicated(["motif", "factor"])
    return table.loc[~repeated, LINKS].reset_index(drop=True)


def find_genes(
    factors: pd.Series, annotation: pd.DataFrame, matrix_ids: pd.Index, gene_ids: Mapping[str, str]
) -> pd.DataFrame:
    """The gene of each factor, by name or id in the annotation or by id in the matrix, whatever the case.

    Databases spell the factors of other species in other cases, and an annotation may lack a gene that was measured.

    Parameters
    ----------
    factors : pd.Series
    annotation : pd.DataFrame
        ``gene_id gene_name``.
    matrix_ids : pd.Index
        Gene ids of the expression matrix.
    gene_ids : mapping of str to str
        Matrix id to annotation id; ids that are not in it stay.

    Returns
    -------
    pd.DataFrame
        ``factor`` (as the annotation spells it, if it does), ``gene_id`` (empty if there is none) and ``row`` of the
        matrix (-1 if it has none), in the order and with the index of ``factors``.
    """
    mapped = pd.Index([gene_ids.get(name, name) for name in matrix_ids])
    first = np.flatnonzero(~mapped.duplicated())
    genes = annotation.drop_duplicates("gene_id")[["gene_id", "gene_name"]]
    rows, _ = match_ids(genes["gene_id"], mapped[first])
    genes["row"] = np.where(rows >= 0, first[rows], -1)
    measured = genes[genes["row"] >= 0].drop_duplicates("row").set_index("row").reindex(range(len(mapped)))
    measured = measured.fillna({"gene_id": mapped.to_series(range(len(mapped)))}).reset_index(names="row")
    measured["gene_name"] = measured["gene_name"].fillna(measured["gene_id"])
    # The better names first; of genes that share a name one with expression.
    genes = genes.sort_values("row", ascending=False, key=lambda row: row >= 0, kind="stable")
    named = [(genes, genes["gene_name"]), (genes, genes["gene_id"]), (measured, mapped), (measured, matrix_ids)]
    table = pd.concat([part.assign(key=pd.Index(names)) for part, names in named], ignore_index=True)
    table["key"] = table["key"].str.replace(VERSION_SUFFIX, "", regex=True).str.upper()
    found = table.drop_duplicates("key").set_index("key").reindex(factors.str.upper()).set_axis(factors.index)
    return pd.DataFrame(
        {
            "factor": found["gene_name"].where(found["gene_name"].fillna("") != "", factors),
            "gene_id": found["gene_id"].fillna(""),
            "row": found["row"].fillna(-1).astype(int),
        }
    )


def correlate(
    table: pd.DataFrame, rows: np.ndarray, activity: pd.DataFrame, expression: np.ndarray, genes: pd.DataFrame
) -> pd.DataFrame:
    """Correlate each factor's expression with its motif's activity over cell types.

    Parameters
    ----------
    table : pd.DataFrame
        ``motif gene_id`` of each pair.
    rows : np.ndarray, shape (pairs,), int
        Row of ``expression`` that is the factor's; -1 where it has none.
    activity : pd.DataFrame, shape (motifs, cell types)
        Indexed by motif; motifs that are not in it, or NaN, have no correlation.
    expression : np.ndarray, shape (factors, cell types)
        Log expression minus the mean over the genes of the run in each cell type; NaN where it is missing.
    genes : pd.DataFrame, shape (genes, cell types)
        The same of the genes of the run, indexed by gene id.

    Returns
    -------
    pd.DataFrame
        The table with ``in_expression`` and :data:`CORRELATION`: number of cell types, Pearson's r with its 95 %
        interval by Fisher's transformation, two-sided p of r by t with n - 2 degrees of freedom and q
        (Benjamini-Hochberg over all pairs), the share ``p_genes`` of genes of the run whose correlation with the
        activity is at least as strong, the factor counted in, its q (Benjamini-Hochberg over the candidates of the
        motif), and the rank of the factor by absolute r among those of the motif.

    Notes
    -----
    ``p`` takes cell types as independent. Related ones are not, so it is too small. ``p_genes`` compares the factor
    with genes that were measured in the same cell types. Its smallest value is one in the number of genes, too large to
    survive a correction over all pairs; ``q_genes`` asks which candidates of one motif stand out, and at 0.05 one motif
    in twenty has one by chance.
    """
    values = activity.reindex(table["motif"]).to_numpy()
    own = np.where((rows >= 0)[:, None], expression[rows], np.nan)
    n, r = pearson(values, own)
    with np.errstate(divide="ignore", invalid="ignore"):
        half_width = stats.norm.ppf(0.975) / np.sqrt(n - 3)
        low, high = np.tanh(np.arctanh(r) - half_width), np.tanh(np.arctanh(r) + half_width)
        p = 2 * stats.t.sf(np.abs(r) * np.sqrt((n - 2) / np.maximum(1 - r**2, 0)), n - 2)
    p_genes = _share_of_genes(table["motif"], table["gene_id"].isin(genes.index), r, activity, genes.to_numpy())
    result = table.assign(
        in_expression=rows >= 0,
        n=n,
        r=r,
        r_low=low,
        r_high=high,
        p=p,
        q=q_values(p),
        p_genes=p_genes,
        q_genes=pd.Series(p_genes).groupby(table["motif"].to_numpy()).transform(q_values),
    )
    strength = result["r"].abs()
    return result.assign(rank=strength.groupby(result["motif"]).rank(ascending=False, method="min").astype("Int64"))


def pearson(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of cell types with both values, and their correlation, row by row.

    Parameters
    ----------
    x, y : np.ndarray, shape (pairs, cell types)
        NaN where missing.

    Returns
    -------
    n : np.ndarray, shape (pairs,), int64
    r : np.ndarray, shape (pairs,)
        NaN where one does not vary, or with fewer than :data:`LEAST_CELL_TYPES` cell types.
    """
    both = np.isfinite(x) & np.isfinite(y)
    n = both.sum(axis=1)
    x, y = (np.where(both, values, 0.0) for values in (x, y))
    x, y = (np.where(both, v - v.sum(axis=1, keepdims=True) / np.maximum(n, 1)[:, None], 0.0) for v in (x, y))
    squares = (x**2).sum(axis=1) * (y**2).sum(axis=1)
    varies = (squares > 1e-24) & (n >= LEAST_CELL_TYPES)
    r = np.divide((x * y).sum(axis=1), np.sqrt(squares), out=np.full(len(n), np.nan), where=varies)
    return n, np.clip(r, -1, 1)


def _share_of_genes(
    motifs: pd.Series, is_among: pd.Series, r: np.ndarray, activity: pd.DataFrame, genes: np.ndarray
) -> np.ndarray:
    """Share of genes that correlate with each motif's activity at least as strongly; the factor itself counts once.

    Parameters
    ----------
    motifs, is_among : pd.Series
        Motif of each pair, and whether its factor is one of the genes.
    r, activity, genes
        As in :func:`correlate`.
    """
    centred = genes - genes.mean(axis=1, keepdims=True)
    norms = np.sqrt((centred**2).sum(axis=1))
    units = centred[norms > 1e-12] / norms[norms > 1e-12, None]
    share = np.full(len(r), np.nan)
    tested = np.isfinite(r)
    for motif, pairs in pd.Series(np.flatnonzero(tested)).groupby(motifs[tested].to_numpy()):
        profile = activity.loc[motif].to_numpy()
        profile = profile - profile.mean()
        strengths = np.sort(np.abs(units @ (profile / np.linalg.norm(profile))))
        reached = len(units) - np.searchsorted(strengths, np.abs(r[pairs]) - 1e-9)
        itself = is_among.to_numpy()[pairs].astype(int)
        share[pairs] = (1 + np.maximum(reached - itself, 0)) / (1 + len(units) - itself)
    return share
