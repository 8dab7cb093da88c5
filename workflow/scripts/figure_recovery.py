"""Draw what was planted against what was found."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import recovery, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure recovery"):
    tables = [
        pd.read_csv(snakemake.input[name], sep="\t") for name in ("recovery", "controls", "cell_types", "verdict")
    ]
    figure = recovery.draw(*tables, snakemake.params.fdr)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    planted, controls, cell_types, verdict = map(len, tables)
    logger.info("drew %d planted motifs, %d controls, %d effects, %d goals", planted, controls, cell_types, verdict)
