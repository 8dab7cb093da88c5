"""Whether the gaps between planted sites of the bound test sequences come back from ARGMINN's instances."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import match_table, pwm
from cisformula.argminn import frames, gap_recovery
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"evaluate gaps, {snakemake.wildcards.task}"):
    files = snakemake.input
    planted = pwm.read_meme(files.planted)
    known = frames.in_targets(pwm.read_meme(files.motifs), match_table.read(files.matches), planted)
    label = Examples.load(files.test).label
    sites = pd.read_csv(files.sites, sep="\t")
    sites = sites[label[sites["sequence"]] == 1]
    table = gap_recovery.recover_gaps(sites, planted, pd.read_csv(files.instances, sep="\t"), known)
    table.to_csv(snakemake.output.gaps, sep="\t", index=False, float_format="%.6g")
    logger.info("%d planted gaps, %d of them the most frequent called one", len(table), table["is_mode"].sum())
