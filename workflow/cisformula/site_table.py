"""Tables of sites on the genome."""

from pathlib import Path

import numpy as np
import pandas as pd

from .sequence import centre
from .textfile import whole_file


def on_genome(sites: pd.DataFrame, promoters: pd.DataFrame) -> pd.DataFrame:
    """Sites in promoters as sites on the genome.

    Parameters
    ----------
    sites : pd.DataFrame
        From :func:`cisformula.sites.find_sites`.
    promoters : pd.DataFrame
        ``gene_id chrom start end strand tss``, the sequence of each row in turn, read along the gene.

    Returns
    -------
    pd.DataFrame
        ``chrom start end`` (0-based, half-open), ``strand`` (+ or -), ``motif``, ``gene_id``, ``from_tss`` (of the
        site's middle base along the gene, 0 at the TSS), ``score`` and ``p_value``; by chromosome in the order of the
        promoters, then by start, end, strand and motif.
    """
    gene = promoters.iloc[sites["sequence"]].reset_index(drop=True)
    forward = gene["strand"] == "+"
    upstream = np.where(forward, gene["tss"] - gene["start"], gene["end"] - 1 - gene["tss"])
    placed = pd.DataFrame(
        {
            "chrom": pd.Categorical(gene["chrom"], categories=promoters["chrom"].unique()),
            "start": np.where(forward, gene["start"] + sites["start"], gene["end"] - sites["end"]),
            "end": np.where(forward, gene["start"] + sites["end"], gene["end"] - sites["start"]),
            "strand": pd.Categorical(np.where(forward == (sites["strand"] > 0), "+", "-"), categories=["+", "-"]),
            "motif": sites["motif"],
            "gene_id": gene["gene_id"],
            "from_tss": centre(sites["start"], sites["end"] - sites["start"]) - upstream,
            "score": sites["score"],
            "p_value": sites["p_value"],
        }
    )
    return placed.sort_values(["chrom", "start", "end", "strand", "motif", "gene_id"], ignore_index=True)


def write_bed(path: str | Path, sites: pd.DataFrame) -> None:
    """Write sites on the genome as BED; the score is -10 log10 p, at most 1000."""
    with whole_file(path) as handle:
        score = np.minimum(np.round(-10 * np.log10(np.maximum(sites["p_value"], 1e-300))), 1000).astype(int)
        bed = sites[["chrom", "start", "end", "motif"]].assign(score=score, strand=sites["strand"])
        bed.to_csv(handle, sep="\t", header=False, index=False)
