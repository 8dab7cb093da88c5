"""Tests of company and of distances on sites in shuffled promoters, and on sites exchanged among promoters."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import background, gene_table, paralogues, pwm, result_table
from cisformula.grammar import controls, cooccurrence, cooccurrence_null, node_sites, spacing_null
from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.grammar.find_spacing import find_spacing
from cisformula.grammar.positions import BLOCK
from cisformula.grammar.presence_model import composition
from cisformula.grammar.site_pairs import in_one_per_family
from cisformula.grammar.spacing import Limits
from cisformula.job import logged

with logged(snakemake.log[0], "controls: sites that heed no others"):
    files, params = snakemake.input, snakemake.params
    codes = np.load(files.sequences)
    motifs, nodes = pwm.read_meme(files.motifs), result_table.read(files.nodes)
    sites, shuffled = pd.read_parquet(files.sites), pd.read_parquet(files.shuffled)
    families = pd.read_csv(files.families, sep="\t")
    first, second, third = map(np.random.default_rng, np.random.SeedSequence(params.seed).spawn(3))

    promoters = paralogues.one_per_family(families["family"])
    described = composition(codes[promoters])
    limits = pd.read_csv(files.thresholds, sep="\t", keep_default_na=False)["p_value"].to_numpy()
    strong = [cooccurrence.up_to(cooccurrence.restrict(table, promoters), limits) for table in (shuffled, sites)]
    similarity = cooccurrence.node_similarity(motifs, nodes)
    company = [
        controls.company(
            cooccurrence.count_pairs(table, described), nodes, similarity, params.max_similarity, params.pair_fdr
        )
        for table in (strong[0], cooccurrence_null.exchange(strong[1], described, first))
    ]

    family = families["family"].to_numpy()
    strata = spacing_null.gc_strata(gene_table.read(files.genes)["gc"].to_numpy(), params.gc_strata)
    least = Limits(params.fdr, params.min_fold, params.min_promoters)
    frequencies = background.choose(params.background, codes, params.both_strands)
    scanned = motifs, nodes, params.p_value, frequencies, params.both_strands
    by_chance, in_shuffled, in_exchanged = (
        find_spacing(table, nodes, motifs, family, strata, codes.shape[1], params.max_distance, least)
        for table in (
            node_sites.scan(shuffle(codes, third, BLOCK), *scanned),
            shuffled,
            spacing_null.exchange(in_one_per_family(sites, family), strata, second),
        )
    )
    distances = [controls.distances(found, by_chance, least) for found in (in_shuffled, in_exchanged)]
    names = "promoters shuffled", "sites exchanged"
    controls.write(
        snakemake.output[0], {name: one + other for name, one, other in zip(names, company, distances, strict=True)}
    )
