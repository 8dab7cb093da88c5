"""Draw the workflow with the numbers of this run."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm, result_table
from cisformula.figures import scheme, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure scheme"):
    files = snakemake.input
    formula = result_table.read(files.formula)
    effects = result_table.read(files.effects)
    tables = scheme.Tables(
        codes=np.load(files.sequences),
        clusters=pd.read_csv(files.clusters, sep="\t"),
        n_database=len(pwm.read_meme(files.database)),
        design=pd.read_csv(files.design, sep="\t"),
        formula=formula,
        motifs=pwm.read_meme(files.motifs),
        performance=pd.read_csv(files.performance, sep="\t"),
        effects=effects,
    )
    figure = scheme.draw(scheme.Run(**dict(snakemake.params.items())), tables)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d stages from %d genes to %d motifs", len(scheme.STAGES), len(tables.codes), len(formula))
