"""Draw the held-out R2 of every cell type."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import cell_type_performance, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure cell type performance"):
    # A cell type or a group may be called NA.
    numbers = ["n_genes", "r2", "r2_low", "r2_high", "composition_r2", "permutation_p"]
    performance = pd.read_csv(
        snakemake.input.performance, sep="\t", keep_default_na=False, na_values=dict.fromkeys(numbers, "")
    )
    null = pd.read_csv(snakemake.input.null, sep="\t")
    style.save(cell_type_performance.draw(performance, null), snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d R2 and the summary of %d permutations", len(performance), len(null))
