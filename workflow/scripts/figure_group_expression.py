"""Draw the expression of gene groups."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import group_expression, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure group expression"):
    files = snakemake.input
    genes, groups, choice, tests, pairs = (
        pd.read_csv(path, sep="\t") for path in (files.genes, files.groups, files.choice, files.tests, files.pairs)
    )
    figure = group_expression.draw(genes.assign(group=groups["group"]), choice, tests, pairs, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d groups of %d genes", groups["group"].nunique(), len(genes))
