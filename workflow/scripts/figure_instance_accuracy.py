"""Draw called instances against planted sites."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import instance_accuracy, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure instance accuracy, {snakemake.wildcards.task}"):
    files = snakemake.input
    tables = [pd.read_csv(path, sep="\t") for path in (files.instances, files.curve, files.hits)]
    style.save(instance_accuracy.draw(*tables), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d methods", len(tables[0]))
