"""The motifs that the filters of the chosen ARGMINN see, and how good they are."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import pwm, training
from cisformula.argminn import filter_motifs, filter_use, restarts
from cisformula.argminn.examples import Examples
from cisformula.errors import InputError
from cisformula.job import logged, logger
from cisformula.models import argminn
from cisformula.models.network import motif_filters

with logged(snakemake.log[0], f"read ARGMINN's filters, {snakemake.wildcards.task}"):
    training.use_threads(snakemake.threads)
    model = restarts.load_chosen(snakemake.input.chosen)
    reading_model, filters = argminn.reader(model), motif_filters(model)
    codes = Examples.load(snakemake.input.reading).positives()
    readings = filter_motifs.read_filters(lambda part: argminn.read(reading_model, part), codes, filters.shape[1])
    costs = filter_use.silencing_costs(model, Examples.load(snakemake.input.validation))
    table, motifs = filter_motifs.describe(readings, filters, filter_use.needed(costs))
    if not motifs:
        raise InputError(
            f"no filter of the network that it needs sees a motif in {len(codes)} bound sequences.",
            place=f"config: argminn, task {snakemake.wildcards.task}",
            fix="train longer (argminn/epochs), or with weaker penalties (argminn/overlap_weight, argminn/l1_weight).",
        )
    table = table.merge(costs, on="filter")
    table.to_csv(snakemake.output.readings, sep="\t", index=False, float_format="%.6g")
    pwm.write_meme(snakemake.output.motifs, motifs)
    logger.info("%d of %d filters used, %d passed", table["used"].sum(), len(table), table["passed"].sum())
    for row in table[table["used"]].itertuples():
        logger.info(
            "filter %d: %s, %.1f bits, %d windows, loss %.3f higher without it, weights correlate with it by %.2f%s",
            row.filter,
            row.consensus,
            row.information_bits,
            row.nsites,
            row.loss_rise,
            row.weight_correlation,
            "" if row.passed else "; not passed",
        )
