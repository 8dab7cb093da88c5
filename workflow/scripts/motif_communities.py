"""Find communities among the motifs that keep company, and compare the expression of promoters that carry them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, paralogues, result_table
from cisformula.grammar import communities, community_expression, cooccurrence
from cisformula.grammar.presence_model import composition
from cisformula.job import logged, logger

with logged(snakemake.log[0], "motif communities"):
    files, out = snakemake.input, snakemake.output
    pairs = pd.read_csv(
        files.pairs, sep="\t", keep_default_na=False, na_values={"q": "", "q_repulsion": "", "ratio": ""}
    )
    network = communities.graph(pairs)
    if network.ecount():
        table, community = communities.scan(network, snakemake.params.seed)
    else:
        table, community = pd.DataFrame(columns=communities.SCAN_COLUMNS), np.empty(0, dtype=int)
    table.to_csv(out.modularity, sep="\t", index=False, float_format="%.6g")
    nodes = result_table.read(files.nodes)
    found = communities.node_table(network, community, nodes)
    found.to_csv(out.communities, sep="\t", index=False, float_format="%.6g")
    logger.info(
        "%d edges between %d nodes; %d communities", network.ecount(), network.vcount(), found["community"].nunique()
    )

    promoters = paralogues.one_per_family(pd.read_csv(files.families, sep="\t")["family"])
    limits = pd.read_csv(files.thresholds, sep="\t", keep_default_na=False)["p_value"].to_numpy()
    sites = cooccurrence.up_to(cooccurrence.restrict(pd.read_parquet(files.sites), promoters), limits)
    target = gene_table.read(files.genes)["target"].to_numpy()[promoters]
    described = composition(np.load(files.sequences)[promoters])
    summary = community_expression.summarise(found, pairs, sites, described, target)
    summary.to_csv(out.summary, sep="\t", index=False, float_format="%.6g")
