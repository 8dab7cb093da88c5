"""Draw how well every network does on every task."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import network_performance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure network performance"):
    tables = [pd.read_csv(path, sep="\t") for path in snakemake.input.performance]
    by_task = dict(zip(snakemake.params.tasks, tables, strict=True))
    style.save(network_performance.draw(by_task), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d tasks", len(by_task))
