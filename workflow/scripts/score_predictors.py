"""Score every predictor on the same held-out genes, and the formula also in-sample, labelled so."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import performance
from cisformula.job import logged, logger

with logged(snakemake.log[0], "score predictors"):
    files, seed, scheme = snakemake.input, snakemake.params.seed, snakemake.params.scheme
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    fitted = pd.read_csv(files.formula, sep="\t")
    observed = fitted["observed"].to_numpy()
    network = np.zeros((2, len(fitted)))
    for path in files.networks:
        run = pd.read_csv(path, sep="\t")
        held_out = (run["role"] == "test").to_numpy()
        network[:, held_out] += np.stack([run["predicted"], np.ones(len(run))])[:, held_out]

    predictors = {"formula": fitted["predicted"], "contextual_regression": network[0] / network[1]}
    predictors |= {name: column for name, column in pd.read_csv(files.baselines, sep="\t").items() if name != "gene_id"}
    tables = [
        performance.score_folds(name, scheme, folds, observed, np.asarray(values), seed)
        for name, values in predictors.items()
    ]
    leaky = performance.score("formula", "in_sample", "all", observed, fitted["in_sample"].to_numpy(), seed)
    table = pd.concat([*tables, pd.DataFrame([leaky])], ignore_index=True)
    table.to_csv(snakemake.output[0], sep="\t", index=False, float_format="%.5f")
    for row in table[table["fold"] == "all"].itertuples():
        logger.info("%-22s %-10s R2 %.3f [%.3f, %.3f]", row.predictor, row.split, row.r2, row.r2_low, row.r2_high)
