"""Draw strength and specificity of the motifs, and the groups of cell types that they tell apart."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import activity_groups, coefficients, style
from cisformula.job import logged

with logged(snakemake.log[0], "figure activity groups"):
    files = snakemake.input
    formula = result_table.read(files.formula)
    figure = activity_groups.draw(
        result_table.read(files.motifs),
        result_table.read(files.groups),
        result_table.read(files.group_effects),
        coefficients.motif_labels(formula),
        snakemake.params.fdr,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
