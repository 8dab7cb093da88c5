"""The same work on several items in processes side by side, each of which starts its libraries once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

Item = TypeVar("Item")


def work(function: Callable[[Item], None], items: Sequence[Item], processes: int) -> None:
    """Call a function with each item, in this process where one is enough.

    Other processes are forks of this one: they share what it has loaded, and must find TensorFlow not yet imported,
    whose threads do not survive a fork. After a failure no further item is begun.

    Parameters
    ----------
    function : callable
        Its result is thrown away.
    items : sequence
    processes : int
        The most that run at a time.
    """
    processes = min(processes, len(items))
    if processes <= 1:
        for item in items:
            function(item)
        return
    with ProcessPoolExecutor(processes, get_context("fork")) as pool:
        tasks = [pool.submit(function, item) for item in items]
        try:
            for task in tasks:
                task.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
