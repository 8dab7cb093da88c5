"""Work in processes side by side."""

import os
import time

import pytest

from cisformula import side_by_side
from cisformula.errors import InputError


@pytest.fixture
def note(tmp_path):
    """A function that writes which process worked on an item, waiting until another one has begun."""

    def work(item):
        (tmp_path / str(item)).write_text(str(os.getpid()))
        deadline = time.monotonic() + 20
        while len(list(tmp_path.iterdir())) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)

    global _work
    _work = work
    return lambda: {int(path.name): int(path.read_text()) for path in tmp_path.iterdir()}


def noted(item):
    """What forks can be told by its name."""
    _work(item)


def test_every_item_is_worked_on_once_by_as_many_processes(note):
    side_by_side.work(noted, range(5), 2)
    processes = note()
    assert sorted(processes) == [0, 1, 2, 3, 4]
    assert len(set(processes.values())) == 2
    assert os.getpid() not in processes.values()


def test_one_process_is_this_one(tmp_path):
    seen = []
    side_by_side.work(seen.append, [3, 1], 1)
    side_by_side.work(seen.append, [5], 4)
    assert seen == [3, 1, 5]


def refuse(item):
    """Fail as input does."""
    raise InputError(f"{item} is odd.", place="here", fix="take another")


def test_a_failure_reaches_the_job_with_its_place_and_fix():
    with pytest.raises(InputError, match=r"here: [13] is odd\. Fix: take another") as caught:
        side_by_side.work(refuse, [1, 3], 2)
    assert caught.value.fix == "take another"
