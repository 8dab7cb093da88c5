"""Motifs of the filters of all runs in one file, to be compared with known ones together."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.errors import InputError
from cisformula.job import logged, logger

with logged(snakemake.log[0], "ARGMINN's motifs in promoters"):
    motifs, n_passed = [], 0
    for readings, path in zip(snakemake.input.readings, snakemake.input.motifs, strict=True):
        table = pd.read_csv(readings, sep="\t")
        motifs += pwm.read_meme(path) if table["consensus"].notna().any() else []
        n_passed += table["passed"].sum()
    if not motifs:
        raise InputError(
            f"no filter of {len(snakemake.input.readings)} networks sees a motif in promoters.",
            place="config: comparison_networks: argminn",
            fix="leave argminn out: these genes are too few, or too little depends on sequence, for it to learn any.",
        )
    pwm.write_meme(snakemake.output.motifs, motifs)
    logger.info("%d motifs, %d passed", len(motifs), n_passed)
