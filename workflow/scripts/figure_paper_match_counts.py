"""Draw how many learned motifs match a known one, published and here."""

from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import paper_match_counts, style
from cisformula.figures.coefficients import shortened
from cisformula.job import logged, logger
from cisformula.paper import published

with logged(snakemake.log[0], "figure paper match counts"):
    numbers = published.values(published.read(snakemake.input.published))
    counts = paper_match_counts.beside_published(pd.read_csv(snakemake.input.counts, sep="\t"), numbers)
    database = shortened(Path(snakemake.params.database).name.split(".")[0], 40)
    style.save(paper_match_counts.draw(counts, database), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d levels of two sets", counts["level"].nunique())
