"""Motifs that ARGMINN learned from each run's training genes, and their instances in genes that it never saw."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm, splits, training
from cisformula.argminn import filter_motifs, instances, masking, promoter_reading
from cisformula.argminn.reading_parts import read_parts
from cisformula.grammar import network_terms
from cisformula.job import logged, logger, part
from cisformula.models import argminn
from cisformula.models.network import motif_filters

files, out, attention = snakemake.input, snakemake.output, snakemake.params.attention


def read_run(run, sequences, folds, fold):
    """Read one run's network and write what it says."""
    role = splits.held_out_roles(files.predictions[run], folds, fold, run)
    held_out = np.flatnonzero(role == "test")
    model = network_terms.load(files.models[run])
    reading_model, filters = argminn.reader(model), motif_filters(model)

    def read(some):
        """What the network makes of some promoters."""
        return argminn.read(reading_model, some)

    readings = filter_motifs.read_filters(read, sequences[role == "train"], filters.shape[1])
    table, motifs = filter_motifs.describe(readings, filters, readings.audible())
    unseen = sequences[held_out]
    called = instances.call_instances(read_parts(read, unseen), table, filters.shape[1], attention)
    called["change"] = masking.prediction_changes(network_terms.predictor(model), unseen, called)
    called["sequence"] = held_out[called["sequence"]]
    called["filter"] = promoter_reading.number_of(run, called["filter"])
    table["filter"] = promoter_reading.number_of(run, table["filter"])
    table.to_csv(out.readings[run], sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(out.motifs[run], [promoter_reading.of_run(motif, run) for motif in motifs])
    packed = {"method": "gzip", "mtime": 0}
    called.to_csv(out.instances[run], sep="\t", index=False, float_format="%.6g", compression=packed)
    logger.info("%d of %d filters used, %d passed", table["used"].sum(), len(table), table["passed"].sum())
    logger.info(
        "%d instances in %d of %d genes, attention above %g",
        len(called),
        called["sequence"].nunique(),
        len(held_out),
        attention,
    )


with logged(snakemake.log[0], "read ARGMINN in promoters"):
    training.use_threads(snakemake.threads)
    sequences = np.load(files.sequences)
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    plan = pd.read_csv(files.runs, sep="\t").set_index("run")
    for run in range(len(files.models)):
        with part(f"run {run}"):
            read_run(run, sequences, folds, int(plan.at[run, "fold"]))
