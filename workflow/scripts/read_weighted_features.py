"""Take the predictions of the positional networks apart, each for the genes that it never saw."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import splits, training
from cisformula.grammar import network_terms, track
from cisformula.job import logged, logger, part
from cisformula.models.network import motif_filters
from cisformula.models.positional import BIN

with logged(snakemake.log[0], "read weighted features"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    files = snakemake.input
    sequences = np.load(files.sequences)
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    plan = pd.read_csv(files.runs, sep="\t").set_index("run")
    for run, paths in enumerate(zip(files.models, files.predictions, snakemake.output.terms, strict=True)):
        model_path, predictions, terms_path = paths
        with part(f"run {run}"):
            fold = int(plan.at[run, "fold"])
            genes = np.flatnonzero(splits.held_out_roles(predictions, folds, fold, run) == "test")
            codes, model = sequences[genes], network_terms.load(model_path)
            terms = network_terms.read_terms(model, codes)
            filters, length = motif_filters(model), codes.shape[1]
            edges = track.bin_edges(length, terms.weighted.shape[1], BIN)
            starts = track.best_windows(codes, filters, edges)
            np.savez(
                terms_path,
                run=run,
                fold=fold,
                genes=genes,
                weighted=terms.weighted,
                bias=terms.bias,
                predicted=terms.predicted,
                track=track.lay_out(terms.weighted, starts, filters.shape[1], length),
                filters=filters,
                edges=edges,
            )
            logger.info(
                "%d genes, %d bins, %d filters; %.1f %% of the activities are zero",
                *terms.weighted.shape,
                100 * (terms.weighted == 0).mean(),
            )
