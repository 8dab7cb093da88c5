"""Matches of the learned motifs with known ones, by the MEME Suite's Tomtom."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, meme_suite, pwm
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare motifs"):
    learned = pwm.read_meme(snakemake.input.learned)
    representatives = pwm.read_meme(snakemake.input.representatives)
    # Representatives are learned motifs under the same ids: comparing the learned ones covers both.
    matches = meme_suite.tomtom(
        snakemake.input.learned,
        snakemake.input.database,
        distance=snakemake.params.distance,
        min_overlap=snakemake.params.min_overlap,
        threshold=snakemake.params.threshold,
        complete=snakemake.params.complete,
    )
    sets = {"learned": learned, "representatives": representatives}
    summary = match_table.summarise(matches, sets)
    match_table.write(snakemake.output.matches, matches)
    summary.to_csv(snakemake.output.summary, sep="\t", index=False)
    logger.info("matches per set:\n%s", summary.to_string(index=False))
