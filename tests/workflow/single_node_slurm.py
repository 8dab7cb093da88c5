"""A Slurm of one node that runs in a folder of its own: munged, slurmctld and slurmd, without accounting database."""

import getpass
import os
import secrets
import shlex
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol", "sinfo")
SYSTEM_FOLDERS = ("/usr/sbin", "/sbin")
"""Where daemons are installed; not on everybody's path."""
CPUS = 4
MEMORY = 16000
"""What the node claims to have, in MB, so that jobs fit on a smaller machine too: those of tests need little of it."""
PATIENCE = 60
"""Seconds after which a daemon that does not answer is given up."""

# Control groups need root and systemd; looking at a job's processes every second enforces its memory without.
CONFIGURATION = """\
ClusterName=single
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdParameters=config_overrides
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/filetxt
JobCompLoc={folder}/finished.txt
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory}
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


class NoSlurmError(Exception):
    """Slurm cannot run on this machine; the message says why."""


@dataclass(frozen=True)
class FinishedJob:
    """What Slurm noted of a job at its end: ``state`` is COMPLETED, FAILED, CANCELLED; ``memory`` what it asked for."""

    state: str
    memory: str
    folder: Path


@dataclass(frozen=True)
class SingleNodeSlurm:
    """A running Slurm, whose files are in ``folder``."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Environment in which the programs of Slurm find this one and no other."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SLURM_", "SBATCH_"))}
        path = os.pathsep.join([str(self.folder / "bin"), kept.get("PATH", os.defpath)])
        return {**kept, "PATH": path, "SLURM_CONF": str(self.folder / "slurm.conf")}

    def run(self, *command: str) -> str:
        """What a program of Slurm prints."""
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True)
        return done.stdout

    def active_jobs(self) -> list[str]:
        """Ids of the jobs that wait or run."""
        return self.run("squeue", "--noheader", "--format=%i").split()

    def finished_jobs(self, folder: Path) -> list[FinishedJob]:
        """The jobs that were submitted in a folder and have ended, first ended first."""
        notes = self.folder / "finished.txt"
        jobs = []
        for line in notes.read_text().splitlines() if notes.exists() else []:
            fields = dict(field.split("=", 1) for field in line.split() if "=" in field)
            asked = dict(pair.split("=") for pair in fields["Tres"].split(","))
            jobs.append(FinishedJob(fields["JobState"], asked["mem"], Path(fields["WorkDir"])))
        return [job for job in jobs if job.folder == folder]

    def cancel_all(self) -> None:
        """Cancel the jobs that wait or run, and wait for their end."""
        jobs = self.active_jobs()
        if jobs:
            self.run("scancel", *jobs)
        _wait_until(lambda: not self.active_jobs(), "squeue still lists cancelled jobs")


@contextmanager
def single_node_slurm(folder: Path) -> Iterator[SingleNodeSlurm]:
    """Run Slurm with its files in an empty folder; at the end its jobs and daemons are ended.

    Raises
    ------
    NoSlurmError
        If a program is missing or does not start.
    """
    programs = {name: _find(name) for name in PROGRAMS}
    slurm = SingleNodeSlurm(folder)
    _write_files(folder)
    _write_srun(folder, programs["srun"])
    with ExitStack() as stack:
        for name, arguments, is_ready in (
            ("munged", _munge_arguments(folder), (folder / "munge.socket").exists),
            ("slurmctld", ["-D", "-c"], lambda: _answers(slurm, "scontrol", "ping")),
            ("slurmd", ["-D", "-N", socket.gethostname()], lambda: _node_state(slurm) == "idle"),
        ):
            log = folder / f"{name}.out"
            stack.enter_context(_daemon([programs[name], *arguments], slurm.environment, log))
            try:
                _wait_until(is_ready, f"{name} does not run")
            except TimeoutError as error:
                raise NoSlurmError(f"{error}: {' '.join(log.read_text().splitlines()[-3:])}") from None
        stack.callback(slurm.cancel_all)
        yield slurm


def _find(program: str) -> str:
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS]))
    if found is None:
        raise NoSlurmError(f"{program} is not installed (Debian: apt-get install slurm-wlm munge)")
    return found


def _write_files(folder: Path) -> None:
    for name in ("state", "spool"):
        (folder / name).mkdir()
    key = folder / "munge.key"
    key.touch(mode=0o600)
    key.write_bytes(secrets.token_bytes(128))
    controller_port, node_port = _free_ports(2)
    configuration = CONFIGURATION.format(
        folder=folder,
        host=socket.gethostname(),
        user=getpass.getuser(),
        controller_port=controller_port,
        node_port=node_port,
        cpus=CPUS,
        memory=MEMORY,
    )
    (folder / "slurm.conf").write_text(configuration)


def _write_srun(folder: Path, program: str) -> None:
    # Snakemake's plugin takes all variables of Slurm from the environment of srun, and with them the way to this one.
    script = folder / "bin" / "srun"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nSLURM_CONF={shlex.quote(str(folder))}/slurm.conf exec {program} "$@"\n')
    script.chmod(0o755)


def _munge_arguments(folder: Path) -> list[str]:
    # Forced, as the folders of tests are closed to others, which munged takes for a mistake.
    files = [f"--{name}-file={folder}/munge.{name}" for name in ("key", "pid", "log", "seed")]
    return ["--foreground", "--force", f"--socket={folder}/munge.socket", *files]


def _free_ports(number: int) -> list[int]:
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(number)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


@contextmanager
def _daemon(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    with log.open("w") as output:
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until(is_true: Callable[[], bool], complaint: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{complaint} after {PATIENCE} seconds")
        time.sleep(0.2)


def _answers(slurm: SingleNodeSlurm, *command: str) -> bool:
    try:
        slurm.run(*command)
    except subprocess.CalledProcessError:
        return False
    return True


def _node_state(slurm: SingleNodeSlurm) -> str:
    return slurm.run("sinfo", "--noheader", "--format=%T").strip()
