"""Runs through a real Slurm with profiles/slurm: the same files, more memory for killed jobs, and resuming."""

import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT, SMALL, Checkout, copy_checkout, write_small_inputs
from .run_hashes import hashes
from .single_node_slurm import FinishedJob, NoSlurmError, SingleNodeSlurm, single_node_slurm

pytestmark = pytest.mark.slurm

SMALLER = {
    **SMALL,
    "splits": {"n_folds": 3, "compare": []},
    "model": {"runs": 3, "filters": 16, "epochs": 1},
    "comparison_networks": [],
}
NETWORK = "results/small/models/main/chromosome/run_0/card.json"
"""Four short jobs in one submission, then one training, which is interrupted."""
LAST_FILES = ["results/small/formula/selection_chromosome.tsv", "results/small/figures/training.png"]
"""What the second call asks for: more groups, a rule that is submitted alone, and a figure."""
SUBMISSIONS = 7
"""Of the second call, for nine jobs: known motifs, the training of three runs, learned motifs with two readings of
their hits, each reading of the hits of known motifs, the formula in each fold, and the figure.
"""
PATIENCE = 900
"""Seconds after which a call of Snakemake is given up."""
DEMO_SUBMISSIONS = 15
"""Of the 78 jobs of the demo with config/short.yaml."""
DEMO_PATIENCE = 3600
RULES_BEFORE_TRAINING = ("list_tss", "extract_promoters", "join_expression", "make_splits")


@dataclass(frozen=True)
class SlurmRun:
    """A run of the workflow in a private checkout, whose jobs Slurm runs."""

    slurm: SingleNodeSlurm
    checkout: Checkout

    def start(self, *targets: str, config: dict = SMALLER) -> subprocess.Popen:
        """Start Snakemake; it asks Slurm more often than the profile says, as these jobs are short."""
        (self.checkout.path / "test.yaml").write_text(yaml.safe_dump(config))
        # Children of what a script runs in the background ignore interrupts, unless told otherwise.
        command = ["env", "--default-signal=INT", sys.executable, "-m", "snakemake", *targets]
        command += ["--workflow-profile", "profiles/slurm"]
        command += ["--slurm-init-seconds-before-status-checks", "2", "--configfile", "test.yaml"]
        with self._log.open("w") as log:
            return subprocess.Popen(
                command,
                cwd=self.checkout.path,
                env=self.slurm.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def _log(self) -> Path:
        return self.checkout.path / "test.log"

    @property
    def output(self) -> str:
        """What the last call of Snakemake printed."""
        return self._log.read_text()

    @property
    def finished_jobs(self) -> list[FinishedJob]:
        """The jobs of this run that have ended."""
        return self.slurm.finished_jobs(self.checkout.path)


@dataclass(frozen=True)
class ResumedRun:
    """A run that was interrupted while a network was trained, and the call that went on with it."""

    run: SlurmRun
    interrupted: int
    jobs_at_interruption: list[FinishedJob]
    resumed: int


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A running Slurm; without one the tests are skipped."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(single_node_slurm(tmp_path_factory.mktemp("slurm")))
        except NoSlurmError as error:
            pytest.skip(f"no Slurm here: {error}")
        yield running


def _new_run(slurm: SingleNodeSlurm, folder: Path) -> SlurmRun:
    checkout = copy_checkout(folder / "cisformula")
    write_small_inputs(checkout.path / "input")
    return SlurmRun(slurm, checkout)


def _finish(process: subprocess.Popen, patience: float = PATIENCE) -> int:
    try:
        return process.wait(timeout=patience)
    finally:
        process.kill()


def _wait_for(path: Path, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + PATIENCE
    while not path.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)


@pytest.fixture(scope="module")
def resumed_run(slurm, tmp_path_factory):
    """Run through Slurm, interrupt while a network is trained, and run again, further."""
    run = _new_run(slurm, tmp_path_factory.mktemp("submitted"))
    process = run.start(NETWORK)
    _wait_for(run.checkout.results() / "logs" / "train_chromosome.log", process)
    process.send_signal(signal.SIGINT)
    interrupted = _finish(process)
    # The plugin overlooks a job whose state it is just asking for.
    slurm.cancel_all()
    jobs = run.finished_jobs
    resumed = _finish(run.start(*LAST_FILES))
    return ResumedRun(run, interrupted, jobs, resumed)


def test_a_second_call_goes_on_where_jobs_were_cancelled(resumed_run):
    assert resumed_run.interrupted != 0
    assert [job.state for job in resumed_run.jobs_at_interruption] == ["COMPLETED", "CANCELLED"]
    assert resumed_run.resumed == 0, resumed_run.run.output[-3000:]
    assert [rule for rule in RULES_BEFORE_TRAINING if f"rule {rule}:" in resumed_run.run.output] == []
    assert "rule train:" in resumed_run.run.output


def test_short_jobs_share_submissions_and_fit_the_memory_they_ask_for(resumed_run):
    states = [job.state for job in resumed_run.run.finished_jobs]

    assert states == ["COMPLETED", "CANCELLED"] + ["COMPLETED"] * SUBMISSIONS


def test_a_run_through_slurm_gives_the_files_of_a_local_one(resumed_run, small):
    local = small.run(*LAST_FILES, config=SMALLER)

    assert local.returncode == 0, local.stderr[-3000:]
    expected = hashes(small.results())
    assert {"formula/selection_chromosome.tsv", "figures/training.png", "motifs/learned.meme"} <= set(expected)
    assert hashes(resumed_run.run.checkout.results()) == expected


def test_a_job_killed_for_memory_is_tried_again_with_twice_as_much(slurm, tmp_path):
    run = _new_run(slurm, tmp_path)
    script = run.checkout.path / "workflow" / "scripts" / "motif_database.py"
    ballast = "import time\nballast = bytearray(1400 * 2**20)\ntime.sleep(5)\n"
    script.write_text(f"{ballast}{script.read_text()}")

    assert _finish(run.start("results/small/motifs/database.tsv")) == 0, run.output[-3000:]
    assert [(job.state, job.memory) for job in run.finished_jobs] == [("FAILED", "1000M"), ("COMPLETED", "2000M")]
    assert (run.checkout.results() / "motifs" / "database.tsv").exists()


@pytest.mark.cluster
def test_the_demo_through_slurm_gives_the_files_of_a_local_run(slurm, tmp_path):
    """All of `make demo`, twice: some twenty minutes on two cores."""
    short = yaml.safe_load((ROOT / "config" / "short.yaml").read_text())
    submitted, local = SlurmRun(slurm, copy_checkout(tmp_path / "submitted")), copy_checkout(tmp_path / "local")

    assert _finish(submitted.start(config=short), DEMO_PATIENCE) == 0, submitted.output[-3000:]
    assert local.run(config=short).returncode == 0
    assert hashes(submitted.checkout.results("demo")) == hashes(local.results("demo"))
    assert [job.state for job in submitted.finished_jobs] == ["COMPLETED"] * DEMO_SUBMISSIONS
