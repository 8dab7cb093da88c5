"""Tables with a row for every gene, ids and names as they are written.

``promoters/promoters.tsv`` has every promoter, ``expression/genes.tsv`` the genes that entered.
"""

from pathlib import Path

import pandas as pd

TEXT = ("gene_id", "gene_name", "chrom", "strand")
NUMBERS = ("start", "end", "tss", "rank", "n_fraction", "gc", "cpg_oe", "median", "target")


def read(path: str | Path) -> pd.DataFrame:
    """Read either table: a gene may be called ``NA`` or ``007``; only a number may be missing."""
    missing = {column: [""] for column in NUMBERS}
    return pd.read_csv(path, sep="\t", dtype=dict.fromkeys(TEXT, str), keep_default_na=False, na_values=missing)


def promoters_of(genes: str | Path, promoters: str | Path) -> pd.DataFrame:
    """Rows of the table of promoters for the genes that entered, in their order."""
    return read(genes)[["gene_id"]].merge(read(promoters), on="gene_id", validate="one_to_one")
