"""CPU time and memory of the workflow's stages, against genes, window, motifs and cell types.

    python benchmarks/scaling.py            about half an hour; --small for a few minutes
    python benchmarks/scaling.py --stages counting    these stages again; the table keeps what it says of others
    python benchmarks/scaling.py --memory   60,000 promoters of 2,000 bases, 841 motifs; the aim: each stage under 4 GB

Every stage runs in a process of its own on one core, on made-up input (scaling_inputs.py), by the script of the
workflow (scaling_stages.py). CPU seconds are those after all imports; the largest memory is that of the whole process,
and stands beside that of a process that has imported the same and done nothing. Exponents are those of a power law,
fitted by least squares on logarithms; what a stage does once at any size makes them smaller than they are in the long
run, which the exponent between the last two sizes shows. A size is left out, and the table says so, where the sizes
before it let it cost more than LIMIT_S or LIMIT_MB. Writes scaling.tsv, scaling.pdf and scaling.png.
"""

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import NamedTuple

# Nothing large may be imported here: a process starts with the largest memory of the one that started it.
from one_core import ONE_CORE
from scaling_growth import exponent, predict
from scaling_sizes import FULL, SMALL, Axis, Size

HERE = Path(__file__).parent
LIMIT_S = 400
"""CPU seconds of one stage at one size; all of them together then take less than 40 minutes."""
LIMIT_MB = 8000
SLOWEST = 3
"""Times the limit after which a stage that does not do as predicted is ended."""
LATE = 124
"""What timeout exits with when the time is up."""
AIM_MB = 4000
STAGES = tuple(dict.fromkeys(stage for axis in FULL for stage in axis.stages))
KNOWN = 841
"""Motifs of the JASPAR release that is used by default."""
MEMORY_STAGES = (
    *("extraction", "counting, strict", "counting", "training epoch", "formula", "cell-type effects"),
    "expression matrix",
)
COLUMNS = (
    "axis", "stage", "size", "cpu_s", "peak_mb", "imports_mb", "exponent", "standard_error", "last_exponent", "note",
)  # fmt: skip


class Cost(NamedTuple):
    """What a stage took at one size; ``note`` says why there are no numbers where there are none."""

    size: int
    cpu_s: float | None = None
    peak_mb: float | None = None
    imports_mb: float | None = None
    note: str = ""


def run(script: str, *arguments: str, seconds: float | None = None) -> tuple[str, float]:
    """Run a script beside this one on one core; what it printed, and its largest memory in MB.

    Raises
    ------
    RuntimeError
        It failed or took longer than ``seconds``; with the end of what it said.
    """
    limited = ["timeout", str(seconds)] if seconds else []
    command = [*limited, sys.executable, str(HERE / script), *arguments]
    environment = {"TF_CPP_MIN_LOG_LEVEL": "3", **os.environ, **ONE_CORE}
    with TemporaryFile("w+") as printed, TemporaryFile("w+") as said:
        child = subprocess.Popen(command, env=environment, stdout=printed, stderr=said)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said.seek(0)
        if child.returncode == LATE:
            raise RuntimeError(f"ended after {seconds:g} s")
        if child.returncode:
            raise RuntimeError(f"failed ({child.returncode}): {' '.join(said.read()[-200:].split())}")
        return printed.read(), usage.ru_maxrss / 1024


def measure(stage: str, folder: Path, value: int, window: int) -> Cost:
    """Run a stage on the input in a folder."""
    try:
        printed, peak = run("scaling_stages.py", stage, str(folder), str(window), seconds=SLOWEST * LIMIT_S)
    except RuntimeError as error:
        return Cost(value, note=str(error))
    seconds, imports = map(float, printed.split()[-2:])
    return Cost(value, seconds, peak, imports)


def over_limit(costs: list[Cost], value: int) -> str:
    """Why a size is not to be run, from those before it; empty if it is."""
    if any(cost.note for cost in costs):
        return "not run: a smaller size was not"
    sizes = [cost.size for cost in costs]
    seconds = predict(sizes, [cost.cpu_s for cost in costs], value)
    if seconds > LIMIT_S:
        return f"not run: {seconds:.0f} s expected, limit {LIMIT_S} s"
    own = predict(sizes, [max(cost.peak_mb - cost.imports_mb, 1.0) for cost in costs], value)
    memory = own + costs[-1].imports_mb if costs else 0.0
    return f"not run: {memory:.0f} MB expected, limit {LIMIT_MB} MB" if memory > LIMIT_MB else ""


def measure_size(axis: Axis, value: int, costs: dict[str, list[Cost]], scratch: str | None) -> None:
    """Add to the costs of an axis those at one size."""
    size, reasons = axis.size(value), {stage: over_limit(costs[stage], value) for stage in axis.stages}
    running = [stage for stage, reason in reasons.items() if not reason]
    with TemporaryDirectory(dir=scratch) as name:
        if running:
            run("scaling_inputs.py", name, *size.arguments(), *running)
        for stage in axis.stages:
            reason = reasons[stage]
            cost = Cost(value, note=reason) if reason else measure(stage, Path(name), value, size.window)
            costs[stage].append(cost)
            print(f"  {stage}: {cost.note or f'{cost.cpu_s:.1f} s, {cost.peak_mb:.0f} MB'}", file=sys.stderr)


