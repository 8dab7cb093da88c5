"""Score formulas of growing length on held-out genes, to say how many motifs are enough."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import candidates, gene_table, motif_number
from cisformula.job import logged, logger

with logged(snakemake.log[0], "count motifs"):
    files, params = snakemake.input, snakemake.params
    target = gene_table.read(files.genes)["target"].to_numpy()
    folds = pd.read_csv(files.folds, sep="\t")["fold"].to_numpy()
    fold_of_run = pd.read_csv(files.runs, sep="\t").set_index("run")["fold"]
    reading_of = pd.read_csv(files.design, sep="\t").set_index("fold")["reading"]
    pool = candidates.from_files(files, params, np.load(files.sequences))
    composition = pool.composition
    groups = {
        fold: pool.groups(set(fold_of_run.index[fold_of_run == fold]), params.max_similarity, params.min_overlap)
        for fold in np.unique(folds)
    }
    n_training = min((folds != fold).sum() for fold in groups)
    numbers = motif_number.numbers_for(min(map(len, groups.values())), n_training)
    predictions = np.empty((len(target), len(numbers)))
    for fold, alike in groups.items():
        test, reading = folds == fold, reading_of[fold]
        ids = pool.representatives(alike, reading, ~test, target)
        predictions[test] = motif_number.predict(
            pool.matrix(ids, reading, ~test),
            target[~test],
            pool.matrix(ids, reading, test),
            params.selection,
            params.seed,
            numbers,
            composition[~test],
            composition[test],
        )
        logger.info("fold %d: formulas of %s motifs", fold, ", ".join(map(str, numbers)))
    curve = motif_number.curve(target, predictions, numbers, params.seed)
    curve.to_csv(snakemake.output[0], sep="\t", index=False, float_format="%.6g")
    logger.info("%d motifs are within one standard error of the best", motif_number.saturation(curve))
