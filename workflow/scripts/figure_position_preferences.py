"""Draw where motifs lie relative to the TSS."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import result_table
from cisformula.figures import position_preferences, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure position preferences"):
    positions = result_table.read(snakemake.input.positions)
    profiles = pd.read_parquet(snakemake.input.profiles)
    nodes = result_table.read(snakemake.input.nodes).set_index("motif")["node"]
    params = snakemake.params
    figure = position_preferences.draw(positions, profiles, nodes, params.fdr, params.min_fold)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d panels", len(figure.axes))
