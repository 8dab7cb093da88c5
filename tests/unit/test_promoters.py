"""Promoter windows and their account on genomes small enough to read."""

import gzip
import os
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cisformula.annotation import list_tss
from cisformula.promoters import composition, extract_promoters, overlaps, windows
from cisformula.sequence import encode, reverse_complement

DATA = Path(os.environ.get("CISFORMULA_DATA", Path(__file__).parents[3] / "shared" / "data"))
RNG = np.random.default_rng(7)
CHR1 = "".join(RNG.choice(list("ACGT"), 400))
CHR2 = CHR1[100:160] + "".join(RNG.choice(list("ACGT"), 120)) + "N" * 30 + "acgtr" * 10


def tss_table(rows):
    table = pd.DataFrame(rows, columns=["gene_id", "chrom", "tss", "strand", "rank"])
    return table.assign(gene_name=table["gene_id"], transcript_id="t")


def promoters_of(tmp_path, rows, compress=True, genome=None, **options):
    text = "".join(f">{name}\n{bases}\n" for name, bases in (genome or {"chr1": CHR1, "chr2": CHR2}).items()).encode()
    path = tmp_path / ("g.gz" if compress else "g")
    path.write_bytes(gzip.compress(text) if compress else text)
    return extract_promoters(tss_table(rows), path, tmp_path / "fai", **{"upstream": 9, "downstream": 5} | options)


def steps(promoters):
    return promoters.qc.set_index("step")["genes"].to_dict()


@pytest.mark.parametrize("compress", [True, False])
def test_windows_are_counted_along_the_strand(tmp_path, compress):
    found = promoters_of(tmp_path, [("a", "chr1", 50, "+", 1), ("b", "chr1", 50, "-", 1)], compress)
    table = found.table.set_index("gene_id")
    assert table.loc["a", ["start", "end"]].tolist() == [41, 56]
    assert table.loc["b", ["start", "end"]].tolist() == [45, 60]
    sequences = dict(zip(found.table["gene_id"], found.sequences, strict=True))
    assert sequences["a"] == CHR1[41:56]
    assert sequences["b"] == reverse_complement(CHR1[45:60])
    assert sequences["a"][9] == CHR1[50], "position 0 is the TSS base"


def test_windows_may_touch_the_ends_but_not_cross_them(tmp_path):
    rows = [
        *[("first", "chr1", 9, "+", 1), ("cut first", "chr1", 8, "+", 1)],
        *[("last", "chr1", 390, "-", 1), ("cut last", "chr1", 391, "-", 1), ("beyond", "chr1", 400, "+", 1)],
    ]
    found = promoters_of(tmp_path, rows)
    assert found.table["gene_id"].tolist() == ["first", "last"]
    assert found.sequences == [CHR1[:15], reverse_complement(CHR1[385:])]
    assert (steps(found)["TSS on chromosome"], steps(found)["whole window"]) == (4, 2)


def test_a_lower_ranked_tss_stands_in_for_an_incomplete_one(tmp_path):
    rows = [
        ("a", "chr1", 2, "+", 1),
        ("a", "chr1", 200, "+", 3),
        ("a", "chr1", 100, "+", 2),
        ("b", "chr1", 300, "+", 1),
    ]
    found = promoters_of(tmp_path, rows)
    assert found.table[["tss", "rank"]].to_numpy().tolist() == [[100, 2], [300, 1]]
    assert steps(found)["lower-ranked TSS used"] == 1


def test_unknown_bases_are_counted_and_limited(tmp_path):
    rows = [("a", "chr2", 178, "+", 1), ("clear", "chr1", 100, "+", 1)]  # the window 169..183 ends in NNNN
    assert promoters_of(tmp_path, rows, max_n_fraction=0.26).table["gene_id"].tolist() == ["clear"]
    found = promoters_of(tmp_path, rows, max_n_fraction=0.27)
    assert found.table["n_fraction"].tolist() == [0.0, pytest.approx(4 / 15)]


def test_soft_masked_bases_count_and_other_letters_are_unknown(tmp_path):
    found = promoters_of(tmp_path, [("a", "chr2", 240, "+", 1)], max_n_fraction=0.5)
    assert found.sequences == ["CGTNACGTNACGTNA"]


