"""Draw what the preferred distances of motifs do to expression."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import spacing_expression, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure spacing expression"):
    effects = result_table.read(snakemake.input.effects)
    relocation = result_table.read(snakemake.input.relocation) if snakemake.input.relocation else None
    figure = spacing_expression.draw(effects, relocation)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d rules", len(effects))
