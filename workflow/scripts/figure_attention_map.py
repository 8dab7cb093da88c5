"""Draw what ARGMINN looks at, with planted sites where they are known."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula.argminn.attention_maps import AttentionMaps
from cisformula.figures import attention_map, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"figure attention map, {snakemake.wildcards.task}"):
    files = snakemake.input
    with np.load(files.maps) as arrays:
        maps = AttentionMaps(**arrays)
    names = pd.read_csv(files.frames, sep="\t").set_index("filter")["motif"].to_dict()
    sites = pd.read_csv(files.sites, sep="\t") if files.sites else None
    figure = attention_map.draw(maps, names, snakemake.params.width, sites)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("%d sequences", len(maps.sequence))
