"""A folder of ENCODE files and the table of their checksums."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from ..errors import InputError
from ..textfile import read_lines, whole_file

LOCK = "lock.tsv"
"""The folder's own table: a line for every file fetched so far."""
PORTAL, FIRST_FETCH = "portal", "first fetch"


class FileRecord(NamedTuple):
    """What is known of a file.

    Attributes
    ----------
    accession : str
    md5 : str
        Its checksum; empty as long as nobody has told it.
    md5_from : {"portal", "first fetch"}
        Who has: the portal or, where the server has no metadata, the file itself when it was fetched first.
    assembly, annotation : str
        Genome (``GRCh38``) and release of GENCODE (``V29``) according to the portal; empty where it does not say.
    """

    accession: str
    md5: str
    md5_from: str
    assembly: str
    annotation: str


def file_path(folder: Path, accession: str) -> Path:
    """Where a folder holds a file."""
    return folder / f"{accession}.tsv"


def read_file(folder: Path, record: FileRecord) -> bytes:
    """Content of a file, whose checksum must hold.

    Raises
    ------
    InputError
        The file is not there or is not the one that was fetched.
    """
    path = file_path(folder, record.accession)
    try:
        content = path.read_bytes()
    except OSError as error:
        problem = f"cannot be read ({error.strerror})."
    else:
        found = hashlib.md5(content, usedforsecurity=False).hexdigest()
        if found == record.md5:
            return content
        problem = f"has changed since it was fetched (MD5 {found} instead of {record.md5})."
    raise InputError(problem, place=str(path), fix=f"delete {folder.parent / 'files.tsv'} and start again.")


def read_records(path: str | Path) -> list[FileRecord]:
    """Read a table of files.

    Raises
    ------
    InputError
        The table is not one that :func:`write_records` has written.
    """
    records = []
    for number, line in read_lines(path):
        fields = line.split("\t")
        sound = fields == list(FileRecord._fields) if number == 1 else len(fields) == len(FileRecord._fields)
        if not sound:
            raise InputError(
                "not a line of the table of ENCODE files.",
                place=f"{path}:{number}",
                fix="delete the table and start again; the files stay if the portal's checksums fit.",
            )
        if number > 1:
            records.append(FileRecord(*fields))
    return records


def write_records(path: str | Path, records: Iterable[FileRecord]) -> None:
    """Write a table of files, TSV, sorted by accession."""
    with whole_file(path) as handle:
        for fields in [FileRecord._fields, *sorted(records)]:
            handle.write("\t".join(fields) + "\n")
