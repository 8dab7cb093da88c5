"""Downloads from a loopback server that misbehaves on purpose: what is on the disk, was asked for, and was waited."""

import gzip
import hashlib
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import numpy as np
import pytest
from portal_server import Portal

from cisformula import download, job
from cisformula.download import Client, RefusedError, StoppedError, UnreachableError

NAME = "ENCFF000AAA"
CONTENT = np.random.default_rng(1).bytes(1_000_000)
MD5 = hashlib.md5(CONTENT).hexdigest()


class Clock:
    """Time that passes only where the client waits; takes the place of its clock and of its event."""

    def __init__(self):
        self.waits = []

    def monotonic(self):
        return sum(self.waits)

    def wait(self, seconds):
        self.waits += [seconds] if seconds else []
        return False

    def is_set(self):
        return False


@pytest.fixture
def portal():
    with Portal() as portal:
        portal.put(NAME, CONTENT)
        yield portal


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(download, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def client(clock):
    client = Client()
    client._stopped = clock
    return client


@pytest.fixture
def fetch(portal, client, tmp_path):
    """Fetch the file and return the path it should have."""

    def run(md5=MD5, client=client):
        url = f"{portal.url}/files/{NAME}/@@download/{NAME}.tsv"
        assert client.file(url, tmp_path / "file.tsv", md5) == hashlib.md5(CONTENT).hexdigest()
        assert [path.name for path in tmp_path.iterdir()] == ["file.tsv"]
        assert (tmp_path / "file.tsv").read_bytes() == CONTENT

    return run


@pytest.mark.parametrize("md5", [MD5, None])
def test_file_is_fetched_once_by_a_client_that_says_who_it_is(fetch, portal, clock, md5):
    fetch(md5)
    at_end = [] if md5 else [(NAME, f"bytes={len(CONTENT)}-")]
    assert portal.downloads() == [(NAME, None), *at_end], "without a checksum it is asked whether that was all"
    assert clock.waits == []
    headers = portal.requests[0][1]
    assert headers["User-Agent"].startswith("cisformula/")
    assert headers["Accept-Encoding"] == "identity"


def test_cut_connection_is_continued_where_it_broke_off(fetch, portal, clock):
    portal.plan[NAME] += [5 * download.CHUNK, 2 * download.CHUNK]
    fetch()
    assert portal.downloads() == [
        (NAME, None),
        (NAME, f"bytes={5 * download.CHUNK}-"),
        (NAME, f"bytes={7 * download.CHUNK}-"),
    ]
    assert clock.waits == [1, 1], "each try brought something, so that the wait does not grow"


def test_many_cuts_are_no_failure_while_every_try_brings_something(fetch, portal, client):
    client.attempts = 2
    portal.plan[NAME] += [download.CHUNK] * 12
    fetch()
    assert len(portal.downloads()) == 13


def test_server_without_ranges_is_asked_for_the_whole_file_again(fetch, portal):
    portal.ranges = False
    portal.plan[NAME] += [5 * download.CHUNK]
    fetch()
    assert portal.downloads() == [(NAME, None), (NAME, f"bytes={5 * download.CHUNK}-")]


def test_without_checksum_nothing_is_pieced_together(fetch, portal, tmp_path):
    (tmp_path / "file.tsv.part").write_bytes(b"of another version")
    portal.plan[NAME] += [5 * download.CHUNK]
    fetch(None)
    assert portal.downloads() == [(NAME, None), (NAME, None), (NAME, "bytes=1000000-")]


def test_without_checksum_the_same_version_is_continued(fetch, portal, client):
    portal.tags, client.attempts = True, 2
    portal.plan[NAME] += [5 * download.CHUNK, (503, {}), (503, {})]
    with pytest.raises(UnreachableError):
        fetch(None)
    portal.plan[NAME] += [2 * download.CHUNK]
    fetch(None)
    ranges = [f"bytes={size}-" for size in (5 * download.CHUNK, 7 * download.CHUNK, 1_000_000)]
    assert [range for _, range in portal.downloads()[3:]] == ranges


def test_without_checksum_another_version_is_begun_anew(fetch, portal, client):
    portal.tags, client.attempts = True, 1
    portal.files[NAME] = CONTENT[::-1]
    portal.plan[NAME] += [5 * download.CHUNK]
    with pytest.raises(UnreachableError):
        fetch(None)
    portal.files[NAME] = CONTENT
    fetch(None)


def test_server_that_continues_another_version_is_not_believed(fetch, portal, client):
    portal.tags = True
    portal.files[NAME] = CONTENT[::-1]
    portal.plan[NAME] += [5 * download.CHUNK]
    client.attempts = 1
    with pytest.raises(UnreachableError):
        fetch(None)
    client.attempts = 3
    portal.plan[NAME] += [{"careless": True}]
    portal.files[NAME] = CONTENT
    fetch(None)
    assert portal.downloads()[-2:] == [(NAME, None), (NAME, "bytes=1000000-")]


@pytest.mark.parametrize("md5", [MD5, None])
def test_length_that_is_too_large_is_a_cut_connection(fetch, portal, md5):
    portal.tags = True
    portal.plan[NAME] += [{"length": 1_000_001}]
    fetch(md5)
    assert len(portal.downloads()) > 1


def test_server_that_always_promises_too_much_is_given_up(fetch, portal, client, tmp_path):
    portal.ranges, client.attempts = False, 3
    portal.plan[NAME] += [{"length": 1_000_001}] * 3
    with pytest.raises(UnreachableError, match=r"no success in 3 attempts.*IncompleteRead"):
        fetch(None)
    assert not (tmp_path / "file.tsv").exists()


def test_length_that_is_too_small_is_noticed_without_a_checksum(fetch, portal, tmp_path):
    portal.plan[NAME] += [{"length": 999_999}]
    with pytest.raises(RefusedError, match="more bytes than it says"):
        fetch(None)
    assert list(tmp_path.iterdir()) == []


def test_length_that_is_too_small_is_noticed_by_the_checksum(fetch, portal):
    portal.plan[NAME] += [{"length": 999_999}] * 2
    with pytest.raises(RefusedError, match="checksum"):
        fetch()


def test_part_of_a_file_of_another_length_is_not_taken(fetch, portal, clock):
    portal.plan[NAME] += [5 * download.CHUNK, {"headers": {"Content-Range": f"bytes {5 * download.CHUNK}-999999/7"}}]
    fetch()
    assert portal.downloads()[2] == (NAME, None)


def test_server_that_stalls_is_asked_again_after_the_time_out(fetch, portal, client):
    client.timeout = 0.2
    portal.plan[NAME] += [{"stall": 5 * download.CHUNK}]
    began = time.monotonic()
    fetch()
    assert time.monotonic() - began < 1, "it does not wait until the server goes on"
    assert portal.downloads()[1:] == [(NAME, f"bytes={5 * download.CHUNK}-")]


def test_file_said_to_be_packed_is_kept_as_it_is_sent(portal, client, tmp_path):
    packed = gzip.compress(b"ACGT" * 1000, mtime=0)
    portal.files["/genome.fa.gz"] = packed
    portal.plan["/genome.fa.gz"] += [{"headers": {"Content-Encoding": "gzip"}}]
    client.file(f"{portal.url}/genome.fa.gz", tmp_path / "genome.fa.gz", None)
    assert (tmp_path / "genome.fa.gz").read_bytes() == packed
    assert portal.ranges_of("/genome.fa.gz") == [None, f"bytes={len(packed)}-"], "it came at the first try"


@pytest.mark.parametrize(("free", "enough"), [(download.SPARE + 1_000_000, True), (download.SPARE + 999_999, False)])
def test_room_on_the_disk_is_seen_to_before_anything_is_written(fetch, tmp_path, monkeypatch, free, enough):
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    if enough:
        fetch()
    else:
        with pytest.raises(download.InputError, match=r"1\.0 MB are still to come, 101\.0 MB of the disk are free"):
            fetch()
        assert list(tmp_path.iterdir()) == []


def test_what_is_there_already_needs_no_room(fetch, tmp_path, monkeypatch):
    (tmp_path / "file.tsv.part").write_bytes(CONTENT[:700_000])
    monkeypatch.setattr(download.shutil, "disk_usage", lambda folder: SimpleNamespace(free=download.SPARE + 300_000))
    fetch()


def test_progress_tells_how_much_how_fast_and_how_long(monkeypatch, caplog):
    ticks = iter([0.0, 5.0, 10.0, 12.0, 20.0])
    monkeypatch.setattr(job, "time", SimpleNamespace(monotonic=lambda: next(ticks)))
    chunks = [b"x" * 1_000_000] * 4
    with caplog.at_level("INFO", logger="cisformula"):
        assert list(download._watched(chunks, "genome.fa.gz", 2_000_000, 10_000_000)) == chunks
    assert caplog.messages == [
        "genome.fa.gz: 4.0 of 10.0 MB, 0.20 MB/s, about 30 s left",
        "genome.fa.gz: 6.0 of 10.0 MB, 0.20 MB/s, about 20 s left",
    ]


@pytest.fixture
def mirror(portal, client, tmp_path_factory):
    """A folder that stands for the portal."""
    folder = tmp_path_factory.mktemp("mirror")
    client.mirror = {portal.url.removeprefix("http://"): str(folder)}
    return folder


@pytest.mark.parametrize("md5", [MD5, None])
def test_mirrored_host_is_never_asked(fetch, portal, client, mirror, md5):
    path = mirror / "files" / NAME / "@@download" / f"{NAME}.tsv"
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    fetch(md5)
    assert client.json(f"{portal.url}/files/{NAME}/?frame=object&format=json") is None
    assert portal.requests == []


def test_file_that_the_mirror_lacks_is_named(fetch, portal, mirror):
    with pytest.raises(RefusedError) as caught:
        fetch()
    assert f"no file '{mirror}/files/{NAME}/@@download/{NAME}.tsv'" in caught.value.problem
    assert portal.requests == []


def test_mirror_with_another_version_is_not_taken(fetch, mirror, tmp_path):
    path = mirror / "files" / NAME / "@@download" / f"{NAME}.tsv"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"another")
    with pytest.raises(RefusedError, match=f"checksum .* instead of {MD5}"):
        fetch()
    assert list(tmp_path.iterdir()) == []


