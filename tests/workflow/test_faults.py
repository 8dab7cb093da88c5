"""Kills, full disks, read-only folders, clocks that jump, two runs at once: nothing half-written counts as done."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import yaml

from .conftest import ROOT, SMALL, Checkout, copy_checkout, write_small_inputs
from .run_hashes import hashes

KILLS = 30
TARGET = "quality_control"
"""The first stages, which all faults but kills are tried on."""
FIRST = "results/small/promoters/tss.tsv"
DAY = 86_400
DEADLINE = 900


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory) -> dict[str, str]:
    """Hashes of the first stages of a run that nothing happens to."""
    checkout = copy_checkout(tmp_path_factory.mktemp("undisturbed") / "cisformula")
    write_small_inputs(checkout.path / "input")
    result = checkout.run(TARGET, config=SMALL)
    assert result.returncode == 0, result.stderr[-3000:]
    return hashes(checkout.results())


@dataclass
class Started:
    """A run in a process group of its own, which writes what it says to a file."""

    process: subprocess.Popen
    output: Path

    def jobs_done(self) -> int:
        """How many jobs have been finished since the start."""
        return len(re.findall(r"^Finished jobid", self.output.read_text(), re.MULTILINE))

    def wait_for(self, happened) -> None:
        """Wait until something has happened, or the run has ended."""
        deadline = time.monotonic() + DEADLINE
        while not happened() and self.process.poll() is None:
            assert time.monotonic() < deadline, self.output.read_text()[-3000:]
            time.sleep(0.05)

    @contextmanager
    def held(self) -> Iterator[None]:
        """While it lasts, the run and its jobs stand still."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """Kill the run and its jobs, so that none of them can tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def start(checkout: Checkout, *arguments: str) -> Started:
    """Start a run that is not waited for."""
    (checkout.path / "test.yaml").write_text(yaml.safe_dump(SMALL))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", *arguments, "--configfile", "test.yaml"]
    output = checkout.path / "output.txt"
    with open(output, "w") as handle:
        process = subprocess.Popen(
            command, cwd=checkout.path, stdin=subprocess.DEVNULL, stdout=handle, stderr=handle, start_new_session=True
        )
    return Started(process, output)


@contextmanager
def small_disk(folder: Path, kilobytes: int):
    """A file system of its own, in memory, on a folder; gives a function that mounts it anew with other options."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting a file system needs root")
    try:
        yield lambda options: subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_named_and_a_larger_one_ends_the_run(small, undisturbed):
    with small_disk(small.results(), kilobytes=100) as remount:
        failed = small.run(TARGET, config=SMALL)
        assert failed.returncode != 0
        assert "ERROR: " in failed.stderr
        assert "No space left on device" in failed.stderr
        assert "Fix: free some space" in failed.stderr
        assert "Traceback" not in failed.stderr

        remount("size=100m")
        assert small.run(TARGET, config=SMALL).returncode == 0
        assert hashes(small.results()) == undisturbed


def test_read_only_results_are_named_and_lose_nothing(small, undisturbed):
    with small_disk(small.results(), kilobytes=100_000) as remount:
        assert small.run(FIRST, config=SMALL).returncode == 0
        before = hashes(small.results())
        remount("ro")
        failed = small.run(TARGET, config=SMALL)
        assert failed.returncode != 0
        assert "Read-only file system" in failed.stderr
        assert hashes(small.results()) == before

        remount("rw")
        assert small.run(TARGET, config=SMALL).returncode == 0
        assert hashes(small.results()) == undisturbed


def shift_times(folder: Path, seconds: float) -> None:
    """Let the files of a folder be younger or older than they are."""
    for path in folder.rglob("*"):
        shifted = path.stat().st_mtime + seconds
        os.utime(path, (shifted, shifted))


def test_a_clock_that_jumps_ahead_changes_no_result(small, undisturbed):
    """The first files are of yesterday."""
    assert small.run(FIRST, config=SMALL).returncode == 0
    shift_times(small.results(), -DAY)

    assert small.run(TARGET, config=SMALL).returncode == 0
    assert hashes(small.results()) == undisturbed


def test_a_clock_that_jumps_back_is_named_until_the_files_are_dated_anew(small, undisturbed):
    """The first files are of tomorrow: what is made from them would look older than they are."""
    assert small.run(FIRST, config=SMALL).returncode == 0
    shift_times(small.results(), DAY)
    failed = small.run(TARGET, config=SMALL)
    assert failed.returncode != 0
    assert "clock skew" in failed.stderr

    amends = re.search(r"`(find results -newermt now .*)`", (ROOT / "profiles" / "README.md").read_text())[1]
    subprocess.run(amends, cwd=small.path, shell=True, check=True)
    assert small.run(TARGET, config=SMALL).returncode == 0
    assert hashes(small.results()) == undisturbed


def test_a_second_run_in_the_same_folder_is_refused_and_harms_nothing(small, undisturbed):
    first = start(small, TARGET)
    first.wait_for(lambda: "Execute " in first.output.read_text())
    with first.held():
        second = small.run(TARGET, config=SMALL)

    assert second.returncode != 0
    assert "LockException" in second.stderr
    assert first.process.wait(timeout=DEADLINE) == 0
    assert hashes(small.results()) == undisturbed


@pytest.mark.faults
def test_no_kill_leaves_anything_that_is_taken_for_good(finished, small):
    """Thirty kills, every few jobs from the first stage to the last; between them the run goes on by itself."""
    rng = np.random.default_rng(1)
    running = []
    for kill in range(KILLS):
        assert small.run("--unlock", config=SMALL).returncode == 0
        run = start(small)
        jobs = int(rng.integers(1, 4))
        run.wait_for(lambda run=run, jobs=jobs: run.jobs_done() >= jobs)
        time.sleep(rng.uniform(0, 4))
        assert run.process.poll() is None, f"the run ended before kill {kill + 1}: {run.output.read_text()[-2000:]}"
        run.kill()
        running.append(running_rules(run.output.read_text()))
        print(f"kill {kill + 1} of {KILLS}: {', '.join(running[-1])}")

    assert small.run("--unlock", config=SMALL).returncode == 0
    last = small.run(config=SMALL)
    assert last.returncode == 0, last.stderr[-3000:]
    assert hashes(small.results()) == hashes(finished.results())
    assert len({rule for rules in running for rule in rules}) >= KILLS / 2, "kills fall on many stages"


def running_rules(output: str) -> list[str]:
    """Rules whose jobs were started and not finished, from what Snakemake has said."""
    started = re.findall(r"^(?:local)?rule (\w+):.*?\n    jobid: (\d+)$", output, re.MULTILINE | re.DOTALL)
    done = set(re.findall(r"^Finished jobid: (\d+)", output, re.MULTILINE))
    return [rule for rule, job in started if job not in done]
