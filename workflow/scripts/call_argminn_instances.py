"""Where ARGMINN attends to sites that its filters recognise and that its predictions rest on."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import training
from cisformula.argminn import fit, instances, masking, restarts
from cisformula.argminn.examples import Examples
from cisformula.argminn.reading_parts import read_parts
from cisformula.job import logged, logger
from cisformula.models import argminn
from cisformula.models.network import motif_filters

with logged(snakemake.log[0], f"call instances, {snakemake.wildcards.task}"):
    files, wildcards = snakemake.input, snakemake.wildcards
    training.use_threads(snakemake.threads)
    model = restarts.load_chosen(files.chosen)
    reading_model, width = argminn.reader(model), motif_filters(model).shape[1]
    filters = pd.read_csv(files.readings, sep="\t")
    codes = Examples.load(files.examples).codes
    parts = read_parts(lambda part: argminn.read(reading_model, part), codes)
    params, out = snakemake.params, snakemake.output
    called = instances.call_instances(parts, filters, width, min(params.attention, params.syntax_attention))
    called["change"] = masking.prediction_changes(lambda part: fit.predict(model, part), codes, called)
    called = instances.decisive(called, params.odds)
    for path, attention in ((out.instances, params.attention), (out.syntax_instances, params.syntax_attention)):
        above = called[called["attention"] > attention]
        above.to_csv(path, sep="\t", index=False, float_format="%.6g", compression={"method": "gzip", "mtime": 0})
        logger.info(
            "%d instances in %d of %d sequences, attention above %g",
            len(above),
            above["sequence"].nunique(),
            len(codes),
            attention,
        )
