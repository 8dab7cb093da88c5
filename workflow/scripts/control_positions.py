"""The test of places relative to the TSS on shuffled promoters."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import background, paralogues, pwm, result_table
from cisformula.grammar import controls, positions
from cisformula.grammar.core_promoter import read_elements
from cisformula.hits import Scanner
from cisformula.job import logged

with logged(snakemake.log[0], "controls: places in shuffled promoters"):
    files, params = snakemake.input, snakemake.params
    families = pd.read_csv(files.families, sep="\t")["family"].to_numpy()
    codes = np.load(files.shuffled)[paralogues.one_per_family(families)]
    sources = result_table.read(files.formula).set_index("motif")["source"]
    frequencies = background.choose(params.background, codes, params.both_strands)
    scanner = Scanner(pwm.read_meme(files.motifs), params.p_value, frequencies)
    elements = read_elements(files.elements) if files.elements else []
    described, search = positions.everything(scanner, sources, elements)
    found = positions.profiles(codes, search, params.shuffles, np.random.default_rng([params.seed, 1]))
    table = positions.position_table(found, described, params.upstream)
    controls.write(snakemake.output[0], {"promoters shuffled": controls.places(table, params.fdr, params.min_fold)})
