"""Sites one by one: against every row of the real FIMO, against enumeration, and placed on the genome."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fimo_reference import read_reference

from cisformula import hits, site_table, sites
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement_codes

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.mark.data
def test_every_row_of_the_real_tool_and_no_other():
    reference = read_reference()
    found = sites.find_sites(reference.codes, reference.motifs, 1e-4)
    ours = pd.DataFrame(
        {
            "motif_id": found["motif"].astype(str),
            "sequence_name": [reference.sequence_names[row] for row in found["sequence"]],
            "start": found["start"] + 1,
            "stop": found["end"],
            "strand": np.where(found["strand"] > 0, "+", "-"),
            "score": [f"{score:.6g}" for score in found["score"]],
            "p-value": [f"{p:.3g}" for p in found["p_value"]],
        }
    )
    real = reference.rows[list(ours.columns)]
    keys = ["motif_id", "sequence_name", "start", "strand"]
    assert len(real) == 10_080
    real, ours = (table.sort_values(keys, ignore_index=True) for table in (real, ours))
    pd.testing.assert_frame_equal(ours, real, check_dtype=False)


def test_rows_equal_enumeration_of_all_windows():
    rng = np.random.default_rng(1)
    codes = np.where(rng.random((20, 40)) < 0.02, 4, rng.integers(0, 4, (20, 40))).astype(np.uint8)
    motifs = [Motif(name, name, rng.dirichlet(np.full(4, 0.4), width)) for name, width in (("a", 4), ("b", 7))]
    uneven = np.array([0.31, 0.19, 0.22, 0.28])
    found = sites.find_sites(codes, motifs, 0.02, uneven)
    rows = []
    for number, motif in enumerate(motifs):
        matrix = hits.score_matrix(motif, [0.02], uneven)
        table = hits.p_values(matrix.scores, uneven)
        for row, sequence in enumerate(codes):
            for start in range(40 - motif.width + 1):
                window = sequence[start : start + motif.width]
                for strand, letters in ((1, window), (-1, reverse_complement_codes(window))):
                    if (window < 4).all():
                        total = matrix.scores[np.arange(motif.width), letters].sum()
                        if table[total] <= 0.02:
                            bits = np.log2((100 * motif.pfm + 0.1 * uneven) / 100.1 / uneven)[
                                np.arange(motif.width), letters
                            ].sum()
                            rows.append((row, start, start + motif.width, -strand, number, bits, table[total]))
    rows = sorted(rows)
    assert len(rows) > 20
    assert found["sequence"].tolist() == [row[0] for row in rows]
    assert found["start"].tolist() == [row[1] for row in rows]
    assert found["end"].tolist() == [row[2] for row in rows]
    assert found["strand"].tolist() == [-row[3] for row in rows]
    assert found["motif"].cat.codes.tolist() == [row[4] for row in rows]
    np.testing.assert_allclose(found["score"], [row[5] for row in rows], atol=0.1)
    np.testing.assert_allclose(found["p_value"], [row[6] for row in rows], rtol=1e-6)


def test_a_palindrome_is_a_row_on_either_strand_and_one_strand_may_be_asked_for():
    codes = encode("GGCACGTGAA")[None]
    motif = Motif("E", "E", 0.97 * np.eye(4)[encode("CACGTG")] + 0.0075)
    both = sites.find_sites(codes, [motif], 4.0**-6)
    assert both[["start", "end", "strand"]].to_numpy().tolist() == [[2, 8, 1], [2, 8, -1]]
    assert sites.find_sites(codes, [motif], 4.0**-6, both_strands=False)["strand"].tolist() == [1]


def test_no_site_gives_an_empty_table():
    found = sites.find_sites(encode("TTTTTTTT")[None], [Motif("a", "a", np.eye(4)[[0, 1, 2, 0, 1, 2]])], 1e-6)
    assert found.empty
    assert list(found.columns) == ["sequence", "start", "end", "strand", "motif", "score", "p_value"]


def test_many_sequences_give_what_few_at_a_time_give():
    codes = np.random.default_rng(2).integers(0, 4, (40, 9000)).astype(np.uint8)
    motif = Motif("a", "a", np.random.default_rng(3).dirichlet(np.full(4, 0.3), 8))
    together = sites.find_sites(codes, [motif], 1e-3)
    last = sites.find_sites(codes[35:], [motif], 1e-3)
    assert together["sequence"].nunique() == 40
    of_last = together[together["sequence"] >= 35].assign(sequence=lambda table: table["sequence"] - 35)
    pd.testing.assert_frame_equal(of_last.reset_index(drop=True), last)


PROMOTERS = pd.DataFrame(
    {
        "gene_id": ["g1", "g2"],
        "chrom": ["chr2", "chr1"],
        "start": [100, 500],
        "end": [110, 510],
        "strand": ["+", "-"],
        "tss": [106, 503],
    }
)
FOUND = pd.DataFrame(
    {
        "sequence": [0, 0, 1, 1],
        "start": [2, 6, 2, 6],
        "end": [5, 7, 5, 7],
        "strand": [1, -1, 1, -1],
        "motif": pd.Categorical(["a", "b", "a", "b"]),
        "score": [9.0, 8.0, 7.0, 6.0],
        "p_value": [1e-5, 1e-4, 0.0, 2e-4],
    }
)


def test_sites_are_placed_on_the_genome():
    placed = site_table.on_genome(FOUND, PROMOTERS)
    assert placed["chrom"].tolist() == ["chr2", "chr2", "chr1", "chr1"]
    # Promoters on the minus strand are read from their end: base 6 of the second is 503, the TSS.
    assert placed["start"].tolist() == [102, 106, 503, 505]
    assert placed["end"].tolist() == [105, 107, 504, 508]
    assert placed["strand"].tolist() == ["+", "-", "+", "-"]
    assert placed["motif"].tolist() == ["a", "b", "b", "a"]
    assert placed["gene_id"].tolist() == ["g1", "g1", "g2", "g2"]
    assert placed["from_tss"].tolist() == [-3, 0, 0, -3]
    assert placed["score"].tolist() == [9, 8, 6, 7]


def test_the_bed_file_holds_the_sites(tmp_path):
    site_table.write_bed(tmp_path / "sites.bed.gz", site_table.on_genome(FOUND, PROMOTERS))
    rows = gzip.decompress((tmp_path / "sites.bed.gz").read_bytes()).decode().splitlines()
    assert [row.split("\t") for row in rows] == [
        ["chr2", "102", "105", "a", "50", "+"],
        ["chr2", "106", "107", "b", "40", "-"],
        ["chr1", "503", "504", "b", "37", "+"],
        ["chr1", "505", "508", "a", "1000", "-"],
    ]
