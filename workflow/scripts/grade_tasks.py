"""Grade ARGMINN on the simulated tasks against its goals."""

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.argminn import goals
from cisformula.job import logged

with logged(snakemake.log[0], "grade simulated tasks"):
    files, tasks = snakemake.input, {}
    for number, task in enumerate(snakemake.params.tasks):
        paths = {name: files[name][number] for name in goals.TaskScores._fields}
        tasks[task] = goals.TaskScores(**{name: pd.read_csv(path, sep="\t") for name, path in paths.items()})
    verdict = goals.grade(tasks)
    verdict.to_csv(snakemake.output.verdict, sep="\t", index=False, float_format="%.6g")
    goals.log_verdict(verdict)
