"""Find the distances that pairs of nodes keep, and test their profiles of distances as a whole."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import gene_table, pwm, result_table
from cisformula.grammar import spacing_tables
from cisformula.grammar.find_spacing import find_spacing, mark_composition, profile_tests
from cisformula.grammar.spacing import Limits
from cisformula.grammar.spacing_null import gc_strata
from cisformula.job import logged, logger

STRONGEST = 20
"""Pairs and classes without a rule whose histograms are written too, those that deviate most from their null."""

with logged(snakemake.log[0], "find spacing"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    codes = np.load(files.sequences)
    genes = gene_table.read(files.genes)
    families = pd.read_csv(files.families, sep="\t")["family"].to_numpy()
    nodes = result_table.read(files.nodes)
    names = nodes.drop_duplicates("node").set_index("node")["name"]
    limits = Limits(params.fdr, params.min_fold, params.min_promoters)
    strata = gc_strata(genes["gc"].to_numpy(), params.gc_strata)
    as_always = nodes, pwm.read_meme(files.motifs), families, strata, codes.shape[1], params.max_distance, limits
    found = find_spacing(pd.read_parquet(files.sites), *as_always)
    logger.info("the same in shuffled promoters")
    mark_composition(found, find_spacing(pd.read_parquet(files.shuffled), *as_always), limits)
    fine, _ = found.counts
    rules = spacing_tables.rule_table(found.rules, fine, found.pairs, found.sites, codes, names)
    rules.to_csv(out.rules, sep="\t", index=False, float_format="%.6g")
    logger.info("%d rows: %s", len(rules), rules["status"].value_counts().to_dict())
    profiles = profile_tests(found, names, limits.min_promoters)
    packed = {"method": "gzip", "mtime": 0}
    profiles.to_csv(out.pairs, sep="\t", index=False, float_format="%.6g", compression=packed)
    tested = profiles["helical_p"].notna()
    logger.info(
        "%d profiles; %d of %d differ from their null, %d of %d have the helix's period (q < %g)",
        len(profiles),
        (profiles["q"] < params.fdr).sum(),
        profiles["p"].notna().sum(),
        (profiles["helical_q"] < params.fdr).sum(),
        tested.sum(),
        params.fdr,
    )
    strongest = pd.concat([rules, profiles[profiles["q"] < params.fdr].head(STRONGEST)])
    spacing_tables.histogram_table(strongest, fine, found.sites).to_parquet(out.histograms, index=False)
