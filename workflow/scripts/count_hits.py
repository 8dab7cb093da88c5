"""Count the hits of every motif of a set in every promoter."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import hits, pwm
from cisformula.job import logged, logger
from scipy import sparse

with logged(snakemake.log[0], f"count {snakemake.wildcards.motif_set} hits"):
    codes = np.load(snakemake.input.sequences)
    motifs = pwm.read_meme(snakemake.input.motifs)
    params = snakemake.params
    counts = hits.count_hits(codes, motifs, params.p_value, both_strands=params.both_strands, grades=params.grades)
    sparse.save_npz(snakemake.output[0], counts)
    logger.info(
        "%d promoters x %d motifs: %.2f hits each, %.0f %% of counts above zero",
        *counts.shape,
        counts.sum() / np.prod(counts.shape),
        100 * counts.nnz / np.prod(counts.shape),
    )
