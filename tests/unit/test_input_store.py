"""The folder of downloads: what a misbehaving loopback server can and cannot put into it."""

import gzip
import hashlib
import multiprocessing

import numpy as np
import pooch
import pytest
from portal_server import Portal

from cisformula import download, input_store
from cisformula.download import Client, RefusedError, UnreachableError
from cisformula.errors import InputError

GENOME = gzip.compress(b">chr1\n" + b"ACGTTGCA" * 100_000 + np.random.default_rng(1).bytes(400_000), mtime=0)
SHA256 = hashlib.sha256(GENOME).hexdigest()
PATH = "/goldenPath/genome.fa.gz"


@pytest.fixture
def server():
    with Portal() as server:
        server.tags = True
        server.files[PATH] = GENOME
        yield server


@pytest.fixture
def name(server):
    return f"{server.url.removeprefix('http://').replace(':', '_')}{PATH}"


@pytest.fixture
def fetch(server, tmp_path):
    def run(path=PATH, **options):
        client = Client(first_wait=0.01, attempts=3, **options)
        return input_store.fetch(server.url + path, tmp_path / "downloads", client)

    return run


def files(tmp_path):
    """Files of the folder but the table and the locks of processes, relative to it."""
    folder = tmp_path / "downloads"
    paths = {path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock"}
    return {str(path.relative_to(folder)) for path in paths} - {"lock.txt"}


def lock(tmp_path):
    path = tmp_path / "downloads" / "lock.txt"
    return path.read_text() if path.exists() else ""


def test_file_comes_once_and_is_recorded_for_pooch(fetch, server, name, tmp_path):
    path = fetch()
    assert path.read_bytes() == GENOME
    assert files(tmp_path) == {name}
    assert lock(tmp_path) == f"{name} {SHA256}\n"
    store = pooch.create(path=tmp_path, base_url="")
    store.load_registry(tmp_path / "downloads" / "lock.txt")
    assert store.registry == {name: SHA256}
    asked = len(server.requests)
    assert fetch() == path
    assert len(server.requests) == asked


def test_server_that_cuts_stalls_and_is_busy_gives_the_file_in_the_end(fetch, server, name, tmp_path):
    cut = 2 * download.CHUNK
    server.plan[PATH] += [(503, {"Retry-After": "0"}), cut, {"stall": download.CHUNK}]
    assert fetch(timeout=0.2).read_bytes() == GENOME
    assert server.ranges_of(PATH) == [
        *(None, None, f"bytes={cut}-", f"bytes={cut + download.CHUNK}-"),
        f"bytes={len(GENOME)}-",
    ]
    assert files(tmp_path) == {name}


def test_next_run_goes_on_where_this_one_was_given_up(fetch, server, tmp_path):
    cut = 5 * download.CHUNK
    server.plan[PATH] += [cut, *[(503, {})] * 3]
    with pytest.raises(UnreachableError):
        fetch()
    left = {path.rpartition("/")[2] for path in files(tmp_path)}
    assert left == {"genome.fa.gz.part", "genome.fa.gz.part.version"}
    asked = len(server.requests)
    assert fetch().read_bytes() == GENOME
    assert server.ranges_of(PATH)[asked] == f"bytes={cut}-"


def test_file_that_changes_while_it_is_fetched_is_begun_anew(fetch, server):
    server.files[PATH] = gzip.compress(b"of yesterday" * 100, mtime=0).ljust(len(GENOME), b"\0")
    server.plan[PATH] += [5 * download.CHUNK, *[(503, {})] * 3]
    with pytest.raises(UnreachableError):
        fetch()
    server.files[PATH] = GENOME
    assert fetch().read_bytes() == GENOME


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (GENOME[:-1], "cut short"),
        (GENOME[:-8] + b"\0\0\0\0" + GENOME[-4:], "CRC check failed"),
        (GENOME[:300_000] + b"\xff\xff\xff\xff" + GENOME[300_004:], "damaged"),
        (GENOME + b"<html>", "damaged"),
        (b"no such file", "no gzip file"),
        (b"", "is empty"),
    ],
)
def test_damaged_file_is_neither_kept_nor_recorded(fetch, server, tmp_path, content, problem):
    server.files[PATH] = content
    with pytest.raises(InputError, match=problem) as caught:
        fetch()
    assert caught.value.place == server.url + PATH
    assert files(tmp_path) == set()
    assert lock(tmp_path) == ""
    server.files[PATH] = GENOME
    assert fetch().read_bytes() == GENOME


