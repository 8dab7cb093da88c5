"""TSSs of hand-made annotations: positions, gene ids, ranks."""

import gzip
import os
import time
from pathlib import Path

import pytest

from cisformula.annotation import detect_format, list_tss

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))

GTF = """#!genome-build x
chr1	t	gene	101	900	.	+	.	gene_id "G1"; gene_name "ALPHA";
chr1	t	transcript	201	900	.	+	.	gene_id "G1"; gene_name "ALPHA"; transcript_id "ALPHA_10";
chr1	t	exon	201	900	.	+	.	gene_id "G1"; gene_name "ALPHA"; transcript_id "ALPHA_10";
chr1	t	transcript	301	900	.	+	.	gene_id "G1"; gene_name "ALPHA"; transcript_id "ALPHA_2"; note "# ; in it";
chr1	t	transcript	101	900	.	+	.	gene_id "G1"; gene_name "ALPHA"; transcript_id "ALPHA_3";
chr1	t	transcript	301	800	.	+	.	gene_id "G1"; gene_name "ALPHA"; transcript_id "ALPHA_20";
chr2	t	transcript	11	500	.	-	.	gene_id G2; transcript_id T1;
chr2	t	transcript	11	700	.	-	.	gene_id G2; transcript_id T2;
"""

GFF3 = """##gff-version 3
1	e	gene	101	900	.	+	.	ID=gene:G1;Name=ALPHA;biotype=protein_coding
1	e	mRNA	101	900	.	+	.	ID=transcript:T1;Parent=gene:G1;Name=ALPHA-201
1	e	mRNA	301	900	.	+	.	ID=transcript:T2;Parent=gene:G1;tag=basic,Ensembl_canonical
1	e	ncRNA_gene	50	90	.	-	.	ID=gene:G2;description=one %3B two
1	e	lnc_RNA	50	90	.	-	.	ID=transcript:T3;Parent=gene:G2
1	e	miRNA	50	90	.	-	.	ID=m1;Parent=transcript:T3
##FASTA
>1
ACGT
"""

BED = """track name=tss
chr1\t200\t201\tALPHA_2\tG1\t+
chr1\t100\t101\tALPHA_1\tG1\t+
chr1\t300\t320\tBETA_1\tG2\t-
chr1\t400\t420\tGAMMA_1\t.\t+
"""


def tss_of(tmp_path, text, **options):
    path = tmp_path / "annotation.gz"
    path.write_bytes(gzip.compress(text.encode()))
    plain = tmp_path / "annotation"
    plain.write_text(text)
    table = list_tss(path, **options)
    assert table.equals(list_tss(plain, **options)), "gzip and plain agree"
    return [tuple(row) for row in table[["gene_id", "tss", "transcript_id", "rank"]].itertuples(index=False)]


def test_gtf_counts_from_one_and_takes_the_five_prime_end(tmp_path):
    rows = tss_of(tmp_path, GTF)
    assert ("G1", 200, "ALPHA_10", 3) in rows, "plus strand: start - 1"
    assert ("G2", 499, "T1", 1) in rows, "minus strand: end - 1"


def test_lowest_number_comes_first_and_equal_tss_are_one(tmp_path):
    rows = tss_of(tmp_path, GTF)
    assert [row[2:] for row in rows if row[0] == "G1"] == [("ALPHA_2", 1), ("ALPHA_3", 2), ("ALPHA_10", 3)]


def test_most_upstream_follows_the_strand(tmp_path):
    rows = tss_of(tmp_path, GTF, rule="most_upstream")
    assert [row[1] for row in rows] == [100, 200, 300, 699, 499]
    assert [row[3] for row in rows] == [1, 2, 3, 1, 2]


@pytest.mark.parametrize(
    ("tags", "first"),
    [
        (["basic", "Ensembl_canonical"], "T_2"),
        (["MANE_Select", "Ensembl_canonical"], "T_1"),
        (["Ensembl_canonical", "MANE_Select"], "T_2"),
        (["basic", "appris_principal_1"], "T_2"),
        (["appris_principal_2", "Ensembl_canonical"], "T_2"),
        (["basic", "basic"], "T_1"),
    ],
)
def test_canonical_tags_outrank_numbers(tmp_path, tags, first):
    lines = [
        f'1\tt\ttranscript\t{100 * i}\t900\t.\t+\t.\tgene_id "G"; transcript_id "T_{i}"; tag "basic"; tag "{tag}";'
        for i, tag in enumerate(tags, start=1)
    ]
    assert tss_of(tmp_path, "\n".join(lines) + "\n")[0][2] == first


def test_versions_of_accessions_are_no_numbers(tmp_path):
    lines = [
        f'1\tt\ttranscript\t{start}\t900\t.\t+\t.\tgene_id "G"; transcript_id "{name}";'
        for start, name in ((10, "ENST00000000009.7"), (20, "ENST00000000001.2"), (30, "NM_000546.1"))
    ]
    assert [row[1] for row in tss_of(tmp_path, "\n".join(lines))] == [9, 19, 29], "file order"


