"""Gene sets that hold more of a motif's targets than chance would."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import cell_type_formulas, formula, gene_sets, gene_table, result_table, scoring, targets
from cisformula.job import logged, logger

with logged(snakemake.log[0], "compare gene sets"):
    files, params = snakemake.input, snakemake.params
    genes = gene_table.read(files.genes)
    sets = gene_sets.read_gmt(files.gene_sets)
    members = gene_sets.match(sets, genes, files.gene_sets)
    logger.info("%d of %d genes of %d sets found by %s", members.n_found, members.n_names, len(sets), members.column)

    published = formula.read_json(files.formula)
    names, effects = targets.with_formula(published, cell_type_formulas.read_npz(files.cell_types, published))
    peaks = gene_sets.peak_cell_types(result_table.read(files.effects), params.cell_types)
    hits = scoring.Scorer(published).features(np.load(files.sequences))
    rng = np.random.default_rng(params.seed)
    tests, chosen = [], []
    for column, motif in enumerate(published.motifs):
        where = [targets.ALL_CELL_TYPES, *peaks.get(motif.id, [])]
        rows = [names.index(cell_type) for cell_type in where]
        chosen.append(gene_sets.chosen_targets(hits[:, column], effects[rows, column], params.number, rng))
        tests += [(motif.id, motif.name, cell_type) for cell_type in where]
    tests = pd.DataFrame(tests, columns=["motif", "name", "cell_type"])
    table = gene_sets.table(tests, np.concatenate(chosen), sets, members, params.min_set_size, params.max_set_size)
    gzip = {"method": "gzip", "mtime": 0}
    table.to_csv(snakemake.output[0], sep="\t", index=False, float_format="%.5g", compression=gzip)
    found = (table["q"] < 0.05).sum()
    logger.info("%d lists of targets: %d rows with q < 0.05 among %d written", len(tests), found, len(table))
