"""Draw in how many cell types each motif is significant."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import coefficients, paper_significance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper significance"):
    effects = result_table.read(snakemake.input.effects)
    formula = result_table.read(snakemake.input.formula)
    figure = paper_significance.draw(effects, coefficients.motif_labels(formula), snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d motifs", effects["motif"].nunique())
