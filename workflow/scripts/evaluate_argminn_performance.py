"""Accuracy, auROC and auPRC of every network on the test set, and of the best possible classifier where it is known."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import classification
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"evaluate networks, {snakemake.wildcards.task}"):
    rows = []
    for network, path in zip(snakemake.params.networks, snakemake.input.predictions, strict=True):
        predicted = pd.read_csv(path, sep="\t")
        scores = classification.score(predicted["label"], predicted["logit"].to_numpy(), snakemake.params.seed)
        rows.append({"network": network} | scores)
        logger.info(
            "%s: accuracy %.4f, auROC %.4f, auPRC %.4f", network, *(scores[name] for name in classification.MEASURES)
        )
    table = pd.DataFrame(rows)
    table.to_csv(snakemake.output.performance, sep="\t", index=False, float_format="%.6g")
