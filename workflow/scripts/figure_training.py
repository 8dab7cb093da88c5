"""Draw learning curves and predictions of the networks."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import style, training
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure training"):
    history, predictions = (
        pd.concat(
            [pd.read_csv(path, sep="\t").assign(run=run) for run, path in enumerate(paths)],
            ignore_index=True,
        )
        for paths in (snakemake.input.histories, snakemake.input.predictions)
    )
    runs = pd.read_csv(snakemake.input.runs, sep="\t")
    style.save(training.draw(history, predictions, runs), snakemake.output.pdf, snakemake.output.png)
    logger.info(
        "drew %d runs, %d epochs in all, %d predictions of test genes",
        history["run"].nunique(),
        len(history),
        (predictions["role"] == "test").sum(),
    )
