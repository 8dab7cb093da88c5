"""What every script shares: a log that is also shown on the terminal, and errors that end it with one clear line."""

import errno
import gc
import logging
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from .allocation import keep_freed_memory
from .errors import InputError

Item = TypeVar("Item")
logger = logging.getLogger("cisformula")
AMENDS = {
    errno.ENOSPC: "free some space",
    errno.EDQUOT: "free some space or ask for a larger quota",
    errno.EROFS: "make the folder writable",
    errno.EACCES: "correct the permissions",
    errno.EPERM: "correct the permissions",
}
"""What to do where the operating system refuses to read or write a file, by its error number."""


@contextmanager
def logged(log_path: str, title: str) -> Iterator[None]:
    """Run a script's body with its log open; end it with one line and exit code 1 where the user can mend it.

    That is after an :class:`InputError`, and where the disk is full or a file may not be read or written.

    Parameters
    ----------
    log_path : str
        The rule's log file; the same lines go to standard error.
    title : str
        Shown before every message, e.g. ``train run 3``.
    """
    keep_freed_memory()
    # What was imported stays, and need not be looked through for garbage any more.
    gc.freeze()
    gc.enable()
    logger.handlers.clear()
    logger.setLevel(logging.INFO)
    formatter = logging.Formatter(f"%(asctime)s {title}: %(message)s", "%H:%M:%S")
    try:
        _add_handler(logging.StreamHandler(sys.stderr), formatter)
        _add_handler(_LogFile(log_path, mode="w"), formatter)
        yield
    except Exception as error:
        told = _for_user(error)
        if told is None:
            logger.exception("unexpected failure")
            raise
        logger.error("ERROR: %s", told)
        sys.exit(1)


@contextmanager
def part(title: str) -> Iterator[None]:
    """While it lasts, messages also name a part of the job, such as ``run 3``."""

    def name_it(record: logging.LogRecord) -> bool:
        record.msg = f"{title}: {record.msg}"
        return True

    logger.addFilter(name_it)
    try:
        yield
    finally:
        logger.removeFilter(name_it)


def _for_user(error: Exception) -> InputError | None:
    """What to tell of a failure that the user can mend; None of any other."""
    if isinstance(error, OSError) and error.errno in AMENDS:
        place = str(error.filename or "a file of this job")
        fix = f"{AMENDS[error.errno]}, and start again: what is done is kept."
        return InputError(f"{error.strerror}.", place=place, fix=fix)
    return error if isinstance(error, InputError) else None


class _LogFile(logging.FileHandler):
    """A log on a disk that may be full, of which the lines on standard error tell."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (a name of the standard library)
        """Lose the line."""


def _add_handler(handler: logging.Handler, formatter: logging.Formatter) -> None:
    handler.setFormatter(formatter)
    logger.addHandler(handler)


def progress(items: Iterable[Item], total: int, what: str, seconds: float = 10.0) -> Iterator[Item]:
    """Yield ``items`` and log, at most every ``seconds``, how many are done and how long the rest will take."""
    start = last = time.monotonic()
    for done, item in enumerate(items, start=1):
        yield item
        now = time.monotonic()
        if now - last >= seconds or (done == total and now - start >= seconds):
            last = now
            left = (now - start) / done * (total - done)
            logger.info("%s: %d of %d, about %d s left", what, done, total, round(left))


def counted(
    items: Iterable[Item], what: str, size: Callable[[Item], int] = lambda item: 1, seconds: float = 10.0
) -> Iterator[Item]:
    """Yield ``items`` of unknown number and log, at most every ``seconds`` and at the end, how many there were."""

    def tell(done: int, passed: float) -> None:
        logger.info("%d %s in %d s", done, what, round(passed))

    done = yield from watched(items, tell, size, seconds)
    logger.info("%d %s, all", done, what)


def watched(
    items: Iterable[Item],
    tell: Callable[[int, float], None],
    size: Callable[[Item], int] = lambda item: 1,
    seconds: float = 10.0,
) -> Generator[Item, None, int]:
    """Yield ``items`` and, at most every ``seconds``, tell their size so far and the seconds; return the size."""
    start = last = time.monotonic()
    done = 0
    for item in items:
        yield item
        done += size(item)
        now = time.monotonic()
        if now - last >= seconds:
            last = now
            tell(done, now - start)
    return done
