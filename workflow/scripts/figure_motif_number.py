"""Draw held-out R2 against the number of motifs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.figures import motif_number as drawing
from cisformula.figures import style
from cisformula.job import logged, logger
from cisformula.motif_number import saturation

with logged(snakemake.log[0], "figure motif number"):
    curve = pd.read_csv(snakemake.input.curve, sep="\t")
    performance = pd.read_csv(snakemake.input.performance, sep="\t", dtype={"fold": str})
    enough = saturation(curve)
    figure = drawing.draw(curve, enough, snakemake.params.n_motifs, drawing.reference_scores(performance))
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew %d numbers of motifs; %d are enough", len(curve), enough)
