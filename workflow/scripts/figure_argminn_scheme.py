"""Draw how ARGMINN reads the bound test sequence that scores highest."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm
from cisformula.argminn.attention_maps import AttentionMaps
from cisformula.argminn.examples import Examples
from cisformula.argminn.filter_motifs import filter_id
from cisformula.figures import argminn_scheme, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure ARGMINN's scheme, {snakemake.wildcards.task}"):
    files = snakemake.input
    with np.load(files.maps) as arrays:
        maps = AttentionMaps(**arrays)
    row = int(maps.sequence[0])
    logit = pd.read_csv(files.test, sep="\t")["logit"].iloc[row]
    names = pd.read_csv(files.frames, sep="\t").set_index("filter")["motif"].to_dict()
    by_id = {motif.id: motif for motif in pwm.read_meme(files.motifs)}
    sites = pd.read_csv(files.sites, sep="\t").query("sequence == @row") if files.sites else None
    figure = argminn_scheme.draw(
        Examples.load(files.examples).codes[row],
        maps.activations[0],
        maps.by_layer[0],
        logit,
        {number: by_id[filter_id(number)] for number in names},
        names,
        sites,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("sequence %d, logit %.2f", row, logit)
