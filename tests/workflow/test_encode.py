"""A matrix from ENCODE files of a loopback portal, made by the workflow: right, once, and with clear failures."""

import re

import pandas as pd
import pytest

from ..unit.portal_server import Portal, quantification

GENES = [f"ENSG{number:011d}" for number in range(300)]
SHEET = """Sample.ID\tBiosample.type\tGerm.layer\tRNA.association.num
liver\ttissue\tENDODERM\tENCFF000AAA.tsv; ENCFF000AAB.tsv
K562\tcell line\tNA\tENCFF000AAC.tsv
"""
MATRIX = "results/mine/encode/expression.tsv.gz"


@pytest.fixture
def portal():
    with Portal() as portal:
        for accession, factor in {"ENCFF000AAA": 1, "ENCFF000AAB": 2, "ENCFF000AAC": 10}.items():
            tpm = {f"{gene}.{factor}": number * factor for number, gene in enumerate(GENES)}
            portal.put(accession, quantification({"10904": 3, **tpm, "gSpikein_ERCC-00002": 7}))
        yield portal


@pytest.fixture
def project(checkout):
    """The copy with a sample sheet and stand-ins for genome and annotation."""
    (checkout.path / "input").mkdir()
    (checkout.path / "input/samples.tsv").write_text(SHEET)
    for name in ("genome.fa", "genes.gtf"):
        (checkout.path / "input" / name).write_text("not read here\n")
    return checkout


def config(portal):
    return {
        "dataset": "mine",
        "genome": "input/genome.fa",
        "annotation": "input/genes.gtf",
        "expression": MATRIX,
        "cell_types": "results/mine/encode/cell_types.tsv",
        "encode": {"samples": "input/samples.tsv", "group_column": "Biosample.type", "base_url": portal.url},
    }


def test_matrix_is_made_once_and_nothing_fetched_twice(project, portal):
    portal.plan["ENCFF000AAB"] += [(503, {"Retry-After": "0"}), 3000]

    result = project.run(MATRIX, config=config(portal))

    assert result.returncode == 0, result.stderr[-3000:]
    folder = project.results("mine") / "encode"
    matrix = pd.read_csv(folder / "expression.tsv.gz", sep="\t", index_col="gene_id")
    expected = {"liver": [1.5 * number for number in range(300)], "K562": [10.0 * number for number in range(300)]}
    pd.testing.assert_frame_equal(matrix.astype(float), pd.DataFrame(expected, index=pd.Index(GENES, name="gene_id")))
    assert (folder / "cell_types.tsv").read_text() == (
        "cell_type\tgroup\tGerm.layer\nliver\ttissue\tENDODERM\nK562\tcell line\t\n"
    )
    assert pd.read_csv(folder / "join.tsv", sep="\t")["other_rows"].tolist() == [2, 2, 2]
    assert pd.read_csv(folder / "files.tsv", sep="\t")["md5_from"].tolist() == ["portal"] * 3
    packed = (folder / "expression.tsv.gz").read_bytes()
    assert packed[4:8] == bytes(4), "no time stamp in the gzip header"

    fetched = len(portal.requests)
    assert "Nothing to be done" in project.run(MATRIX, config=config(portal)).stderr
    (project.path / "input/samples.tsv").write_text(SHEET + "HepG2\tcell line\tNA\tENCFF000AAC\n")
    result = project.run(MATRIX, config=config(portal))
    assert result.returncode == 0, result.stderr[-3000:]
    assert "the same files make up K562 and HepG2" in result.stderr
    assert len(portal.requests) == fetched, "the new cell type needs no new file"
    matrix = pd.read_csv(folder / "expression.tsv.gz", sep="\t", index_col="gene_id")
    assert matrix["HepG2"].equals(matrix["K562"])


def test_failures_are_told_in_one_message_and_what_came_is_kept(project, portal):
    (project.path / "input/samples.tsv").write_text(SHEET + "HepG2\tcell line\tNA\tENCFF404AAA.tsv\n")

    result = project.run(MATRIX, config=config(portal))

    assert result.returncode != 0
    assert "1 of 4 files cannot be fetched" in result.stderr
    assert re.search(r"ENCFF404AAA\.tsv: does not exist", result.stderr)
    assert "Traceback" not in result.stderr
    assert len(list((project.results("mine") / "encode/files").glob("ENCFF*.tsv"))) == 3
    assert not (project.path / MATRIX).exists()

    fetched = len(portal.requests)
    (project.path / "input/samples.tsv").write_text(SHEET)
    assert project.run(MATRIX, config=config(portal)).returncode == 0
    assert len(portal.requests) == fetched


def test_mirror_gives_the_same_matrix_without_the_portal(project, portal):
    for accession, content in portal.files.items():
        path = project.path / f"mirror/files/{accession}/@@download/{accession}.tsv"
        path.parent.mkdir(parents=True)
        path.write_bytes(content)

    result = project.run(MATRIX, config=config(portal) | {"mirror": {portal.url.removeprefix("http://"): "mirror"}})

    assert result.returncode == 0, result.stderr[-3000:]
    matrix = pd.read_csv(project.path / MATRIX, sep="\t", index_col="gene_id")
    assert matrix["K562"].tolist() == [10.0 * number for number in range(300)]
    assert portal.requests == []


def test_mistake_in_the_sheet_is_told_with_its_line(project, portal):
    (project.path / "input/samples.tsv").write_text(SHEET.replace("ENCFF000AAC.tsv", "ENCFF000AAC.bam"))
    result = project.run(MATRIX, config=config(portal))
    assert result.returncode != 0
    assert "input/samples.tsv:3: 'ENCFF000AAC.bam' is not the accession of a table" in result.stderr
    assert portal.requests == []


def test_whole_workflow_builds_on_the_matrix(project, portal):
    result = project.run("--dry-run", "all", config=config(portal))
    assert result.returncode == 0, result.stderr[-3000:]
    planned = result.stdout + result.stderr
    for rule in ("fetch_encode_files", "make_encode_matrix", "join_expression", "cell_type_effects"):
        assert re.search(rf"^{rule} +1$", planned, flags=re.MULTILINE)
    join = re.search(r"^rule join_expression:\n(?:    .*\n)+", planned, flags=re.MULTILINE)[0]
    assert MATRIX in join
    assert "results/mine/encode/cell_types.tsv" in join
