"""Sequences that follow a network's prediction, one substitution after the other, from backgrounds of designs."""

from functools import partial

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import training
from cisformula.argminn import design_table, fit, hill_climb, restarts
from cisformula.job import logged

with logged(snakemake.log[0], f"optimise sequences, {snakemake.wildcards.classifier}, {snakemake.wildcards.task}"):
    files, params = snakemake.input, snakemake.params
    training.use_threads(snakemake.threads)
    model = restarts.load_chosen(files.chosen)
    method = pd.read_csv(files.table, sep="\t")["method"]
    with np.load(files.codes) as arrays:
        background = arrays["codes"][method == design_table.BACKGROUND][: params.sequences]
    np.savez(snakemake.output.codes, codes=hill_climb.climb(partial(fit.predict, model), background, params.edits))
