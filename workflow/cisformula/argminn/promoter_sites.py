"""Instances of all runs in promoters: relative to the start site, on the genome, and summed up by motif."""

import numpy as np
import pandas as pd

from ..sequence import centre
from ..site_table import along_genome, upstream_bases
from .frames import NO_STRAND
from .instances import BED_SCORE
from .promoter_reading import FILTERS_OF_RUN
from .proportion import Z

COLUMNS = ["gene_id", "run", "start", "end", "strand", "filter", "motif", "match", "match_q", "attention"]
COLUMNS += ["activation", "change"]
SUMMARY_COLUMNS = ["motif", "consensus", "width", "palindrome", "n_filters", "n_runs", "n", "n_genes", "sense"]
SUMMARY_COLUMNS += ["change", "change_low", "change_high"]
BIN = 10
"""Bases of a bin of positions."""
SENSE, ANTISENSE = "+", "-"
_OTHER = {SENSE: ANTISENSE, ANTISENSE: SENSE}


def from_start_site(instances: pd.DataFrame, promoters: pd.DataFrame, filters: pd.DataFrame) -> pd.DataFrame:
    """Instances by gene, with bases counted from the start site and the names of motifs.

    Parameters
    ----------
    instances : pd.DataFrame
        ``sequence start end strand filter attention activation change``: ``sequence`` is the row of the promoter,
        ``filter`` a number among the filters of all runs.
    promoters : pd.DataFrame
        ``gene_id start end strand tss``, read along the gene.
    filters : pd.DataFrame
        ``filter motif reverse palindrome match match_q``; the middle three as
        :func:`cisformula.argminn.frames.similar_filters` returns them.

    Returns
    -------
    pd.DataFrame
        :data:`COLUMNS`, row by row. ``start`` and ``end`` (half-open) count along the gene, 0 is the first base
        transcribed; ``strand`` is that of the motif, which may not be that of the filter: + for the gene's own, . for a
        palindrome.
    """
    upstream = upstream_bases(promoters)[instances["sequence"]]
    of_filter = filters.set_index("filter").loc[instances["filter"]].reset_index()
    turned = instances["strand"].map(_OTHER)
    strand = np.where(of_filter["reverse"].astype(bool), turned, instances["strand"])
    table = instances.assign(
        gene_id=promoters["gene_id"].to_numpy()[instances["sequence"]],
        run=instances["filter"] // FILTERS_OF_RUN,
        start=instances["start"] - upstream,
        end=instances["end"] - upstream,
        strand=np.where(of_filter["palindrome"].astype(bool), NO_STRAND, strand),
        **{column: of_filter[column].to_numpy() for column in ("motif", "match", "match_q")},
    )
    return table[COLUMNS]


def on_genome(instances: pd.DataFrame, promoters: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Instances as BED6, named by their motifs.

    Parameters
    ----------
    instances, promoters : pd.DataFrame
        As for :func:`from_start_site`; promoters also with ``chrom``.
    table : pd.DataFrame
        What that function returned.

    Returns
    -------
    pd.DataFrame
        ``chrom start end name score strand`` by these; the score is 1000 times the attention.
    """
    sense = np.where(table["strand"] == SENSE, 1, -1)
    placed = along_genome(instances.assign(strand=sense), promoters)
    strand = np.where(table["strand"] == NO_STRAND, NO_STRAND, placed["strand"].astype(str))
    score = np.clip(np.round(BED_SCORE * instances["attention"].to_numpy()), 0, BED_SCORE).astype(int)
    bed = placed[["chrom", "start", "end"]].assign(name=table["motif"].to_numpy(), score=score, strand=strand)
    return bed.sort_values(["chrom", "start", "end", "strand", "name"], kind="stable", ignore_index=True)


def positions(instances: pd.DataFrame) -> pd.DataFrame:
    """Where along the promoter each motif is attended to.

    Parameters
    ----------
    instances : pd.DataFrame
        From :func:`from_start_site`.

    Returns
    -------
    pd.DataFrame
        By motif, bin and strand, those that occur: ``motif``, ``low`` and ``high`` (first and last base of the bin from
        the start site, for the middle base of an instance), ``strand``, ``n`` instances in ``n_genes``, their mean
        ``attention`` and ``change`` of the prediction.
    """
    middle = centre(instances["start"].to_numpy(int), (instances["end"] - instances["start"]).to_numpy(int))
    low = middle // BIN * BIN
    by_bin = instances.assign(low=low, high=low + BIN - 1).groupby(["motif", "low", "high", "strand"], as_index=False)
    return by_bin.agg(
        n=("gene_id", "size"),
        n_genes=("gene_id", "nunique"),
        attention=("attention", "mean"),
        change=("change", "mean"),
    )


def mean_changes(instances: pd.DataFrame, by: str) -> pd.DataFrame:
    """Mean change of the prediction by motif or filter, over genes.

    Parameters
    ----------
    instances : pd.DataFrame
        From :func:`from_start_site`.
    by : str
        Its column to group by.

    Returns
    -------
    pd.DataFrame
        ``change``, with its 95 % interval ``change_low change_high`` (normal; NaN for fewer than two genes).
    """
    genes = instances.groupby([by, "gene_id"])["change"].mean().groupby(by)
    mean, half = genes.mean(), Z * genes.std() / np.sqrt(genes.size())
    return pd.DataFrame({"change": mean, "change_low": mean - half, "change_high": mean + half})


def summary(instances: pd.DataFrame, frames: pd.DataFrame) -> pd.DataFrame:
    """One row per motif, that with most instances first.

    Parameters
    ----------
    instances : pd.DataFrame
        From :func:`from_start_site`.
    frames : pd.DataFrame
        ``filter motif consensus width palindrome``, from :func:`cisformula.argminn.frames.similar_filters`.

    Returns
    -------
    pd.DataFrame
        ``motif consensus width palindrome``, ``n_filters`` of ``n_runs`` that see it, ``n`` instances in ``n_genes``,
        the share on the ``sense`` strand of the gene (NaN for palindromes), and the columns of :func:`mean_changes`. A
        motif without instances has 0 of them.
    """
    motifs = frames.groupby("motif", sort=True).agg(
        consensus=("consensus", "first"),
        width=("width", "first"),
        palindrome=("palindrome", "first"),
        n_filters=("filter", "size"),
        n_runs=("filter", lambda numbers: (numbers // FILTERS_OF_RUN).nunique()),
    )
    of_motif = instances.groupby("motif")
    found = mean_changes(instances, "motif").assign(
        n=of_motif.size(),
        n_genes=of_motif["gene_id"].nunique(),
        sense=(instances["strand"] == SENSE).groupby(instances["motif"]).mean(),
    )
    table = motifs.join(found).reset_index()
    table["sense"] = table["sense"].where(~table["palindrome"].astype(bool))
    table[["n", "n_genes"]] = table[["n", "n_genes"]].fillna(0).astype(int)
    return table.sort_values(["n", "motif"], ascending=[False, True], ignore_index=True)[SUMMARY_COLUMNS]
