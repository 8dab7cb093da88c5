"""Draw the expression of transcription factors against the activity of their motifs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import coefficients, factors, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure factors"):
    files = snakemake.input
    # A factor or a cell type may be called NA.
    as_text = {"sep": "\t", "keep_default_na": False}
    table = pd.read_csv(files.factors, na_values=dict.fromkeys(factors.NUMBERS, ""), **as_text)
    activity = pd.read_csv(files.activity, na_values={"activity": ""}, **as_text)
    activity = activity.pivot(index="motif", columns="cell_type", values="activity")
    expression = pd.read_parquet(files.expression)
    groups = pd.read_csv(files.cell_types, **as_text).set_index("cell_type")["group"]
    labels = coefficients.motif_labels(pd.read_csv(files.formula, na_values={"match_q": ""}, **as_text))
    figure = factors.draw(table, expression, activity, groups, labels, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew the factors that stand out among %d pairs", len(table))
