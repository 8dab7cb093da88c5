"""Instances in the bound windows of peaks as BED."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import instances
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"instances on the genome, {snakemake.wildcards.peak_task}"):
    regions = pd.read_csv(snakemake.input.regions, sep="\t", dtype={"chrom": str})
    bound = []
    for name in ("reading", "test"):
        called = pd.read_csv(snakemake.input[name], sep="\t")
        rows = regions.index[regions["set"] == name]
        called["sequence"] = rows[called["sequence"]]
        bound.append(called[regions["label"].to_numpy()[called["sequence"]] == 1])
    bed = instances.on_genome(pd.concat(bound, ignore_index=True), regions)
    instances.write_bed(snakemake.output.bed, bed)
    logger.info("%d instances", len(bed))
