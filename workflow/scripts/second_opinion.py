"""Ask decoupler the same question, and say how far it agrees."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd

from cisformula import result_table
from cisformula.cell_types import design, second_opinion
from cisformula.job import logged, logger

GZIP = {"method": "gzip", "mtime": 0}

with logged(snakemake.log[0], "second opinion"):
    files, out = snakemake.input, snakemake.output
    values = pd.read_parquet(files.expression)
    hits = pd.read_parquet(files.hits).loc[values.index]
    deviations = pd.DataFrame(design.deviations(values.to_numpy()), index=values.index, columns=values.columns)
    effects = result_table.read(files.effects)
    activity = result_table.read(files.activity)
    wide = {"index": "cell_type", "columns": "motif"}
    ours = {
        "t": effects[effects["target"] == "deviation"].pivot(**wide, values="t"),
        "z": activity.pivot(**wide, values="z"),
    }
    ours = {name: table.loc[values.columns] for name, table in ours.items()}
    theirs = second_opinion.scores(hits, deviations)
    agreement = second_opinion.agreement(ours, theirs)
    for row in agreement[agreement["level"] == "all"].itertuples():
        logger.info("our %s and decoupler's %s: r = %.3f over %d pairs", row.ours, row.method, row.pearson, row.n)
    second_opinion.scores_table(theirs).to_csv(out.scores, sep="\t", index=False, float_format="%.5g", compression=GZIP)
    agreement.to_csv(out.agreement, sep="\t", index=False, float_format="%.5g")
