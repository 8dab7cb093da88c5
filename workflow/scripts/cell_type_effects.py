"""Refit the formula's motifs in every cell type, test each motif and all together, and score held-out genes."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd

from cisformula import candidates, cell_type_formulas, features, formula, recipe, result_table
from cisformula.cell_types import activity, design, effects, null, prediction
from cisformula.job import logged, logger

GZIP = {"method": "gzip", "mtime": 0}

with logged(snakemake.log[0], "cell-type effects"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    codes = np.load(files.sequences)
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    sheet = result_table.read_cell_types(files.cell_types)
    values = pd.read_parquet(files.expression)
    motifs = result_table.read(files.formula)
    selection = result_table.read(files.selection).astype({"fold": int})
    pool = candidates.from_files(files, params, codes, only={*motifs["motif"], *selection["motif"]})
    chosen = {fold: group["motif"].tolist() for fold, group in selection.groupby("fold")}
    fits = pd.read_csv(files.design, sep="\t", dtype={"fold": str}).set_index("fold")
    whole = fits.loc["all"]
    of_folds = fits.loc[list(map(str, chosen))]
    n_words = pool.composition.shape[1] // pool.n_bins
    columns = prediction.ColumnsByFold(pool, chosen, of_folds)
    weights = [
        recipe.column_weights(len(ids), n_words, pool.n_bins, strength)
        for ids, strength in zip(chosen.values(), of_folds["strength"], strict=True)
    ]
    composition = features.gc_and_cpg(codes)
    hits = pool.matrix(motifs["motif"].tolist(), whole["reading"])
    least_squares = design.least_squares(hits, composition)
    if not least_squares.estimable.all():
        logger.info("%d motifs repeat others and are not tested", (~least_squares.estimable).sum())

    tables = {"effects": [], "performance": [], "null": [], "quantiles": []}
    for target, observed in design.targets(values.to_numpy()).items():
        found = effects.estimate(least_squares, observed)
        ridge = design.ridge(hits, composition, observed, activity.PENALTIES)
        logger.info("%s: ridge leaves %.1f effective parameters", target, ridge.effective_parameters)
        permuted = null.permute(least_squares, observed, params.permutations, params.fdr, params.seed)
        together = effects.group_test(least_squares, observed)
        predicted = prediction.held_out(columns, observed, folds, of_folds["penalty"], weights)
        no_penalty = np.zeros(len(chosen))
        by_composition = prediction.held_out(dict.fromkeys(chosen, composition), observed, folds, no_penalty)
        if target == "expression":
            expected = pd.DataFrame(predicted.astype(np.float32), index=values.index, columns=values.columns)
            expected.to_parquet(out.predictions)
        shrunken = effects.estimate(ridge, observed)
        by_permutation = null.p_of_effects(found, least_squares, permuted)
        scores = prediction.performance_table(observed, predicted, by_composition, sheet, params.seed)
        tests = {"permutation_p": null.p_of_groups(together.f, permuted), "f": together.f, "f_df1": together.df1}
        tests |= {"f_df2": together.df2, "f_p": together.p, "f_q": together.q}
        for name, table in {
            "effects": effects.effects_table(found, shrunken, by_permutation, motifs, values.columns),
            "performance": scores.assign(**tests),
            "null": null.permutation_table(permuted),
            "quantiles": null.quantiles(found, permuted),
        }.items():
            table.insert(0, "target", target)
            tables[name].append(table)
        logger.info(
            "%s: %.1f %% of %d tests at q < %g (%.3f %% when genes are permuted); median held-out R2 %.3f",
            target,
            100 * np.nanmean(found.q < params.fdr),
            np.isfinite(found.q).sum(),
            params.fdr,
            100 * permuted.significant.mean(),
            np.median(scores["r2"]),
        )
    published = formula.read_json(files.published)
    refitted = prediction.refit(
        published, pool, whole["reading"], whole["strength"], values.to_numpy(), list(values.columns)
    )
    cell_type_formulas.write_npz(out.formulas, refitted)
    pd.DataFrame(hits.astype(np.float32), index=values.index, columns=motifs["motif"]).to_parquet(out.hits)
    pd.concat(tables["effects"]).to_csv(out.effects, sep="\t", index=False, float_format="%.5g", compression=GZIP)
    pd.concat(tables["performance"]).to_csv(out.performance, sep="\t", index=False, float_format="%.6g")
    pd.concat(tables["null"]).to_csv(out.null, sep="\t", index=False, float_format="%.6g")
    pd.concat(tables["quantiles"]).to_csv(out.quantiles, sep="\t", index=False, float_format="%.6g")
