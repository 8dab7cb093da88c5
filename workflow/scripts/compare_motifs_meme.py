"""Matches of the learned motifs with known ones, by the MEME Suite's Tomtom."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, meme_suite
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare motifs"):
    matches = meme_suite.tomtom(
        snakemake.input.learned,
        snakemake.input.database,
        distance=snakemake.params.distance,
        min_overlap=snakemake.params.min_overlap,
        threshold=snakemake.params.threshold,
        complete=snakemake.params.complete,
    )
    match_table.write(snakemake.output.matches, matches)
    logger.info("%d matches of %d motifs", len(matches), matches["Query_ID"].nunique())
