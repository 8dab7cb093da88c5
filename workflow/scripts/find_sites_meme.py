"""Every hit of the formula's motifs in the promoters, on the genome, by the MEME Suite's FIMO."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import meme_suite, site_table
from cisformula.job import logged

with logged(snakemake.log[0], "find sites"):
    site_table.write_sites(meme_suite.fimo, snakemake.input, snakemake.params, snakemake.output)
