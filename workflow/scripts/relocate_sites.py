"""Ask the positional networks about the distance rules, by moving sites in promoters that they never saw."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm, result_table, splits, training
from cisformula.grammar import network_terms, relocation
from cisformula.job import logged, logger
from cisformula.sequence import encode

with logged(snakemake.log[0], "relocate sites"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    files, params = snakemake.input, snakemake.params
    rules = relocation.rules_of(result_table.read(files.spacing), params.rules)
    sites = {motif.id: encode(motif.consensus) for motif in pwm.read_meme(files.motifs)}
    codes = np.load(files.sequences)
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    plan = pd.read_csv(files.runs, sep="\t").head(len(files.models))
    seeds = np.random.SeedSequence(params.seed).spawn(len(plan))
    networks = []
    for run, seed, model, predictions in zip(plan.itertuples(), seeds, files.models, files.predictions, strict=True):
        role = splits.held_out_roles(predictions, folds, run.fold, run.run)
        number = -(-params.promoters // len(plan))
        background = relocation.draw_background(codes[role == "test"], number, np.random.default_rng(seed))
        networks.append((network_terms.predictor(network_terms.load(model)), background))
    table = relocation.relocate(networks, rules, sites, params.max_distance, params.step)
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.6g")
    n_promoters = sum(len(background.codes) for _, background in networks)
    logger.info("%d rules, %d rows, %d promoters", len(rules), len(table), n_promoters)
