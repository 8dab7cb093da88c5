"""Matches of the learned motifs with known ones, by the builtin engine."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, pwm, tomtom
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare motifs"):
    queries = pwm.read_meme_file(snakemake.input.learned)
    learned = queries.motifs
    representatives = pwm.read_meme(snakemake.input.representatives)
    # Representatives are learned motifs under the same ids: comparing the learned ones covers both.
    matches = tomtom.compare(
        learned,
        pwm.read_meme(snakemake.input.database),
        distance=snakemake.params.distance,
        min_overlap=snakemake.params.min_overlap,
        threshold=snakemake.params.threshold,
        complete=snakemake.params.complete,
        background=queries.background,
        threads=snakemake.threads,
    )
    sets = {"learned": learned, "representatives": representatives}
    summary = match_table.summarise(matches, sets)
    match_table.write(snakemake.output.matches, matches)
    summary.to_csv(snakemake.output.summary, sep="\t", index=False)
    logger.info("matches per set:\n%s", summary.to_string(index=False))
