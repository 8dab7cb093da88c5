"""Logs, one-line errors and progress."""

import errno

import pytest

from cisformula import job
from cisformula.errors import InputError


def test_the_log_holds_what_was_said_and_nothing_of_the_last_run(tmp_path, capsys):
    path = tmp_path / "rule.log"
    path.write_text("old\n")
    with job.logged(str(path), "first rule"):
        job.logger.info("%d genes", 7)
    with job.logged(str(tmp_path / "other.log"), "second rule"):
        job.logger.info("elsewhere")
    assert path.read_text().endswith(" first rule: 7 genes\n")
    assert path.read_text().count("\n") == 1
    assert "first rule: 7 genes" in capsys.readouterr().err


def test_an_input_error_is_one_line_and_exit_code_1(tmp_path):
    path = tmp_path / "rule.log"
    with pytest.raises(SystemExit) as caught, job.logged(str(path), "rule"):
        raise InputError("is empty.", place="x.fa", fix="give another.")
    assert caught.value.code == 1
    assert path.read_text().rstrip("\n").endswith(" rule: ERROR: x.fa: is empty. Fix: give another.")
    assert "Traceback" not in path.read_text()


def test_a_full_disk_is_one_line_with_the_fix(tmp_path):
    path = tmp_path / "rule.log"
    with pytest.raises(SystemExit) as caught, job.logged(str(path), "rule"):
        raise OSError(errno.ENOSPC, "No space left on device", "table.tsv")
    assert caught.value.code == 1
    assert "rule: ERROR: table.tsv: No space left on device. Fix: free some space, and start" in path.read_text()
    assert "Traceback" not in path.read_text()


def test_lines_for_which_the_disk_has_no_room_are_still_on_the_terminal(capsys):
    with job.logged("/dev/full", "rule"):
        job.logger.info("7 genes")
    said = capsys.readouterr().err
    assert "rule: 7 genes" in said
    assert "Traceback" not in said


def test_another_error_of_the_system_leaves_a_traceback(tmp_path):
    path = tmp_path / "rule.log"
    with pytest.raises(FileNotFoundError), job.logged(str(path), "rule"):
        (tmp_path / "nowhere").read_text()
    assert "Traceback" in path.read_text()


def test_any_other_failure_keeps_its_type_and_leaves_a_traceback(tmp_path):
    path = tmp_path / "rule.log"
    with pytest.raises(ZeroDivisionError), job.logged(str(path), "rule"):
        1 / 0  # noqa: B018
    assert "unexpected failure" in path.read_text()
    assert "ZeroDivisionError" in path.read_text()


def test_progress_yields_all_and_speaks_every_ten_seconds(monkeypatch, caplog):
    clock = iter(range(0, 1000, 4))  # every look at the clock is 4 s after the one before
    monkeypatch.setattr(job.time, "monotonic", lambda: next(clock))
    with caplog.at_level("INFO", logger="cisformula"):
        assert list(job.progress("abcdefg", 7, "letters read")) == list("abcdefg")
    # Items end after 4, 8, 12 ... 28 s; the last line is due because the whole took longer than 10 s.
    assert [record.getMessage() for record in caplog.records] == [
        "letters read: 3 of 7, about 16 s left",
        "letters read: 6 of 7, about 4 s left",
        "letters read: 7 of 7, about 0 s left",
    ]


def test_progress_of_a_short_job_is_silent(caplog):
    with caplog.at_level("INFO", logger="cisformula"):
        assert list(job.progress([1, 2], 2, "x")) == [1, 2]
    assert not caplog.records


def test_counted_says_how_many_there_were(monkeypatch, caplog):
    clock = iter(range(0, 1000, 4))
    monkeypatch.setattr(job.time, "monotonic", lambda: next(clock))
    with caplog.at_level("INFO", logger="cisformula"):
        assert list(job.counted(["ab", "c", "de", "f"], "letters", size=len)) == ["ab", "c", "de", "f"]
    assert [record.getMessage() for record in caplog.records] == ["5 letters in 12 s", "6 letters, all"]
