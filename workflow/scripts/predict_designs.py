"""What networks, and the truth where it is known, say of designs, their controls and test sequences beside them."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm, training
from cisformula.argminn import attended_sites, design_table, fit, instances, motif_match, oracle, restarts, tasks
from cisformula.argminn.examples import Examples
from cisformula.argminn.reading_parts import read_parts
from cisformula.job import logged, logger
from cisformula.models import argminn
from cisformula.models.network import motif_filters
from cisformula.sequence import decode
from cisformula.textfile import whole_file

with logged(snakemake.log[0], f"predict designs, {snakemake.wildcards.task}"):
    files, out, params = snakemake.input, snakemake.output, snakemake.params
    training.use_threads(snakemake.threads)
    tables = [pd.read_csv(files.table, sep="\t", dtype={"gaps": str}, keep_default_na=False)]
    with np.load(files.codes) as arrays:
        codes = [arrays["codes"]]
    n_designs = int((tables[0]["method"] == design_table.RULES).sum())
    for network, path in zip(params.networks, files.optimised, strict=True):
        with np.load(path) as arrays:
            codes.append(arrays["codes"])
        tables.append(design_table.without_sites(design_table.greedy(network), len(codes[-1]), on_background=True))
    test = Examples.load(files.test)
    for method, label in ((design_table.BOUND, 1), (design_table.UNBOUND, 0)):
        codes.append(test.codes[test.label == label][:n_designs])
        tables.append(design_table.without_sites(method, len(codes[-1]), on_background=False))
    codes, table = np.concatenate(codes), pd.concat(tables, ignore_index=True)

    table["changed"] = design_table.changed_bases(codes, table)
    model = restarts.load_chosen(files.chosen)
    table["logit"] = fit.predict(model, codes)
    table["judge"] = fit.predict(restarts.load_chosen(files.judge), codes)
    table["oracle"] = table["motif_match"] = np.nan
    if files.motifs:
        task, motifs = tasks.find_task(snakemake.wildcards.task), pwm.read_meme(files.motifs)
        table["oracle"] = oracle.log_likelihood_ratio(codes, task, motifs)
        of_bound = {name for configuration in task.positives for name in configuration.motifs}
        table["motif_match"] = motif_match.mean_best_match(codes, [one for one in motifs if one.id in of_bound])

    reading_model, width = argminn.reader(model), motif_filters(model).shape[1]
    parts = read_parts(lambda part: argminn.read(reading_model, part), codes)
    called = instances.call_instances(parts, pd.read_csv(files.readings, sep="\t"), width, params.attention)
    called["sequence"] = table["sequence"].to_numpy()[called["sequence"]]
    table = attended_sites.count_attended(table, pd.read_csv(files.sites, sep="\t"), called)

    with whole_file(out.fasta) as handle:
        for name, sequence in zip(table["sequence"], codes, strict=True):
            handle.write(f">{name}\n{decode(sequence)}\n")
    packing = {"method": "gzip", "mtime": 0}
    table.to_csv(out.table, sep="\t", index=False, float_format="%.6g", compression=packing)
    called.to_csv(out.instances, sep="\t", index=False, float_format="%.6g", compression=packing)
    for method, logit in table.groupby("method", sort=False)["logit"]:
        logger.info("%s: %d sequences, median logit %.2f", method, len(logit), logit.median())
