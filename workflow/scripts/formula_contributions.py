"""What each motif of the formula adds to the prediction of each gene."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import contributions, formula, gene_table, scoring
from cisformula.job import logged, logger

with logged(snakemake.log[0], "formula contributions"):
    published = formula.read_json(snakemake.input.formula)
    gene_ids = gene_table.read(snakemake.input.genes)["gene_id"]
    scores = scoring.Scorer(published).read(np.load(snakemake.input.sequences))
    table = contributions.table(published, scores, gene_ids)
    table.to_parquet(snakemake.output[0])
    logger.info("%d genes x %d motifs and composition", len(table), len(published.motifs))
