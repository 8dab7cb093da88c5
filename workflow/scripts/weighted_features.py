"""Merge what the positional networks say about the genes they never saw into tables of weighted features."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import formula_table, gene_table, match_table, performance, pwm, result_table
from cisformula.grammar import weighted_features
from cisformula.job import logged, logger

with logged(snakemake.log[0], "weighted features"):
    files, out = snakemake.input, snakemake.output
    genes = gene_table.read(files.genes)
    folds = pd.read_csv(files.folds, sep="\t")["fold"]
    filters = pd.read_csv(files.filters, sep="\t", keep_default_na=False)
    motifs = pwm.read_meme(files.features)
    features = [motif.id for motif in motifs]
    runs = []
    for path in files.terms:
        with np.load(path) as terms:
            runs.append(
                weighted_features.RunTerms(**{name: terms[name] for name in weighted_features.RunTerms._fields})
            )
            edges = terms["edges"] - snakemake.params.upstream
    found = weighted_features.combine(runs, filters, features, len(genes))

    table = weighted_features.to_table(found, features, genes["gene_id"])
    table.to_parquet(out.table)
    known = result_table.read(files.known).set_index("motif")["name"]
    best = formula_table.best_matches(match_table.read(files.matches), known.to_dict())
    consensus = {motif.id: motif.consensus for motif in motifs}
    described = weighted_features.describe(table, filters, consensus, best)
    described.to_csv(out.features, sep="\t", index=False, float_format="%.6g")
    profiles = weighted_features.profiles(found, features, edges)
    profiles.to_csv(out.profiles, sep="\t", index=False, float_format="%.6g")
    np.save(out.track, found.track)
    predictions = pd.DataFrame(
        {
            "gene_id": genes["gene_id"],
            "fold": folds,
            "observed": genes["target"],
            "predicted": found.predicted,
            "bias": found.bias,
        }
    )
    predictions.to_csv(out.predictions, sep="\t", index=False, float_format="%.9g")
    logger.info(
        "%d genes, %d features with %.0f %% of the variance of the predictions; held-out R2 %.3f",
        len(genes),
        len(features),
        100 * described["share_of_variance"].sum(),
        performance.r2(genes["target"].to_numpy(), found.predicted),
    )
