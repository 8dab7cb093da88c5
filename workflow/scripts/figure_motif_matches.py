"""Learned motifs drawn above the known motifs they match best."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import match_table, pwm
from cisformula.figures import motif_matches, style
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure motif matches"):
    pages = motif_matches.pages(
        pwm.read_meme(snakemake.input.representatives),
        pwm.read_meme(snakemake.input.database),
        match_table.read(snakemake.input.matches),
    )
    logger.info("%d pages", style.save_pages(pages, snakemake.output.pdf, snakemake.output.png))
