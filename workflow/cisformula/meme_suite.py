"""The programs of the MEME Suite, run as the alternative to the built-in engine."""

import subprocess
import tempfile
from pathlib import Path

import pandas as pd

from . import match_table
from .errors import InputError


def tomtom(
    query_path: str | Path,
    target_path: str | Path,
    *,
    distance: str = "ed",
    min_overlap: int = 5,
    threshold: float = 10.0,
    complete: bool = True,
) -> pd.DataFrame:
    """Compare two MEME files with the MEME Suite's ``tomtom``, which must be on the PATH.

    Parameters
    ----------
    query_path, target_path : path
        Motif files; Tomtom keeps only the first motif of a repeated id.
    distance, min_overlap, threshold, complete
        As for :func:`cisformula.tomtom.compare`.

    Returns
    -------
    pd.DataFrame
        Tomtom's columns (see :mod:`cisformula.match_table`).

    Raises
    ------
    InputError
        If there is no such program, or it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["tomtom", "-no-ssc", "-oc", folder, "-verbosity", "1", "-min-overlap", str(min_overlap)]
        command += ["-dist", distance, "-evalue", "-thresh", str(threshold)]
        command += [] if complete else ["-incomplete-scores"]
        _run([*command, str(query_path), str(target_path)], f"{query_path} against {target_path}", "comparison/engine")
        return match_table.read(Path(folder) / "tomtom.tsv")


def _run(command: list[str], place: str, key: str) -> None:
    program = command[0]
    try:
        finished = subprocess.run(command, capture_output=True, text=True)
    except FileNotFoundError:
        raise InputError(
            f"the program '{program}' of the MEME Suite is not on the PATH.",
            place=f"configuration key {key}",
            fix="use `engine: builtin`, or install MEME (conda package bioconda::meme; `--sdm conda` does it).",
        ) from None
    if finished.returncode != 0:
        raise InputError(
            f"{program} ended with exit code {finished.returncode}: {finished.stderr.strip()}",
            place=place,
            fix="correct what it names, or use `engine: builtin`.",
        )
