"""How many motifs have a match at the usual levels, and what the clusters are."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula import cluster_names, learned_ids, match_table, pwm, result_table
from cisformula.job import logged, logger

with logged(snakemake.log[0], "count matches"):
    files, out = snakemake.input, snakemake.output
    matches = match_table.read(files.matches)
    learned = pwm.read_meme(files.learned)
    chosen = set(result_table.read(files.formula)["motif"])
    sets = {
        "learned": learned,
        "representatives": pwm.read_meme(files.representatives),
        "formula": [motif for motif in learned if motif.id in chosen],
    }
    for network, origin in learned_ids.ORIGINS.items():
        own = learned_ids.of_network(network, learned)
        # Beside all of them, where they are not all.
        if network != learned_ids.MAIN and own:
            sets[origin.source] = own
    summary = match_table.summarise(matches, sets)
    summary.to_csv(out.summary, sep="\t", index=False)
    logger.info("matches per set:\n%s", summary.to_string(index=False))
    clusters = pd.read_csv(files.clusters, sep="\t")
    names = cluster_names.name_clusters(clusters, matches, result_table.read(files.known))
    names.to_csv(out.clusters, sep="\t", index=False, float_format="%g")
    logger.info("%d of %d clusters belong to a family of factors", names["family"].notna().sum(), len(names))
