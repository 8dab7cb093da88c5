"""Draw how networks fare on backgrounds of other GC contents."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import gc_robustness, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure GC robustness"):
    tables = [pd.read_csv(path, sep="\t") for path in snakemake.input.gc]
    by_task = dict(zip(snakemake.params.tasks, tables, strict=True))
    style.save(gc_robustness.draw(by_task), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d tasks", len(by_task))
