"""Draw strength and specificity of the motifs, and the groups of cell types that they tell apart."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula.figures import activity_groups, coefficients, style
from cisformula.job import logged

TEXT = {"sep": "\t", "keep_default_na": False}

with logged(snakemake.log[0], "figure activity groups"):
    files = snakemake.input
    formula = pd.read_csv(files.formula, **TEXT, na_values={"match_q": ""})
    figure = activity_groups.draw(
        pd.read_csv(files.motifs, **TEXT, na_values={"z": "", "tau": ""}),
        pd.read_csv(files.groups, **TEXT, na_values={"p": "", "q": ""}),
        pd.read_csv(files.group_effects, **TEXT, na_values={"difference": "", "q": ""}),
        coefficients.motif_labels(formula),
        snakemake.params.fdr,
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
