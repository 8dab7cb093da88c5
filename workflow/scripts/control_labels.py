"""Tests of groups and of expression where the labels of genes mean nothing."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, pwm, result_table
from cisformula.grammar import controls, group_enrichment
from cisformula.grammar.node_sites import in_windows
from cisformula.grammar.site_pairs import add_matched, in_one_per_family
from cisformula.grammar.spacing_expression import describe
from cisformula.job import logged

with logged(snakemake.log[0], "controls: labels permuted"):
    files, params = snakemake.input, snakemake.params
    genes = gene_table.read(files.genes)
    motifs = result_table.read(files.formula)[["motif", "name"]]
    labels = pd.read_csv(files.groups, sep="\t")["group"].to_numpy()
    hits = in_windows(pd.read_parquet(files.formula_sites), genes, params.upstream)
    column = pd.Index(motifs["motif"]).get_indexer(hits["motif"].astype(str))
    present = group_enrichment.presence(hits["gene"].to_numpy(), column, len(genes), len(motifs))
    groups = controls.permuted_groups(present, motifs, labels, genes, params.fdr, params.seed)

    rules = pd.read_csv(files.rules, sep="\t", keep_default_na=False)
    rules = rules[rules["status"].isin(["rule", "composite"])]
    nodes = result_table.read(files.nodes)
    sites = add_matched(pd.read_parquet(files.sites), nodes, pwm.read_meme(files.motifs))
    sites = in_one_per_family(sites, pd.read_csv(files.families, sep="\t")["family"].to_numpy())
    setting, target = describe(sites, np.load(files.sequences)), genes["target"].to_numpy()
    expression = controls.permuted_target(labels, rules, setting, target, params.seed)
    controls.write(snakemake.output[0], {"groups permuted": groups, "target permuted": expression})
