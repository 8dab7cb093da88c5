"""Draw how many genes each promoter filter left, and the composition of the promoters."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula.figures import promoter_qc, style
from cisformula.job import logged

with logged(snakemake.log[0], "figure promoter_qc"):
    qc = pd.read_csv(snakemake.input.qc, sep="\t")
    promoters = pd.read_csv(snakemake.input.promoters, sep="\t")
    join = pd.read_csv(snakemake.input.join, sep="\t")
    style.save(promoter_qc.draw(qc, join, promoters), snakemake.output.pdf, snakemake.output.png)
