"""Out-of-fold predictions of the simple predictors that the formula must beat."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import features, fitting, linear
from cisformula.job import logged, logger
from scipy import sparse

with logged(snakemake.log[0], f"fit baselines, {snakemake.wildcards.scheme}"):
    files, params = snakemake.input, snakemake.params
    genes = pd.read_csv(files.genes, sep="\t")
    target = genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    codes = np.load(files.sequences)
    ridges = {
        "base_composition": features.base_composition(codes),
        "gc_cpg": features.gc_and_cpg(codes),
        "4mer_ridge": features.kmer_counts(codes, 4),
        "2to5mer_ridge": np.hstack([features.kmer_counts(codes, k) for k in range(2, 6)]),
    }
    predictions = genes[["gene_id"]].copy()
    for name, matrix in ridges.items():
        predictions[name] = linear.out_of_fold(matrix, target, folds)
        logger.info("%s: %d columns", name, matrix.shape[1])

    known = sparse.load_npz(files.database_hits).toarray().astype(np.float64)
    predictions["database_only"] = fitting.out_of_fold(
        known, target, folds, params.selection, params.n_motifs, params.seed
    )
    logger.info(
        "database_only: %d of %d known motifs in each fold", min(params.n_motifs, known.shape[1]), known.shape[1]
    )
    predictions.to_csv(
        snakemake.output.predictions,
        sep="\t",
        index=False,
        float_format="%.8g",
        compression={"method": "gzip", "mtime": 0},
    )
