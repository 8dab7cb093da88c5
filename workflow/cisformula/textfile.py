"""Text files, plain or gzip, read line by line and written whole or not at all."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from .errors import InputError

STANDARD_INPUT = "-"


def read_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of each line, without its end; ``-`` is standard input. Gzip is told by content.

    Raises
    ------
    InputError
        The file cannot be opened, or is damaged gzip.
    """
    name = "standard input" if str(path) == STANDARD_INPUT else str(path)
    try:
        with _source(path) as raw:
            packed = raw.peek(2)[:2] == b"\x1f\x8b"
            with io.TextIOWrapper(gzip.GzipFile(fileobj=raw) if packed else raw, "utf-8", "replace") as text:
                for number, line in enumerate(text, start=1):
                    yield number, line.rstrip("\r\n")
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(
            f"the gzip file is damaged or cut short ({error}).",
            place=name,
            fix="fetch or compress the file again; 'gzip -t FILE' shows whether it is whole.",
        ) from None
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror}).", place=name, fix="check the path and its permissions."
        ) from None


def _source(path: str | Path):
    return nullcontext(sys.stdin.buffer) if str(path) == STANDARD_INPUT else open(path, "rb")


@contextmanager
def whole_file(path: str | Path) -> Iterator[TextIO]:
    """A text file to write to that takes its name only when all of it is written; gzip if the name ends in ``.gz``.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    path = Path(path).resolve()
    # A device or a pipe must not be replaced by a file.
    special = path.exists() and not path.is_file()
    try:
        descriptor, name = (os.open(path, os.O_WRONLY), None) if special else mkstemp(".part", path.name, path.parent)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror}).", place=str(path), fix="choose another path."
        ) from None
    try:
        with os.fdopen(descriptor, "wb") as raw:
            # No time stamp and no name in the header: the same content then gives the same bytes.
            packed = gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) if path.suffix == ".gz" else raw
            with io.TextIOWrapper(packed, "utf-8", newline="\n") as text:
                yield text
        if name is not None:
            os.chmod(name, 0o666 & ~_umask())
            os.replace(name, path)
    except BaseException:
        if name is not None:
            Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
