"""Refit the formula's motifs in every cell type, test each motif, and score held-out genes."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, cell_type_formulas, cell_types, features, formula, performance, recipe
from cisformula.job import logged, logger

with logged(snakemake.log[0], "cell-type effects"):
    files, params = snakemake.input, snakemake.params
    codes = np.load(files.sequences)
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    sheet = pd.read_csv(files.cell_types, sep="\t", keep_default_na=False)
    values = pd.read_parquet(files.expression)
    pool = candidates.from_files(files, params, codes)
    motifs = pd.read_csv(files.formula, sep="\t", keep_default_na=False)
    chosen = {fold: group["motif"].tolist() for fold, group in pd.read_csv(files.selection, sep="\t").groupby("fold")}
    fits = pd.read_csv(files.design, sep="\t", dtype={"fold": str}).set_index("fold")
    whole = fits.loc["all"]
    of_folds = fits.loc[list(map(str, chosen))]
    n_words = pool.composition.shape[1] // pool.n_bins
    columns, weights = {}, []
    for (fold, ids), fit in zip(chosen.items(), of_folds.itertuples(), strict=True):
        columns[fold] = recipe.columns(pool.binned(ids, fit.reading), pool.composition, fit.strength)
        weights.append(recipe.column_weights(len(ids), n_words, pool.n_bins, fit.strength))
    composition = features.gc_and_cpg(codes)
    design = cell_types.factorise(pool.matrix(motifs["motif"].tolist(), whole["reading"]), composition)
    if not design.estimable.all():
        logger.info("%d motifs repeat others and are not tested", (~design.estimable).sum())

    effects, scores, nulls = [], [], []
    for target, observed in cell_types.targets(values.to_numpy()).items():
        found = cell_types.estimate(design, observed)
        null = cell_types.permute(design, observed, params.permutations, params.fdr, params.seed)
        effects.append(cell_types.effects_table(found, motifs, values.columns, target))
        nulls.append(
            pd.DataFrame(
                {
                    "target": target,
                    "permutation": np.arange(1, params.permutations + 1),
                    "significant_share": null.significant,
                    "mean_r2": null.r2.mean(axis=1),
                }
            )
        )
        predicted = cell_types.held_out(columns, observed, folds, of_folds["penalty"], weights)
        reference = cell_types.held_out(dict.fromkeys(chosen, composition), observed, folds, np.zeros(len(chosen)))
        low, high = np.quantile(performance.bootstrap_r2(observed, predicted, params.seed, 200), [0.025, 0.975], axis=0)
        scores.append(
            pd.DataFrame(
                {
                    "target": target,
                    "cell_type": values.columns,
                    "group": sheet["group"],
                    "n_genes": len(observed),
                    "r2": cell_types.r2_columns(observed, predicted),
                    "r2_low": low,
                    "r2_high": high,
                    "composition_r2": cell_types.r2_columns(observed, reference),
                    "permutation_p": cell_types.permutation_p(cell_types.in_sample_r2(design, observed), null),
                }
            )
        )
        logger.info(
            "%s: %.1f %% of %d tests at q < %g (%.3f %% when genes are permuted); median held-out R2 %.3f",
            target,
            100 * np.nanmean(found.q < params.fdr),
            np.isfinite(found.q).sum(),
            params.fdr,
            100 * null.significant.mean(),
            np.median(scores[-1]["r2"]),
        )
    published = formula.read_json(files.published)
    refitted = cell_types.refit(
        published, pool, whole["reading"], whole["strength"], values.to_numpy(), list(values.columns)
    )
    cell_type_formulas.write_npz(snakemake.output.formulas, refitted)
    gzip = {"method": "gzip", "mtime": 0}
    pd.concat(effects).to_csv(snakemake.output.effects, sep="\t", index=False, float_format="%.5g", compression=gzip)
    pd.concat(scores).to_csv(snakemake.output.performance, sep="\t", index=False, float_format="%.5f")
    pd.concat(nulls).to_csv(snakemake.output.null, sep="\t", index=False, float_format="%.6g")
