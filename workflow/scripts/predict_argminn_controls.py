"""What one network predicts of sequences of each GC content, and of variants in planted sites and beside them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import training
from cisformula.argminn import fit, restarts, site_variants
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"predict, {snakemake.wildcards.classifier}, {snakemake.wildcards.task}"):
    files, out = snakemake.input, snakemake.output
    training.use_threads(snakemake.threads)
    model = restarts.load_chosen(files.chosen)
    with np.load(files.gc_sweep) as sweep:
        table = pd.DataFrame({"gc": sweep["gc"], "label": sweep["label"].astype(int)})
        table["logit"] = fit.predict(model, sweep["codes"])
    table.to_csv(out.gc, sep="\t", index=False, float_format="%.6g")
    codes = Examples.load(files.test).codes
    variants = pd.read_csv(files.variants, sep="\t")
    used, row = np.unique(variants["sequence"], return_inverse=True)
    variants["reference_logit"] = fit.predict(model, codes[used])[row]
    variants["alternative_logit"] = fit.predict(model, site_variants.apply_variants(codes, variants))
    variants.to_csv(
        out.variants, sep="\t", index=False, float_format="%.7g", compression={"method": "gzip", "mtime": 0}
    )
    logger.info("%d sequences of the GC sweep, %d variants", len(table), len(variants))
