"""Draw how the tests behave on permuted genes, and how far decoupler agrees."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula.figures import calibration, style
from cisformula.job import logged

TEXT = {"sep": "\t", "keep_default_na": False}

with logged(snakemake.log[0], "figure calibration"):
    files = snakemake.input
    effects = pd.read_csv(files.effects, **TEXT, na_values={"t": ""})
    activity = pd.read_csv(files.activity, **TEXT, na_values={"z": ""})
    pair = ["motif", "cell_type"]
    t = effects.loc[effects["target"] == "deviation", [*pair, "t"]]
    figure = calibration.draw(
        pd.read_csv(files.quantiles, sep="\t"),
        pd.read_csv(files.null, sep="\t"),
        t.merge(activity[[*pair, "z"]], on=pair, validate="one_to_one"),
        pd.read_csv(files.scores, **TEXT, na_values={"ulm": "", "mlm": ""}),
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
