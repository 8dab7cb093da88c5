"""The folder of downloads: input files fetched from addresses, each whole, tested and the same as at its first use."""

import fcntl
import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TextIO

import pooch

from .download import Client
from .errors import InputError
from .input_urls import local_name
from .job import logger

LOCK = "lock.txt"
"""The folder's table of checksums (SHA-256), a registry of pooch: names and checksums, a line for every file."""
UNCHECKED = ".unchecked"
"""Where files stay in the folder until they are whole and tested; may be deleted while nothing is fetched."""


def fetch(url: str, folder: Path, client: Client) -> Path:
    """See to it that the folder has the file behind an address, with the checksum that was recorded at its first use.

    Parameters
    ----------
    url : str
        The file is called :func:`cisformula.input_urls.local_name` below the folder.
    folder : Path
        Made if it is not there.
    client : Client

    Returns
    -------
    Path
        The file, which took its name when it was whole, tested and recorded. Several processes may fetch at once.

    Raises
    ------
    InputError
        The file cannot be had or written, is damaged, or is not the one that was recorded.
    """
    name, folder = local_name(url), Path(folder)
    work = folder / UNCHECKED / hashlib.sha256(name.encode()).hexdigest()[:8]
    work.parent.mkdir(parents=True, exist_ok=True)
    pooch.get_logger().setLevel("WARNING")

    def download(url: str, target: str, store: pooch.Pooch) -> None:
        work.mkdir(exist_ok=True)
        whole = work / PurePosixPath(name).name
        if not whole.exists():
            client.file(url, whole, None)
        try:
            _test(whole, url)
            _compare(name, pooch.file_hash(whole), folder / LOCK, url)
        except InputError:
            whole.unlink()
            raise
        os.replace(whole, target)

    with _alone(work.with_suffix(".lock")):
        known = recorded(folder).get(name)
        store = pooch.create(path=folder, base_url="", registry={name: known}, urls={name: url})
        path = Path(store.fetch(name, downloader=download))
        shutil.rmtree(work, ignore_errors=True)
    return path


def recorded(folder: Path) -> dict[str, str]:
    """Checksums of the folder's files by name.

    Raises
    ------
    InputError
        The table is not one that this module has written.
    """
    path = folder / LOCK
    if not path.exists():
        return {}
    with open(path) as handle:
        return _read(handle, path)


def _read(handle: TextIO, path: Path) -> dict[str, str]:
    table = pooch.create(path="", base_url="")
    try:
        table.load_registry(handle)
    except (OSError, ValueError):
        raise InputError(
            "is no table of names and checksums.", place=str(path), fix="correct or delete the line, or the file."
        ) from None
    return table.registry


def _compare(name: str, found: str, lock: Path, url: str) -> None:
    """Compare a checksum with the one that was recorded; record it where there is none yet."""
    with _alone(lock) as handle:
        handle.seek(0)
        known = _read(handle, lock).get(name)
        if known is None:
            # One line written at once, at the end: without a lock, too, no other line is lost.
            handle.write(f"{name} {found}\n")
            logger.info("first use: SHA-256 %s is recorded in %s", found, lock)
    if known not in (None, found):
        raise InputError(
            f"the file has changed since its first use: SHA-256 {found} instead of {known}.",
            place=url,
            fix=f"to take the new one from now on, delete the line of {name} in {lock}; for the old one, name the path "
            "of a copy or put it into a folder of the configuration key mirror.",
        )


def _test(path: Path, url: str) -> None:
    """Read a gzip file to its end, where its own checksum stands; other files must only not be empty."""
    with open(path, "rb") as handle:
        start = handle.read(2)
    problem = None
    if not start:
        problem = "the file is empty"
    elif start == b"\x1f\x8b":
        logger.info("testing the gzip file of %.1f MB to its end", path.stat().st_size / 1e6)
        try:
            with gzip.open(path) as handle:
                while handle.read(1 << 20):
                    pass
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            problem = f"the gzip file is damaged or cut short ({error})"
    elif path.suffix == ".gz":
        problem = "the file is no gzip file, as its name says it is"
    if problem:
        raise InputError(
            f"{problem}; it came so, all of it.",
            place=url,
            fix="try again later, or fetch it in another way and name its path; nothing was kept.",
        )


@contextmanager
def _alone(path: Path) -> Iterator[TextIO]:
    """A file open to append, for which other processes wait; without waiting where the file system has no locks."""
    with open(path, "a+") as handle:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
