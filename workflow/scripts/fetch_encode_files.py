"""Fetch the ENCODE files of the sample sheet into the data set's folder, or see that they are there."""

from pathlib import Path

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula.download import Client
from cisformula.encode import files, portal, sheet
from cisformula.job import logged, logger

with logged(snakemake.log[0], "fetch ENCODE files"):
    parameters = snakemake.params
    samples = sheet.read_samples(snakemake.input.samples, parameters.sample_column, parameters.file_column)
    accessions = sheet.all_accessions(samples)
    logger.info("%d cell types, %d files, from %s", len(samples), len(accessions), parameters.base_url)
    folder = Path(snakemake.output[0]).with_suffix("")
    client = Client(mirror=parameters.mirror or {})
    records = portal.fetch_files(accessions, folder, parameters.base_url, client, parameters.connections)
    files.write_records(snakemake.output[0], records)
    told = sum(record.md5_from == files.PORTAL for record in records)
    logger.info("all %d files are there; the portal confirms the checksums of %d", len(records), told)
