"""Tables of results read back with names as they were written.

Cell types are called ``0``, ``007``, ``1e5`` or ``NA`` where they are clusters of single cells, and so may be their
groups, genes, motifs and factors. Read as numbers or as missing they would no longer be those of the matrix.
"""

from pathlib import Path

import pandas as pd

TEXT = (
    *("motif", "name", "source", "consensus", "stands_for", "match", "family", "cell_type", "group", "target"),
    *("peak_cell_type", "column", "gene_id", "gene_name", "chrom", "strand", "factor", "link", "known_motif", "fold"),
    *("predictor", "split", "gene_set", "description", "set", "measure", "goal", "passed", "reference"),
    *("arm", "call", "role", "enriched_in", "feature", "node", "first", "second", "first_name", "second_name"),
    *("orientation", "order", "status", "shadow_of", "resembles", "kind", "peak_strand", "bin_strand", "control"),
)
"""Columns that hold text, whatever it looks like."""


def read(path: str | Path) -> pd.DataFrame:
    """Read a TSV file, plain or gzip, in which only an empty field is missing, and only where numbers stand."""
    table = pd.read_csv(path, sep="\t", dtype=dict.fromkeys(TEXT, str), keep_default_na=False, na_values=[""])
    words = table.select_dtypes(include=["object"]).columns.union(table.columns.intersection(TEXT))
    return table.fillna(dict.fromkeys(words, ""))


def read_cell_types(path: str | Path) -> pd.DataFrame:
    """Read ``expression/cell_types.tsv``, text in every column, for a sheet may have any columns."""
    return pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
