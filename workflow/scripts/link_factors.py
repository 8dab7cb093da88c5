"""The transcription factors that may stand behind each motif, and whether their expression goes with its activity."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import expression, factors, match_table, result_table
from cisformula.job import logged, logger

with logged(snakemake.log[0], "link factors"):
    files, params = snakemake.input, snakemake.params
    formula = result_table.read(files.formula)
    is_learned = set(formula.loc[formula["source"] != "database", "motif"])
    of_learned, of_all = match_table.read(files.matches), match_table.read(files.formula_matches)
    matches = pd.concat([of_learned, of_all[~of_all["Query_ID"].isin(is_learned)]])
    table = factors.links(formula, matches, result_table.read(files.known), params.match_q)

    genes = pd.read_parquet(files.genes)
    matrix = expression.read_matrix(files.expression, list(genes.columns))
    if params.missing == "zero":
        matrix = matrix.fillna(0.0)
    log_matrix = expression.log_scale(matrix, params.scale, params.pseudocount, files.expression)
    map_path = files.get("gene_id_map")
    gene_ids = expression.read_gene_id_map(map_path) if map_path else {}
    annotation = result_table.read(files.annotation)
    found = factors.find_genes(table["factor"], annotation, matrix.index, gene_ids)
    table = table.assign(factor=found["factor"])
    table.insert(3, "gene_id", found["gene_id"])
    # Two names may be one gene.
    table = table.drop_duplicates(["motif", "factor"])
    found = found.loc[table.index]

    activity = result_table.read(files.activity)
    activity = activity.pivot(index="motif", columns="cell_type", values="activity")[list(genes.columns)]
    mean = genes.mean()
    centred = log_matrix - mean
    table = factors.correlate(table, found["row"].to_numpy(), activity, centred.to_numpy(), genes - mean)
    table.to_csv(snakemake.output.table, sep="\t", index=False, float_format="%.5g")
    measured = found[found["row"] >= 0].drop_duplicates("gene_id")
    of_factors = centred.iloc[measured["row"]].set_axis(pd.Index(measured["gene_id"], name="gene_id"))
    of_factors.to_parquet(snakemake.output.expression)
    logger.info(
        "%d pairs of a motif and a factor, %d of them with expression, %d with q < 0.05; %d motifs single out a factor",
        len(table),
        table["in_expression"].sum(),
        (table["q"] < 0.05).sum(),
        table.loc[table["q_genes"] < 0.05, "motif"].nunique(),
    )
