"""Write the page of ARGMINN's tasks, one file that opens from disk."""

from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.job import logged, logger
from cisformula.site import task_page, task_tables

with logged(snakemake.log[0], "build page of tasks"):
    files, params, out = snakemake.input, snakemake.params, Path(snakemake.output.page)
    tasks = task_tables.read(files, params.tasks, params.networks)
    verdict = pd.read_csv(files.verdict, sep="\t") if files.get("verdict") else None
    page = task_page.render(snakemake.wildcards.dataset, tasks, files.get("summaries") or [], verdict, out.parent)
    out.write_text(page, encoding="utf-8")
    logger.info("%d tasks, %.1f MB", len(tasks), len(page) / 1e6)
