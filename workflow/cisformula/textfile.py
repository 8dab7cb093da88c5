"""Text files, plain or gzip, read line by line and written whole or not at all."""

import csv
import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import mkstemp
from typing import TextIO

from .errors import InputError

STANDARD_INPUT = "-"
LARGEST_EXPANSION = 200
"""Times its size that gzip may unpack to; tables of genomes and expression reach 50, files made to harm 1000."""
SMALL = 1 << 25
"""Bytes that any gzip file may unpack to, however small it is, and that one line may have."""
CHUNK = 1 << 20
"""Bytes checked at once."""
UNFIT = "[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffd]"
"""Letters that no name may hold: they break lines, columns and the direction of text, or were not UTF-8."""
WHOLE_NUMBER = "[0-9]{1,18}"
"""What is read as a coordinate; more digits would not fit 64 bits."""

_UTF_16 = ("is not UTF-8 but UTF-16 text", "Save it as UTF-8, as 'iconv -f UTF-16 -t UTF-8 FILE' does.")
_FOREIGN = {
    b"PK\x03\x04": ("is a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as tab-separated text."),
    b"BZh": ("is packed by bzip2", "Unpack it, or pack it by gzip."),
    b"\xfd7zXZ": ("is packed by xz", "Unpack it, or pack it by gzip."),
    b"\x28\xb5\x2f\xfd": ("is packed by zstd", "Unpack it, or pack it by gzip."),
    b"\x1f\x8b": ("is packed by gzip twice", "Unpack it once."),
    b"BCF": ("is BCF, binary VCF", "Turn it into VCF, as 'bcftools view' does."),
    b"\xff\xfe": _UTF_16,
    b"\xfe\xff": _UTF_16,
}
"""First bytes of files that are no text, what they are and what to do about it."""


class _CheckedBytes(io.RawIOBase):
    """Bytes of a text file, unpacked and checked as they are read.

    Raises
    ------
    InputError
        While reading: gzip that is damaged or, where ``packed`` is the file beneath, unpacks to more than
        :data:`LARGEST_EXPANSION` times what was read of it; something else than text in UTF-8, told by its first bytes
        or a NUL; a line of more than :data:`SMALL` bytes.
    """

    def __init__(self, source: io.BufferedIOBase, name: str, packed: io.BufferedReader | None):
        self.source, self.name, self.packed = source, name, packed
        self.n_bytes, self.n_lines, self.line_bytes = 0, 0, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        try:
            chunk = self.source.read1(len(buffer))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise damaged_gzip(self.name, error) from None
        except OSError as error:
            raise _unreadable(self.name, error) from None
        if self.n_bytes == 0:
            self._check_start(chunk)
        self._check(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _check_start(self, chunk: bytes) -> None:
        for start, (problem, fix) in _FOREIGN.items():
            if chunk.startswith(start):
                raise InputError(f"the file {problem}.", place=self.name, fix=fix)
        if chunk[:1] == b"\0" or chunk[1:2] == b"\0":
            raise InputError(f"the file {_UTF_16[0]}.", place=self.name, fix=_UTF_16[1])

    def _check(self, chunk: bytes) -> None:
        self.n_bytes += len(chunk)
        if self.packed and self.n_bytes > max(SMALL, LARGEST_EXPANSION * self.packed.tell()):
            raise InputError(
                f"the gzip file unpacks to more than {LARGEST_EXPANSION} times its size, as files made to fill a "
                "memory do.",
                place=self.name,
                fix="Look into it; if it is what you meant, unpack it by gunzip and give the plain file.",
            )
        last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
        self.line_bytes = len(chunk) - 1 - last if last >= 0 else self.line_bytes + len(chunk)
        if self.line_bytes > SMALL:
            raise InputError(
                f"the line has more than {SMALL:,} bytes.",
                place=self._place(chunk, len(chunk)),
                fix="Give a text file with lines.",
            )
        if (nul := chunk.find(b"\0")) >= 0:
            raise InputError(
                "the line holds a NUL byte, which no text does.",
                place=self._place(chunk, nul),
                fix="Fetch or make the file again: it is damaged, or no text in UTF-8.",
            )
        self.n_lines += chunk.count(b"\n")

    def _place(self, chunk: bytes, offset: int) -> str:
        line = self.n_lines + chunk.count(b"\n", 0, offset) + 1
        return f"{self.name}:{line}"


@contextmanager
def open_text(path: str | Path) -> Iterator[TextIO]:
    """A text file to read, plain or gzip, told by content; ``-`` is standard input.

    Line ends of all systems read as those of Unix, and a byte order mark is left out. Bytes that are not UTF-8 become
    U+FFFD; see :func:`check_name`.

    Raises
    ------
    InputError
        The file cannot be opened, and while it is read what :class:`_CheckedBytes` raises.
    """
    name = "standard input" if str(path) == STANDARD_INPUT else str(path)
    with _source(path, name) as raw:
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        source = gzip.GzipFile(fileobj=raw) if packed else raw
        checked = _CheckedBytes(source, name, raw if packed and raw.seekable() else None)
        with io.TextIOWrapper(io.BufferedReader(checked, CHUNK), "utf-8-sig", "replace") as text:
            yield text


def _source(path: str | Path, name: str):
    try:
        return nullcontext(sys.stdin.buffer) if str(path) == STANDARD_INPUT else open(path, "rb")
    except OSError as error:
        raise _unreadable(name, error) from None


def damaged_gzip(name: str, error: Exception) -> InputError:
    """What to tell of a gzip file that could not be unpacked to its end."""
    return InputError(
        f"the gzip file is damaged or cut short ({error}).",
        place=name,
        fix="Fetch or compress the file again; 'gzip -t FILE' shows whether it is whole.",
    )


def _unreadable(name: str, error: OSError) -> InputError:
    return InputError(
        f"cannot be read ({error.strerror or error}).", place=name, fix="Check the path and its permissions."
    )


def read_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of each line, without its end; see :func:`open_text` for files and errors."""
    with open_text(path) as text:
        for number, line in enumerate(text, start=1):
            yield number, line.rstrip("\n")


def check_name(name: str, what: str, place: str) -> None:
    """Refuse a name that would break a table: one with a letter of :data:`UNFIT`.

    Parameters
    ----------
    name : str
    what : str
        What it names, for the message.
    place : str

    Raises
    ------
    InputError
    """
    if re.search(UNFIT, name):
        raise InputError(
            f"the {what} {name!r} holds bytes that are not UTF-8 text, or a line end, tab or other control character.",
            place=place,
            fix="Correct the name; text of older systems becomes UTF-8 by 'iconv -f LATIN1 -t UTF-8 FILE'.",
        )


def split_fields(line: str, delimiter: str, place: str) -> list[str]:
    """Fields of a line of a table, whose quotation marks are those of CSV.

    Raises
    ------
    InputError
        A field is longer than the standard library takes, most often since a quotation mark is not closed.
    """
    try:
        return next(csv.reader([line], delimiter=delimiter))
    except csv.Error as error:
        raise InputError(
            f"the line cannot be split into columns ({error}).",
            place=place,
            fix="Close its quotation marks, or shorten the field.",
        ) from None


def whole_number(text: str) -> int:
    """A coordinate or another whole number from 0, in up to 18 digits, so that it fits 64 bits.

    Raises
    ------
    ValueError
        For anything else, also for what ``int`` takes beside it: signs, blanks, underscores, other scripts' digits.
    """
    if re.fullmatch(WHOLE_NUMBER, text) is None:
        raise ValueError(f"not a whole number: {text!r}")
    return int(text)


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
