"""Activity of every motif over the cell types, how specific it is, and whether groups of cell types differ in it."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd

from cisformula import features, result_table
from cisformula.cell_types import activity, specificity
from cisformula.job import logged, logger

GZIP = {"method": "gzip", "mtime": 0}

with logged(snakemake.log[0], "motif activity"):
    files, out, rate = snakemake.input, snakemake.output, snakemake.params.fdr
    values = pd.read_parquet(files.expression)
    hits = pd.read_parquet(files.hits).loc[values.index]
    motifs = result_table.read(files.formula)[["motif", "name"]]
    sheet = result_table.read_cell_types(files.cell_types)
    effects = result_table.read(files.effects)
    composition = features.gc_and_cpg(np.load(files.sequences))
    found = activity.infer(hits[motifs["motif"]].to_numpy(np.float64), composition, values.to_numpy())
    logger.info("penalty %g, by leave-one-out error over %d cell types", found.penalty, values.shape[1])
    summary = specificity.motif_table(found, motifs, list(values.columns), effects, rate)
    groups = specificity.between_groups(found.z, motifs, sheet)
    of_groups = specificity.each_group(found.z, motifs, sheet)
    table = activity.activity_table(found, motifs, list(values.columns))
    table.to_csv(out.activity, sep="\t", index=False, float_format="%.5g", compression=GZIP)
    summary.to_csv(out.motifs, sep="\t", index=False, float_format="%.5g")
    groups.to_csv(out.groups, sep="\t", index=False, float_format="%.5g")
    of_groups.to_csv(out.group_effects, sep="\t", index=False, float_format="%.5g")
    for column, part in groups.groupby("column"):
        logger.info(
            "%s: %d of %d motifs differ between groups at q < %g", column, (part["q"] < rate).sum(), len(part), rate
        )
