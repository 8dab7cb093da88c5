"""The programs of the MEME Suite, run as the alternative to the built-in engine."""

import re
import subprocess
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import pandas as pd

from . import match_table, pwm
from .background import write_background
from .errors import InputError
from .pwm import UNIFORM, Motif
from .sequence import decode, write_fasta

BUILTIN = "use `engine: builtin`"


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


def fimo(
    codes: np.ndarray,
    motifs: list[Motif],
    p_value: float,
    background: np.ndarray = UNIFORM,
    both_strands: bool = True,
) -> pd.DataFrame:
    """Find sites with the MEME Suite's ``fimo``, which must be on the PATH.

    Parameters and table are those of :func:`cisformula.sites.find_sites`; scores and p-values have the digits that FIMO
    prints.

    Raises
    ------
    InputError
        If there is no such program, or it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        motif_path, sequence_path, background_path, output_path = (
            Path(folder) / name for name in ("motifs.meme", "sequences.fa", "background.txt", "fimo.tsv")
        )
        pwm.write_meme(motif_path, motifs)
        _write_sequences(sequence_path, codes)
        write_background(background_path, background)
        command = ["fimo", "--text", "--verbosity", "1", "--thresh", f"{p_value:.9g}", "--bfile", str(background_path)]
        command += [] if both_strands else ["--norc"]
        with open(output_path, "w") as output:
            _run(
                [*command, str(motif_path), str(sequence_path)], "hits of the formula's motifs", "sites/engine", output
            )
        return _sites(output_path, motifs)


class Discovered(NamedTuple):
    """Motifs of STREME in its order, and the E-value of each: NaN where sequences were too few to hold some out."""

    motifs: list[Motif]
    e_values: list[float]


def streme(codes: np.ndarray, background: np.ndarray, seed: int, p_value: float = 0.05) -> Discovered:
    """Discover motifs of sequences with the MEME Suite's ``streme``, which must be on the PATH.

    Source: Bailey 2021, Bioinformatics 37:2834.

    Parameters
    ----------
    codes, background : np.ndarray, shape (n_sequences, length), uint8
        Encoded sequences that motifs are wanted of, and those they are compared with.
    seed : int
        Shuffles and splits the sequences; 0 or more.
    p_value : float
        STREME stops after three motifs in a row with a larger p-value on sequences it held out.

    Returns
    -------
    Discovered
        No motif where STREME finds none.

    Raises
    ------
    InputError
        If there is no such program, or it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        primary, control, found = (Path(folder) / name for name in ("primary.fa", "control.fa", "streme.txt"))
        _write_sequences(primary, codes)
        _write_sequences(control, background)
        command = ["streme", "--text", "--dna", "--verbosity", "1", "--seed", str(seed), "--thresh", f"{p_value:.9g}"]
        command += ["--p", str(primary), "--n", str(control)]
        with open(found, "w") as output:
            _run(command, "promoters of a group", "grammar/de_novo", output, "use `de_novo: none`")
        headers = re.findall(r"^letter-probability matrix:.*", found.read_text(), flags=re.MULTILINE)
        matches = [re.search(r"\bE=\s*(\S+)", header) for header in headers]
        e_values = [float(match[1]) if match else np.nan for match in matches]
        return Discovered(pwm.read_meme(found) if headers else [], e_values)


def _write_sequences(path: Path, codes: np.ndarray) -> None:
    """Encoded sequences as FASTA, named by their row."""
    write_fasta(path, {str(row): decode(sequence) for row, sequence in enumerate(codes)})


def _sites(path: Path, motifs: list[Motif]) -> pd.DataFrame:
    """FIMO's table in the columns and order of the built-in engine."""
    names = ["motif", "alt", "sequence", "start", "end", "strand", "score", "p_value", "q", "site"]
    found = pd.read_csv(
        path, sep="\t", comment="#", header=None, names=names, dtype={"motif": str}, keep_default_na=False, skiprows=1
    )
    # Counted from 1, both ends within.
    table = pd.DataFrame(
        {
            "sequence": found["sequence"].astype("int32"),
            "start": (found["start"] - 1).astype("int32"),
            "end": found["end"].astype("int32"),
            "strand": found["strand"].map({"+": 1, "-": -1}).astype("int8"),
            "motif": pd.Categorical(found["motif"], [motif.id for motif in motifs]),
            "score": found["score"].astype("float64"),
            "p_value": found["p_value"].astype("float32"),
        }
    )
    return table.sort_values(
        ["sequence", "start", "end", "strand", "motif"], ascending=[True, True, True, False, True], ignore_index=True
    )


def _run(
    command: list[str], place: str, key: str, output: IO[str] | int = subprocess.PIPE, instead: str = BUILTIN
) -> None:
    program = command[0]
    try:
        finished = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, text=True)
    except FileNotFoundError:
        raise InputError(
            f"the program '{program}' of the MEME Suite is not on the PATH.",
            place=f"configuration key {key}",
            fix=f"{instead}, or install MEME (conda package bioconda::meme; `--sdm conda` does it).",
        ) from None
    if finished.returncode != 0:
        raise InputError(
            f"{program} ended with exit code {finished.returncode}: {finished.stderr.strip()}",
            place=place,
            fix=f"correct what it names, or {instead}.",
        )
