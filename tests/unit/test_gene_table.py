"""The table of genes: text stays text, numbers may be missing."""

import math

from cisformula import gene_table

HEADER = "gene_id\tgene_name\tchrom\ttss\tstrand\tgc\tcpg_oe\tmedian\ttarget\n"


def test_ids_stay_as_they_are_written_and_only_numbers_may_be_missing(tmp_path):
    path = tmp_path / "genes.tsv"
    path.write_text(HEADER + "NA\tnan\t1\t575\t+\t0.5\t\t1.5\t-0.25\n007\t\tX\t90\t-\t0.25\t1\t2\t0.5\n")
    table = gene_table.read(path)
    assert table[list(gene_table.TEXT)].to_numpy().tolist() == [["NA", "nan", "1", "+"], ["007", "", "X", "-"]]
    assert table["tss"].tolist() == [575, 90]
    assert math.isnan(table["cpg_oe"][0])
    assert table[["gc", "median", "target"]].to_numpy().tolist() == [[0.5, 1.5, -0.25], [0.25, 2.0, 0.5]]


def test_promoters_are_those_of_the_genes_that_entered_in_their_order(tmp_path):
    genes, promoters = tmp_path / "genes.tsv", tmp_path / "promoters.tsv"
    genes.write_text("gene_id\ttarget\nNA\t1\n007\t2\n")
    promoters.write_text("gene_id\tchrom\tstart\tend\tstrand\n7\t1\t0\t3\t+\n007\t2\t4\t7\t-\nNA\t3\t8\t11\t+\n")
    table = gene_table.promoters_of(genes, promoters)
    assert table.to_numpy().tolist() == [["NA", "3", 8, 11, "+"], ["007", "2", 4, 7, "-"]]
