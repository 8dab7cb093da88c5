"""Runs that are kept until all of a job are done."""

import pytest

from cisformula.kept_runs import KeptRuns


def write(kept, run, text="done"):
    with kept.writing(run) as folder:
        (folder / "table.tsv").write_text(text)


def test_only_finished_runs_are_kept(tmp_path):
    kept = KeptRuns(tmp_path / "unfinished", {"epochs": 3})
    assert kept.missing(range(3)) == [0, 1, 2]
    write(kept, 1)
    with pytest.raises(TypeError):
        write(kept, 2, text=None)
    again = KeptRuns(tmp_path / "unfinished", {"epochs": 3})
    assert again.missing(range(3)) == [0, 2]
    again.copy(1, tmp_path / "table.tsv")
    assert (tmp_path / "table.tsv").read_text() == "done"


def test_runs_kept_for_something_else_are_made_again(tmp_path):
    write(KeptRuns(tmp_path, {"inputs": {"genes": "a"}, "widths": (8, 9)}), 0, "old")
    assert KeptRuns(tmp_path, {"inputs": {"genes": "a"}, "widths": (8, 9)}).missing([0]) == []
    kept = KeptRuns(tmp_path, {"inputs": {"genes": "b"}, "widths": (8, 9)})
    assert kept.missing([0]) == [0]
    write(kept, 0, "new")
    assert kept.missing([0]) == []
    kept.copy(0, tmp_path / "table.tsv")
    assert (tmp_path / "table.tsv").read_text() == "new"


def test_forgotten_runs_are_gone_even_where_their_files_are_not(tmp_path, monkeypatch):
    kept = KeptRuns(tmp_path / "unfinished", {})
    write(kept, 0)
    monkeypatch.setattr("shutil.rmtree", lambda *arguments, **options: None)
    kept.forget()
    assert (tmp_path / "unfinished" / "run_0" / "table.tsv").exists()
    assert kept.missing([0]) == [0]
    monkeypatch.undo()
    kept.forget()
    assert not (tmp_path / "unfinished").exists()
