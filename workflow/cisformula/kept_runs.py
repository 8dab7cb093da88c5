"""Runs that one job makes, each kept as soon as it is done: a job that was killed goes on with those that are missing.

Snakemake removes what an interrupted job wrote. Finished runs therefore lie beside its outputs until the last is done.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

RECORD = "asked.json"


class KeptRuns:
    """Finished runs in a folder of their own.

    Parameters
    ----------
    folder : Path
        Made when it is needed.
    asked : dict
        All that a run follows from, in terms of JSON. Runs that were kept for anything else are not used.
    """

    def __init__(self, folder: Path, asked: dict):
        self.folder = folder
        self.asked = json.loads(json.dumps(asked))

    def missing(self, runs: Iterable[int]) -> list[int]:
        """The runs that are not kept."""
        return [run for run in runs if not self._is_kept(run)]

    @contextmanager
    def writing(self, run: int) -> Iterator[Path]:
        """A new folder, which becomes that of the run when the body ends without an error."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=f"run_{run}_", dir=self.folder))
        yield new
        (new / RECORD).write_text(json.dumps(self.asked))
        shutil.rmtree(self._of(run), ignore_errors=True)
        os.rename(new, self._of(run))

    def copy(self, run: int, target: Path) -> None:
        """Copy the run's file that is called as ``target`` is there."""
        shutil.copyfile(self._of(run) / target.name, target)

    def forget(self) -> None:
        """Remove all runs; what is left half removed is not taken for a run."""
        for record in self.folder.glob(f"*/{RECORD}"):
            record.unlink()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _of(self, run: int) -> Path:
        return self.folder / f"run_{run}"

    def _is_kept(self, run: int) -> bool:
        record = self._of(run) / RECORD
        return record.exists() and json.loads(record.read_text()) == self.asked
