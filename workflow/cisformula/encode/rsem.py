"""Gene quantifications by RSEM, as ENCODE publishes them, and the matrix of genes by cell types made of them."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..errors import InputError
from ..job import progress
from .sheet import Sample

GENE_ID = r"^(ENS[A-Z]{0,4}G)(\d{11}|R\d{10})(?:\.\d+)?(_PAR_Y)?$"
"""An Ensembl gene id: species, number, version.

GENCODE tells a gene on the pseudoautosomal regions of chromosome Y from its copy on X by ``_PAR_Y`` or, in older
releases, by an ``R`` in place of the first digit.
"""


class Quantification(NamedTuple):
    """One file.

    Attributes
    ----------
    tpm : pd.Series, shape (n_genes,), float64
        Transcripts per million by Ensembl id without version, sorted by id.
    n_other : int
        Rows left out because they are no genes of Ensembl: tRNAs and spike-ins.
    n_par : int
        Rows of chromosome Y added to their copies on X.
    """

    tpm: pd.Series
    n_other: int
    n_par: int


class Expression(NamedTuple):
    """The matrix and what it is made of.

    Attributes
    ----------
    matrix : pd.DataFrame, shape (n_genes, n_cell_types), float64
        Mean TPM over the replicates of a cell type, for the genes that every file has, indexed by ``gene_id``.
    report : pd.DataFrame, shape (n_replicates, 6)
        ``cell_type accession genes lost other_rows par_y_rows``; ``lost`` are genes that some other file lacks.
    """

    matrix: pd.DataFrame
    report: pd.DataFrame


def read_quantification(content: bytes, path: str | Path) -> Quantification:
    """Read the TPM of a gene quantification.

    Versions are cut off the gene ids. Copies of a gene on X and Y are added up, as their reads cannot be told apart.
    TPM stay as published: they are not scaled up for the rows left out.

    Parameters
    ----------
    content : bytes
        Tab-separated, with the columns ``gene_id``, the first, and ``TPM``.
    path : str or Path
        Named in error messages.

    Returns
    -------
    Quantification

    Raises
    ------
    InputError
        Another format, something else than a number of at least 0 as TPM, a gene twice, or no gene of Ensembl.
    """
    header, first = ([*content.split(b"\n", 2), b""][number].rstrip(b"\r").split(b"\t") for number in (0, 1))
    if header[0] != b"gene_id" or b"TPM" not in header or len(first) != len(header):
        names = b", ".join(header[:4]).decode("utf-8", "replace")
        raise InputError(
            f"not a gene quantification by RSEM: columns {names} ..., {len(header)} in all, {len(first)} in line 2.",
            place=f"{path}:1",
            fix="name files of the type 'gene quantifications', with the columns gene_id and TPM, in the sample sheet.",
        )
    try:
        layout = {"sep": "\t", "quoting": csv.QUOTE_NONE, "dtype": str, "keep_default_na": False, "index_col": False}
        table = pd.read_csv(io.BytesIO(content), usecols=["gene_id", "TPM"], **layout)
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise InputError(
            f"the table cannot be read ({str(error).strip()}).", place=str(path), fix="name another file."
        ) from None
    parts = table["gene_id"].str.extract(GENE_ID)
    is_gene = parts[0].notna().to_numpy()
    genes = table[is_gene]
    if genes.empty:
        raise InputError("no gene has an Ensembl id.", place=str(path), fix="name files annotated with GENCODE.")
    tpm = pd.to_numeric(genes["TPM"], errors="coerce")
    wrong = genes[~(np.isfinite(tpm) & (tpm >= 0))]
    if len(wrong):
        raise InputError(
            f"the TPM of {wrong['gene_id'].iloc[0]} is '{wrong['TPM'].iloc[0]}', not a number of at least 0.",
            place=f"{path}:{wrong.index[0] + 2}",
            fix="name another file.",
        )
    on_y = (parts[1].str.startswith("R") | parts[2].notna())[is_gene]
    ids = (parts[0] + parts[1].str.replace("R", "0"))[is_gene].rename("gene_id")
    again = genes[pd.DataFrame({"id": ids, "on_y": on_y}).duplicated()]
    if len(again):
        raise InputError(
            f"gene {again['gene_id'].iloc[0]} has two rows.",
            place=f"{path}:{again.index[0] + 2}",
            fix="name another file.",
        )
    return Quantification(tpm.groupby(ids).sum(), int((~is_gene).sum()), int(on_y.sum()))


def make_matrix(samples: list[Sample], read: Callable[[str], Quantification]) -> Expression:
    """Average the replicates of each cell type and join the cell types.

    Parameters
    ----------
    samples : list of Sample
    read : callable
        From an accession to its quantification.

    Returns
    -------
    Expression

    Raises
    ------
    InputError
        No gene is in every file.
    """
    rows, columns, common, gene_lists = [], {}, None, []
    replicates = [(sample, accession) for sample in samples for accession in sample.accessions]
    for sample, accession in progress(replicates, len(replicates), "files read"):
        tpm, n_other, n_par = read(accession)
        rows.append((sample.name, accession, len(tpm), 0, n_other, n_par))
        # Files of one annotation share one list of genes: hundreds of lists would fill the memory.
        known = next((genes for genes in gene_lists if genes.equals(tpm.index)), None)
        if known is None:
            gene_lists.append(tpm.index)
            common = tpm.index if common is None else common.intersection(tpm.index)
        else:
            tpm.index = known
        columns.setdefault(sample.name, []).append(tpm)
    if common.empty:
        raise InputError(
            "no gene is in every file.",
            place="configuration key encode.samples",
            fix="take files of one species, annotated with GENCODE.",
        )
    common = common.sort_values().rename("gene_id")
    means = {name: np.mean([tpm.loc[common].to_numpy() for tpm in series], axis=0) for name, series in columns.items()}
    report = pd.DataFrame(rows, columns=["cell_type", "accession", "genes", "lost", "other_rows", "par_y_rows"])
    report["lost"] = report["genes"] - len(common)
    return Expression(pd.DataFrame(means, index=common), report)
