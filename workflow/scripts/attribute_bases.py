"""What each base of bound sequences contributes to the logit of a network."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
from cisformula import training
from cisformula.argminn import attribution, restarts
from cisformula.argminn.examples import Examples
from cisformula.job import logged, logger

params = snakemake.params
with logged(snakemake.log[0], f"attribute bases, {snakemake.wildcards.classifier}, {snakemake.wildcards.task}"):
    logger.info("device: %s", training.use_threads(snakemake.threads))
    model = restarts.load_chosen(snakemake.input.chosen)
    codes = Examples.load(snakemake.input.reading).positives()[: params.sequences]
    rng = np.random.default_rng(params.seed)
    found = attribution.integrated_gradients(model, codes, params.references, params.steps, rng)
    np.savez(snakemake.output.contributions, codes=codes, **found._asdict())
    spread = float((found.logit - found.reference).std())
    missed = float(np.sqrt((found.error(codes) ** 2).mean()))
    logger.info(
        "%d sequences; contributions miss the logits by %.3g (root mean square), %.2g of the logits' spread",
        len(codes),
        missed,
        missed / spread if spread else np.nan,
    )
