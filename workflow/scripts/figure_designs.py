"""Draw what is said of designs from rules, of their controls and of designs without rules."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import designs, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure designs, {snakemake.wildcards.task}"):
    files, out = snakemake.input, snakemake.output
    table, scores = (pd.read_csv(path, sep="\t") for path in (files.table, files.scores))
    style.save(designs.draw(table, scores, snakemake.params.judge), out.pdf, out.png)
    logger.info("%d sequences by %d methods", len(table), len(scores))
