"""The sample sheet: which ENCODE files are the replicates of which cell type."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from ..textfile import check_name, read_lines, split_fields, whole_file

ACCESSION = re.compile(r"(ENCFF\d{3}[A-Z]{3})(?:\.tsv)?")
"""What names a file of the portal; the sheet may write the ending."""
SEPARATORS = re.compile(r"[;,\s]+")
MISSING = "NA"
"""An attribute that R has no value for."""


class Sample(NamedTuple):
    """A cell type and its replicates.

    Attributes
    ----------
    name : str
        Of the cell type; unique.
    accessions : tuple of str
        Gene quantifications of its replicates, at least one, each once.
    attributes : dict of str to str
        The other columns of the sheet; empty where it says ``NA``.
    """

    name: str
    accessions: tuple[str, ...]
    attributes: dict[str, str]


def read_samples(path: str | Path, sample_column: str, file_column: str) -> list[Sample]:
    """Read a sample sheet.

    Parameters
    ----------
    path : str or Path
        Tab-separated text with a header, plain or gzip; one cell type per line.
    sample_column, file_column : str
        Columns of the name of a cell type and of the accessions of its files, which are separated by semicolons,
        commas or spaces and may end in ``.tsv``.

    Returns
    -------
    list of Sample
        In the order of the sheet.

    Raises
    ------
    InputError
        A column that is missing or there twice, a line of another length than the header, a cell type without name,
        without file or with two lines, something that is not the accession of a file, or no cell type at all.
    """
    rows = _rows(path)
    try:
        _, header = next(rows)
    except StopIteration:
        raise InputError("the sample sheet is empty.", place=str(path), fix="fetch or write it again.") from None
    _check_header(header, [sample_column, file_column], path)
    samples, lines = [], {}
    for number, fields in rows:
        place = f"{path}:{number}"
        if len(fields) != len(header):
            raise InputError(
                f"{len(fields)} columns, the header has {len(header)}.",
                place=place,
                fix="separate columns by one tab each, and leave none out.",
            )
        values = dict(zip(header, (field.strip() for field in fields), strict=True))
        name = values.pop(sample_column)
        if name in ("", MISSING):
            raise InputError(f"no name in column '{sample_column}'.", place=place, fix="name the cell type.")
        check_name(name, "cell type", place)
        if name in lines:
            raise InputError(
                f"cell type '{name}' stands already in line {lines[name]}.",
                place=place,
                fix="list all its replicates in one line, or give it another name.",
            )
        lines[name] = number
        accessions = _accessions(values.pop(file_column), file_column, place)
        attributes = {column: "" if value == MISSING else value for column, value in values.items()}
        samples.append(Sample(name, accessions, attributes))
    if not samples:
        raise InputError("the sample sheet has a header but no lines.", place=str(path), fix="add the cell types.")
    return samples


def _rows(path: str | Path) -> Iterator[tuple[int, list[str]]]:
    """Number and fields of each line that is not empty."""
    for number, line in read_lines(path):
        if line.strip():
            yield number, split_fields(line, "\t", f"{path}:{number}")


def _check_header(header: list[str], needed: list[str], path: str | Path) -> None:
    for column in needed:
        if column not in header:
            raise InputError(
                f"the sample sheet has no column '{column}' (its columns: {', '.join(header)}).",
                place=f"{path}:1",
                fix="rename the column, or name the one to read in encode.sample_column or encode.file_column.",
            )
    repeated = sorted({column for column in header if header.count(column) > 1})
    if repeated:
        raise InputError(f"two columns are called '{repeated[0]}'.", place=f"{path}:1", fix="rename or remove one.")


def _accessions(cell: str, column: str, place: str) -> tuple[str, ...]:
    names = [name for name in SEPARATORS.split(cell) if name and name != MISSING]
    if not names:
        raise InputError(
            f"no file in column '{column}'.", place=place, fix="list its gene quantifications, or remove the line."
        )
    accessions = []
    for name in names:
        match = ACCESSION.fullmatch(name)
        if not match:
            raise InputError(
                f"'{name}' is not the accession of a table, which is written as in ENCFF123ABC or ENCFF123ABC.tsv.",
                place=place,
                fix=f"correct it; column '{column}' lists the gene quantifications (TSV) of the replicates.",
            )
        if match[1] in accessions:
            raise InputError(f"{match[1]} is listed twice.", place=place, fix="list each replicate once.")
        accessions.append(match[1])
    return tuple(accessions)


def all_accessions(samples: list[Sample]) -> list[str]:
    """Every file once, in the order of the sheet."""
    return list(dict.fromkeys(accession for sample in samples for accession in sample.accessions))


def same_files(samples: list[Sample]) -> list[list[str]]:
    """Names of cell types that share all their files, and so their expression; one list for each such set."""
    names = {}
    for sample in samples:
        names.setdefault(frozenset(sample.accessions), []).append(sample.name)
    return [shared for shared in names.values() if len(shared) > 1]


def write_cell_types(path: str | Path, samples: list[Sample], group_column: str | None) -> None:
    """Write the cell-type sheet: ``cell_type``, ``group`` if asked for, and the other attributes.

    Parameters
    ----------
    path : str or Path
        TSV to be written.
    samples : list of Sample
    group_column : str or None
        Attribute that becomes the column ``group``.

    Raises
    ------
    InputError
        No such attribute, or one whose name the cell-type sheet needs for something else.
    """
    columns = list(samples[0].attributes)
    if group_column is not None and group_column not in columns:
        raise InputError(
            f"the sample sheet has no column '{group_column}' to group cell types by (it has {', '.join(columns)}).",
            place="configuration key encode.group_column",
            fix="name one of its columns, or set the key to null.",
        )
    kept = [column for column in columns if column != group_column]
    header = ["cell_type", *(["group"] if group_column is not None else []), *kept]
    taken = [column for column in kept if header.count(column) > 1]
    if taken:
        raise InputError(
            f"the sample sheet has a column '{taken[0]}', a name that the cell-type sheet gives to another column.",
            place="configuration key encode.samples",
            fix="rename or remove that column of the sheet.",
        )
    with whole_file(path) as handle:
        table = csv.writer(handle, delimiter="\t", lineterminator="\n")
        table.writerow(header)
        for sample in samples:
            group = [sample.attributes[group_column]] if group_column is not None else []
            table.writerow([sample.name, *group, *(sample.attributes[column] for column in kept)])
