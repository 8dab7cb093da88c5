"""Fetch an input file that the configuration names by its address."""

from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula import input_store
from cisformula.download import Client
from cisformula.job import logged, logger

with logged(snakemake.log[0], f"fetch {Path(snakemake.output[0]).name}"):
    parameters = snakemake.params
    logger.info("from %s", parameters.url)
    path = input_store.fetch(parameters.url, Path(parameters.folder), Client(mirror=parameters.mirror or {}))
    logger.info("%s is there, %.1f MB", path, path.stat().st_size / 1e6)
