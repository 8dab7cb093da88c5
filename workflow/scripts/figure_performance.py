"""Draw the R2 of the formula beside that of networks and simple baselines."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import performance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure performance"):
    scores = pd.read_csv(snakemake.input.performance, sep="\t", dtype={"fold": str})
    predictions = pd.read_csv(snakemake.input.predictions, sep="\t")
    differences = pd.read_csv(snakemake.input.differences, sep="\t")
    figure = performance.draw(scores, differences, predictions)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d predictors and %d held-out genes", scores["predictor"].nunique(), len(predictions))
