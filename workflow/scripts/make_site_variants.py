"""Variants that break the planted sites of bound test sequences, each with the same substitution elsewhere."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm
from cisformula.argminn import site_variants
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"variants, {snakemake.wildcards.simulated_task}"):
    files = snakemake.input
    examples = Examples.load(files.test)
    sites = pd.read_csv(files.sites, sep="\t")
    bound = sites[examples.label[sites["sequence"]] == 1]
    bound = bound[bound["sequence"].isin(np.flatnonzero(examples.label == 1)[: snakemake.params.sequences])]
    variants = site_variants.make_variants(
        examples.codes, bound, pwm.read_meme(files.motifs), np.random.default_rng(snakemake.params.seed)
    )
    variants.to_csv(snakemake.output.variants, sep="\t", index=False, compression={"method": "gzip", "mtime": 0})
    logger.info("%d variants that break a site, as many beside sites", variants["breaks"].sum())
