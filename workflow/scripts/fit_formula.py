"""Fit the published formula on all genes, by the recipe that was scored on held-out ones."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, fitting, formula, formula_table, linear, nested, pwm
from cisformula.job import logged, logger

with logged(snakemake.log[0], "fit formula"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = pd.read_csv(files.genes, sep="\t")
    target = genes["target"].to_numpy()
    fold_of_run = pd.read_csv(files.runs, sep="\t").set_index("run")["fold"].to_dict()
    pool = candidates.from_files(files, params.feature_mode, np.load(files.sequences))
    recipe = nested.Recipe(
        params.selection, params.n_motifs, params.cluster_similarity, params.min_overlap, params.seed
    )

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
    selection = pd.read_csv(files.selection, sep="\t", keep_default_na=False)
    chosen_without = selection.groupby("fold")["motif"].agg(list).to_dict()
    table["folds"] = nested.folds_supporting(published.motifs, chosen_without, pool, recipe)
    table = formula_table.add_matches(table, best)
    table.to_csv(out.table, sep="\t", index=False, float_format="%.6g")

    predictions = pd.read_csv(files.predictions, sep="\t").assign(in_sample=final.predict(pool))
    predictions.to_csv(out.predictions, sep="\t", index=False, float_format="%.8g")
    design = pd.concat([pd.read_csv(files.design, sep="\t"), nested.design_table({"all": final}, pool)])
    design.to_csv(out.design, sep="\t", index=False, float_format="%.6g")
    learned = (table["source"] == candidates.LEARNED).sum()
    logger.info("formula of %d motifs, %d of them learned, penalty %.3g", len(table), learned, final.ridge.penalty)
