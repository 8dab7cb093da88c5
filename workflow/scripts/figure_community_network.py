"""Draw the communities of motifs, and the expression of promoters that carry them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import community_network, style
from cisformula.job import logged, logger

TEXT = {"sep": "\t", "keep_default_na": False}

with logged(snakemake.log[0], "figure community network"):
    files = snakemake.input
    nodes = pd.read_csv(files.communities, **TEXT, na_values={"community": ""})
    pairs = pd.read_csv(files.pairs, **TEXT, usecols=["first", "second", "z", "edge"])
    carriers = pd.read_csv(files.thresholds, **TEXT).set_index("node")["carriers"]
    summary = pd.read_csv(files.summary, sep="\t")
    figure = community_network.draw(nodes, pairs, carriers, summary)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d nodes with edges", (nodes["degree"] > 0).sum())
