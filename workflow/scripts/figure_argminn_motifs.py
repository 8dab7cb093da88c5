"""Draw the motifs of ARGMINN's filters above those that they match."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import match_table, pwm
from cisformula.argminn.filter_motifs import filter_id
from cisformula.figures import argminn_motifs, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure motifs, {snakemake.wildcards.task}"):
    files = snakemake.input
    filters = pd.read_csv(files.filters, sep="\t")
    passed = set(filters.loc[filters["passed"], "filter"].map(filter_id))
    motifs = [motif for motif in pwm.read_meme(files.motifs) if motif.id in passed]
    figure = argminn_motifs.draw(
        motifs,
        pwm.read_meme(files.known),
        match_table.read(files.matches),
        filters,
        pd.read_csv(files.scores, sep="\t"),
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("%d motifs", len(motifs))
