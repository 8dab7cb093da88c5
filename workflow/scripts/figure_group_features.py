"""Draw the weighted features of gene groups."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import group_features, style
from cisformula.grammar.comparable_features import comparable
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure group features"):
    files = snakemake.input
    predictions, groups = (pd.read_csv(path, sep="\t") for path in (files.predictions, files.groups))
    names = pd.read_csv(files.features, sep="\t", keep_default_na=False).set_index("feature")["name"]
    features = comparable(pd.read_parquet(files.weighted), predictions["fold"].to_numpy()).reset_index(drop=True)
    figure = group_features.draw(features, groups, predictions, names)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d genes in %d groups", len(groups), groups["group"].nunique())
