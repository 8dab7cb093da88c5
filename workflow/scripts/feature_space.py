"""Rank, condition number and share of base composition of the mean activations of all filters."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula.job import logged, logger
from cisformula.paper import feature_space

with logged(snakemake.log[0], "feature space"):
    codes = np.load(snakemake.input.sequences)
    filters = np.concatenate([np.load(path) for path in snakemake.input.filters])
    space = feature_space.measure(codes, filters)
    table = pd.DataFrame([space._asdict()])
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.6g")
    logger.info("mean activations in %d promoters: %s", len(codes), space)
