"""Cut one promoter per gene out of the genome, and count what was lost on the way."""

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula.job import logged, logger
from cisformula.promoters import extract_promoters
from cisformula.sequence import write_fasta

TEXT = dict.fromkeys(["gene_id", "gene_name", "chrom", "strand", "transcript_id"], str)

with logged(snakemake.log[0], "extract promoters"), TemporaryDirectory() as folder:
    promoters = extract_promoters(
        pd.read_csv(snakemake.input.tss, sep="\t", dtype=TEXT, keep_default_na=False),
        snakemake.input.genome,
        Path(folder, "genome.fai"),
        upstream=snakemake.params.upstream,
        downstream=snakemake.params.downstream,
        max_n_fraction=snakemake.params.max_n_fraction,
        drop_duplicates=snakemake.params.drop_duplicates,
        min_genes=snakemake.params.min_genes,
    )
    table = promoters.table
    bed = table[["chrom", "start", "end", "gene_id"]].assign(score=0, strand=table["strand"])
    bed.to_csv(snakemake.output.bed, sep="\t", header=False, index=False, quoting=csv.QUOTE_NONE)
    write_fasta(snakemake.output.fasta, dict(zip(table["gene_id"], promoters.sequences, strict=True)))
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.6g")
    qc = pd.concat([promoters.qc, pd.read_csv(snakemake.input.repairs, sep="\t").astype({"lost": "Int64"})])
    qc.to_csv(snakemake.output.qc, sep="\t", index=False)
    for row in qc.itertuples():
        logger.info("%s: %d genes (%s)", row.step, row.genes, row.note)
