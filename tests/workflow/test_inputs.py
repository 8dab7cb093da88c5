"""Input files that the configuration names by their address: fetched once, the same offline, refused when changed."""

import gzip
import shutil

import pytest

from ..unit.portal_server import Portal

MEME = """MEME version 4

ALPHABET= ACGT

MOTIF one
letter-probability matrix: alength= 4 w= 3
1 0 0 0
0 1 0 0
0 0 0.5 0.5
"""
DATABASE = "results/mine/motifs/database.meme"
PATH = "/motifs/mine.meme.gz"


@pytest.fixture
def server():
    with Portal() as server:
        server.files[PATH] = gzip.compress(MEME.encode(), mtime=0)
        yield server


@pytest.fixture
def project(checkout):
    """The copy with stand-ins for genome and annotation."""
    (checkout.path / "input").mkdir()
    for name in ("genome.fa", "genes.gtf", "expression.tsv"):
        (checkout.path / "input" / name).write_text("not read here\n")
    return checkout


def config(server, **change):
    files = {"genome": "input/genome.fa", "annotation": "input/genes.gtf", "expression": "input/expression.tsv"}
    return {"dataset": "mine", **files, "cell_types": None, "motif_database": server.url + PATH, **change}


def test_file_is_fetched_once_and_offline_gives_the_same_bytes(project, server):
    host = server.url.removeprefix("http://")
    downloads = project.path / "downloads"
    name = host.replace(":", "_") + PATH
    downloads.mkdir()
    (downloads / "lock.txt").write_text(f"{name} {'0' * 64}\n")

    result = project.run(DATABASE, config=config(server))
    assert result.returncode != 0
    assert f"instead of {'0' * 64}. Fix: to take the new one from now on, delete the line of {name}" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (downloads / name).exists()

    (downloads / "lock.txt").unlink()
    result = project.run(DATABASE, config=config(server))
    assert result.returncode == 0, result.stderr[-3000:]
    assert (downloads / name).read_bytes() == server.files[PATH]
    log = project.results("mine") / "logs/fetch_input" / f"{name}.log"
    assert "first use: SHA-256" in log.read_text()
    database = (project.path / DATABASE).read_bytes()
    asked = len(server.requests)
    assert "Nothing to be done" in project.run(DATABASE, config=config(server)).stderr

    shutil.rmtree(project.results("mine"))
    (downloads / name).unlink()
    (project.path / "mirror/motifs").mkdir(parents=True)
    (project.path / "mirror" / PATH[1:]).write_bytes(server.files[PATH])
    result = project.run(DATABASE, config=config(server, mirror={host: "mirror"}))
    assert result.returncode == 0, result.stderr[-3000:]
    assert (project.path / DATABASE).read_bytes() == database
    assert len(server.requests) == asked, "a host for which a folder stands is never asked"


def test_whole_workflow_waits_for_files_from_the_network(project, server):
    urls = {key: f"{server.url}/{key}" for key in ("genome", "annotation", "expression")}
    sites = {"background": f"{server.url}/background"}
    grammar = {"core_elements": f"{server.url}/elements"}

    result = project.run("--dry-run", "all", config=config(server, **urls, sites=sites, grammar=grammar))

    assert result.returncode == 0, result.stderr[-3000:]
    planned = result.stdout + result.stderr
    folder = f"downloads/{server.url.removeprefix('http://').replace(':', '_')}"
    jobs = {job.split(":")[0]: job for job in planned.split("rule ")}
    assert planned.count("rule fetch_input:") == 6
    for rule, name in {
        "extract_promoters": "genome",
        "list_tss": "annotation",
        "join_expression": "expression",
        "motif_database": PATH[1:],
        "find_sites": "background",
        "motif_positions": "elements",
    }.items():
        assert f"{folder}/{name}" in jobs[rule], rule
    assert server.requests == []
