"""Draw the coefficients of the formula."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.figures import coefficients, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure coefficients"):
    # A factor may be called NA.
    empty = dict.fromkeys(["match_q", "selection_probability"], "")
    formula = pd.read_csv(snakemake.input.formula, sep="\t", keep_default_na=False, na_values=empty)
    motifs = pwm.read_meme(snakemake.input.motifs)
    figure = coefficients.draw(formula, motifs, snakemake.params.n_folds)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d coefficients", len(formula))
