"""Compare the expression of promoters that keep a rule's distance with that of promoters that do not."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, pwm, result_table
from cisformula.grammar.site_pairs import add_matched, in_one_per_family
from cisformula.grammar.spacing_expression import comparisons, describe, spacing_expression
from cisformula.job import logged, logger

with logged(snakemake.log[0], "spacing and expression"):
    files = snakemake.input
    codes = np.load(files.sequences)
    target = gene_table.read(files.genes)["target"].to_numpy()
    families = pd.read_csv(files.families, sep="\t")["family"].to_numpy()
    nodes = result_table.read(files.nodes)
    rules = result_table.read(files.rules)
    rules = rules[rules["status"].isin(["rule", "composite"])]
    sites = add_matched(pd.read_parquet(files.sites), nodes, pwm.read_meme(files.motifs))
    sites = in_one_per_family(sites, families)
    table = spacing_expression(rules, comparisons(rules, describe(sites, codes)), target)
    table.to_csv(snakemake.output[0], sep="\t", index=False, float_format="%.6g")
    significant = (table["adjusted_q"] < snakemake.params.fdr).sum()
    logger.info(
        "%d rules; expression differs at the preferred distance of %d, composition and hits held fixed",
        len(table),
        significant,
    )
