"""Comparison of learned motifs with known ones in the terms of Tomtom (Gupta et al. 2007, Tanaka et al. 2011).

Two engines give the same table: :func:`compare` needs no other program, :func:`run_meme` runs the MEME Suite's binary.
Columns are Tomtom's own: ``Query_ID``, ``Target_ID``, ``Optimal_offset`` (target column at which the first query
column lies), ``p-value``, ``E-value``, ``q-value``, ``Overlap``, ``Query_consensus``, ``Target_consensus`` (in the
orientation of the match) and ``Orientation`` of the target.
"""

import io
import logging
import subprocess
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd

from .errors import InputError
from .pwm import UNIFORM, Motif

logger = logging.getLogger("cisformula")

COLUMNS = [
    "Query_ID",
    "Target_ID",
    "Optimal_offset",
    "p-value",
    "E-value",
    "q-value",
    "Overlap",
    "Query_consensus",
    "Target_consensus",
    "Orientation",
]
PSEUDOCOUNT = 0.1
FEW_TARGETS = 50
"""With fewer targets than this the null distribution, taken from the target columns, is unreliable (Tomtom's limit)."""


def compare(
    queries: list[Motif],
    targets: list[Motif],
    *,
    distance: str = "ed",
    min_overlap: int = 5,
    threshold: float = 10.0,
    threads: int = 1,
) -> pd.DataFrame:
    """Compare queries with targets by Tomtom's complete score, computed by memelite.

    The p-value of a pair is that of its best alignment over all offsets and both strands. E is p times the number of
    targets. q is the Benjamini-Hochberg q-value over all targets of one query. Tomtom's own q estimates the share of
    true nulls (Storey) but counts the two strands of a target as two tests: it is mostly between once and twice ours.
    Where both strands of a nearly palindromic target score the same, memelite names ``-`` and Tomtom ``+``.

    Parameters
    ----------
    queries, targets : list of Motif
        Ids are unique.
    distance : {"ed"}
        Euclidean distance of columns; the only one memelite offers.
    min_overlap : int
        Pairs whose best alignment has fewer columns are left out, unless one of the motifs is narrower. (Tomtom looks
        for another alignment of such a pair instead, which is rarely significant.)
    threshold : float
        Largest E-value reported.
    threads : int
        Threads of the comparison; the result does not depend on it.

    Returns
    -------
    pd.DataFrame
        Tomtom's columns; queries in the given order, then by p-value, larger overlap, orientation and target id.

    Raises
    ------
    InputError
        For a distance other than ``ed``.
    """
    if distance != "ed":
        raise InputError(
            f"the builtin engine has no distance '{distance}'.",
            place="configuration key comparison/distance",
            fix="use `distance: ed`, or `engine: meme` with the MEME Suite installed.",
        )
    if len(targets) < FEW_TARGETS:
        logger.warning("only %d known motifs: p-values of matches depend strongly on which they are", len(targets))
    p, offset, overlap, reverse = _memelite(queries, targets, threads)
    widths = np.minimum.outer([motif.width for motif in queries], [motif.width for motif in targets])
    kept = (p * len(targets) <= threshold) & (overlap >= np.minimum(min_overlap, widths))
    reversed_consensus = [motif.reverse_complement().consensus for motif in targets]
    q = _benjamini_hochberg(p)
    rows = [
        (
            queries[i].id,
            targets[j].id,
            offset[i, j],
            p[i, j],
            p[i, j] * len(targets),
            q[i, j],
            overlap[i, j],
            queries[i].consensus,
            reversed_consensus[j] if reverse[i, j] else targets[j].consensus,
            "-" if reverse[i, j] else "+",
        )
        for i, j in np.argwhere(kept)
    ]
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = {motif.id: position for position, motif in enumerate(queries)}
    key = pd.DataFrame(
        {
            "query": table["Query_ID"].map(order),
            "p": table["p-value"],
            "overlap": -table["Overlap"],
            "target": table["Orientation"] + table["Target_ID"],
        }
    )
    return table.loc[key.sort_values(list(key)).index].reset_index(drop=True)


