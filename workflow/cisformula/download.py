"""Downloads that hold out: they resume, wait when the server asks for it, and end whole, checked, or not at all."""

import hashlib
import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import requests

from . import __version__
from .errors import InputError
from .input_urls import mirrored, stand_in
from .job import logger, watched

Result = TypeVar("Result")
CHUNK = 1 << 16
"""Bytes read at a time."""
SPARE = 100_000_000
"""Bytes of the disk that a download leaves free."""


class RefusedError(InputError):
    """A file that this server does not give; it may give others."""


class UnreachableError(InputError):
    """A server that does not answer, or not soon, so that there is no point in asking it for more."""


class StoppedError(Exception):
    """An end that the client was told to make."""


class _PassingError(Exception):
    """A failure that may be gone at the next try; ``wait`` seconds is what the server asks for, if it does."""

    def __init__(self, problem: str, wait: float | None = None):
        self.wait = wait
        super().__init__(problem)


@dataclass
class Client:
    """A patient client, to be shared by several threads.

    When one request fails in a way that may pass (connection cut, HTTP status 408, 429 or 5xx), the requests of all
    threads wait: as long as the server asks for (``Retry-After``), else twice as long as the time before.

    Parameters
    ----------
    attempts : int
        Failures in a row, without a byte gained, after which the server counts as unreachable.
    first_wait : float
        Seconds to wait after the first failure.
    longest_wait : float
        Longest time in seconds that is waited because the server asks for it.
    timeout : float
        Seconds without an answer after which a connection counts as cut.
    mirror : dict of str to str
        Folders that stand for hosts: what these would be asked for is taken from there, and they are never asked.
    """

    attempts: int = 8
    first_wait: float = 1.0
    longest_wait: float = 900.0
    timeout: float = 60.0
    mirror: dict[str, str] = field(default_factory=dict)
    _quiet_until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _stopped: threading.Event = field(default_factory=threading.Event, init=False)
    _local: threading.local = field(default_factory=threading.local, init=False)

    def stop(self) -> None:
        """Let every request, running, waiting or to come, end with :class:`StoppedError`."""
        self._stopped.set()

    def json(self, url: str) -> dict | None:
        """What the server says in JSON; None where it has no such page or the page is not a JSON object.

        None, too, where a folder stands for the host: it holds files alone.

        Raises
        ------
        UnreachableError
        """
        if stand_in(url, self.mirror) is not None:
            return None

        def attempt() -> dict | None:
            with self._answer(url, {"Accept": "application/json"}) as response:
                if not response.ok:
                    return None
                try:
                    content = json.loads(b"".join(response.iter_content(CHUNK)))
                except ValueError:
                    return None
                return content if isinstance(content, dict) else None

        return self._patiently(url, attempt)

    def file(self, url: str, path: Path, md5: str | None) -> str:
        """Fetch a file; it takes its name when it is whole and its checksum right.

        Until then it is called ``NAME.part``. A part that an earlier run has left is continued where the server can
        (HTTP Range) and something tells whether the pieces belong together: the checksum or, where it is not known, the
        server's word that the version is still the same (If-Range), kept in ``NAME.part.version``. Else it is begun
        anew. The bytes are kept as they are sent, unpacked by nobody.

        Parameters
        ----------
        url : str
        path : Path
        md5 : str or None
            Checksum that the file must have, 32 hexadecimal digits.

        Returns
        -------
        str
            The file's MD5 checksum.

        Raises
        ------
        RefusedError
            The server has no such file, does not give it away, has more of it than it sends, or twice sent something
            with another checksum.
        UnreachableError
        InputError
            The file cannot be written, or the disk has no room for it.
        """
        part = path.with_name(path.name + ".part")
        try:
            for _ in range(2):
                if md5 is None or _size(part) == 0 or md5_of(part) != md5:
                    self._get(url, part, md5 is not None)
                found = md5_of(part)
                if md5 in (None, found):
                    os.replace(part, path)
                    _version(part).unlink(missing_ok=True)
                    return found
                part.unlink()
                logger.info("%s came with MD5 %s instead of %s", path.name, found, md5)
        except OSError as error:
            raise InputError(
                f"cannot be written ({error.strerror}).",
                place=str(path),
                fix="free some space or correct the permissions; what is there already will be used.",
            ) from None
        raise RefusedError(
            f"what the server sends has the MD5 checksum {found} instead of {md5}.",
            place=url,
            fix="try again later; a proxy or mirror may hold another version of the file.",
        )

    def _get(self, url: str, part: Path, checked: bool) -> None:
        """Fetch a file, or what is missing of it; ``checked`` is whether a checksum will be compared."""
        source = mirrored(url, self.mirror)
        if source is not None:
            _copy(url, source, part)
            return
        self._patiently(url, lambda: self._receive(url, part, checked), lambda: _size(part))
        if not checked and self._patiently(url, lambda: self._has_more(url, _size(part))):
            part.unlink()
            _version(part).unlink()
            raise RefusedError(
                "the server ends the file before its end: it has more bytes than it says.",
                place=url,
                fix="try again later, or fetch the file in another way and name its path.",
            )

    def _receive(self, url: str, part: Path, checked: bool) -> None:
        """One try to fetch a file, or what is missing of it."""
        version = _version(part).read_text() if _version(part).exists() else ""
        have = _size(part) if checked or version else 0
        headers = {"Range": f"bytes={have}-"} if have else {}
        if have and not checked:
            headers["If-Range"] = version
        with self._answer(url, headers) as response:
            if response.status_code == 416:
                part.unlink()
                raise _PassingError("the part fetched before does not fit the file")
            if not response.ok:
                raise _refusal(url, response)
            if response.headers.get("Content-Type", "").startswith("text/html"):
                raise RefusedError(
                    "the server answers with a web page instead of the file.",
                    place=url,
                    fix="open the address in a browser: a proxy, a login or the wrong base address may be behind it.",
                )
            continued = response.status_code == 206
            changed = not checked and _word_for_version(response) not in ("", version)
            if continued and (changed or not _continues(response, have)):
                part.unlink()
                raise _PassingError("the server sent another piece of the file than was asked for")
            have = have if continued else 0
            whole = _length(response)
            if whole is not None:
                _check_space(part, whole - have)
            if not checked and not continued:
                _version(part).write_text(_word_for_version(response))
            # Some servers call a gzip file packed on the way; requests would then unpack it.
            response.raw.headers.discard("Content-Encoding")
            with open(part, "ab" if continued else "wb") as handle:
                for chunk in _watched(response.iter_content(CHUNK), part.stem, have, whole):
                    handle.write(chunk)
                    if self._stopped.is_set():
                        raise StoppedError
        if whole not in (None, _size(part)):
            problem = f"{_size(part)} bytes came of a file of {whole}"
            part.unlink()
            raise _PassingError(problem)

    def _has_more(self, url: str, size: int) -> bool:
        """Whether there is more of a file than has come; not known of a server that gives no parts of files."""
        with self._answer(url, {"Range": f"bytes={size}-"}) as response:
            return response.status_code == 206 and _continues(response, size)

    @contextmanager
    def _answer(self, url: str, headers: dict[str, str]):
        """The answer to one request; its content is not read yet."""
        try:
            with self._session().get(url, headers=headers, stream=True, timeout=self.timeout) as response:
                status = response.status_code
                if status in (408, 429) or status >= 500:
                    raise _PassingError(f"HTTP status {status} {response.reason}", _retry_after(response))
                yield response
        except requests.RequestException as error:
            # The library of the connection says what happened; requests only which request it happened to.
            inner = error.args[0] if error.args else error
            raise _PassingError(f"{type(error).__name__}: {getattr(inner, 'reason', inner)}") from None

    def _session(self) -> requests.Session:
        """The session of this thread: sessions are not made to be shared."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            agent = f"cisformula/{__version__} {requests.utils.default_user_agent()}"
            # Packed on the way, a file could be neither continued nor compared with its checksum.
            self._local.session.headers.update({"User-Agent": agent, "Accept-Encoding": "identity"})
        return self._local.session

    def _patiently(self, url: str, attempt: Callable[[], Result], gained: Callable[[], int] = lambda: 0) -> Result:
        """Try until it works; ``gained`` counts the bytes that are there, so that a slow success is no failure."""
        failures, most = 0, gained()
        while True:
            self._wait()
            try:
                return attempt()
            except _PassingError as error:
                failures = 1 if gained() > most else failures + 1
                most = max(most, gained())
                wait = self.first_wait * 2 ** (failures - 1) if error.wait is None else error.wait
                if failures == self.attempts or wait > self.longest_wait:
                    asked = f" The server asks to wait {wait:.0f} s." if wait > self.longest_wait else ""
                    raise UnreachableError(
                        f"no success in {failures} attempts ({error}).{asked}",
                        place=url,
                        fix="check connection, proxy and address, and start again: what is there already is kept.",
                    ) from None
                logger.info("%s: %s; next attempt in %.0f s", url, error, wait)
                with self._lock:
                    self._quiet_until = max(self._quiet_until, time.monotonic() + wait)

    def _wait(self) -> None:
        """Wait for the end of the pause that the failures of any thread have brought about."""
        while True:
            with self._lock:
                left = self._quiet_until - time.monotonic()
            if self._stopped.wait(max(left, 0)):
                raise StoppedError
            if left <= 0:
                return


def _refusal(url: str, response: requests.Response) -> RefusedError:
    reasons = {
        401: ("is not public", "take another file, or one that has been released."),
        403: ("is not public", "take another file, or one that has been released."),
        404: ("does not exist", "correct the accession or the address."),
        410: ("has been removed", "look for the file that replaces it."),
    }
    problem, fix = reasons.get(response.status_code, ("cannot be fetched", "open the address in a browser."))
    return RefusedError(f"{problem} (HTTP status {response.status_code} {response.reason}).", place=url, fix=fix)


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that the server asks to wait: a number or a date (RFC 9110, section 10.2.3)."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdigit():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.replace(tzinfo=date.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _length(response: requests.Response) -> int | None:
    """Bytes of the whole file of which this answer is all or a part; None where the server does not say."""
    if response.status_code == 206:
        length = response.headers["Content-Range"].rpartition("/")[2]
    else:
        length = response.headers.get("Content-Length", "")
    return int(length) if length.isdigit() else None


def _continues(response: requests.Response, have: int) -> bool:
    """Whether a part of a file begins where the bytes end that are there."""
    return response.headers.get("Content-Range", "").startswith(f"bytes {have}-")


def _word_for_version(response: requests.Response) -> str:
    """What the server calls the version of the file (RFC 9110, section 13.1.5); empty where it does not say."""
    tag = response.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified", "")


def _version(part: Path) -> Path:
    """Where the version that a part belongs to is noted down."""
    return part.with_name(part.name + ".version")


def _watched(chunks: Iterable[bytes], name: str, have: int, whole: int | None) -> Iterator[bytes]:
    """Yield ``chunks`` and log now and then how much is there, how fast it comes and how long it will take."""

    def tell(came: int, passed: float) -> None:
        speed = came / passed
        rest = "" if whole is None else f" of {whole / 1e6:.1f}"
        left = "" if whole is None else f", about {round((whole - have - came) / speed)} s left"
        logger.info("%s: %.1f%s MB, %.2f MB/s%s", name, (have + came) / 1e6, rest, speed / 1e6, left)

    return watched(chunks, tell, len)


def _check_space(path: Path, missing: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if missing + SPARE > free:
        raise InputError(
            f"{missing / 1e6:.1f} MB are still to come, {free / 1e6:.1f} MB of the disk are free, and "
            f"{SPARE / 1e6:.0f} MB are to stay so.",
            place=str(path),
            fix="free some space or take a folder on another disk; what is there already will be used.",
        )


def _copy(url: str, source: Path, part: Path) -> None:
    """Take a file from a folder that stands for its host."""
    if not source.is_file():
        raise RefusedError(
            f"the folder that stands for its host has no file '{source}'.",
            place=url,
            fix="put the file there, or take the host out of the configuration key mirror.",
        )
    _check_space(part, source.stat().st_size)
    shutil.copyfile(source, part)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def md5_of(path: Path) -> str:
    """MD5 checksum of a file, 32 hexadecimal digits."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
