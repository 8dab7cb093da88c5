"""How designs from rules compare with their controls, with designs that follow a network, and with test sequences."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import design_scores
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"evaluate designs, {snakemake.wildcards.task}"):
    table = pd.read_csv(snakemake.input.table, sep="\t")
    scores = design_scores.score_methods(table)
    for row in scores.itertuples():
        logger.info(
            "%s: median logit %.2f, oracle %.2f; %.0f %% of %d sites attended to; rules told from it by auROC %.3f",
            row.method,
            row.logit_median,
            row.oracle_median,
            100 * row.attended,
            row.n_sites,
            row.auroc,
        )
    written = {"methods": scores, "arrangements": design_scores.score_arrangements(table)}
    for name, content in written.items():
        content.to_csv(snakemake.output[name], sep="\t", index=False, float_format="%.6g")
