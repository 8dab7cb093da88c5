"""Tables of sites on the genome."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from . import background, gene_table, pwm
from .job import logger
from .sequence import centre
from .textfile import whole_file


def write_sites(find: Callable[..., pd.DataFrame], files: Any, params: Any, out: Any) -> None:
    """Find the sites of the formula's motifs by either engine and write them, as the rules that share this name files.

    Parameters
    ----------
    find : callable
        :func:`cisformula.sites.find_sites` or :func:`cisformula.meme_suite.fimo`.
    files : namedtuple-like
        ``genes``, ``sequences``, ``promoters`` and ``motifs``.
    params : namedtuple-like
        ``p_value``, ``background`` and ``both_strands`` of the configuration.
    out : namedtuple-like
        ``table`` and ``bed``.
    """
    codes = np.load(files.sequences)
    promoters = gene_table.promoters_of(files.genes, files.promoters)
    frequencies = background.choose(params.background, codes, params.both_strands)
    found = find(codes, pwm.read_meme(files.motifs), params.p_value, frequencies, params.both_strands)
    placed = on_genome(found, promoters)
    placed.to_parquet(out.table, index=False)
    write_bed(out.bed, placed)
    shown = ", ".join(f"{base} {frequency:.3f}" for base, frequency in zip("ACGT", frequencies, strict=True))
    logger.info("%d sites of %d motifs; background %s", len(placed), found["motif"].nunique(), shown)


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
    placed = along_genome(sites, promoters).assign(score=sites["score"], p_value=sites["p_value"])
    placed.insert(list(placed).index("gene_id"), "motif", sites["motif"])
    return placed.sort_values(["chrom", "start", "end", "strand", "motif", "gene_id"], ignore_index=True)


def along_genome(sites: pd.DataFrame, promoters: pd.DataFrame) -> pd.DataFrame:
    """Where sites in promoters lie on the genome, row by row.

    Parameters
    ----------
    sites : pd.DataFrame
        ``sequence start end strand`` (above 0: the gene's own), numbered from 0 on.
    promoters : pd.DataFrame
        As for :func:`on_genome`.

    Returns
    -------
    pd.DataFrame
        ``chrom start end strand gene_id from_tss`` as :func:`on_genome` returns them.
    """
    gene = promoters.iloc[sites["sequence"]].reset_index(drop=True)
    forward = gene["strand"] == "+"
    return pd.DataFrame(
        {
            "chrom": pd.Categorical(gene["chrom"], categories=promoters["chrom"].unique()),
            "start": np.where(forward, gene["start"] + sites["start"], gene["end"] - sites["end"]),
            "end": np.where(forward, gene["start"] + sites["end"], gene["end"] - sites["start"]),
            "strand": pd.Categorical(np.where(forward == (sites["strand"] > 0), "+", "-"), categories=["+", "-"]),
            "gene_id": gene["gene_id"],
            "from_tss": centre(sites["start"], sites["end"] - sites["start"]) - upstream_bases(gene),
        }
    )


def upstream_bases(promoters: pd.DataFrame) -> np.ndarray:
    """Bases of each promoter before the start site, from ``start end strand tss``; shape (promoters,), int."""
    forward = promoters["strand"] == "+"
    return np.where(forward, promoters["tss"] - promoters["start"], promoters["end"] - 1 - promoters["tss"])


def write_bed(path: str | Path, sites: pd.DataFrame) -> None:
    """Write sites on the genome as BED; the score is -10 log10 p, at most 1000."""
    with whole_file(path) as handle:
        score = np.minimum(np.round(-10 * np.log10(np.maximum(sites["p_value"], 1e-300))), 1000).astype(int)
        bed = sites[["chrom", "start", "end", "motif"]].assign(score=score, strand=sites["strand"])
        bed.to_csv(handle, sep="\t", header=False, index=False)
