"""Known motifs in MEME format: a JASPAR release or the user's motif file."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import jaspar, pwm
from cisformula.job import logged, logger

with logged(snakemake.log[0], "known motifs"):
    motifs = jaspar.load_database(snakemake.params.database, snakemake.params.taxon)
    pwm.write_meme(snakemake.output.meme, motifs)
    logger.info("%d motifs from %s", len(motifs), snakemake.params.database)
