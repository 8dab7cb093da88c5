"""What every script shares: a log that is also shown on the terminal, and errors that end it with one clear line."""

import errno
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

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
    logger.handlers.clear()
    logger.setLevel(logging.INFO)
    formatter = logging.Formatter(f"%(asctime)s {title}: %(message)s", "%H:%M:%S")
    try:
        _add_handler(logging.StreamHandler(sys.stderr), formatter)
        _add_handler(_LogFile(log_path, mode="w"), formatter)
        yield
    except InputError as error:
        logger.error("ERROR: %s", error)
        sys.exit(1)
    except OSError as error:
        if error.errno not in AMENDS:
            logger.exception("unexpected failure")
            raise
        place = error.filename or "a file of this job"
        fix = f"{AMENDS[error.errno]}, and start again: what is done is kept."
        logger.error("ERROR: %s", InputError(f"{error.strerror}.", place=str(place), fix=fix))
        sys.exit(1)
    except Exception:
        logger.exception("unexpected failure")
        raise


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
    start = last = time.monotonic()
    done = 0
    for item in items:
        yield item
        done += size(item)
        now = time.monotonic()
        if now - last >= seconds:
            last = now
            logger.info("%d %s in %d s", done, what, round(now - start))
    logger.info("%d %s, all", done, what)
