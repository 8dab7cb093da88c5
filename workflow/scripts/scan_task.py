"""Hits of matrices in the test set of a task, as FIMO finds them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import motif_recovery
from cisformula.argminn.examples import Examples
from cisformula.argminn.peers import scan
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"scan {snakemake.wildcards.task} with {snakemake.wildcards.motif_source}"):
    filters = snakemake.input.get("filters")
    motifs = motif_recovery.read_motifs(snakemake.input.motifs)
    if filters:
        motifs = scan.passed_motifs(motifs, pd.read_csv(filters, sep="\t"))
    codes = Examples.load(snakemake.input.test).codes
    hits = scan.scan(codes, motifs, snakemake.params.p_value)
    packing = {"method": "gzip", "mtime": 0}
    hits.to_csv(snakemake.output.instances, sep="\t", index=False, float_format="%.4f", compression=packing)
    logger.info("%d motifs, %d hits in %d sequences", len(motifs), len(hits), len(codes))
