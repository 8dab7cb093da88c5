"""The genes that depend most on each motif, in the formula itself and in every cell type."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import cell_type_formulas, formula, gene_table, scoring, targets
from cisformula.job import logged, logger

with logged(snakemake.log[0], "find targets"):
    files = snakemake.input
    published = formula.read_json(files.formula)
    names, effects = targets.with_formula(published, cell_type_formulas.read_npz(files.cell_types, published))
    genes = gene_table.read(files.genes)
    hits = scoring.Scorer(published).features(np.load(files.sequences))
    table = targets.table(published, names, effects, hits, genes, snakemake.params.number)
    table.to_parquet(snakemake.output[0], compression="zstd", index=False)
    logger.info("%d targets of %d motifs in %d cell types", len(table), len(published.motifs), len(names) - 1)