def _memelite(queries: list[Motif], targets: list[Motif], threads: int) -> tuple[np.ndarray, ...]:
    """P-value, offset, overlap and whether the target is reversed; four arrays of shape (n_queries, n_targets)."""
    import memelite
    import numba

    with warnings.catch_warnings():
        # It warns of few targets; compare() has done so in the log.
        warnings.simplefilter("ignore", UserWarning)
        # Exact medians and no merging of similar target columns: as close to Tomtom as it gets.
        p, _, offset, overlap, reverse = memelite.tomtom(
            [_smoothed(motif) for motif in queries],
            [_smoothed(motif) for motif in targets],
            n_target_bins=None,
            n_median_bins=100_000,
            n_jobs=min(threads, numba.config.NUMBA_NUM_THREADS),
        )
    return np.clip(p, np.finfo(float).tiny, 1.0), offset.astype(int), overlap.astype(int), reverse > 0


def _smoothed(motif: Motif) -> np.ndarray:
    """Frequencies with Tomtom's pseudocount, shape (4, width)."""
    return ((motif.nsites * motif.pfm + PSEUDOCOUNT * UNIFORM) / (motif.nsites + PSEUDOCOUNT)).T


def _benjamini_hochberg(p: np.ndarray) -> np.ndarray:
    """BH q-values along the last axis, same shape."""
    from scipy.stats import false_discovery_control

    return false_discovery_control(p, axis=-1, method="bh")


def run_meme(
    query_path: str | Path,
    target_path: str | Path,
    *,
    distance: str = "pearson",
    min_overlap: int = 5,
    threshold: float = 10.0,
) -> pd.DataFrame:
    """Compare two MEME files with the MEME Suite's ``tomtom``, which must be on the PATH.

    Parameters
    ----------
    query_path, target_path : path
        Motif files; Tomtom keeps only the first motif of a repeated id.
    distance : str
        Tomtom's ``-dist``, e.g. ``pearson`` or ``ed``.
    min_overlap : int
        Tomtom's ``-min-overlap``.
    threshold : float
        Largest E-value reported.

    Raises
    ------
    InputError
        If there is no such program, or it fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = ["tomtom", "-no-ssc", "-oc", folder, "-verbosity", "1", "-min-overlap", str(min_overlap)]
        command += ["-dist", distance, "-evalue", "-thresh", str(threshold), str(query_path), str(target_path)]
        try:
            finished = subprocess.run(command, capture_output=True, text=True)
        except FileNotFoundError:
            raise InputError(
                "the program 'tomtom' of the MEME Suite is not on the PATH.",
                place="configuration key comparison/engine",
                fix="use `engine: builtin`, or install MEME (conda package bioconda::meme; `--sdm conda` does it).",
            ) from None
        if finished.returncode != 0:
            raise InputError(
                f"tomtom ended with exit code {finished.returncode}: {finished.stderr.strip()}",
                place=f"{query_path} against {target_path}",
                fix="correct what it names, or use `engine: builtin`.",
            )
        return read_tomtom(Path(folder) / "tomtom.tsv")


def read_tomtom(path: str | Path) -> pd.DataFrame:
    """Read a table in Tomtom's format, with or without Tomtom's closing comment lines."""
    lines = [line for line in Path(path).read_text().splitlines() if line and not line.startswith("#")]
    if not lines:
        return pd.DataFrame(columns=COLUMNS)
    # A factor may be called NA.
    text = io.StringIO("\n".join(lines))
    return pd.read_csv(text, sep="\t", dtype={"Query_ID": str, "Target_ID": str}, keep_default_na=False)[COLUMNS]


def summarise(matches: pd.DataFrame, sets: dict[str, list[str]]) -> pd.DataFrame:
    """Count the queries of each set that have a match at the usual levels.

    Parameters
    ----------
    matches : pd.DataFrame
        Tomtom's columns. A level beyond the E-value threshold it was made with counts only what it holds.
    sets : dict of str to list of str
        Query ids of each named set.

    Returns
    -------
    pd.DataFrame
        Columns ``set``, ``queries`` (their number) and the number with a match at ``E<10``, ``E<0.05``, ``q<0.05``,
        ``q<0.1``, ``q<0.5`` and ``p<0.001``.
    """
    best = matches.groupby("Query_ID")[["p-value", "E-value", "q-value"]].min()
    levels = [("E", 10), ("E", 0.05), ("q", 0.05), ("q", 0.1), ("q", 0.5), ("p", 0.001)]
    rows = []
    for name, ids in sets.items():
        of_set = best.reindex(ids)
        counts = {f"{kind}<{level}": int((of_set[f"{kind}-value"] < level).sum()) for kind, level in levels}
        rows.append({"set": name, "queries": len(ids), **counts})
    return pd.DataFrame(rows)
