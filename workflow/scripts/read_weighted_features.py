"""Take the predictions of one positional network apart, for the genes that it never saw."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import splits, training
from cisformula.grammar import network_terms, track
from cisformula.job import logged, logger
from cisformula.models.network import motif_filters
from cisformula.models.positional import BIN

run = int(snakemake.wildcards.run)
with logged(snakemake.log[0], f"read weighted features, run {run}"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    files = snakemake.input
    role = pd.read_csv(files.predictions, sep="\t")["role"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    fold = int(pd.read_csv(files.runs, sep="\t").set_index("run").loc[run, "fold"])
    splits.require_held_out(role, folds, fold, run)
    genes = np.flatnonzero(role == "test")
    codes = np.load(files.sequences)[genes]
    model = network_terms.load(files.model)
    terms = network_terms.read_terms(model, codes)
    filters, length = motif_filters(model), codes.shape[1]
    edges = track.bin_edges(length, terms.weighted.shape[1], BIN)
    starts = track.best_windows(codes, filters, edges)
    np.savez(
        snakemake.output.terms,
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
