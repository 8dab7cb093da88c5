"""Fix the outer folds and the plan of training runs of a scheme before any model is trained."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import gene_table, splits
from cisformula.job import logged, logger

scheme = snakemake.wildcards.scheme
with logged(snakemake.log[0], f"make {scheme} splits"):
    genes = gene_table.read(snakemake.input.genes)
    n_folds, seed = snakemake.params.n_folds, snakemake.params.seed
    if scheme == "chromosome":
        folds = splits.chromosome_folds(genes["chrom"], n_folds)
    elif scheme == "paralogue":
        families = pd.read_csv(snakemake.input.families, sep="\t")["family"]
        folds = splits.family_folds(families, n_folds, seed)
    else:
        folds = splits.random_folds(len(genes), n_folds, seed)
    table = genes[["gene_id", "chrom"]].assign(fold=folds)
    table.to_csv(snakemake.output.folds, sep="\t", index=False)
    splits.plan_runs(snakemake.params.n_runs, n_folds, seed).to_csv(snakemake.output.runs, sep="\t", index=False)
    logger.info("genes per fold: %s", ", ".join(map(str, table["fold"].value_counts().sort_index())))
