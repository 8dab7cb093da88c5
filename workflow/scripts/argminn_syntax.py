"""What ARGMINN says of how motifs stand together: gaps, rules in words, configurations."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import match_table, pwm
from cisformula.argminn import configurations, filter_motifs, frames, site_gaps, syntax
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"syntax, {snakemake.wildcards.task}"):
    files, out = snakemake.input, snakemake.output
    filters = pd.read_csv(files.filters, sep="\t")
    passed = set(filters.loc[filters["passed"], "filter"].map(filter_motifs.filter_id))
    motifs = [motif for motif in pwm.read_meme(files.motifs) if motif.id in passed]
    shared = frames.similar_filters(motifs, match_table.read(files.matches), pwm.read_meme(files.known))
    n_bound = int(np.sum(Examples.load(files.reading).label == 1))
    placed = frames.place(pd.read_csv(files.instances, sep="\t"), shared)
    gaps = syntax.add_significance(site_gaps.gap_table(site_gaps.find_pairs(placed)))
    rules = syntax.find_rules(gaps, snakemake.params.fdr, syntax.LEAST_SUPPORT * n_bound)
    counted = configurations.count_configurations(placed, n_bound)
    tables = {"frames": shared, "gaps": gaps, "rules": rules, "configurations": counted}
    for name, table in tables.items():
        table.to_csv(out[name], sep="\t", index=False, float_format="%.6g")
    logger.info("%d motifs of %d filters that passed", shared["motif"].nunique(), len(shared))
    for line in rules["sentence"]:
        logger.info("%s", line)
    for row in counted.head(5).itertuples():
        logger.info("%s: %.1f %% of %d bound sequences", row.configuration, 100 * row.share, n_bound)
