"""Instances that every method calls in the bound test sequences against the planted sites."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula.argminn import instance_recovery
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"evaluate instances, {snakemake.wildcards.task}"):
    files, out = snakemake.input, snakemake.output
    bound = np.flatnonzero(Examples.load(files.test).label == 1)
    sites = pd.read_csv(files.sites, sep="\t")
    rows, curves, histograms = [], [], []
    for method, path in zip(snakemake.params.methods, files.instances, strict=True):
        calls = pd.read_csv(path, sep="\t")
        recovery = instance_recovery.match_calls(calls, sites, bound, instance_recovery.ranking_of(calls))
        rows.append(instance_recovery.score_calls(method, recovery, snakemake.params.seed))
        curves.append(instance_recovery.curve(method, recovery))
        histograms.append(instance_recovery.hits_histogram(method, recovery.call_sequence, len(bound)))
        shown = (rows[-1][name] for name in ("precision", "recall", "hits_per_sequence"))
        logger.info("%s: precision %.3f, recall %.3f, %.2f calls per bound sequence", method, *shown)
    # Every method was matched with the same sites.
    planted = instance_recovery.hits_histogram(instance_recovery.PLANTED, recovery.site_sequence, len(bound))
    histograms.append(planted)
    tables = {"instances": pd.DataFrame(rows), "curve": pd.concat(curves), "hits": pd.concat(histograms)}
    for name, table in tables.items():
        table.to_csv(out[name], sep="\t", index=False, float_format="%.6g")
