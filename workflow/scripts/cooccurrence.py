"""Test every pair of nodes for sharing promoters more often than composition explains."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import background, paralogues, pwm, result_table
from cisformula.grammar import cooccurrence, dinucleotide_shuffle, node_sites
from cisformula.grammar.presence_model import composition
from cisformula.job import logged, logger

SHUFFLES = 4

with logged(snakemake.log[0], "co-occurrence"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    motifs = pwm.read_meme(files.motifs)
    nodes = result_table.read(files.nodes)
    every_promoter = np.load(files.sequences)
    promoters = paralogues.one_per_family(pd.read_csv(files.families, sep="\t")["family"])
    codes = every_promoter[promoters]
    found = cooccurrence.restrict(pd.read_parquet(files.sites), promoters)

    frequencies = background.choose(params.background, every_promoter, params.both_strands)
    rng, by_chance = np.random.default_rng(params.seed), []
    for _ in range(SHUFFLES):
        shuffled = dinucleotide_shuffle.shuffle(codes, rng)
        by_chance.append(node_sites.scan(shuffled, motifs, nodes, params.p_value, frequencies, params.both_strands))
    limits = cooccurrence.thresholds(found, by_chance, len(codes), params.p_value)
    limits.to_csv(out.thresholds, sep="\t", index=False, float_format="%.6g")

    strong = cooccurrence.up_to(found, limits["p_value"].to_numpy())
    logger.info("%d promoters, one per family; %d of %d sites count", len(codes), len(strong), len(found))
    pairs = cooccurrence.count_pairs(strong, composition(codes))
    similarity = cooccurrence.node_similarity(motifs, nodes)
    table = cooccurrence.pair_table(
        pairs, limits["carriers"].to_numpy(), nodes, similarity, params.max_similarity, params.fdr
    )
    table.to_csv(out.pairs, sep="\t", index=False, float_format="%.6g", compression={"method": "gzip", "mtime": 0})
    logger.info("%d of %d pairs make an edge", table["edge"].sum(), table["q"].notna().sum())
