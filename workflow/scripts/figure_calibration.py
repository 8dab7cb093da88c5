"""Draw how the tests behave on permuted genes, and how far decoupler agrees."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import result_table
from cisformula.figures import calibration, style
from cisformula.job import logged

with logged(snakemake.log[0], "figure calibration"):
    files = snakemake.input
    effects = result_table.read(files.effects)
    activity = result_table.read(files.activity)
    pair = ["motif", "cell_type"]
    t = effects.loc[effects["target"] == "deviation", [*pair, "t"]]
    figure = calibration.draw(
        result_table.read(files.quantiles),
        result_table.read(files.null),
        t.merge(activity[[*pair, "z"]], on=pair, validate="one_to_one"),
        result_table.read(files.scores),
    )
    style.save(figure, snakemake.output.pdf, snakemake.output.png)
