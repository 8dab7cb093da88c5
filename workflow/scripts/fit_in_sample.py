"""R2 of every predictor on the genes it was fitted to, to lay beside that on held-out genes."""

import json
from collections import defaultdict
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import baselines, candidates, gene_table, learned_ids, linear, performance, recipe
from cisformula.job import logged, logger

with logged(snakemake.log[0], "fit in-sample"):
    files, params = snakemake.input, snakemake.params
    target = gene_table.read(files.genes)["target"].to_numpy()
    codes = np.load(files.sequences)
    formula = pd.read_csv(files.formula, sep="\t")
    rows = [("formula", len(formula), performance.r2(formula["observed"], formula["in_sample"]))]

    training = defaultdict(list)
    name_of = {learned_ids.MAIN: params.main_network}
    for path in files.cards:
        network = Path(path).parts[-4]
        training[name_of.get(network, network)].append(json.loads(Path(path).read_text())["scores"]["train"])
    for network, scores in training.items():
        genes, r2 = (np.mean([score[key] for score in scores]) for key in ("genes", "r2"))
        rows.append((network, round(genes), r2))

    for name, matrix in baselines.columns(codes, params.bin_width).items():
        rows.append((name, len(target), performance.r2(target, linear.fit_ridge(matrix, target).predict(matrix))))
    pool = candidates.from_files(files, params, codes)
    known = pool.groups(set(), params.max_similarity, params.min_overlap)
    chosen = recipe.choose(pool, known, np.ones(len(target), dtype=bool), target, recipe.from_params(params))
    rows.append(("database_only", len(target), performance.r2(target, chosen.predict(pool))))

    table = pd.DataFrame(rows, columns=["predictor", "n_genes", "r2"])
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.5f")
    logger.info("R2 on the genes fitted to:\n%s", table.to_string(index=False))
