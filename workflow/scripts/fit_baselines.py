"""Out-of-fold predictions of the simple predictors that the formula must beat."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, features, hits, linear, recipe
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"fit baselines, {snakemake.wildcards.scheme}"):
    files, params = snakemake.input, snakemake.params
    genes = pd.read_csv(files.genes, sep="\t")
    target = genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    codes = np.load(files.sequences)
    by_position = features.covariates(codes, features.covariate_names(hits.bin_edges(codes.shape[1], params.bin_width)))
    kmers = np.hstack([features.kmer_counts(codes, k) for k in range(2, 6)])
    ridges = {
        "base_composition": features.base_composition(codes),
        "gc_cpg": features.gc_and_cpg(codes),
        "composition_by_position": by_position,
        "4mer_ridge": features.kmer_counts(codes, 4),
        "2to5mer_ridge": kmers,
        "2to5mer_and_composition_by_position": np.hstack([kmers, by_position]),
    }
    predictions = genes[["gene_id"]].copy()
    for name, matrix in ridges.items():
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
