"""Draw the heat map of motif effects in cell types."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import cell_type_effects, coefficients, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure cell type effects"):
    effects = result_table.read(snakemake.input.effects)
    groups = result_table.read_cell_types(snakemake.input.cell_types).set_index("cell_type")["group"]
    formula = result_table.read(snakemake.input.formula)
    figure = cell_type_effects.draw(effects, groups, coefficients.motif_labels(formula), snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew the strongest of %d motifs in %d cell types", effects["motif"].nunique(), len(groups))
