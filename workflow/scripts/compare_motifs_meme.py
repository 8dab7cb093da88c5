"""Matches of the learned motifs with known ones, by the MEME Suite's Tomtom."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm, tomtom
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare motifs"):
    learned = pwm.read_meme(snakemake.input.learned)
    representatives = pwm.read_meme(snakemake.input.representatives)
    # Representatives are learned motifs under the same ids: comparing the learned ones covers both.
    matches = tomtom.run_meme(
        snakemake.input.learned,
        snakemake.input.database,
        distance=snakemake.params.distance,
        min_overlap=snakemake.params.min_overlap,
        threshold=snakemake.params.threshold,
    )
    sets = {"learned": learned, "representatives": representatives}
    summary = tomtom.summarise(matches, {name: [motif.id for motif in motifs] for name, motifs in sets.items()})
    matches.to_csv(snakemake.output.matches, sep="\t", index=False, float_format="%.6g")
    summary.to_csv(snakemake.output.summary, sep="\t", index=False)
    logger.info("matches per set:\n%s", summary.to_string(index=False))
