"""Files fetched from the ENCODE portal into a folder: each once, with its checksum."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path

from ..download import Client, RefusedError, md5_of
from ..errors import InputError
from ..job import logger, progress
from .files import FIRST_FETCH, LOCK, PORTAL, FileRecord, file_path, read_records, write_records

LISTED = 10
"""Most files named in one message."""


def file_url(base_url: str, accession: str) -> str:
    """Address of a table."""
    return f"{base_url.rstrip('/')}/files/{accession}/@@download/{accession}.tsv"


def metadata_url(base_url: str, accession: str) -> str:
    """Address of what the portal knows of a file, without the records that it refers to."""
    return f"{base_url.rstrip('/')}/files/{accession}/?frame=object&format=json"


def fetch_files(
    accessions: list[str], folder: Path, base_url: str, client: Client, connections: int
) -> list[FileRecord]:
    """See to it that a folder holds the files with their right checksums; fetch what it lacks.

    The folder's table :data:`files.LOCK` grows with every file. A file in it is only read to see that its checksum
    holds. For any other the portal is asked for the checksum first; where it has none, as on a mirror, the checksum of
    what comes first counts from then on.

    Parameters
    ----------
    accessions : list of str
        Each once.
    folder : Path
        Made if it is not there.
    base_url : str
        The portal's or a mirror's address, before ``/files/``.
    client : Client
    connections : int
        Files fetched at the same time.

    Returns
    -------
    list of FileRecord
        In the order of ``accessions``.

    Raises
    ------
    InputError
        The server does not answer, or some files cannot be had; all others have been fetched then.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lock = {record.accession: record for record in read_records(folder / LOCK)} if (folder / LOCK).exists() else {}
    refused = []
    with _threads(connections, client) as pool:
        jobs = [pool.submit(_secure, name, lock.get(name), folder, base_url, client) for name in accessions]
        for job in progress(as_completed(jobs), len(jobs), "ENCODE files checked or fetched"):
            try:
                record = job.result()
            except RefusedError as error:
                logger.info("ERROR: %s", error)
                refused.append(error)
                continue
            if lock.get(record.accession) != record:
                lock[record.accession] = record
                write_records(folder / LOCK, lock.values())
    if refused:
        raise _summary(refused, len(accessions))
    return [lock[accession] for accession in accessions]


@contextmanager
def _threads(connections: int, client: Client) -> Iterator[ThreadPoolExecutor]:
    """Threads that end soon when the work is broken off."""
    pool = ThreadPoolExecutor(connections)
    try:
        yield pool
    except BaseException:
        client.stop()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _secure(accession: str, record: FileRecord | None, folder: Path, base_url: str, client: Client) -> FileRecord:
    """Leave a file as it is if its checksum holds, else fetch it."""
    path, url = file_path(folder, accession), file_url(base_url, accession)
    if record is None:
        record = _ask(accession, base_url, client)
    if path.exists():
        found = md5_of(path)
        if record.md5 in ("", found):
            return record._replace(md5=found)
        logger.info("%s is not as it was recorded (MD5 %s instead of %s) and is fetched again", path, found, record.md5)
    return record._replace(md5=client.file(url, path, record.md5 or None))


def _ask(accession: str, base_url: str, client: Client) -> FileRecord:
    """What the portal says of a file, or nothing where it has no metadata."""
    answer = client.json(metadata_url(base_url, accession)) or {}
    md5 = str(answer.get("md5sum", "")).lower()
    known = re.fullmatch("[0-9a-f]{32}", md5) is not None
    return FileRecord(
        accession,
        md5 if known else "",
        PORTAL if known else FIRST_FETCH,
        str(answer.get("assembly", "")),
        str(answer.get("genome_annotation", "")),
    )


def _summary(refused: list[RefusedError], wanted: int) -> InputError:
    """All files that cannot be had, in one message."""
    refused = sorted(refused, key=lambda error: error.place)
    lines = "".join(f"\n  {error.place}: {error.problem}" for error in refused[:LISTED])
    more = f"\n  and {len(refused) - LISTED} more" * (len(refused) > LISTED)
    fixes = " ".join(dict.fromkeys(f"{error.fix[0].upper()}{error.fix[1:]}" for error in refused))
    return InputError(
        f"{len(refused)} of {wanted} files cannot be fetched:{lines}{more}\n",
        place="configuration key encode.samples",
        fix=f"{fixes} All other files are there and will be used.",
    )
