"""Text files read plain or packed, and written whole or not at all."""

import gzip
import io
import os
import stat
import sys
import threading

import pytest

from cisformula.errors import InputError
from cisformula.textfile import read_lines, whole_file

TEXT = "one\r\ntwo\n\nfour"
LINES = [(1, "one"), (2, "two"), (3, ""), (4, "four")]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_of_plain_and_gzip_files(tmp_path, pack):
    (tmp_path / "x").write_bytes(pack(TEXT.encode()))
    assert list(read_lines(tmp_path / "x")) == LINES


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_lines_of_standard_input(monkeypatch, pack):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(pack(TEXT.encode())))))
    assert list(read_lines("-")) == LINES


def test_damaged_and_missing_files_are_named(tmp_path):
    whole = gzip.compress(b"ACGT\n" * 10_000)
    for name, content in {"cut.gz": whole[:-9], "broken.gz": whole[:20] + b"\xff\x00" * 9 + whole[38:]}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="damaged or cut short") as caught:
            list(read_lines(tmp_path / name))
        assert caught.value.place == str(tmp_path / name)
    with pytest.raises(InputError, match="No such file"):
        list(read_lines(tmp_path / "no.txt"))
    with pytest.raises(InputError, match="Is a directory"):
        list(read_lines(tmp_path))


def test_a_file_takes_its_name_when_all_is_written(tmp_path):
    path = tmp_path / "out.tsv"
    with whole_file(path) as handle:
        handle.write("a\n")
        assert not path.exists()
    assert path.read_bytes() == b"a\n"
    assert stat.S_IMODE(path.stat().st_mode) & 0o600 == 0o600
    (tmp_path / "other").touch()
    assert path.stat().st_mode == (tmp_path / "other").stat().st_mode, "the rights of any new file"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "out.tsv"
    path.write_text("old")

    def fail():
        with whole_file(path) as handle:
            handle.write("new")
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_gzip_by_name_and_the_same_bytes_each_time(tmp_path):
    for name in ("a.gz", "b.gz"):
        with whole_file(tmp_path / name) as handle:
            handle.write("content\n" * 100)
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"content\n" * 100
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be written"), whole_file(tmp_path / "no" / "out"):
        pass


def test_a_pipe_is_written_to_and_not_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    with whole_file(tmp_path / "pipe") as handle:
        handle.write("through")
    reader.join()
    assert read == ["through"]
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
