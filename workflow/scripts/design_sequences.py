"""Sequences made from the motifs, arrangements and gaps that an ARGMINN has learned, with their controls."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm
from cisformula.argminn import design, learned_grammar
from cisformula.argminn.clean_background import clean_background
from cisformula.argminn.examples import Examples
from cisformula.argminn.peers.scan import passed_motifs
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"design sequences, {snakemake.wildcards.task}"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    rng = np.random.default_rng(params.seed)
    motifs = passed_motifs(pwm.read_meme(files.motifs), pd.read_csv(files.filters, sep="\t"))
    frames, gaps, rules, configurations = (
        pd.read_csv(path, sep="\t") for path in (files.frames, files.gaps, files.rules, files.configurations)
    )
    validation = Examples.load(files.validation)
    length = validation.codes.shape[1]
    unbound = validation.codes[validation.label == 0]
    gc = float(np.isin(unbound, (1, 2)).mean())
    elements = learned_grammar.read_elements(frames, motifs)
    arrangements = learned_grammar.read_arrangements(configurations, gaps, rules, elements, length)
    background = clean_background((params.sequences, length), gc, motifs, params.p_value, rng)
    made = design.design(arrangements, elements, background, params.sites == "consensus", rng)
    np.savez(out.codes, codes=made.codes)
    packing = {"method": "gzip", "mtime": 0}
    made.table.to_csv(out.table, sep="\t", index=False, compression=packing)
    made.sites.to_csv(out.sites, sep="\t", index=False, compression=packing)
    logger.info("background of GC content %.3f, free of hits of %d motifs", gc, len(motifs))
    for arrangement in arrangements:
        logger.info("%s: %.1f %% of bound sequences", arrangement.text, 100 * arrangement.share)
    for method, n_sequences in made.table["method"].value_counts(sort=False).items():
        logger.info("%s: %d sequences", method, n_sequences)