def test_gff3_finds_genes_through_parents(tmp_path):
    rows = tss_of(tmp_path, GFF3)
    assert rows == [("G1", 300, "T2", 1), ("G1", 100, "T1", 2), ("G2", 89, "T3", 1)]
    assert list_tss(tmp_path / "annotation")["gene_name"].tolist() == ["ALPHA", "ALPHA", "G2"]


@pytest.mark.parametrize(
    ("attributes", "gene"),
    [
        ("ID=YAL001C_tx0;Name=YAL001C_tx0", "YAL001C"),
        ("ypd=1;ID=YAL003W_id003", "YAL003W"),
        ("ID=YML054C-A", "YML054C-A"),
        ("ID=AT1G01010.1;Parent=AT1G01010", "AT1G01010"),
        ("ID=t1;gene_id=G%2C1", "G,1"),
        ("ID=rna-NM_000546.6;gene=TP53", "NM_000546.6"),
    ],
)
def test_gff3_without_genes_derives_the_gene_id(tmp_path, attributes, gene):
    text = f"##gff-version 3\n1\tx\tprimary_transcript\t11\t20\t.\t+\t.\t{attributes}\n"
    assert tss_of(tmp_path, text)[0][:2] == (gene, 10)


def test_genes_serve_where_there_are_no_transcripts(tmp_path):
    gff = (
        "##gff-version 3\n1\tx\tgene\t11\t20\t.\t-\t.\tID=gene:G1;Name=N1\n1\tx\tCDS\t11\t20\t.\t-\t.\tParent=gene:G1\n"
    )
    assert tss_of(tmp_path, gff) == [("G1", 19, "G1", 1)]
    gtf = '1\tx\tgene\t11\t20\t.\t+\t.\tgene_id "G1";\n1\tx\texon\t11\t20\t.\t+\t.\tgene_id "G1";\n'
    assert tss_of(tmp_path, gtf) == [("G1", 10, "G1", 1)]


def test_bed_gene_column_and_tss(tmp_path):
    assert tss_of(tmp_path, BED, bed_gene_column=5) == [
        *[("G1", 100, "ALPHA_1", 1), ("G1", 200, "ALPHA_2", 2), ("G2", 319, "BETA_1", 1)]
    ]
    assert list_tss(tmp_path / "annotation", bed_gene_column=5)["gene_name"].tolist() == ["ALPHA", "ALPHA", "BETA"]
    middle = tss_of(tmp_path, BED, bed_gene_column=4, bed_tss="midpoint", rule="given")
    assert [row[:2] for row in middle] == [("ALPHA_2", 200), ("ALPHA_1", 100), ("BETA_1", 310), ("GAMMA_1", 410)]


def test_a_gene_on_two_chromosomes_keeps_its_first_place_first(tmp_path):
    lines = [f'{c}\tt\ttranscript\t{s}\t900\t.\t+\t.\tgene_id "G";' for c, s in (("X", 500), ("Y", 100), ("X", 300))]
    assert [row[1] for row in tss_of(tmp_path, "\n".join(lines), rule="most_upstream")] == [299, 499, 99]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('1\tx\tgene\t1\t2\t.\t+\t.\tgene_id "a=b";', "gtf"),
        ("1\tx\tgene\t1\t2\t.\t+\t.\tID=a", "gff3"),
        ("1\t1\t2\ta\t0\t+", "bed"),
        ("1\t1\t2\ta\t0\t+\t1\t2\t0\t1\t1,\t0,", "bed"),
    ],
)
def test_format_is_recognised_by_content(tmp_path, line, kind):
    path = tmp_path / "x.txt"
    path.write_text(f"# comment\n\n{line}\n")
    assert detect_format(path) == kind
    assert len(list_tss(path)) == 1


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_human_gtf_and_bed_agree():
    start = time.monotonic()
    gtf = list_tss(DATA / "human" / "epdnew_hg38.gtf.gz")
    assert time.monotonic() - start < 5
    bed = list_tss(DATA / "human" / "epdnew_hg38_tss.bed.gz", bed_gene_column=5)
    columns = ["gene_id", "chrom", "tss", "strand", "transcript_id", "rank"]
    assert gtf["gene_id"].nunique() == 15_546
    sides = [table[columns].sort_values(columns).reset_index(drop=True) for table in (gtf, bed)]
    assert sides[0].equals(sides[1])


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_yeast_gff3_gives_systematic_names():
    table = list_tss(DATA / "yeast" / "orfs.gff.gz")
    assert table["gene_id"].str.fullmatch(r"Y[A-P][LR]\d{3}[WC](-[A-Z])?").mean() > 0.99
    assert len(table) == 5696
