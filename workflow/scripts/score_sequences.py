"""Predict the expression of the user's sequences, with what each motif contributes, in every cell type."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import cell_type_formulas, formula, scoring, windows
from cisformula.job import logged
from cisformula.textfile import whole_file

with logged(snakemake.log[0], "score sequences"):
    files = snakemake.input
    model = formula.read_json(files.formula)
    scorer = scoring.Scorer(model, cell_type_formulas.read_npz(files.cell_types, model))
    batches = windows.read_windows(files.sequences, model.reading.upstream, model.reading.downstream, files.genome)
    with whole_file(snakemake.output[0]) as handle:
        handle.writelines(scoring.table(scorer, batches, contributions=True))
