"""Predict what the user's variants do to the promoters of the run, in every cell type."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import cell_type_formulas, formula, scoring, variants
from cisformula.job import logged
from cisformula.textfile import whole_file

with logged(snakemake.log[0], "score variants"):
    files = snakemake.input
    model = formula.read_json(files.formula)
    scorer = scoring.Scorer(model, cell_type_formulas.read_npz(files.cell_types, model))
    promoters = variants.read_promoters(files.promoters, files.genome, model.reading, snakemake.params.max_indel)
    with whole_file(snakemake.output[0]) as handle:
        handle.writelines(variants.table(files.variants, promoters, scorer))
