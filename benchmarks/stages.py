"""Where the time of a finished run went: CPU seconds, wall seconds and memory of every stage.

    python benchmarks/stages.py results/human

Reads what Snakemake measured of every job. A stage is a file of ``workflow/rules``. CPU seconds fall short a little:
Snakemake looks at a job twice a second at first and every half minute after a quarter of a minute, and what a job does
after the last look is not in its count. Memory is summed over the processes of a job. Prints the table and writes it
to benchmarks/results/stages_NAME.tsv, NAME being that of the folder.
"""

import re
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "workflow"))

from cisformula.errors import InputError  # noqa: E402  (the library has to be found first)

RULES = ROOT / "workflow" / "rules"
TABLES = ROOT / "benchmarks" / "results"
FOLDER = "/benchmarks/"
MEASURED = {"s": "wall_s", "cpu_time": "cpu_s", "max_rss": "peak_mb"}
"""Columns of Snakemake, and what they are called here."""
ATTEMPT = {"wall_s": "sum", "cpu_s": "sum", "peak_mb": "max"}
"""How the attempts of a job, and the jobs of a stage, make one number."""


def patterns(rules: Path = RULES) -> list[tuple[str, re.Pattern]]:
    """Stage and expression of every benchmark file that the rules declare, from below the folder of benchmarks.

    Parameters
    ----------
    rules : Path
        Folder of rule files. A wildcard, and an expression in a path, stands for any text.
    """
    found = []
    for file in sorted(rules.glob("*.smk")):
        for path in re.findall(r"^ +benchmark:\s*f?\"([^\"]+)\"", file.read_text(), flags=re.MULTILINE):
            literal = re.split(r"\{+[^{}]+\}+", path.partition(FOLDER)[2])
            found.append((file.stem, re.compile(".+".join(map(re.escape, literal)))))
    return found


def stage_of(name: str, known: list[tuple[str, re.Pattern]]) -> str:
    """The stage that a benchmark file belongs to.

    Parameters
    ----------
    name : str
        Path below the folder of benchmarks.
    known : list of (str, re.Pattern)
        From :func:`patterns`.

    Raises
    ------
    InputError
        If no rule declares the file, or rules of several stages could.
    """
    stages = {stage for stage, pattern in known if pattern.fullmatch(name)}
    if len(stages) != 1:
        problem = f"could be of the stages {', '.join(sorted(stages))}." if stages else "is declared by no rule."
        raise InputError(problem, place=f"benchmark file {name}", fix="remove it if an older version has left it.")
    return stages.pop()


def measurements(benchmarks: Path, known: list[tuple[str, re.Pattern]]) -> pd.DataFrame:
    """One row per job: stage, and the columns of :data:`ATTEMPT`; what Snakemake could not measure is missing.

    Parameters
    ----------
    benchmarks : Path
        Folder of a run's benchmark files.
    known : list of (str, re.Pattern)
        From :func:`patterns`.
    """
    rows = []
    for file in sorted(benchmarks.rglob("*.tsv")):
        stage = stage_of(file.relative_to(benchmarks).as_posix(), known)
        attempts = pd.read_csv(file, sep="\t", na_values="-").rename(columns=MEASURED)
        rows.append({"stage": stage, **attempts.agg(ATTEMPT)})
    return pd.DataFrame(rows, columns=["stage", *ATTEMPT])


def summarise(jobs: pd.DataFrame) -> pd.DataFrame:
    """One row per stage, the most CPU seconds first, and a last one for all of them.

    Parameters
    ----------
    jobs : pd.DataFrame
        From :func:`measurements`.

    Returns
    -------
    pd.DataFrame
        Columns ``stage``, ``jobs``, ``cpu_s`` and ``wall_s`` (sums) and ``peak_mb`` (the largest).
    """
    together = pd.concat([jobs, jobs.assign(stage="total")])
    of_stages = together.groupby("stage").agg({"stage": "size", **ATTEMPT}).rename(columns={"stage": "jobs"})
    last = of_stages.index == "total"
    ordered = pd.concat([of_stages[~last].sort_values("cpu_s", ascending=False, kind="stable"), of_stages[last]])
    return ordered.reset_index()[["stage", "jobs", "cpu_s", "wall_s", "peak_mb"]]


def main(results: str) -> None:
    """Print and write the table."""
    run = Path(results).resolve()
    try:
        jobs = measurements(run / "benchmarks", patterns())
    except InputError as error:
        sys.exit(str(error))
    if jobs.empty:
        sys.exit(f"{results} has no benchmark files: run the workflow first.")
    table = summarise(jobs).round({"cpu_s": 1, "wall_s": 1, "peak_mb": 0})
    print(table.to_string(index=False, na_rep=""))
    table.to_csv(TABLES / f"stages_{run.name}.tsv", sep="\t", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
