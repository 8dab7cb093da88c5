"""A folder of files from a loopback portal: fetched once, checked, and complete but for those that cannot be had."""

import pytest
from portal_server import Portal, quantification

from cisformula.download import Client, UnreachableError
from cisformula.encode import files, portal
from cisformula.errors import InputError

NAMES = [f"ENCFF{number:03d}AAA" for number in range(12)]


@pytest.fixture
def server():
    with Portal() as server:
        for number, name in enumerate(NAMES):
            server.put(name, quantification({f"ENSG{gene:011d}.1": gene * number for gene in range(2000)}))
        yield server


@pytest.fixture
def fetch(server, tmp_path):
    def run(names=NAMES, connections=3, folder="files"):
        server.requests.clear()
        return portal.fetch_files(names, tmp_path / folder, server.url + "/", Client(first_wait=0.01), connections)

    return run


def test_files_come_with_the_checksums_of_the_portal(fetch, server, tmp_path):
    records = fetch()
    assert [record.accession for record in records] == NAMES
    for record in records:
        assert record.md5 == server.metadata[record.accession]["md5sum"]
        assert record[2:] == ("portal", "GRCh38", "V29")
        assert files.read_file(tmp_path / "files", record) == server.files[record.accession]
    there = sorted(path.name for path in (tmp_path / "files").iterdir())
    assert there == [*(f"{name}.tsv" for name in NAMES), "lock.tsv"]


def test_nothing_is_fetched_or_asked_for_twice(fetch, server, tmp_path):
    first = fetch()
    assert len(server.requests) == 2 * len(NAMES)
    assert fetch() == first
    assert server.requests == []
    more = "ENCFF999ZZZ"
    server.put(more, b"one more")
    fetch([*NAMES, more])
    assert server.downloads() == [(more, None)]


def test_files_and_table_do_not_depend_on_the_number_of_connections(fetch, server, tmp_path):
    for connections in (1, 4):
        fetch(connections=connections, folder=str(connections))
        assert server.most_open <= connections
    one, four = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "14")
    assert one == four


def test_damaged_and_deleted_files_are_fetched_again(fetch, server, tmp_path):
    fetch()
    (tmp_path / "files" / f"{NAMES[3]}.tsv").write_bytes(b"damaged")
    (tmp_path / "files" / f"{NAMES[5]}.tsv").unlink()
    fetch(connections=1)
    assert server.downloads() == [(NAMES[3], None), (NAMES[5], None)]
    assert files.file_path(tmp_path / "files", NAMES[3]).read_bytes() == server.files[NAMES[3]]


def test_files_put_there_by_hand_are_kept_if_the_portal_confirms_them(fetch, server, tmp_path):
    (tmp_path / "files").mkdir()
    for name in NAMES[:2]:
        files.file_path(tmp_path / "files", name).write_bytes(server.files[NAMES[0]])
    fetch(NAMES[:2])
    assert server.downloads() == [(NAMES[1], None)]


def test_mirror_without_metadata_is_taken_at_its_first_word(fetch, server, tmp_path):
    (name,) = names = NAMES[:1]
    server.metadata.clear()
    (record,) = fetch(names)
    assert record[2:] == ("first fetch", "", "")
    assert fetch(names) == [record]
    assert server.requests == []
    files.file_path(tmp_path / "files", name).unlink()
    server.files[name] = b"another version"
    with pytest.raises(InputError, match=f"{name}.tsv: what the server sends has the MD5"):
        fetch(names)
    assert not files.file_path(tmp_path / "files", name).exists()


def test_those_that_cannot_be_had_are_named_and_the_others_fetched(fetch, server, tmp_path):
    del server.files[NAMES[2]], server.metadata[NAMES[2]]
    server.plan[NAMES[7]] += [(403, {})]
    with pytest.raises(InputError) as caught:
        fetch()
    text = str(caught.value)
    assert "2 of 12 files cannot be fetched" in text
    assert f"/{NAMES[2]}.tsv: does not exist (HTTP status 404 Not Found)" in text
    assert f"/{NAMES[7]}.tsv: is not public (HTTP status 403 Forbidden)" in text
    assert "Fix: Correct the accession or the address. Take another file" in text
    assert len(list((tmp_path / "files").glob("*.tsv"))) == 10 + 1
    server.put(NAMES[2], b"now it is there")
    fetch()
    assert sorted(server.downloads()) == [(NAMES[2], None), (NAMES[7], None)]


def test_unreachable_server_ends_it_and_the_next_run_goes_on(fetch, server, tmp_path):
    server.plan[NAMES[4]] += [(503, {"Retry-After": "99999"})]
    with pytest.raises(UnreachableError, match=f"{NAMES[4]}.*asks to wait"):
        fetch(connections=1)
    done = {path.stem for path in (tmp_path / "files").glob("ENCFF*.tsv")}
    assert set(NAMES[:4]) <= done < set(NAMES)
    fetch(connections=1)
    assert [name for name, _ in server.downloads()] == [name for name in NAMES if name not in done]


def test_metadata_without_a_checksum_count_as_none(fetch, server):
    server.metadata[NAMES[0]]["md5sum"] = "unknown"
    assert fetch(NAMES[:1])[0].md5_from == "first fetch"


def test_file_that_has_changed_is_not_read(fetch, server, tmp_path):
    (record,) = fetch(NAMES[:1])
    path = files.file_path(tmp_path / "files", record.accession)
    path.write_bytes(b"changed")
    with pytest.raises(InputError, match="has changed since"):
        files.read_file(tmp_path / "files", record)
    path.unlink()
    with pytest.raises(InputError, match="cannot be read") as caught:
        files.read_file(tmp_path / "files", record)
    assert str(tmp_path / "files.tsv") in caught.value.fix


def test_table_of_files_that_is_none(tmp_path):
    (tmp_path / "t.tsv").write_text("accession\tmd5\tmd5_from\tassembly\tannotation\nENCFF000AAA\tabc\n")
    with pytest.raises(InputError) as caught:
        files.read_records(tmp_path / "t.tsv")
    assert caught.value.place == f"{tmp_path / 't.tsv'}:2"
