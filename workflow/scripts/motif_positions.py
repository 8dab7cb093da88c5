"""Find where each motif of the formula and each core promoter element lies relative to the TSS."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import background, paralogues, pwm, result_table
from cisformula.grammar import positions
from cisformula.grammar.core_promoter import read_elements
from cisformula.hits import Scanner
from cisformula.job import logged, logger

with logged(snakemake.log[0], "motif positions"):
    files, params, out = snakemake.input, snakemake.params, snakemake.output
    codes = np.load(files.sequences)
    families = pd.read_csv(files.families, sep="\t")["family"].to_numpy()
    codes = codes[paralogues.one_per_family(families)]
    motifs = pwm.read_meme(files.motifs)
    sources = result_table.read(files.formula).set_index("motif")["source"]
    frequencies = background.choose(params.background, codes, params.both_strands)
    elements = read_elements(files.elements) if files.elements else []
    described, search = positions.everything(Scanner(motifs, params.p_value, frequencies), sources, elements)
    found = positions.profiles(codes, search, params.shuffles, np.random.default_rng(params.seed))
    table = positions.position_table(found, described, params.upstream)
    table.to_csv(out.positions, sep="\t", index=False, float_format="%.6g")
    positions.profile_table(found, described, params.upstream).to_parquet(out.profiles, index=False)
    preferring = table[(table["bin_q"] < params.fdr) & (table["bin_fold"] >= params.min_fold)]
    logger.info("%d of %d motifs prefer a place", len(preferring), len(table))
    core = table[table["kind"] == "core element"]
    for row in core.dropna(subset="expected_position").itertuples():
        verdict = "found" if row.near_q < params.fdr and row.near_fold >= params.min_fold else "not found"
        logger.info(
            "%s: %s near %+d, best at %+d (%.2f-fold, q = %.2g)",
            row.name,
            verdict,
            row.expected_position,
            row.near_position,
            row.near_fold,
            row.near_q,
        )
