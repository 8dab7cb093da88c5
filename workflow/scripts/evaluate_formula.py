"""Score the recipe of the formula honestly: make it anew without each fold of a split scheme, and predict that fold."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, gene_table, nested, performance, recipe
from cisformula.job import logged, logger

scheme = snakemake.wildcards.scheme
with logged(snakemake.log[0], f"evaluate formula, {scheme}"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = gene_table.read(files.genes)
    target = genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    fold_of_run = pd.read_csv(files.runs, sep="\t").set_index("run")["fold"].to_dict()
    pool = candidates.from_files(files, params, np.load(files.sequences))

    result = nested.evaluate(pool, target, folds, fold_of_run, recipe.from_params(params))

    predictions = genes[["gene_id"]].assign(fold=folds, observed=target, predicted=result.predictions)
    predictions.to_csv(out.predictions, sep="\t", index=False, float_format="%.8g")
    nested.selection_table(result.selected, pool).to_csv(out.selection, sep="\t", index=False, float_format="%.6g")
    nested.design_table(result.selected, pool).to_csv(out.design, sep="\t", index=False, float_format="%.6g")
    logger.info("held-out R2 %.3f", performance.r2(target, result.predictions))
