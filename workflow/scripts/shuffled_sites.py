"""Find sites of the nodes in promoters shuffled within blocks that keep their dinucleotides."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import background, pwm, result_table
from cisformula.grammar import node_sites
from cisformula.grammar.dinucleotide_shuffle import shuffle
from cisformula.grammar.positions import BLOCK
from cisformula.job import logged, logger

with logged(snakemake.log[0], "sites in shuffled promoters"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    codes = np.load(files.sequences)
    nodes = result_table.read(files.nodes)
    frequencies = background.choose(params.background, codes, params.both_strands)
    shuffled = shuffle(codes, np.random.default_rng(params.seed), BLOCK)
    np.save(out.sequences, shuffled)
    motifs = pwm.read_meme(files.motifs)
    found = node_sites.scan(shuffled, motifs, nodes, params.p_value, frequencies, params.both_strands)
    found.to_parquet(out.sites, index=False)
    logger.info("%d sites in %d shuffled promoters", len(found), len(codes))
