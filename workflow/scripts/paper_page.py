"""Lay the figures of other stages beside those of the checklist, and write its page."""

import shutil
from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
import pandas as pd
from cisformula.job import logged, logger
from cisformula.paper import page

with logged(snakemake.log[0], "paper page"):
    for source, copy in zip(snakemake.input.figures, snakemake.output.figures, strict=True):
        shutil.copyfile(source, copy)
    comparison = pd.read_csv(snakemake.input.comparison, sep="\t", dtype=str, keep_default_na=False)
    text = page.write_page(comparison, snakemake.wildcards.dataset)
    Path(snakemake.output.page).write_text(text)
    logger.info(
        "copied %d files; %d items, %d numbers", len(snakemake.output.figures), len(page.CHECKLIST), len(comparison)
    )
