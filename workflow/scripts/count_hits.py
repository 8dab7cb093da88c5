"""Count the hits of every motif of a set in every promoter."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import hits, pwm
from cisformula.job import logged, logger
from scipy import sparse

with logged(snakemake.log[0], f"count {snakemake.wildcards.reading} hits, {snakemake.wildcards.motif_set} motifs"):
    codes = np.load(snakemake.input.sequences)
    file = pwm.read_meme_file(snakemake.input.motifs)
    motifs = file.motifs
    params = snakemake.params
    edges = hits.bin_edges(codes.shape[1], params.bin_width)
    both_strands = params.both_strands and file.both_strands
    counts = hits.count_hits(
        codes, motifs, params.p_value, both_strands=both_strands, grades=params.grades, bin_edges=edges
    )
    sparse.save_npz(snakemake.output[0], counts)
    logger.info(
        "%d promoters x %d motifs: %.2f graded hits each; in bins %s, %.0f %% of counts above zero",
        len(codes),
        len(motifs),
        counts.sum() / (len(codes) * len(motifs)),
        edges.tolist(),
        100 * counts.nnz / np.prod(counts.shape),
    )
