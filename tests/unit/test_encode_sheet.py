"""Sample sheets: what is read, and a message with line and fix for every kind of mistake."""

import os
from pathlib import Path

import pytest

from cisformula.encode.sheet import Sample, all_accessions, read_samples, same_files, write_cell_types
from cisformula.errors import InputError

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))
HEADER = "Sample.ID\tType\tGerm.layer\tRNA\n"
LIVER = "liver\ttissue\tENDODERM\tENCFF000AAA.tsv; ENCFF000AAB.tsv\n"
K562 = "K562\tcell line\tNA\tENCFF000AAC\n"


@pytest.fixture
def read(tmp_path):
    def run(text, sample_column="Sample.ID", file_column="RNA"):
        (tmp_path / "sheet.tsv").write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_samples(tmp_path / "sheet.tsv", sample_column, file_column)

    return run


def test_cell_types_replicates_and_attributes(read):
    assert read(HEADER + LIVER + "\n" + K562) == [
        Sample("liver", ("ENCFF000AAA", "ENCFF000AAB"), {"Type": "tissue", "Germ.layer": "ENDODERM"}),
        Sample("K562", ("ENCFF000AAC",), {"Type": "cell line", "Germ.layer": ""}),
    ]


@pytest.mark.parametrize(
    "cell", ["ENCFF000AAA,ENCFF000AAB", "ENCFF000AAA ENCFF000AAB.tsv", "ENCFF000AAA.tsv;ENCFF000AAB;"]
)
def test_separators_of_accessions(read, cell):
    (sample,) = read(f"Sample.ID\tRNA\nliver\t{cell}\n")
    assert sample.accessions == ("ENCFF000AAA", "ENCFF000AAB")


def test_sheets_as_excel_and_r_write_them(read):
    text = "\ufeff" + HEADER + 'liver\ttissue\t"meso, endo"\t"ENCFF000AAA.tsv; ENCFF000AAB.tsv"\n'
    (sample,) = read(text.replace("\n", "\r\n"))
    assert sample.attributes["Germ.layer"] == "meso, endo"
    assert len(sample.accessions) == 2


def test_other_column_names(read):
    assert read("files\tname\nENCFF000AAA\tliver\n", "name", "files") == [Sample("liver", ("ENCFF000AAA",), {})]


@pytest.mark.parametrize(
    ("text", "line", "expected"),
    [
        ("", "", "is empty"),
        (HEADER, "", "no lines"),
        (b"PK\x03\x04rest", "", "Excel workbook"),
        (HEADER.replace("RNA", "files"), ":1", r"no column 'RNA' \(its columns: Sample.ID, Type, Germ.layer, files\)"),
        (HEADER.replace("Sample.ID", "name"), ":1", "no column 'Sample.ID'"),
        (HEADER.replace("Type", "Germ.layer") + LIVER, ":1", "two columns are called 'Germ.layer'"),
        (HEADER + LIVER + "K562\tENCFF000AAC\n", ":3", "2 columns, the header has 4"),
        (HEADER + K562 + "\n\n" + K562, ":5", "'K562' stands already in line 2"),
        (HEADER + LIVER.replace("liver", " "), ":2", "no name"),
        (HEADER + "liver\ttissue\tNA\tNA\n", ":2", "no file in column 'RNA'"),
        (HEADER + LIVER.replace("AAB.tsv", "AAA"), ":2", "ENCFF000AAA is listed twice"),
        *(
            (HEADER + LIVER + K562.replace("ENCFF000AAC", wrong), ":3", f"'{wrong}' is not the accession")
            for wrong in ("ENCSR000AAC", "ENCFF00AAC", "encff000aac", "ENCFF000AAC.bam", "ENCFF000AACD", "../AAC")
        ),
    ],
)
def test_mistakes_are_told_with_their_line(read, tmp_path, text, line, expected):
    with pytest.raises(InputError, match=expected) as caught:
        read(text)
    assert caught.value.place == f"{tmp_path / 'sheet.tsv'}{line}"


def test_every_file_once_and_cell_types_of_the_same_files():
    samples = [Sample(name, tuple(files), {}) for name, files in {"a": "xy", "b": "z", "c": "yx", "d": "x"}.items()]
    assert all_accessions(samples) == ["x", "y", "z"]
    assert same_files(samples) == [["a", "c"]]


@pytest.mark.parametrize(
    ("group_column", "expected"),
    [
        (None, "cell_type\tType\tGerm.layer\nliver\ttissue\tENDODERM\nK562\tcell line\t\n"),
        ("Type", "cell_type\tgroup\tGerm.layer\nliver\ttissue\tENDODERM\nK562\tcell line\t\n"),
    ],
)
def test_cell_type_sheet(read, tmp_path, group_column, expected):
    write_cell_types(tmp_path / "out.tsv", read(HEADER + LIVER + K562), group_column)
    assert (tmp_path / "out.tsv").read_text() == expected


def test_columns_that_do_not_fit_the_cell_type_sheet(read, tmp_path):
    with pytest.raises(InputError, match="no column 'Category' to group"):
        write_cell_types(tmp_path / "out.tsv", read(HEADER + LIVER), "Category")
    for column in ("cell_type", "group"):
        samples = read(HEADER.replace("Germ.layer", column) + LIVER)
        with pytest.raises(InputError, match=f"has a column '{column}'"):
            write_cell_types(tmp_path / "out.tsv", samples, "Type")
    assert not (tmp_path / "out.tsv").exists()


@pytest.mark.data
def test_sheet_of_the_154_cell_types():
    path = DATA / "paper" / "samples_154.tsv"
    if not path.exists():
        pytest.skip(f"no development data at {DATA} (set CISFORMULA_DATA)")
    samples = read_samples(path, "Sample.ID", "RNA.association.num")
    assert len(samples) == 154
    assert len(all_accessions(samples)) == 551
    assert same_files(samples) == [["E.adt.heart.left.ventricle", "E.adt.heart"]]
