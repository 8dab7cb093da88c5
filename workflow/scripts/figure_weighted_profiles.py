"""Draw where weighted features raise or lower the prediction."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import pwm
from cisformula.figures import style, weighted_profiles
from cisformula.job import logged, logger

with logged(snakemake.log[0], "figure weighted profiles"):
    files = snakemake.input
    numbers = dict.fromkeys(("match_q", "mean", "sd", "share_of_variance"), "")
    # A factor may be called NA.
    features = pd.read_csv(files.features, sep="\t", keep_default_na=False, na_values=numbers)
    profiles = pd.read_csv(files.profiles, sep="\t")
    n_genes = len(pd.read_csv(files.predictions, sep="\t"))
    figure = weighted_profiles.draw(features, profiles, pwm.read_meme(files.motifs), n_genes)
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
    logger.info("drew profiles of %d features", len(features))
