"""The table of the genes that entered, ``expression/genes.tsv``, with ids and names as they are written."""

from pathlib import Path

import pandas as pd

TEXT = ("gene_id", "gene_name", "chrom", "strand")
NUMBERS = ("tss", "gc", "cpg_oe", "median", "target")


def read(path: str | Path) -> pd.DataFrame:
    """Read the table: a gene may be called ``NA`` or ``007``; only a number may be missing."""
    missing = {column: [""] for column in NUMBERS}
    return pd.read_csv(path, sep="\t", dtype=dict.fromkeys(TEXT, str), keep_default_na=False, na_values=missing)
