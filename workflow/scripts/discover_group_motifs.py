"""Motifs that the MEME Suite's STREME discovers in the promoters of each group, against matched others."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from dataclasses import replace

import numpy as np
import pandas as pd
from cisformula import gene_table, meme_suite, pwm
from cisformula.grammar import matched_background
from cisformula.job import logged, logger, progress

FEWEST = 2
"""STREME refuses fewer sequences."""

with logged(snakemake.log[0], "discover group motifs"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    genes, codes = gene_table.read(files.genes), np.load(files.sequences)
    labels = pd.read_csv(files.groups, sep="\t")["group"].to_numpy()
    matched = matched_background.match_groups(labels, genes, params.seed)
    motifs, rows = [], []
    for group, found in progress(matched.items(), len(matched), "groups searched"):
        if len(found.members) < FEWEST:
            logger.info("group %d has %d promoters with a background: not searched", group, len(found.members))
            continue
        discovered = meme_suite.streme(codes[found.members], codes[found.background], params.seed)
        for number, (motif, e_value) in enumerate(zip(*discovered, strict=True)):
            motifs.append(replace(motif, id=f"G{group}M{number}", name=motif.id))
            rows.append((group, motifs[-1].id, motif.id, motif.consensus, motif.nsites, e_value))
    pwm.write_meme(out.motifs, motifs)
    table = pd.DataFrame(rows, columns=["group", "motif", "name", "consensus", "nsites", "e_value"])
    table.to_csv(out.table, sep="\t", index=False, float_format="%.6g")
    logger.info("%d motifs of %d groups", len(motifs), len(matched))
