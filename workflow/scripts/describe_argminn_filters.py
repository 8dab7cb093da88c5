"""The table of ARGMINN's filters, each with the known motif it is most like."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import match_table, pwm
from cisformula.argminn import filter_motifs
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"describe ARGMINN's filters, {snakemake.wildcards.task}"):
    files = snakemake.input
    names = {motif.id: motif.name for motif in pwm.read_meme(files.known)}
    readings = pd.read_csv(files.readings, sep="\t")
    table = filter_motifs.add_matches(readings, match_table.read(files.matches), names)
    table.to_csv(snakemake.output.filters, sep="\t", index=False, float_format="%.6g")
    logger.info("%d of %d filters that passed have a match at q < 0.05", *filter_motifs.count_matched(table))
