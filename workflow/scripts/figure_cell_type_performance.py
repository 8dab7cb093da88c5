"""Draw the held-out R2 of every cell type."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import cell_type_performance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure cell type performance"):
    performance = result_table.read(snakemake.input.performance)
    null = result_table.read(snakemake.input.null)
    style.save(cell_type_performance.draw(performance, null), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d R2 and the summary of %d permutations", len(performance), len(null))
