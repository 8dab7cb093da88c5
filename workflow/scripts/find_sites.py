"""Every hit of the formula's motifs in the promoters, on the genome, by the builtin engine."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import background, pwm, site_table, sites
from cisformula.job import logged, logger

with logged(snakemake.log[0], "find sites"):
    files, params = snakemake.input, snakemake.params
    codes = np.load(files.sequences)
    genes = pd.read_csv(files.genes, sep="\t")[["gene_id"]]
    promoters = genes.merge(pd.read_csv(files.promoters, sep="\t"), on="gene_id", validate="one_to_one")
    frequencies = background.choose(params.background, codes, params.both_strands)
    found = sites.find_sites(codes, pwm.read_meme(files.motifs), params.p_value, frequencies, params.both_strands)
    placed = site_table.on_genome(found, promoters)
    placed.to_parquet(snakemake.output.table, index=False)
    site_table.write_bed(snakemake.output.bed, placed)
    shown = ", ".join(f"{base} {frequency:.3f}" for base, frequency in zip("ACGT", frequencies, strict=True))
    logger.info("%d sites of %d motifs; background %s", len(placed), found["motif"].nunique(), shown)
