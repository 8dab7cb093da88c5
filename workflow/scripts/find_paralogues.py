"""Group the genes whose promoters resemble each other."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import gene_table, paralogues
from cisformula.job import logged, logger

with logged(snakemake.log[0], "find paralogues"):
    genes = gene_table.read(snakemake.input.genes)
    table = genes[["gene_id"]].assign(family=paralogues.families(np.load(snakemake.input.sequences)))
    table.to_csv(snakemake.output[0], sep="\t", index=False)
    sizes = table["family"].value_counts()
    several = sizes[sizes > 1]
    logger.info(
        "%d of %d genes lie in %d families of two or more, the largest of %d",
        several.sum(),
        len(table),
        len(several),
        sizes.max(),
    )