def rows_of(axis: Axis, costs: dict[str, list[Cost]]) -> list[dict]:
    """Rows of the table for one axis, with the exponents of the CPU seconds."""
    rows = []
    for stage, of_stage in costs.items():
        done = [cost for cost in of_stage if not cost.note]
        sizes, seconds = [cost.size for cost in done], [cost.cpu_s for cost in done]
        slope, error = exponent(sizes, seconds)
        fit = {"exponent": slope, "standard_error": error, "last_exponent": exponent(sizes[-2:], seconds[-2:])[0]}
        rows += [{"axis": axis.name, "stage": stage, **cost._asdict(), **fit} for cost in of_stage]
    return rows


def text(value: object, column: str) -> str:
    """A value as the table has it."""
    if value is None or value != value:
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if column.endswith("_mb") else f"{value:.2f}"


def write_table(path: Path, rows: list[dict]) -> None:
    """Write the rows."""
    lines = ["\t".join(text(row[column], column) for column in COLUMNS) for row in rows]
    path.write_text("\n".join(["\t".join(COLUMNS), *lines]) + "\n")


def print_table(rows: list[dict]) -> None:
    """Print a line for each stage and axis."""
    print("axis\tstage\tsizes\tCPU s\tpeak MB\timports MB\texponent\tbetween the last two\tnot run")
    for key in dict.fromkeys((row["axis"], row["stage"]) for row in rows):
        own = [row for row in rows if (row["axis"], row["stage"]) == key]
        done = [row for row in own if not row["note"]]
        listed = [", ".join(text(row[column], column) for row in done) for column in ("size", "cpu_s", "peak_mb")]
        slope, error, last = (text(own[0][column], column) for column in COLUMNS[6:9])
        left_out = "; ".join(f"{row['size']}: {row['note']}" for row in own if row["note"])
        imports = text(max((row["imports_mb"] for row in done), default=None), "_mb")
        print(*key, *listed, imports, f"{slope} ± {error}" if error else slope, last, left_out, sep="\t")


def rows_of_others(table: Path, stages: Sequence[str]) -> list[dict]:
    """Rows of a table, as they stand there, that say nothing of the stages that are measured."""
    if not table.exists():
        return []
    with table.open() as handle:
        return [row for row in csv.DictReader(handle, delimiter="\t") if row["stage"] not in stages]


def grow(all_axes: list[Axis], stages: Sequence[str], out: Path, scratch: str | None) -> None:
    """Measure stages along all axes; the table is written after every size, and drawn at the end."""
    out.mkdir(parents=True, exist_ok=True)
    place = [(axis.name, stage) for axis in all_axes for stage in axis.stages]
    measured = [replace(axis, stages=tuple(stage for stage in axis.stages if stage in stages)) for axis in all_axes]
    measured = [axis for axis in measured if axis.stages]
    start, done, total = time.monotonic(), 0, sum(len(axis.values) for axis in measured)
    warm_up(scratch)
    rows = rows_of_others(out / "scaling.tsv", stages)
    for axis in measured:
        costs = {stage: [] for stage in axis.stages}
        for value in axis.values:
            minutes = (time.monotonic() - start) / 60
            print(f"{axis.name} {value:,} ({done} of {total} sizes done, {minutes:.1f} min)", file=sys.stderr)
            measure_size(axis, value, costs, scratch)
            write_table(out / "scaling.tsv", rows + rows_of(axis, costs))
            done += 1
        rows += rows_of(axis, costs)
    rows.sort(key=lambda row: place.index((row["axis"], row["stage"])))
    write_table(out / "scaling.tsv", rows)
    print_table(rows)
    import pandas as pd
    from scaling_figure import draw

    labels = {axis.name: axis.unit for axis in all_axes}
    draw(pd.read_csv(out / "scaling.tsv", sep="\t"), labels, out / "scaling.pdf", out / "scaling.png")


def warm_up(scratch: str | None) -> None:
    """Compile what is compiled once per installation."""
    with TemporaryDirectory(dir=scratch) as name:
        run("scaling_inputs.py", name, *Size(100, motifs=10).arguments(), "comparison")
        run("scaling_stages.py", "comparison", name, "300")


def memory(genes: int, window: int, scratch: str | None) -> None:
    """Print what the stages take at one size, with all known motifs."""
    size = Size(genes, window, motifs=KNOWN)
    print(f"{genes:,} promoters of {window:,} bases\nstage\tCPU s\tpeak MB\timports MB\tverdict")
    with TemporaryDirectory(dir=scratch) as name:
        run("scaling_inputs.py", name, *size.arguments(), *MEMORY_STAGES)
        for stage in MEMORY_STAGES:
            printed, peak = run("scaling_stages.py", stage, name, str(window))
            seconds, imports = map(float, printed.split()[-2:])
            verdict = "below" if peak < AIM_MB else "not below"
            print(f"{stage}\t{seconds:.1f}\t{peak:.0f}\t{imports:.0f}\t{verdict} {AIM_MB} MB", flush=True)


def main() -> None:
    """Read the options and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="sizes that take a few minutes")
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=STAGES, help="all by default")
    parser.add_argument("--memory", action="store_true", help="peak memory of 60,000 promoters of 2,000 bases instead")
    parser.add_argument("--out", type=Path, default=HERE / "results", help="folder of the table and the figure")
    parser.add_argument("--scratch", help="folder for the input; the system's by default")
    options = parser.parse_args()
    if options.memory:
        memory(6000 if options.small else 60_000, 2000, options.scratch)
    else:
        grow(SMALL if options.small else FULL, options.stages, options.out, options.scratch)


if __name__ == "__main__":
    main()
