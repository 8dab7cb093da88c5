"""Collapse the formula's similar motifs to nodes, and list the sites of each node in each promoter."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import gene_table, pwm, result_table
from cisformula.grammar import node_sites
from cisformula.job import logged, logger

with logged(snakemake.log[0], "node sites"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    formula = result_table.read(files.formula)
    nodes = node_sites.collapse(pwm.read_meme(files.motifs), formula, params.similarity, params.min_overlap)
    nodes.to_csv(out.nodes, sep="\t", index=False, float_format="%.6g")
    genes = gene_table.read(files.genes)
    found = node_sites.in_windows(pd.read_parquet(files.sites), genes, params.upstream)
    framed = node_sites.in_node_frame(found, nodes, params.upstream + params.downstream + 1)
    sites = node_sites.node_sites(framed, nodes)
    sites.to_parquet(out.sites, index=False)
    logger.info("%d motifs make %d nodes", len(nodes), nodes["node"].nunique())
    logger.info("%d of %d sites stay once those of one node do not overlap", len(sites), len(found))
