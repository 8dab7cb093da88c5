"""Motifs that one run's ARGMINN learned from its training genes, and their instances in genes that it never saw."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm, splits, training
from cisformula.argminn import filter_motifs, instances, masking, promoter_reading
from cisformula.argminn.reading_parts import read_parts
from cisformula.grammar import network_terms
from cisformula.job import logged, logger
from cisformula.models import argminn
from cisformula.models.network import motif_filters

run = int(snakemake.wildcards.run)
with logged(snakemake.log[0], f"read ARGMINN in promoters, run {run}"):
    files, out = snakemake.input, snakemake.output
    training.use_threads(snakemake.threads)
    role = pd.read_csv(files.predictions, sep="\t")["role"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    splits.require_held_out(role, folds, int(pd.read_csv(files.runs, sep="\t").set_index("run").loc[run, "fold"]), run)
    codes, held_out = np.load(files.sequences), np.flatnonzero(role == "test")
    model = network_terms.load(files.model)
    reading_model, filters = argminn.reader(model), motif_filters(model)

    def read(part):
        """What the network makes of some promoters."""
        return argminn.read(reading_model, part)

    readings = filter_motifs.read_filters(read, codes[role == "train"], filters.shape[1])
    table, motifs = filter_motifs.describe(readings, filters, readings.audible())
    unseen, attention = codes[held_out], snakemake.params.attention
    called = instances.call_instances(read_parts(read, unseen), table, filters.shape[1], attention)
    called["change"] = masking.prediction_changes(network_terms.predictor(model), unseen, called)
    called["sequence"] = held_out[called["sequence"]]
    called["filter"] = promoter_reading.number_of(run, called["filter"])
    table["filter"] = promoter_reading.number_of(run, table["filter"])
    table.to_csv(out.readings, sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(out.motifs, [promoter_reading.of_run(motif, run) for motif in motifs])
    packed = {"method": "gzip", "mtime": 0}
    called.to_csv(out.instances, sep="\t", index=False, float_format="%.6g", compression=packed)
    logger.info("%d of %d filters used, %d passed", table["used"].sum(), len(table), table["passed"].sum())
    logger.info(
        "%d instances in %d of %d genes, attention above %g",
        len(called),
        called["sequence"].nunique(),
        len(held_out),
        attention,
    )
