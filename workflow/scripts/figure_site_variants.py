"""Draw how well networks tell variants that break planted sites."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import site_variants, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure site variants"):
    tables = [pd.read_csv(path, sep="\t") for path in snakemake.input.variants]
    by_task = dict(zip(snakemake.params.tasks, tables, strict=True))
    style.save(site_variants.draw(by_task), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d tasks", len(by_task))
