"""Draw held-out and in-sample R2 beside published numbers."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import paper_performance, style
from cisformula.job import logged, logger
from cisformula.paper import published

with logged(snakemake.log[0], "figure paper performance"):
    scores = pd.read_csv(snakemake.input.performance, sep="\t", dtype={"fold": str})
    in_sample = pd.read_csv(snakemake.input.in_sample, sep="\t")
    marks = paper_performance.marks(published.values(published.read(snakemake.input.published)))
    figure = paper_performance.draw(scores, in_sample, marks)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d predictors and %d published numbers", len(in_sample), len(marks))
