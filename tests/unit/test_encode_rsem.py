"""Gene quantifications in ENCODE's format: known means of known genes."""

import numpy as np
import pandas as pd
import pytest
from portal_server import quantification

from cisformula.encode.rsem import make_matrix, read_quantification
from cisformula.encode.sheet import Sample
from cisformula.errors import InputError

A, B, C, D = (f"ENSG0000000000{number}" for number in range(1, 5))
OTHERS = {"10904": 5, "gSpikein_ERCC-00002": 900.5, "gSpikein_phiX174": 1, "__no_feature": 3, "ENST00000000001.2": 4}


def read(tpm):
    return read_quantification(quantification(tpm), "file.tsv")


def test_versions_go_and_what_is_no_gene_is_left_out():
    found = read({"10904": 5, f"{B}.14": 2.5, **OTHERS, f"{A}.3": 0.07, C: 1})
    pd.testing.assert_series_equal(
        found.tpm, pd.Series([0.07, 2.5, 1.0], index=pd.Index([A, B, C], name="gene_id"), name="TPM")
    )
    assert (found.n_other, found.n_par) == (5, 0)


def test_genes_of_the_pseudoautosomal_regions_are_added_to_their_copies_on_x():
    x, older = "ENSG00000182378", "ENSG00000167393"
    found = read({f"{x}.13": 3, f"{A}.1": 9, f"{x}.13_PAR_Y": 0.5, f"{older}.12": 1, "ENSGR0000167393.12": 0.25})
    assert found.tpm.to_dict() == {x: 3.5, A: 9, older: 1.25}
    assert found.n_par == 2


def test_ids_of_other_species():
    assert read({"ENSMUSG00000000001.4": 7, "ENSRNOG00000000001": 8}).tpm.to_dict() == {
        "ENSMUSG00000000001": 7,
        "ENSRNOG00000000001": 8,
    }


@pytest.mark.parametrize(
    ("content", "place", "expected"),
    [
        (b"", ":1", "not a gene quantification"),
        (b"transcript_id\tgene_id\tTPM\nENST1\tENSG00000000001\t1\n", ":1", "columns transcript_id, gene_id"),
        (b"gene_id\tFPKM\nENSG00000000001\t1\n", ":1", "not a gene quantification"),
        (b"gene_id\tTPM\nENSG00000000001\t1\t2\t3\n", ":1", "2 in all, 4 in line 2"),
        (b"gene_id\tTPM\n", ":1", "not a gene quantification"),
        (b"gene_id\tTPM\nENSG00000000001\t1\nENSG00000000002\n", ":3", "the TPM of ENSG00000000002 is"),
        (quantification(OTHERS), "", "no gene has an Ensembl id"),
        (quantification({"10904": 1, A: 1, B: "high"}), ":4", f"the TPM of {B} is 'high'"),
        (quantification({A: "", B: 1}), ":2", f"the TPM of {A} is ''"),
        (quantification({A: -0.1}), ":2", "'-0.1', not a number of at least 0"),
        (quantification({A: "inf"}), ":2", "'inf'"),
        (quantification({f"{A}.1": 1, B: 1, f"{A}.2": 1}), ":4", f"gene {A}.2 has two rows"),
    ],
)
def test_other_formats_are_told(content, place, expected):
    with pytest.raises(InputError, match=expected) as caught:
        read_quantification(content, "file.tsv")
    assert caught.value.place == f"file.tsv{place}"


def test_replicates_are_averaged_and_genes_of_all_files_kept():
    tables = {
        "x": {f"{A}.1": 1, f"{B}.1": 2, f"{C}.1": 3, **OTHERS},
        "y": {f"{C}.2": 5, f"{A}.2": 2, f"{B}.2": 0, f"{D}.1": 7},
        "z": {C: 0.5, A: 10, D: 1},
    }
    samples = [Sample("first", ("x", "y"), {}), Sample("second", ("z",), {}), Sample("third", ("y",), {})]
    matrix, report = make_matrix(samples, lambda accession: read(tables[accession]))
    expected = pd.DataFrame(
        {"first": [1.5, 4.0], "second": [10.0, 0.5], "third": [2.0, 5.0]}, index=pd.Index([A, C], name="gene_id")
    )
    pd.testing.assert_frame_equal(matrix, expected)
    assert report.to_dict("list") == {
        "cell_type": ["first", "first", "second", "third"],
        "accession": ["x", "y", "z", "y"],
        "genes": [3, 4, 3, 4],
        "lost": [1, 2, 1, 2],
        "other_rows": [5, 0, 0, 0],
        "par_y_rows": [0, 0, 0, 0],
    }


def test_means_are_those_of_numpy_over_many_replicates():
    values = np.random.default_rng(3).gamma(0.3, 100, (7, 50)).round(2)
    genes = [f"ENSG{gene:011d}" for gene in range(50)]
    samples = [Sample("all", tuple("abcdefg"), {})]
    matrix, _ = make_matrix(samples, lambda name: read(dict(zip(genes, values["abcdefg".index(name)], strict=True))))
    np.testing.assert_allclose(matrix["all"], values.mean(axis=0), rtol=1e-12)


def test_files_without_a_common_gene():
    with pytest.raises(InputError, match="no gene is in every file"):
        make_matrix([Sample("a", ("x", "y"), {})], lambda name: read({A: 1} if name == "x" else {B: 1}))