def test_identical_promoters_keep_the_first_gene(tmp_path):
    rows = [("second", "chr2", 20, "+", 1), ("first", "chr1", 120, "+", 1), ("other", "chr1", 300, "-", 1)]
    found = promoters_of(tmp_path, rows)
    assert found.table["gene_id"].tolist() == ["first", "other"]
    assert "second" in found.qc.set_index("step")["note"]["distinct sequence"]
    kept = promoters_of(tmp_path, rows, drop_duplicates=False)
    assert kept.table["gene_id"].tolist() == ["first", "other", "second"], "genome order"
    assert steps(kept)["identical promoters kept"] == 1


def test_chromosome_names_are_matched_and_reported(tmp_path):
    rows = [("a", "1", 50, "+", 1), ("b", "2", 60, "+", 1), ("c", "HAP7", 60, "+", 1)]
    found = promoters_of(tmp_path, rows)
    assert found.table["chrom"].tolist() == ["chr1", "chr2"]
    notes = found.qc.set_index("step")["note"]
    assert "HAP7" in notes["known chromosome"]
    assert "lost e.g. c" in notes["known chromosome"]
    assert notes["chromosome renamed"] == "1 = chr1, 2 = chr2"


def test_every_lost_gene_is_accounted_for(tmp_path):
    rows = [(f"g{i}", f"chr{i % 3 + 1}", 13 * i, "+-"[i % 2], 1) for i in range(30)]
    found = promoters_of(tmp_path, rows)
    filters = found.qc[found.qc["lost"].notna()]
    assert filters["genes"].iloc[0] - filters["lost"].sum() == len(found.table) == filters["genes"].iloc[-1]


def test_overlapping_and_bidirectional_promoters():
    table = pd.DataFrame(
        [
            ("1", 0, 10, "a", "+"),
            ("1", 9, 20, "b", "-"),
            ("1", 20, 30, "c", "+"),
            ("1", 25, 40, "d", "+"),
            ("2", 0, 9, "e", "+"),
        ],
        columns=["chrom", "start", "end", "gene_id", "strand"],
    )
    assert overlaps(table) == ({"a", "b", "c", "d"}, {"a", "b"})


def test_composition_of_known_sequences():
    codes = np.stack([encode(text) for text in ("CGCGATAT", "CCGGNNNN", "AAAATTTT", "NNNNNNNN")])
    n_fraction, gc, cpg_oe = composition(codes)
    assert n_fraction.tolist() == [0, 0.5, 0, 1]
    assert gc.tolist() == [0.5, 1.0, 0, 0]
    assert cpg_oe.tolist() == [2 * 8 / 4, 1 * 4 / 4, 0, 0]


@settings(max_examples=25, deadline=None)
@given(
    length=st.integers(1, 300),
    sides=st.tuples(st.integers(0, 40), st.integers(0, 40)),
    sites=st.lists(st.tuples(st.floats(0, 0.999), st.sampled_from("+-")), min_size=1, max_size=30),
)
def test_window_arithmetic_round_trip(length, sides, sites):
    upstream, downstream = sides
    tss = pd.DataFrame({"chrom": "c", "tss": [int(at * length) for at, _ in sites], "strand": [s for _, s in sites]})
    found = windows(tss, {"c": length}, upstream, downstream)
    assert len(found) == len(tss)
    for (start, end), site, strand in zip(found, tss["tss"], tss["strand"], strict=True):
        before, after = (upstream, downstream) if strand == "+" else (downstream, upstream)
        assert (start, end) == (max(site - before, 0), min(site + after + 1, length))
        if end - start == upstream + 1 + downstream:
            back = start + upstream if strand == "+" else end - 1 - upstream
            assert back == site


@pytest.mark.data
@pytest.mark.skipif(not DATA.exists(), reason="the development data set is not here")
def test_human_promoters(tmp_path):
    tss = list_tss(DATA / "human" / "epdnew_hg38_tss.bed.gz", bed_gene_column=5)
    genome = DATA / "human" / "hg38.promoter_islands.fa.gz"
    start = time.monotonic()
    found = extract_promoters(tss, genome, tmp_path / "fai", upstream=249, downstream=50)
    assert time.monotonic() - start < 60, "three gigabases are read in seconds"
    assert steps(found)["known bases"] == 12_636
    assert {len(text) for text in found.sequences} == {300}
    assert found.table["gc"].mean() == pytest.approx(0.63, abs=0.01)
