"""Motifs of the windows that contribute most to a network's logit, by TF-MoDISco."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numba
import numpy as np
from cisformula import pwm
from cisformula.argminn.peers import modisco
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"TF-MoDISco, {snakemake.wildcards.task}"):
    numba.set_num_threads(snakemake.threads)
    with np.load(snakemake.input.contributions) as arrays:
        found = modisco.discover(arrays["codes"], arrays["hypothetical"])
    table, motifs = modisco.describe(found)
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(snakemake.output.motifs, motifs)
    logger.info("%d motifs, of which %d have %g bits", len(table), len(motifs), modisco.MIN_BITS)
