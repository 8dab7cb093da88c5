"""Fix the outer folds and the plan of training runs before any model is trained."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula import splits
from cisformula.job import logged, logger

with logged(snakemake.log[0], "make splits"):
    genes = pd.read_csv(snakemake.input.genes, sep="\t", dtype={"gene_id": str, "chrom": str}, keep_default_na=False)
    n_folds, seed = snakemake.params.n_folds, snakemake.params.seed
    if snakemake.params.scheme == "chromosome":
        folds = splits.chromosome_folds(genes["chrom"], n_folds)
    else:
        folds = splits.random_folds(len(genes), n_folds, seed)
    table = genes[["gene_id", "chrom"]].assign(fold=folds)
    table.to_csv(snakemake.output.folds, sep="\t", index=False)
    splits.plan_runs(snakemake.params.n_runs, n_folds, seed).to_csv(snakemake.output.runs, sep="\t", index=False)
    logger.info("genes per fold: %s", ", ".join(map(str, table["fold"].value_counts().sort_index())))
