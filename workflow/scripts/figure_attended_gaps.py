"""Draw the gaps between ARGMINN's instances in promoters, those of rules first."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import argminn_syntax, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure attended gaps"):
    gaps, rules = (pd.read_csv(path, sep="\t") for path in (snakemake.input.gaps, snakemake.input.rules))
    heading = f"{len(rules)} rules" if len(rules) else "No rule; the pairs called most often"
    style.save(argminn_syntax.draw(gaps, rules, heading=heading), snakemake.output.pdf, snakemake.output.png)
    logger.info("%d rules", len(rules))