def test_part_of_an_earlier_run_is_continued(fetch, portal, tmp_path):
    (tmp_path / "file.tsv.part").write_bytes(CONTENT[:700_000])
    fetch()
    assert portal.downloads() == [(NAME, "bytes=700000-")]


def test_whole_part_of_an_earlier_run_is_not_fetched_again(fetch, portal, tmp_path):
    (tmp_path / "file.tsv.part").write_bytes(CONTENT)
    fetch()
    assert portal.requests == []


@pytest.mark.parametrize("part", [b"x" * 700_000, b"x" * 1_000_000, b"x" * 1_000_001])
def test_part_that_does_not_belong_to_the_file_is_thrown_away(fetch, portal, tmp_path, part):
    (tmp_path / "file.tsv.part").write_bytes(part)
    fetch()
    assert portal.downloads() == [(NAME, f"bytes={len(part)}-"), (NAME, None)]


def test_server_that_is_busy_is_left_alone_as_long_as_it_asks(fetch, portal, clock):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    portal.plan[NAME] += [(429, {"Retry-After": "17"}), (503, {"Retry-After": later})]
    fetch()
    assert clock.waits[0] == 17
    assert 90 < clock.waits[1] <= 100
    assert len(portal.downloads()) == 3


def test_wait_doubles_where_the_server_does_not_say_how_long(fetch, portal, clock):
    portal.plan[NAME] += [(503, {}), (500, {"Retry-After": "soon"}), (429, {})]
    fetch()
    assert clock.waits == [1, 2, 4]


