"""Downloads that hold out: they resume, wait when the server asks for it, and end whole, checked, or not at all."""

import hashlib
import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TypeVar

import requests

from . import __version__
from .errors import InputError
from .job import logger

Result = TypeVar("Result")
CHUNK = 1 << 16
"""Bytes read at a time."""


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
    """

    attempts: int = 8
    first_wait: float = 1.0
    longest_wait: float = 900.0
    timeout: float = 60.0
    _quiet_until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _stopped: threading.Event = field(default_factory=threading.Event, init=False)
    _local: threading.local = field(default_factory=threading.local, init=False)

    def stop(self) -> None:
        """Let every request, running, waiting or to come, end with :class:`StoppedError`."""
        self._stopped.set()

    def json(self, url: str) -> dict | None:
        """What the server says in JSON; None where it has no such page or the page is not a JSON object.

        Raises
        ------
        UnreachableError
        """

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
        (HTTP Range) and the checksum is known, which tells whether the pieces belong together; else it is begun anew.

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
            The server has no such file, does not give it away, or twice sent something with another checksum.
        UnreachableError
        InputError
            The file cannot be written.
        """
        part = path.with_name(path.name + ".part")
        try:
            if md5 is None:
                part.unlink(missing_ok=True)
            for _ in range(2):
                if md5 is None or _size(part) == 0 or md5_of(part) != md5:
                    self._patiently(url, lambda: self._receive(url, part, md5 is not None), lambda: _size(part))
                found = md5_of(part)
                if md5 in (None, found):
                    os.replace(part, path)
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

    def _receive(self, url: str, part: Path, resume: bool) -> None:
        """One try to fetch a file, or what is missing of it."""
        have = _size(part) if resume else 0
        with self._answer(url, {"Range": f"bytes={have}-"} if have else {}) as response:
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
            if response.status_code == 206 and not response.headers.get("Content-Range", "").startswith(
                f"bytes {have}-"
            ):
                part.unlink()
                raise _PassingError("the server sent another piece of the file than was asked for")
            with open(part, "ab" if response.status_code == 206 else "wb") as handle:
                for chunk in response.iter_content(CHUNK):
                    handle.write(chunk)
                    if self._stopped.is_set():
                        raise StoppedError

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
                        f"no answer after {failures} attempts ({error}).{asked}",
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
        404: ("does not exist", "correct the accession."),
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


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def md5_of(path: Path) -> str:
    """MD5 checksum of a file, 32 hexadecimal digits."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
