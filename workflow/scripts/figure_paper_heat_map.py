"""Draw every motif in every cell type, and write the drawn table."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import paper_heat_map, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper heat map"):
    effects = result_table.read(snakemake.input.effects)
    groups = result_table.read_cell_types(snakemake.input.cell_types).set_index("cell_type")["group"]
    style.save(paper_heat_map.draw(effects, groups, snakemake.params.fdr), snakemake.output.pdf, snakemake.output.png)
    table = paper_heat_map.as_table(effects)
    table.to_csv(snakemake.output.table, sep="\t", float_format="%.4f")
    logger.info("drew %d motifs in %d cell types", *table.shape)
