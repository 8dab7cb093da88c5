"""Draw in how many cell types each motif is significant."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import coefficients, paper_significance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper significance"):
    # A factor or a cell type may be called NA.
    effects = pd.read_csv(snakemake.input.effects, sep="\t", keep_default_na=False, na_values={"t": "", "q": ""})
    formula = pd.read_csv(snakemake.input.formula, sep="\t", keep_default_na=False, na_values={"match_q": ""})
    figure = paper_significance.draw(effects, coefficients.motif_labels(formula), snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d motifs", effects["motif"].nunique())
