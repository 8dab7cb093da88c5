"""Draw how the effect of a hit depends on where it lies."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm, result_table
from cisformula.figures import position_effects, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure position effects"):
    formula = result_table.read(snakemake.input.formula)
    figure = position_effects.draw(formula, pwm.read_meme(snakemake.input.motifs))
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    edges, _ = position_effects.by_position(formula)
    logger.info("drew effects of %d motifs in %d position bins", len(formula), max(len(edges) - 1, 1))
