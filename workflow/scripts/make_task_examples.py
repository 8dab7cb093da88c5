"""Sequences of a simulated task: fixed sets with their planted sites, a sweep of GC contents, and the ceiling."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import numpy as np
import pandas as pd
from cisformula import pwm
from cisformula.argminn import oracle, task_sequences, tasks
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"make examples {snakemake.wildcards.simulated_task}"):
    out, seed = snakemake.output, snakemake.params.seed
    task = tasks.find_task(snakemake.wildcards.simulated_task)
    pwm.write_meme(out.motifs, tasks.planted_motifs(task))
    # Read back, so that every later step, which has the file alone, sees the same numbers.
    motifs = pwm.read_meme(out.motifs)
    shares = []
    for number, (name, (bound, unbound)) in enumerate(task_sequences.SETS.items()):
        drawn = task_sequences.simulate(task, motifs, bound, unbound, task_sequences.set_stream(seed, number))
        drawn.save(out[name], out[f"{name}_sites"])
        shares.append(task_sequences.shares(task, drawn).assign(set=name))
        logger.info("%s: %d bound, %d unbound, %d planted sites", name, bound, unbound, len(drawn.sites))
    table = pd.concat(shares)[["set", "label", "configuration", "planned", "share"]]
    table.to_csv(out.configurations, sep="\t", index=False, float_format="%.6g")

    sweep = task_sequences.gc_sweep(task, motifs, task_sequences.set_stream(seed, len(task_sequences.SETS)))
    np.savez(out.gc_sweep, **sweep)
    logger.info("GC sweep: %d sequences", len(sweep["label"]))

    # The loop ends with the test set.
    ceiling = pd.DataFrame(
        {"label": drawn.label.astype(int), "logit": oracle.log_likelihood_ratio(drawn.codes, task, motifs)}
    )
    ceiling.to_csv(out.oracle, sep="\t", index=False, float_format="%.6g")
    accuracy = ((ceiling["logit"] > 0) == (ceiling["label"] == 1)).mean()
    logger.info("the best any classifier could do on the test set: accuracy %.4f", accuracy)
