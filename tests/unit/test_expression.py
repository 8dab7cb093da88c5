"""Expression matrices in every spelling, their scales and missing values, and the join."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cisformula import expression as ex

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))
MATRIX = pd.DataFrame(
    [[1.0, 10.0, 0.0], [0.9, np.nan, 99.9], [5.0, 6.0, 7.0]], index=["G1", "G2", "G3"], columns=["liver", "T cell", "B"]
)
SPELLINGS = {
    "tab": "gene\tliver\tT cell\tB\nG1\t1\t10\t0\nG2\t0.9\t\t99.9\nG3\t5\t6\t7\n",
    "no last newline": "gene\tliver\tT cell\tB\nG1\t1\t10\t0\nG2\t0.9\tNA\t99.9\nG3\t5\t6\t7",
    "comma and quotes": '"gene","liver","T cell","B"\n"G1",1,1e1,0\n"G2",.9,NA,99.9\n"G3",5,6,7\n',
    "semicolon": "gene;liver;T cell;B\nG1;1;10;0\nG2;0.9;nan;99.9\nG3;5;6;7\n",
    "R header": "liver\tT cell\tB\nG1\t1\t10\t0\nG2\t0.9\tNA\t99.9\nG3\t5\t6\t7\n",
    "Windows": "gene\tliver\tT cell\tB\r\nG1\t1\t10\t0\r\nG2\t0.9\t\t99.9\r\nG3\t5\t6\t7\r\n",
    "byte order mark": "\ufeffgene\tliver\tT cell\tB\nG1\t1\t10\t0\nG2\t0.9\t\t99.9\nG3\t5\t6\t7\n\n",
}


@pytest.fixture
def write(tmp_path):
    def writer(text, name="file"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return writer


def promoters(ids):
    n = len(ids)
    return pd.DataFrame(
        {"gene_id": ids, "gene_name": ids, "chrom": "1", "tss": range(n), "strand": "+", "gc": 0.5, "cpg_oe": 0.5}
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_spelling_gives_the_same_matrix(write, spelling, packed):
    content = SPELLINGS[spelling].encode()
    found = ex.read_matrix(write(gzip.compress(content) if packed else content))
    pd.testing.assert_frame_equal(found, MATRIX.rename_axis("gene_id"))


def test_columns_are_read_in_the_order_asked_and_others_may_hold_text(write):
    path = write("gene\tname\tliver\tB\nG1\talpha\t1\t2\nG2\tbeta\t3\t4\n")
    found = ex.read_matrix(path, ["B", "liver"])
    assert found.to_numpy().tolist() == [[2, 1], [4, 3]]
    assert found.columns.tolist() == ["B", "liver"]


def test_gene_ids_stay_text(write):
    found = ex.read_matrix(write("gene\ta\tb\n007\t1\t2\n1e5\t3\t4\nNA\t5\t6\n"))
    assert found.index.tolist() == ["007", "1e5", "NA"]


def test_linear_values_become_log10():
    table = ex.to_log(MATRIX, "linear", 0.1, "zero", "x")
    assert table.loc["G2"].tolist() == pytest.approx([0, -1, 2])
    assert ex.to_log(-MATRIX, "log", 0.1, "drop_gene", "x").loc["G3"].tolist() == [-5, -6, -7]


def test_missing_values_follow_the_policy():
    assert ex.to_log(MATRIX, "linear", 0.1, "drop_gene", "x").index.tolist() == ["G1", "G3"]
    assert ex.to_log(MATRIX, "linear", 0.1, "median", "x").loc["G2", "T cell"] == pytest.approx(1.0)
    empty = pd.concat([MATRIX, pd.DataFrame(np.nan, ["G4"], MATRIX.columns)])
    assert ex.to_log(empty, "log", 0.1, "median", "x").index.tolist() == ["G1", "G2", "G3"]
    assert ex.to_log(empty, "log", 0.1, "zero", "x").loc["G4"].tolist() == [0, 0, 0]


def test_panel_and_list_choose_columns_in_matrix_order():
    sheet = pd.DataFrame({"cell_type": ["c", "b", "a"], "panel": ["Yes", "no", "yes"]})
    assert ex.choose_columns(["a", "b", "c"], None, sheet, "panel") == ["a", "c"]
    assert ex.choose_columns(["a", "b", "c"], ["c", "b"], None, None) == ["b", "c"]
    assert ex.choose_columns(["a", "b"], None, None, None) == ["a", "b"]


def test_cell_type_sheet_is_brought_to_matrix_order(write):
    sheet = ex.read_cell_types(write("cell_type\tgroup\tstage\nB\tblood\tadult\nliver\t\tfetal\nunused\tx\ty\n"))
    table = ex.describe_cell_types(sheet, ["liver", "B"])
    assert table.columns.tolist() == ["cell_type", "source", "group", "stage"]
    assert table.to_numpy().tolist() == [["liver", "", "all", "fetal"], ["B", "", "blood", "adult"]]
    assert ex.describe_cell_types(None, ["liver"]).to_numpy().tolist() == [["liver", "", "all"]]


@pytest.mark.parametrize("header", ["", "from\tto\n", "systematic\tcommon\n"])
def test_gene_id_map_with_or_without_header(write, header):
    gene_ids = ex.read_gene_id_map(write(header + "YAL1\tTFC3\nYAL2\tVPS8\nYAL2\tVPS8\n"))
    assert (gene_ids["YAL1"], gene_ids["YAL2"]) == ("TFC3", "VPS8")


@pytest.mark.parametrize(
    ("promoter_ids", "matrix_ids", "rows", "stripped"),
    [
        (["A.1", "B"], ["B", "A.1"], [1, 0], ""),
        (["E1", "E2"], ["E2.5", "E1.12"], [1, 0], "expression"),
        (["E1.3", "E2.1"], ["E2", "E3"], [-1, 0], "promoters"),
        (["E1.3", "E2.1"], ["E2.2", "E1.9"], [1, 0], "both"),
        (["S1.01", "S1.02"], ["S1.02", "S1.01"], [1, 0], ""),
    ],
)
def test_version_suffixes_are_left_out_only_where_that_joins_more(promoter_ids, matrix_ids, rows, stripped):
    found, what = ex.match_ids(pd.Series(promoter_ids), pd.Index(matrix_ids))
    assert (found.tolist(), what) == (rows, stripped)


def test_join_keeps_promoter_order_and_reports_losses():
    usable = pd.DataFrame({"a": [1.0, 2, 3, 9], "b": [3.0, 4, 5, 9]}, index=["y3", "y2", "y1", "y2b"])
    matrix = pd.concat([usable, pd.DataFrame({"a": [np.nan], "b": [1.0]}, index=["y5"])])
    gene_ids = {"y1": "g1", "y2": "g2", "y3": "g3", "y2b": "g2"}
    joined = ex.join(promoters(["g9", "g1", "g2", "g3"]), matrix, usable, gene_ids, 2, "x")
    assert joined.genes["gene_id"].tolist() == ["g1", "g2", "g3"]
    assert joined.rows.tolist() == [1, 2, 3]
    assert joined.genes["median"].tolist() == [4, 3, 2]
    assert joined.genes["target"].tolist() == pytest.approx([1.5**0.5, 0, -(1.5**0.5)])
    assert joined.expression["b"].to_dict() == {"g1": 5, "g2": 4, "g3": 3}
    report = joined.report.set_index("source")
    assert report.loc["promoters"].tolist() == [4, 1, "g9"]
    assert report.loc["expression"].tolist() == [5, 2, "y2b, y5"]
    assert report.loc["joined", "genes"] == 3


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_yeast_joins_through_its_gene_names():
    matrix = ex.read_matrix(DATA / "yeast" / "expression_173_conditions.tsv.gz")
    assert matrix.shape == (6152, 173)
    usable = ex.to_log(matrix, "log", 0.1, "median", "x")
    bed = pd.read_csv(DATA / "yeast" / "tss_adjusted.bed", sep="\t", header=None)
    gene_ids = ex.read_gene_id_map(DATA / "yeast" / "gene_names.tsv")
    joined = ex.join(promoters(bed[3].tolist()), matrix, usable, gene_ids, 200, "x")
    assert abs(len(joined.genes) - 6084) <= 5
    assert not np.isnan(joined.expression.to_numpy()).any()


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_human_panel():
    sheet = ex.read_cell_types(DATA / "human" / "cell_types.tsv")
    path = DATA / "human" / "expression.tsv.gz"
    used = ex.choose_columns(ex.read_header(path)[1][1:], None, sheet, "panel154")
    matrix = ex.read_matrix(path, used)
    assert matrix.shape == (18_533, 154)
    assert set(ex.describe_cell_types(sheet, used)["group"]) == {"cell_line", "tissue", "blood_cell"}
    assert len(ex.to_log(matrix, "linear", 0.1, "drop_gene", path)) == 16_049
