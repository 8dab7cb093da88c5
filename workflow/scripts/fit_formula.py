"""Fit the published formula on all genes, by the recipe that was scored on held-out ones."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import (
    candidates,
    fitting,
    formula,
    formula_table,
    gene_table,
    match_table,
    nested,
    pwm,
    recipe,
    result_table,
    similarity,
)
from cisformula.job import logged, logger

with logged(snakemake.log[0], "fit formula"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = gene_table.read(files.genes)
    target = genes["target"].to_numpy()
    runs = set(pd.read_csv(files.runs, sep="\t")["run"])
    pool = candidates.from_files(files, params, np.load(files.sequences))
    made_by = recipe.from_params(params)

    final, stands_for = nested.fit_all(pool, target, runs, made_by)

    read = list(params.readings).index(final.reading)
    reading = formula.Reading(
        feature=params.feature_mode,
        upstream=params.upstream,
        downstream=params.downstream,
        p_value=params.p_values[read],
        grades=params.grades[read],
        both_strands=params.both_strands,
    )
    names = {name: motif.name for name, motif in pool.motifs.items()}
    best = formula_table.best_matches(match_table.read(files.matches), names)
    match_of = best["match"].dropna().to_dict()
    coefficients, errors = fitting.coefficients(final, pool, target)
    evidence = [
        formula.Evidence(
            source=pool.sources[name],
            coefficient=float(coefficient),
            standard_error=float(error),
            selection_probability=None if np.isnan(probability) else float(probability),
            match=match_of.get(name),
        )
        for name, coefficient, error, probability in zip(
            final.ids, coefficients, errors, final.probabilities, strict=True
        )
    ]
    median = genes["median"].to_numpy()
    published = fitting.bind(final, pool, reading, median.mean(), median.std(), evidence)
    formula.write_json(out.formula, published)
    pwm.write_meme(out.meme, published.motifs)
    table = formula_table.to_table(published)
    selection = result_table.read(files.selection)
    chosen_without = [[pool.motifs[name] for name in ids] for _, ids in selection.groupby("fold")["motif"]]
    alike = params.cluster_similarity, params.min_overlap
    table["folds"] = similarity.recurrence(published.motifs, chosen_without, *alike)
    table["runs"] = similarity.recurrence(published.motifs, pool.networks(), *alike)
    table = formula_table.add_groups(table, stands_for, names)
    table = formula_table.add_matches(table, best)
    table.to_csv(out.table, sep="\t", index=False, float_format="%.6g")

    as_text = {"dtype": {"gene_id": str}, "keep_default_na": False, "na_values": {"predicted": ""}}
    predictions = pd.read_csv(files.predictions, sep="\t", **as_text).assign(in_sample=final.predict(pool))
    predictions.to_csv(out.predictions, sep="\t", index=False, float_format="%.8g")
    design = pd.concat([pd.read_csv(files.design, sep="\t"), nested.design_table({"all": final}, pool)])
    design.to_csv(out.design, sep="\t", index=False, float_format="%.6g")
    logger.info(
        "formula of %d motifs, %d of them learned; hits read %s, position strength %g, penalty %.3g",
        len(table),
        (table["source"] != candidates.DATABASE).sum(),
        final.reading,
        final.strength,
        final.ridge.penalty,
    )
