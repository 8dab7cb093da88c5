"""What every script shares: a log that is also shown on the terminal, and errors that end it with one clear line."""

import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from .errors import InputError

Item = TypeVar("Item")
logger = logging.getLogger("cisformula")


@contextmanager
def logged(log_path: str, title: str) -> Iterator[None]:
    """Run a script's body with its log open; turn an :class:`InputError` into one line and exit code 1.

    Parameters
    ----------
    log_path : str
        The rule's log file; the same lines go to standard error.
    title : str
        Shown before every message, e.g. ``train run 3``.
    """
    logger.handlers.clear()
    logger.setLevel(logging.INFO)
    for handler in (logging.FileHandler(log_path, mode="w"), logging.StreamHandler(sys.stderr)):
        handler.setFormatter(logging.Formatter(f"%(asctime)s {title}: %(message)s", "%H:%M:%S"))
        logger.addHandler(handler)
    try:
        yield
    except InputError as error:
        logger.error("ERROR: %s", error)
        sys.exit(1)
    except Exception:
        logger.exception("unexpected failure")
        raise


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