def test_gzip_is_told_by_content_and_other_files_are_taken_as_they_are(fetch, server):
    server.files |= {"/matrix.tsv": GENOME[:-1], "/genes.gtf": b"plain\0text"}
    with pytest.raises(InputError, match="cut short"):
        fetch("/matrix.tsv")
    assert fetch("/genes.gtf").read_bytes() == b"plain\0text"


@pytest.mark.parametrize(("length", "error"), [(99, UnreachableError), (11, RefusedError)])
def test_server_that_lies_about_the_length_is_not_believed(fetch, server, tmp_path, length, error):
    server.files["/sheet.tsv"] = b"twelve bytes"
    server.plan["/sheet.tsv"] += [{"length": length, "careless": True}] * 3
    server.ranges = length < 12
    with pytest.raises(error):
        fetch("/sheet.tsv")
    assert lock(tmp_path) == ""
    assert not (tmp_path / "downloads" / "sheet.tsv").exists()


def test_file_that_changed_at_its_source_is_refused_with_both_checksums(fetch, server, name, tmp_path):
    path = fetch()
    path.unlink()
    server.files[PATH] = new = gzip.compress(b"new", mtime=0)
    with pytest.raises(InputError, match=f"{hashlib.sha256(new).hexdigest()} instead of {SHA256}") as caught:
        fetch()
    assert f"delete the line of {name} in {tmp_path / 'downloads' / 'lock.txt'}" in caught.value.fix
    assert not path.exists()
    assert lock(tmp_path) == f"{name} {SHA256}\n"
    (tmp_path / "downloads" / "lock.txt").write_text("")
    assert fetch().read_bytes() == new


def test_file_damaged_in_the_folder_is_fetched_again(fetch):
    path = fetch()
    path.write_bytes(b"damaged")
    assert fetch().read_bytes() == GENOME


def test_mirror_is_compared_with_the_table_too(fetch, server, tmp_path):
    mirror = {"mirror": {server.url.removeprefix("http://"): str(tmp_path / "ucsc")}}
    copy = tmp_path / "ucsc" / PATH[1:]
    with pytest.raises(RefusedError, match=f"no file '{copy}'"):
        fetch(**mirror)
    copy.parent.mkdir(parents=True)
    copy.write_bytes(GENOME)
    path = fetch(**mirror)
    assert path.read_bytes() == GENOME
    assert SHA256 in lock(tmp_path)
    path.unlink()
    copy.write_bytes(gzip.compress(b"another", mtime=0))
    with pytest.raises(InputError, match=f"instead of {SHA256}"):
        fetch(**mirror)
    assert server.requests == []


def test_table_that_is_none_is_told(fetch, tmp_path):
    fetch()
    (tmp_path / "downloads" / "lock.txt").write_text("one two three four\n")
    with pytest.raises(InputError, match="no table of names and checksums") as caught:
        fetch()
    assert caught.value.place.endswith("downloads/lock.txt")


def _fetch_in_process(url, folder, barrier):
    barrier.wait()
    input_store.fetch(url, folder, Client(first_wait=0.01))


def test_processes_that_fetch_at_once_lose_neither_lines_nor_files(server, tmp_path):
    names = [f"/file_{number}.tsv" for number in range(4)] * 2
    server.files |= {name: name.encode() * 50_000 for name in names}
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(len(names))
    processes = [
        context.Process(target=_fetch_in_process, args=(server.url + name, tmp_path / "downloads", barrier))
        for name in names
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0] * len(names)
    expected = {name[1:]: hashlib.sha256(name.encode() * 50_000).hexdigest() for name in names}
    lines = dict(line.rpartition("/")[2].split() for line in lock(tmp_path).splitlines())
    assert lines == expected
    assert len(lock(tmp_path).splitlines()) == 4
    assert [server.ranges_of(name).count(None) for name in names] == [1] * len(names), "each was fetched once"
