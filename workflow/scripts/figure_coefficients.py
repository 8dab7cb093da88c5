"""Draw the coefficients of the formula."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm, result_table
from cisformula.figures import coefficients, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure coefficients"):
    formula = result_table.read(snakemake.input.formula)
    motifs = pwm.read_meme(snakemake.input.motifs)
    figure = coefficients.draw(formula, motifs, snakemake.params.n_folds)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d coefficients", len(formula))
