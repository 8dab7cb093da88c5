"""Matches of the motifs of ARGMINN's filters with planted or known ones."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, pwm
from cisformula.argminn import motif_recovery, planted_matches
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"compare ARGMINN's motifs, {snakemake.wildcards.task}"):
    files, settings = snakemake.input, dict(snakemake.params.items())
    motifs, known = motif_recovery.read_motifs(files.learned), pwm.read_meme(files.known)
    others = pwm.read_meme(files.others) if files.get("others") else []
    matches = planted_matches.compare(motifs, known, others, **settings)
    match_table.write(snakemake.output.matches, matches)
    logger.info("%d matches of %d motifs", len(matches), matches["Query_ID"].nunique())
