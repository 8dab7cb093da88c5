"""Draw the gaps between ARGMINN's instances, with the planted ones where they are known."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import argminn_syntax, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure syntax, {snakemake.wildcards.task}"):
    files = snakemake.input
    gaps, rules = (pd.read_csv(path, sep="\t") for path in (files.gaps, files.rules))
    planted = pd.read_csv(files.planted, sep="\t") if files.planted else None
    style.save(argminn_syntax.draw(gaps, rules, planted), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d rules", len(rules))
