"""Draw every motif in every cell type, and write the drawn table."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import paper_heat_map, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper heat map"):
    # A factor or a cell type may be called NA.
    effects = pd.read_csv(snakemake.input.effects, sep="\t", keep_default_na=False, na_values={"t": "", "q": ""})
    groups = pd.read_csv(snakemake.input.cell_types, sep="\t", keep_default_na=False).set_index("cell_type")["group"]
    style.save(paper_heat_map.draw(effects, groups, snakemake.params.fdr), snakemake.output.pdf, snakemake.output.png)
    table = paper_heat_map.as_table(effects)
    table.to_csv(snakemake.output.table, sep="\t", float_format="%.4f")
    logger.info("drew %d motifs in %d cell types", *table.shape)
