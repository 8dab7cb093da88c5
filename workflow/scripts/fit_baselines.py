"""Out-of-fold predictions of the simple predictors that the formula must beat."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import baselines, candidates, gene_table, linear, recipe
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"fit baselines, {snakemake.wildcards.scheme}"):
    files, params = snakemake.input, snakemake.params
    genes = gene_table.read(files.genes)
    target = genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    codes = np.load(files.sequences)
    predictions = genes[["gene_id"]].copy()
    for name, matrix in baselines.columns(codes, params.bin_width).items():
        predictions[name] = linear.out_of_fold(matrix, target, folds)
        logger.info("%s: %d columns", name, matrix.shape[1])

    if snakemake.wildcards.scheme == params.main_scheme:
        pool = candidates.from_files(files, params, codes)
        made_by = recipe.from_params(params)
        known = pool.groups(set(), params.max_similarity, params.min_overlap)
        predictions["database_only"] = np.nan
        for fold in np.unique(folds):
            test = folds == fold
            chosen = recipe.choose(pool, known, ~test, target, made_by)
            predictions.loc[test, "database_only"] = chosen.predict(pool)[test]
            logger.info("database_only, fold %d: %d of %d known motifs", fold, len(chosen.ids), len(known))
    predictions.to_csv(
        snakemake.output.predictions,
        sep="\t",
        index=False,
        float_format="%.8g",
        compression={"method": "gzip", "mtime": 0},
    )
