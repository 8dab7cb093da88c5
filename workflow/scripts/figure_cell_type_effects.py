"""Draw the heat map of motif effects in cell types."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import cell_type_effects, coefficients, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure cell type effects"):
    # A factor or a cell type may be called NA.
    effects = pd.read_csv(snakemake.input.effects, sep="\t", keep_default_na=False, na_values={"t": "", "q": ""})
    groups = pd.read_csv(snakemake.input.cell_types, sep="\t", keep_default_na=False).set_index("cell_type")["group"]
    formula = pd.read_csv(snakemake.input.formula, sep="\t", keep_default_na=False, na_values={"match_q": ""})
    figure = cell_type_effects.draw(effects, groups, coefficients.motif_labels(formula), snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew the strongest of %d motifs in %d cell types", effects["motif"].nunique(), len(groups))
