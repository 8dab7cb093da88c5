"""Draw the distances between the sites of pairs of motifs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import spacing_histograms, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure spacing histograms"):
    rules = pd.read_csv(snakemake.input.rules, sep="\t", keep_default_na=False, na_values={"q": "", "fold": ""})
    pairs = pd.read_csv(snakemake.input.pairs, sep="\t", keep_default_na=False)
    histograms = pd.read_parquet(snakemake.input.histograms)
    figure = spacing_histograms.draw(rules, histograms, pairs)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d panels", len(figure.axes))
