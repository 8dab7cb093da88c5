"""Draw the expression of transcription factors against the activity of their motifs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import result_table
from cisformula.figures import coefficients, factors, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure factors"):
    files = snakemake.input
    table = result_table.read(files.factors)
    activity = result_table.read(files.activity).pivot(index="motif", columns="cell_type", values="activity")
    expression = pd.read_parquet(files.expression)
    groups = result_table.read_cell_types(files.cell_types).set_index("cell_type")["group"]
    labels = coefficients.motif_labels(result_table.read(files.formula))
    figure = factors.draw(table, expression, activity, groups, labels, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew the factors that stand out among %d pairs", len(table))
