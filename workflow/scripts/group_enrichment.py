"""Motifs that the promoters of each group hold more or less often than matched others."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import gene_table, result_table
from cisformula.grammar import group_enrichment, matched_background
from cisformula.grammar.node_sites import in_windows
from cisformula.job import logged, logger

with logged(snakemake.log[0], "group enrichment"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    genes = gene_table.read(files.genes)
    motifs = result_table.read(files.formula)[["motif", "name"]]
    labels = pd.read_csv(files.groups, sep="\t")["group"].to_numpy()
    sites = in_windows(pd.read_parquet(files.sites), genes, params.upstream)
    column = pd.Index(motifs["motif"]).get_indexer(sites["motif"].astype(str))
    present = group_enrichment.presence(sites["gene"].to_numpy(), column, len(genes), len(motifs))
    matched = matched_background.match_groups(labels, genes, params.seed)
    balance = matched_background.balance(labels, matched, genes)
    balance.to_csv(out.balance, sep="\t", index=False, float_format="%.6g")
    logger.info("balance\n%s", balance.to_string(index=False))
    found = group_enrichment.enrichment(present, motifs, labels, genes, matched, params.fdr)
    found.to_csv(out.motifs, sep="\t", index=False, float_format="%.6g")
    logger.info("calls\n%s", found.groupby(["group", "call"]).size().unstack(fill_value=0).to_string())
