"""Turn the filters of the positional networks into motifs, and align the filters of different runs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import extraction, learned_ids, motif_clusters, pwm
from cisformula.grammar.weighted_features import features_of_motifs
from cisformula.job import logged, logger, progress

with logged(snakemake.log[0], "grammar motifs"):
    files, params = snakemake.input, snakemake.params
    codes = np.load(files.sequences)
    motifs, rows = [], []
    paths = zip(files.terms, files.predictions, strict=True)
    for terms_path, predictions_path in progress(paths, len(files.terms), "runs read"):
        role = pd.read_csv(predictions_path, sep="\t")["role"].to_numpy()
        with np.load(terms_path) as terms:
            run, fold, filters = int(terms["run"]), int(terms["fold"]), terms["filters"]
        found = extraction.top_window_motifs(
            filters, codes[role == "train"], run, params.n_windows, weighting=params.weighting
        )
        motifs += found
        for motif in found:
            number = learned_ids.parse(motif.id).filter
            rows.append((motif.id, run, fold, number, motif.consensus, motif.information, int(motif.nsites)))
    clusters = motif_clusters.cluster_motifs(motifs, params.cluster_similarity, params.min_overlap)
    enough = min(params.min_runs, clusters["n_runs"].max())
    if enough < params.min_runs:
        logger.warning("no motif was found by %d networks: those of %d are taken", params.min_runs, enough)
    table = pd.DataFrame(rows, columns=["motif", "run", "fold", "filter", "consensus", "information_bits", "nsites"])
    table["feature"] = table["motif"].map(features_of_motifs(clusters, enough))
    table.to_csv(snakemake.output.filters, sep="\t", index=False, float_format="%.4f")
    pwm.write_meme(snakemake.output.motifs, motifs)
    of_clusters = motif_clusters.representatives(motifs, clusters)
    chosen = [motif for motif in of_clusters if (table["feature"] == motif.id).any()]
    pwm.write_meme(snakemake.output.features, chosen)
    logger.info("%d motifs, %d of them in %d features", len(motifs), (table["feature"] != "").sum(), len(chosen))
