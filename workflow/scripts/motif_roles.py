"""Active and repressive motifs, by the network's contribution at their sites and by the groups rich in them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, result_table
from cisformula.grammar import group_enrichment, motif_roles
from cisformula.grammar.node_sites import in_windows
from cisformula.job import logged, logger

with logged(snakemake.log[0], "motif roles"):
    files, params = snakemake.input, snakemake.params
    genes = gene_table.read(files.genes)
    target = genes["target"].to_numpy()
    motifs = result_table.read(files.formula)[["motif", "name"]]
    labels = pd.read_csv(files.groups, sep="\t")["group"].to_numpy()
    enrichment = pd.read_csv(files.enrichment, sep="\t", dtype={"motif": str}, keep_default_na=False)
    sites = in_windows(pd.read_parquet(files.sites), genes, params.upstream)
    sites["motif"] = pd.Index(motifs["motif"]).get_indexer(sites["motif"].astype(str))
    # A palindromic site is a row on either strand.
    sites = sites.drop_duplicates(["gene", "motif", "start", "end"])
    present = group_enrichment.presence(sites["gene"], sites["motif"], len(genes), len(motifs))
    classes = motif_roles.gc_classes(genes["gc"].to_numpy())
    contributed = motif_roles.contributions(np.load(files.track), classes, sites, len(motifs))
    partial = motif_roles.partial_correlations(present, target, group_enrichment.composition_terms(genes))
    table = motif_roles.roles(motifs, contributed, partial, enrichment, labels, target, params.fdr)
    table.to_csv(snakemake.output.roles, sep="\t", index=False, float_format="%.6g")
    logger.info("roles\n%s", table["role"].value_counts().to_string())