def test_pause_holds_for_every_thread(portal, client, clock):
    client._quiet_until = 30.0
    assert client.json(f"{portal.url}/files/{NAME}/?frame=object&format=json")["md5sum"] == MD5
    assert clock.waits == [30]


def test_server_that_asks_for_too_long_a_wait_counts_as_unreachable(fetch, portal, clock):
    portal.plan[NAME] += [(429, {"Retry-After": "7200"})]
    with pytest.raises(UnreachableError, match="asks to wait 7200 s"):
        fetch()
    assert clock.waits == []


def test_server_that_never_answers_is_given_up_and_the_part_kept(fetch, portal, client, clock, tmp_path):
    client.attempts = 3
    portal.plan[NAME] += [5 * download.CHUNK, (503, {}), (503, {})]
    with pytest.raises(UnreachableError, match=r"no success in 3 attempts.*503"):
        fetch()
    assert [path.name for path in tmp_path.iterdir()] == ["file.tsv.part"]
    fetch()
    assert portal.downloads()[-1] == (NAME, f"bytes={5 * download.CHUNK}-")


def test_address_where_nobody_listens(client, clock, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/x"
    with pytest.raises(UnreachableError, match=r"in 8 attempts.*refused") as caught:
        client.file(url, tmp_path / "x", MD5)
    assert caught.value.place == url
    assert clock.waits == [1, 2, 4, 8, 16, 32, 64]


def test_wrong_checksum_is_tried_twice_and_nothing_kept(fetch, portal, tmp_path):
    portal.files[NAME] = CONTENT[:-1] + b"?"
    with pytest.raises(RefusedError, match=f"checksum .* instead of {MD5}"):
        fetch()
    assert len(portal.downloads()) == 2
    assert list(tmp_path.iterdir()) == []


def test_content_damaged_on_the_way_is_fetched_again(fetch, portal, monkeypatch):
    sound, damaged = portal.files, {NAME: CONTENT[:9] + b"????" + CONTENT[13:]}
    portal.files = damaged
    checksum = download.md5_of

    def repair(path):
        portal.files = sound
        return checksum(path)

    monkeypatch.setattr(download, "md5_of", repair)
    fetch()
    assert portal.downloads() == [(NAME, None), (NAME, None)]


@pytest.mark.parametrize(("status", "reason"), [(404, "does not exist"), (403, "is not public"), (410, "removed")])
def test_file_that_cannot_be_had_is_not_asked_for_again(fetch, portal, tmp_path, status, reason):
    portal.plan[NAME] += [(status, {})]
    with pytest.raises(RefusedError, match=f"{reason}.*{status}") as caught:
        fetch()
    assert NAME in caught.value.place
    assert len(portal.downloads()) == 1
    assert list(tmp_path.iterdir()) == []


def test_web_page_is_not_taken_for_the_file(fetch, portal, tmp_path):
    portal.plan[NAME] += [(200, {"Content-Type": "text/html; charset=utf-8"})]
    with pytest.raises(RefusedError, match="web page"):
        fetch(None)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_json_object_is_none(portal, client):
    portal.files["LIST"] = b"[1, 2]"
    for path in ("/nowhere", "/bucket/LIST.tsv", f"/bucket/{NAME}.tsv"):
        assert client.json(portal.url + path) is None


def test_folder_that_is_not_there_is_told(portal, client, tmp_path):
    with pytest.raises(download.InputError, match="cannot be written"):
        client.file(f"{portal.url}/bucket/{NAME}.tsv", tmp_path / "no" / "file.tsv", MD5)


def test_told_to_stop_a_waiting_client_stops(portal, tmp_path):
    client, errors = Client(first_wait=3600, longest_wait=1e9), []
    portal.plan[NAME] += [(503, {})]

    def run():
        try:
            client.file(f"{portal.url}/bucket/{NAME}.tsv", tmp_path / "file.tsv", MD5)
        except StoppedError as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    while client._quiet_until == 0 and thread.is_alive():
        time.sleep(0.01)
    client.stop()
    thread.join(60)
    assert len(errors) == 1
    assert not (tmp_path / "file.tsv").exists()
