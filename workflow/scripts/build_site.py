"""Write the pages of the run that open from disk, without a server or the network."""

import json

import library_path  # noqa: F401  (puts workflow/ on the import path)
from cisformula.job import logged
from cisformula.site import build, grammar_tables, run_tables

with logged(snakemake.log[0], "build site"):
    run = run_tables.read(snakemake.input)
    grammar = grammar_tables.read(snakemake.input, run)
    config = json.loads(snakemake.params.configuration)
    build.Site(run, grammar, config, list(snakemake.input.cards)).write(snakemake.output.index, snakemake.output.folder)
