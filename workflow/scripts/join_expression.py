"""Join promoters and expression by gene id; write the target, the matrix on log scale and the encoded sequences."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np

from cisformula import expression, gene_table
from cisformula.job import logged, logger
from cisformula.sequence import encode, read_fasta

with logged(snakemake.log[0], "join expression"):
    path = snakemake.input.expression
    sheet_path = snakemake.input.get("cell_types")
    map_path = snakemake.input.get("gene_id_map")
    sheet = expression.read_cell_types(sheet_path) if sheet_path else None
    names = expression.read_header(path)[1][1:]
    used = expression.choose_columns(names, snakemake.params.columns, sheet, snakemake.params.panel_column)
    cell_types = expression.describe_cell_types(sheet, used, sheet_path)
    matrix = expression.read_matrix(path, used)
    usable = expression.to_log(
        matrix, snakemake.params.scale, snakemake.params.pseudocount, snakemake.params.missing, path
    )

    promoters = gene_table.read(snakemake.input.promoters)
    gene_ids = expression.read_gene_id_map(map_path) if map_path else {}
    without_id = expression.count_without_id(path)
    joined = expression.join(promoters, matrix, usable, gene_ids, snakemake.params.min_genes, path, without_id)
    sequences = read_fasta(snakemake.input.fasta)

    joined.genes.to_csv(snakemake.output.genes, sep="\t", index=False)
    joined.expression.to_parquet(snakemake.output.matrix)
    np.save(snakemake.output.sequences, np.stack([encode(sequences[gene]) for gene in joined.genes["gene_id"]]))
    cell_types.to_csv(snakemake.output.cell_types, sep="\t", index=False)
    joined.report.to_csv(snakemake.output.report, sep="\t", index=False)
    for row in joined.report.itertuples():
        logger.info("%s: %d genes, %d lost %s", row.source, row.genes, row.lost, row.example_ids)
    logger.info("%d genes x %d cell types", *joined.expression.shape)
