"""Fit the formula: inside every outer fold for an honest score, then on all genes for the published one."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, fitting, formula, formula_table, linear, nested, pwm
from cisformula.job import logged, logger

with logged(snakemake.log[0], "fit formula"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = pd.read_csv(files.genes, sep="\t")
    target = genes["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    fold_of_run = pd.read_csv(files.runs, sep="\t").set_index("run")["fold"].to_dict()
    published_features = params.feature_mode == "mean_activation"
    pool = candidates.load(
        files.learned,
        files.learned_table,
        files.learned_hits,
        files.database,
        files.database_hits,
        filters=dict(zip(fold_of_run, map(np.load, files.filters), strict=True)) if published_features else None,
        codes=np.load(files.sequences),
    )
    recipe = nested.Recipe(
        params.selection, params.n_motifs, params.cluster_similarity, params.min_overlap, params.seed
    )

    result = nested.evaluate(pool, target, folds, fold_of_run, recipe)
    final = nested.fit_all(pool, target, fold_of_run, recipe)

    reading = formula.Reading(
        feature=params.feature_mode,
        upstream=params.upstream,
        downstream=params.downstream,
        p_value=params.p_value,
        grades=params.grades,
        both_strands=params.both_strands,
    )
    median = genes["median"].to_numpy()
    chosen = [pool.motifs[name] for name in final.ids]
    filters = {name: pool.filters[name] for name in final.ids if name in pool.filters}
    errors = linear.ridge_standard_errors(final.ridge, pool.matrix(final.ids), target)
    names = {name: motif.name for name, motif in pool.motifs.items()}
    best = formula_table.best_matches(pd.read_csv(files.matches, sep="\t", keep_default_na=False), names)
    match_of = best["match"].dropna().to_dict()
    evidence = [
        formula.Evidence(pool.sources[name], coefficient, error, match=match_of.get(name))
        for name, coefficient, error in zip(final.ids, final.ridge.coefficients, errors, strict=True)
    ]
    published = fitting.from_fit(final.ridge, chosen, reading, filters, median.mean(), median.std(), evidence)
    formula.write_json(out.formula, published)
    pwm.write_meme(out.meme, published.motifs)
    table = formula_table.to_table(published)
    table["folds"] = nested.folds_supporting(published.motifs, result.selected, pool, recipe)
    table = formula_table.add_matches(table, best)
    table.to_csv(out.table, sep="\t", index=False, float_format="%.6g")

    predictions = genes[["gene_id"]].assign(
        fold=folds, observed=target, predicted=result.predictions, in_sample=final.predict(pool)
    )
    predictions.to_csv(out.predictions, sep="\t", index=False, float_format="%.8g")
    nested.selection_table(result.selected, pool).to_csv(out.selection, sep="\t", index=False, float_format="%.6g")
    design = nested.design_table({**result.selected, "all": final}, pool)
    design.to_csv(out.design, sep="\t", index=False, float_format="%.6g")
    learned = (table["source"] == candidates.LEARNED).sum()
    logger.info("formula of %d motifs, %d of them learned, penalty %.3g", len(table), learned, final.ridge.penalty)
