"""Matches of the learned motifs with known ones, by the builtin engine."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, pwm, tomtom
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare motifs"):
    queries = pwm.read_meme_file(snakemake.input.learned)
    matches = tomtom.compare(
        queries.motifs,
        pwm.read_meme(snakemake.input.database),
        distance=snakemake.params.distance,
        min_overlap=snakemake.params.min_overlap,
        threshold=snakemake.params.threshold,
        complete=snakemake.params.complete,
        background=queries.background,
        threads=snakemake.threads,
    )
    match_table.write(snakemake.output.matches, matches)
    logger.info("%d matches of %d motifs", len(matches), matches["Query_ID"].nunique())
