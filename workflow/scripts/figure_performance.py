"""Draw the R2 of the formula beside that of the network and simple baselines."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import performance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure performance"):
    scores = pd.read_csv(snakemake.input.performance, sep="\t", dtype={"fold": str})
    predictions = pd.read_csv(snakemake.input.predictions, sep="\t")
    style.save(performance.draw(scores, predictions), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d bars and %d held-out genes", len(performance.bars(scores)), len(predictions))
