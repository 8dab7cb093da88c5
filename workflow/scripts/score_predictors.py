"""Score every predictor on the held-out genes of every split scheme, and the formula also in-sample, labelled so."""

from collections import defaultdict
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import learned_ids, performance
from cisformula.job import logged, logger

with logged(snakemake.log[0], "score predictors"):
    files, seed = snakemake.input, snakemake.params.seed
    name_of = {learned_ids.MAIN: snakemake.params.main_network}
    runs = defaultdict(list)
    for path in [*files.networks, *files.comparison_networks]:
        network, scheme = Path(path).parts[-4:-2]
        runs[scheme, name_of.get(network, network)].append(pd.read_csv(path, sep="\t"))

    tables, differences = [], []
    schemes = zip(snakemake.params.schemes, files.folds, files.formula, files.baselines, strict=True)
    for scheme, folds_path, formula_path, baselines_path in schemes:
        fitted = pd.read_csv(formula_path, sep="\t")
        observed = fitted["observed"].to_numpy()
        predictions = {"formula": fitted["predicted"].to_numpy()}
        predictions |= {
            network: performance.average_held_out(tables_of_runs)
            for (of_scheme, network), tables_of_runs in runs.items()
            if of_scheme == scheme
        }
        baselines = pd.read_csv(baselines_path, sep="\t").drop(columns="gene_id")
        predictions |= {name: column.to_numpy() for name, column in baselines.items()}
        folds = pd.read_csv(folds_path, sep="\t", dtype={"chrom": str}, keep_default_na=False)
        tables += [
            performance.score_folds(name, scheme, folds["fold"].to_numpy(), observed, predicted, seed)
            for name, predicted in predictions.items()
        ]
        # What the split keeps together is also drawn together.
        blocks = folds["chrom"] if scheme == "chromosome" else None
        if scheme == "paralogue":
            blocks = pd.read_csv(files.families, sep="\t")["family"]
        differences.append(performance.differences(scheme, observed, predictions, "formula", seed, blocks))

    fitted = pd.read_csv(files.fitted, sep="\t")
    in_sample = fitted["observed"].to_numpy(), fitted["in_sample"].to_numpy()
    rows = [performance.score("formula", "in_sample", "all", *in_sample, seed)]
    ceiling = performance.noise_ceiling(pd.read_parquet(files.expression).to_numpy(), seed)
    rows += [ceiling] if ceiling else []
    table = pd.concat([*tables, pd.DataFrame(rows)], ignore_index=True)
    table.to_csv(snakemake.output.performance, sep="\t", index=False, float_format="%.5f")
    pd.concat(differences).to_csv(snakemake.output.differences, sep="\t", index=False, float_format="%.5f")
    for row in table[table["fold"] == "all"].itertuples():
        logger.info("%-29s %-10s R2 %.3f [%.3f, %.3f]", row.predictor, row.split, row.r2, row.r2_low, row.r2_high)
