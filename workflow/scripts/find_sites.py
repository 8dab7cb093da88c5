"""Every hit of the formula's motifs in the promoters, on the genome, by the builtin engine."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import site_table, sites
from cisformula.job import logged

with logged(snakemake.log[0], "find sites"):
    site_table.write_sites(sites.find_sites, snakemake.input, snakemake.params, snakemake.output)
