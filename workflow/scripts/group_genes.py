"""Group genes by their weighted features, and compare the groups' expression."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table
from cisformula.grammar import gene_groups, group_expression
from cisformula.grammar.comparable_features import comparable, row_centred
from cisformula.job import logged, logger

SHOWN_COMPONENTS = 5
LARGEST_AGREEMENT = 0.1
"""Adjusted Rand index of groups and folds above which the groups are doubtful."""

with logged(snakemake.log[0], "group genes"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    seed = params.seed
    genes = gene_table.read(files.genes)
    predictions = pd.read_csv(files.predictions, sep="\t")
    families = pd.read_csv(files.families, sep="\t", dtype={"gene_id": str}, keep_default_na=False)
    families = families.set_index("gene_id").loc[genes["gene_id"], "family"].to_numpy()
    predicted, folds = predictions["predicted"].to_numpy(), predictions["fold"].to_numpy()

    weighted = pd.read_parquet(files.features)
    features = comparable(weighted, folds)
    components = gene_groups.components(features.to_numpy())
    scores = components.scores
    explained = components.share.sum()
    logger.info(
        "%d of %d features, %d components with %.0f %% of variance",
        features.shape[1],
        weighted.shape[1] - 2,
        scores.shape[1],
        100 * explained,
    )
    choice = gene_groups.choose_number(scores, seed)
    k = params.n_groups or gene_groups.best_number(choice)
    choice.assign(chosen=choice["k"] == k).to_csv(out.choice, sep="\t", index=False, float_format="%.6g")

    centred = gene_groups.components(row_centred(features.to_numpy())).scores
    arms = {
        "kmeans": gene_groups.ordered(gene_groups.k_means(scores, k, seed).labels, predicted),
        "leiden": gene_groups.ordered(gene_groups.leiden(scores, seed), predicted),
        "row_centred": gene_groups.ordered(gene_groups.k_means(centred, k, seed).labels, predicted),
        group_expression.QUANTILES: gene_groups.quantile_groups(predicted, k),
    }
    groups = pd.DataFrame({"gene_id": genes["gene_id"], "group": arms["kmeans"], "leiden": arms["leiden"]})
    groups["row_centred"] = arms["row_centred"]
    for number in range(SHOWN_COMPONENTS):
        groups[f"pc{number + 1}"] = scores[:, number] if number < scores.shape[1] else np.nan
    groups.to_csv(out.groups, sep="\t", index=False, float_format="%.6g")

    target = genes["target"].to_numpy()
    summary = group_expression.summary(arms, genes, predicted, families, seed)
    tests = group_expression.tests(arms, predicted, target, folds, families, seed)
    pairs = group_expression.pairs(arms, target, families, seed)
    for table, path in ((summary, out.summary), (tests, out.tests), (pairs, out.pairs)):
        table.to_csv(path, sep="\t", index=False, float_format="%.6g")
    logger.info("%d groups\n%s", k, summary[summary["arm"] == "kmeans"].to_string(index=False))
    logger.info("share of variance\n%s", tests[tests["measure"].isin(group_expression.SHARES)].to_string(index=False))
    to_folds = tests.loc[(tests["arm"] == "kmeans") & (tests["measure"] == "ari_folds"), "value"].item()
    if to_folds > LARGEST_AGREEMENT:
        logger.warning("the groups resemble the folds (adjusted Rand index %.2f): networks differ too much", to_folds)
