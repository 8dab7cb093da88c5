"""How every network fares on sequences of each GC content, and how well it scores variants that break sites."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import classification, variant_scores
from cisformula.job import logged

with logged(snakemake.log[0], f"evaluate controls, {snakemake.wildcards.task}"):
    files, params, by_gc, by_variant = snakemake.input, snakemake.params, [], []
    for network, gc_path, variants_path in zip(params.networks, files.gc, files.variants, strict=True):
        for level, group in pd.read_csv(gc_path, sep="\t").groupby("gc"):
            scores = classification.score(group["label"], group["logit"].to_numpy(), params.seed)
            by_gc.append({"network": network, "gc": level} | scores)
        by_variant.append(variant_scores.score_variants(network, pd.read_csv(variants_path, sep="\t"), params.seed))
    pd.DataFrame(by_gc).to_csv(snakemake.output.gc, sep="\t", index=False, float_format="%.6g")
    pd.concat(by_variant).to_csv(snakemake.output.variants, sep="\t", index=False, float_format="%.6g")
