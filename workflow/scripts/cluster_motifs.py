"""Clusters of similar learned motifs, a representative and a merged motif of each."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import archetypes, motif_clusters, pwm, tomtom
from cisformula.job import logged, logger

with logged(snakemake.log[0], "cluster motifs"):
    motifs, params = pwm.read_meme(snakemake.input.meme), snakemake.params
    by_tomtom = params.cluster_by == "tomtom"
    alignment = tomtom.align_all(motifs, params.distance, params.min_overlap) if by_tomtom else None
    clusters = motif_clusters.cluster_motifs(motifs, params.cluster_similarity, params.min_overlap, alignment)
    chosen = motif_clusters.representatives(motifs, clusters)
    clusters.to_csv(snakemake.output.clusters, sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(snakemake.output.representatives, chosen)
    merged = [archetype.motif for archetype in archetypes.archetypes(motifs, clusters)]
    pwm.write_meme(snakemake.output.archetypes, merged)
    logger.info("%d motifs in %d clusters", len(motifs), len(chosen))
