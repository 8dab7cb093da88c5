"""The simulated promoters as the files a user would bring: genome, annotation, expression matrix, cell-type sheet."""

import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .sequence import decode, reverse_complement_codes
from .simulate import GENOME_GC, REGULATORY_WINDOW, Plan, PromoterSet, Truth, random_bases

SPACER = (250, 500)
"""Shortest and longest stretch of background between two genes, in bp."""
GENE_LENGTH = 150
"""Transcribed bases after the promoter window, in bp."""
PSEUDOCOUNT = 0.1
LINE = 60


@dataclass(frozen=True)
class Layout:
    """Where the genes lie.

    Attributes
    ----------
    genome : dict of str to np.ndarray
        Encoded chromosomes by name.
    genes : pd.DataFrame
        Columns gene_id, chrom, tss (0-based), strand, end (last transcribed base, 0-based), in promoter order.
    """

    genome: dict[str, np.ndarray]
    genes: pd.DataFrame


def lay_out(plan: Plan, promoters: PromoterSet, rng: np.random.Generator) -> Layout:
    """Place the promoters one after another on chromosomes of unequal size, on random strands."""
    shares = np.linspace(1.0, 0.4, plan.chromosomes)
    bounds = np.round(np.cumsum(shares / shares.sum()) * plan.genes).astype(int)
    chromosome_of = np.searchsorted(bounds, np.arange(plan.genes), side="right")
    genome, rows = {}, []
    for number in range(plan.chromosomes):
        name = f"chr{number + 1}"
        pieces, position = [], 0
        for gene in np.flatnonzero(chromosome_of == number):
            spacer = int(rng.integers(*SPACER))
            body = random_bases(np.full(1, GENOME_GC), spacer + GENE_LENGTH, rng)[0]
            strand = "+" if rng.random() < 0.5 else "-"
            unit = np.concatenate([promoters.codes[gene], body[spacer:]])
            pieces += [body[:spacer], unit if strand == "+" else reverse_complement_codes(unit)]
            first, last = position + spacer, position + spacer + len(unit) - 1
            tss = first - REGULATORY_WINDOW[0] if strand == "+" else last + REGULATORY_WINDOW[0]
            rows.append((f"SIMG{gene + 1:05d}", name, tss, strand, last if strand == "+" else first))
            position = last + 1
        pieces.append(random_bases(np.full(1, GENOME_GC), SPACER[1], rng)[0])
        genome[name] = np.concatenate(pieces)
    return Layout(genome, pd.DataFrame(rows, columns=["gene_id", "chrom", "tss", "strand", "end"]))


def _write_text(path: str | Path, text: str) -> None:
    # No time stamp and no name in the header: the same seed then gives the same bytes.
    with open(path, "wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as handle:
        handle.write(text.encode())


def write_genome(path: str | Path, genome: dict[str, np.ndarray]) -> None:
    """Write gzip FASTA with 60 bases a line."""
    records = []
    for name, codes in genome.items():
        text = decode(codes)
        lines = "\n".join(text[i : i + LINE] for i in range(0, len(text), LINE))
        records.append(f">{name}\n{lines}\n")
    _write_text(path, "".join(records))


def write_annotation(path: str | Path, genes: pd.DataFrame) -> None:
    """Write gzip GTF: one gene, one canonical transcript each, and a shorter second transcript for every tenth gene."""
    lines = ['#!genome-build "simulated"']
    for number, gene in enumerate(genes.itertuples()):
        low, high = sorted((gene.tss, gene.end))
        names = f'gene_id "{gene.gene_id}"; gene_name "{gene.gene_id.replace("SIMG", "Sim")}";'
        place = (gene.chrom, "simulation", low + 1, high + 1, gene.strand)
        lines.append(_gtf_line("gene", place, names))
        lines.append(
            _gtf_line("transcript", place, f'{names} transcript_id "{gene.gene_id}.1"; tag "Ensembl_canonical";')
        )
        if number % 10 == 0:
            shorter = (low + 61, high + 1) if gene.strand == "+" else (low + 1, high - 59)
            place = (gene.chrom, "simulation", *shorter, gene.strand)
            lines.append(_gtf_line("transcript", place, f'{names} transcript_id "{gene.gene_id}.2";'))
    _write_text(path, "\n".join(lines) + "\n")


def _gtf_line(feature: str, place: tuple, attributes: str) -> str:
    chrom, source, start, end, strand = place
    return f"{chrom}\t{source}\t{feature}\t{start}\t{end}\t.\t{strand}\t.\t{attributes}"


def cell_type_names(groups: np.ndarray) -> list[str]:
    """Names such as ``lineage_A.03``, one per cell type."""
    counter: dict[str, int] = {}
    names = []
    for group in groups:
        counter[group] = counter.get(group, 0) + 1
        names.append(f"{group}.{counter[group]:02d}")
    return names


def write_expression(path: str | Path, genes: pd.DataFrame, truth: Truth) -> None:
    """Write the gzip TSV of linear expression values; log10(value + 0.1) gives the simulated log expression back."""
    values = np.maximum(10**truth.log_expression - PSEUDOCOUNT, 0)
    matrix = pd.DataFrame(values, index=genes["gene_id"], columns=cell_type_names(truth.groups))
    _write_text(path, matrix.to_csv(sep="\t", float_format="%.4g"))


def write_cell_types(path: str | Path, truth: Truth) -> None:
    """Write the cell-type sheet: cell_type, source, group."""
    names = cell_type_names(truth.groups)
    sheet = pd.DataFrame({"cell_type": names, "source": "simulation", "group": truth.groups})
    sheet.to_csv(path, sep="\t", index=False)
