"""Attention and activations along the bound test sequences that score highest, for a figure."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import training
from cisformula.argminn import attention_maps, restarts
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger
from cisformula.models import argminn

with logged(snakemake.log[0], f"read attention, {snakemake.wildcards.task}"):
    training.use_threads(snakemake.threads)
    reading_model = argminn.reader(restarts.load_chosen(snakemake.input.chosen))
    logit = pd.read_csv(snakemake.input.test, sep="\t")["logit"].to_numpy()
    examples = Examples.load(snakemake.input.examples)
    rows = attention_maps.highest_bound(examples.label, logit, snakemake.params.sequences)
    maps = attention_maps.read_maps(lambda part: argminn.read(reading_model, part), examples.codes, rows)
    np.savez(snakemake.output.maps, **maps._asdict())
    logger.info("%d bound sequences with the highest logits", len(rows))
