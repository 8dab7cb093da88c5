"""Gallery of the learned motifs that most networks found."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import match_table, pwm
from cisformula.figures import motif_logos, style
from cisformula.job import logged

with logged(snakemake.log[0], "figure motif gallery"):
    figure = motif_logos.motif_gallery(
        pwm.read_meme(snakemake.input.representatives),
        pd.read_csv(snakemake.input.clusters, sep="\t"),
        match_table.read(snakemake.input.matches),
        pwm.read_meme(snakemake.input.database),
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
