"""Turn the filters of every run into motifs, from the genes that run was trained on."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import extraction, pwm, splits
from cisformula.job import logged, logger, progress

with logged(snakemake.log[0], "extract motifs"):
    codes = np.load(snakemake.input.sequences)
    runs = pd.read_csv(snakemake.input.runs, sep="\t")
    folds = pd.read_csv(snakemake.input.folds, sep="\t")["fold"].to_numpy()
    both_strands = snakemake.params.variant != "published"
    motifs, rows = [], []
    files = zip(runs.itertuples(), snakemake.input.filters, snakemake.input.predictions, strict=True)
    for run, filters_path, predictions_path in progress(files, len(runs), "runs read"):
        role = pd.read_csv(predictions_path, sep="\t")["role"].to_numpy()
        splits.require_held_out(role, folds, run.fold, run.run)
        filters = np.load(filters_path)
        found = extraction.top_window_motifs(
            filters,
            codes[role == "train"],
            run.run,
            snakemake.params.n_windows,
            both_strands,
            snakemake.params.weighting,
        )
        motifs += found
        for motif in found:
            number = int(motif.id.partition("M")[2])
            rows.append((motif.id, run.run, run.fold, number, motif.consensus, motif.information, int(motif.nsites)))
        logger.info("run %d: %d motifs of %d filters", run.run, len(found), len(filters))
    pwm.write_meme(snakemake.output.meme, motifs)
    columns = ["motif", "run", "fold", "filter", "consensus", "information_bits", "nsites"]
    table = pd.DataFrame(rows, columns=columns)
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.4f")
