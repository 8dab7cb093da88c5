"""Draw R2 and significant effects by group of cell types."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import paper_groups, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper groups"):
    files = snakemake.input
    performance = result_table.read(files.performance)
    effects = result_table.read(files.effects)
    sheet = result_table.read_cell_types(files.cell_types)
    figure = paper_groups.draw(performance, effects, sheet, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d cell types", len(sheet))
