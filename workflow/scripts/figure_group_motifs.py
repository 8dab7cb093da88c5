"""Draw the motifs of gene groups."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import result_table
from cisformula.figures import coefficients, group_motifs, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure group motifs"):
    files = snakemake.input
    # Groups of genes are numbers, and come in their order.
    as_text = {"dtype": {"motif": str, "name": str}, "keep_default_na": False}
    motifs, roles = (
        pd.read_csv(path, sep="\t", **as_text, na_values=dict.fromkeys(numbers, ""))
        for path, numbers in (
            (files.motifs, ["log2_odds", "p", "logistic_p"]),
            (files.roles, ["contribution", "standard_error"]),
        )
    )
    summary = pd.read_csv(files.summary, sep="\t")
    formula = result_table.read(files.formula)
    labels = coefficients.motif_labels(formula)
    shown = summary[summary["arm"] == "kmeans"]
    figure = group_motifs.draw(motifs, roles, shown, labels, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew the strongest of %d motifs in %d groups", motifs["motif"].nunique(), motifs["group"].nunique())
