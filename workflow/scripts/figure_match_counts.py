"""Draw how many learned motifs match a known one."""

from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import match_table
from cisformula.figures import match_counts, style
from cisformula.figures.coefficients import shortened
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure match counts"):
    summary = pd.read_csv(snakemake.input.summary, sep="\t")
    clusters = pd.read_csv(snakemake.input.clusters, sep="\t")
    matches = match_table.read(snakemake.input.matches)
    database = shortened(Path(snakemake.params.database).name.split(".")[0], 40)
    figure = match_counts.draw(summary, clusters, matches, database)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew match counts of %d sets and %d clusters", len(summary), clusters["cluster"].nunique())
