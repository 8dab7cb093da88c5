"""What the filters of a network that ARGMINN is compared with see, as motifs."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm, training
from cisformula.argminn import filter_motifs, restarts
from cisformula.argminn.examples import Examples
from cisformula.argminn.peers import filter_activations
from cisformula.job import logged, logger
from cisformula.models.network import motif_filters

with logged(snakemake.log[0], f"read filters, {snakemake.wildcards.classifier}, {snakemake.wildcards.task}"):
    training.use_threads(snakemake.threads)
    model = restarts.load_chosen(snakemake.input.chosen)
    codes = Examples.load(snakemake.input.reading).positives()
    filters = motif_filters(model)
    readings = filter_motifs.read_filters(filter_activations.reader(model), codes, filters.shape[1])
    table, motifs = filter_motifs.describe(readings, filters)
    table.to_csv(snakemake.output.filters, sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(snakemake.output.motifs, motifs)
    logger.info("%d of %d filters used, %d passed", table["used"].sum(), len(table), table["passed"].sum())
