"""Draw R2 and significant effects by group of cell types."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import paper_groups, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure paper groups"):
    files = snakemake.input
    # A cell type may be called NA.
    performance = pd.read_csv(files.performance, sep="\t", keep_default_na=False, na_values={"r2": ""})
    effects = pd.read_csv(files.effects, sep="\t", keep_default_na=False, na_values={"t": "", "q": ""})
    sheet = pd.read_csv(files.cell_types, sep="\t", dtype=str, keep_default_na=False)
    figure = paper_groups.draw(performance, effects, sheet, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d cell types", len(sheet))
