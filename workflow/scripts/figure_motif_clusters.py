"""Clusters of learned motifs, merged motif above members."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import archetypes, pwm
from cisformula.figures import motif_clusters, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure motif clusters"):
    motifs = pwm.read_meme(snakemake.input.meme)
    clusters = pd.read_csv(snakemake.input.clusters, sep="\t")
    names = pd.read_csv(snakemake.input.names, sep="\t")
    pages = motif_clusters.pages(motifs, archetypes.archetypes(motifs, clusters), clusters, names)
    logger.info("%d pages", style.save_pages(pages, snakemake.output.pdf, snakemake.output.png))
