"""Nodes and their sites: planted families, windows traced back to the sequence, and overlaps removed as by hand."""

import numpy as np
import pandas as pd
import pytest

from cisformula.errors import InputError
from cisformula.grammar.node_sites import (
    NODE_COLUMNS,
    SITE_COLUMNS,
    collapse,
    in_node_frame,
    in_windows,
    node_sites,
    scan,
)
from cisformula.pwm import Motif
from cisformula.sequence import encode, reverse_complement
from cisformula.site_table import on_genome
from cisformula.sites import find_sites

CONSENSUS = {"ets1": "ACCGGAAGT", "yy1": "CAAGATGGC", "ets2": "CACTTCCGC", "tata": "TATAAAAGG"}


def motif(name, consensus):
    pfm = 0.96 * np.eye(4)[["ACGT".index(base) for base in consensus]] + 0.01
    return Motif(name, name.upper(), pfm)


MOTIFS = [motif(name, consensus) for name, consensus in CONSENSUS.items()]
FORMULA = pd.DataFrame(
    {
        "motif": list(CONSENSUS),
        "name": [name.upper() for name in CONSENSUS],
        "source": ["learned", "database", "database", "database"],
        "coefficient": [0.1, 0.2, -0.3, 0.05],
        "runs": 1,
    }
)


def nodes_of(pairs):
    table = pd.DataFrame(pairs, columns=["motif", "node"])
    return table.assign(name="", source="", coefficient=0.0, width=9, offset=0, reverse=False, resembles="")[
        NODE_COLUMNS
    ]


def site_rows(rows):
    return pd.DataFrame(rows, columns=["gene", "motif", "start", "end", "strand", "p_value"])


def test_similar_motifs_on_either_strand_make_a_node_named_after_the_strongest():
    nodes = collapse(MOTIFS, FORMULA, 0.8)
    assert nodes.columns.tolist() == NODE_COLUMNS
    assert nodes["motif"].tolist() == ["ets1", "yy1", "ets2", "tata"]
    assert nodes["node"].tolist() == ["ets2", "yy1", "ets2", "tata"]
    assert nodes["name"].tolist() == ["ETS2", "YY1", "ETS2", "TATA"]
    assert nodes["source"].tolist() == ["learned", "database", "database", "database"]
    assert nodes["coefficient"].tolist() == [0.1, 0.2, -0.3, 0.05]


def test_a_node_of_equal_coefficients_is_named_after_the_first():
    nodes = collapse(MOTIFS, FORMULA.assign(coefficient=[-0.1, 0.2, 0.1, 0.05]), 0.8)
    assert nodes["node"].tolist() == ["ets1", "yy1", "ets1", "tata"]


def test_members_are_placed_along_the_motif_that_names_their_node():
    nodes = collapse(MOTIFS, FORMULA, 0.8).set_index("motif")
    # ACCGGAAGT read backwards is ACTTCCGGT, whose CTTCCG lies one column further in CACTTCCGC.
    assert nodes.loc["ets1", ["width", "offset", "reverse"]].tolist() == [9, 1, True]
    assert nodes.loc["ets2", ["width", "offset", "reverse"]].tolist() == [9, 0, False]


@pytest.mark.parametrize("strand", [1, -1])
@pytest.mark.parametrize(("reverse", "offset"), [(False, 3), (False, -2), (True, 3), (True, -2)])
def test_sites_move_to_the_frame_of_their_node(strand, reverse, offset):
    """The member's bases must be found in the node's site where the alignment says."""
    width, node_width, start = 6, 10, 20
    nodes = nodes_of([("a", "b")]).assign(width=node_width, offset=offset, reverse=reverse)
    (moved,) = in_node_frame(site_rows([(0, "a", start, start + width, strand, 1e-5)]), nodes, 50).itertuples()
    assert moved.strand == (-strand if reverse else strand)
    bases = list(range(moved.start, moved.end))[:: moved.strand]
    member = list(range(start, start + width))[:: moved.strand]
    assert moved.end - moved.start == node_width
    assert [bases.index(base) for base in member if base in bases] == [
        offset + i for i in range(width) if 0 <= offset + i < node_width
    ]


def test_a_site_whose_node_would_leave_the_window_is_left_out():
    nodes = nodes_of([("a", "b")]).assign(width=10, offset=2)
    rows = [(0, "a", 1, 7, 1, 1e-5), (0, "a", 2, 8, 1, 1e-5), (0, "a", 43, 49, 1, 1e-5), (0, "a", 41, 47, -1, 1e-5)]
    kept = in_node_frame(site_rows(rows), nodes, 50)
    assert list(zip(kept["start"], kept["end"], strict=True)) == [(0, 10), (39, 49)]


def test_above_the_similarity_of_all_every_motif_is_a_node():
    assert collapse(MOTIFS, FORMULA, 0.95)["node"].tolist() == list(CONSENSUS)


BETWEEN = {"runx": "GTTTGTGGTT", "znf143": "TACCCACAATGC", "learned": "TTGTGGGT"}
"""The learned one is eight columns of ZNF143's on the other strand, and all but one of eight of RUNX's."""


def test_sites_of_a_motif_that_resembles_two_nodes_count_for_neither():
    motifs = [motif(name, consensus) for name, consensus in BETWEEN.items()]
    formula = FORMULA.iloc[:3].assign(motif=list(BETWEEN), name=list(BETWEEN), coefficient=[0.2, 0.3, 0.1])
    nodes = collapse(motifs, formula, 0.8)
    assert nodes["node"].tolist() == ["runx", "znf143", "znf143"]
    assert nodes["resembles"].tolist() == ["", "", "runx"]
    assert collapse(motifs, formula, 0.85)["resembles"].tolist() == ["", "", ""]
    text = ("C" * 20).join(["", *BETWEEN.values(), ""])
    found = scan(encode(text)[None], motifs, nodes, 1e-4)
    assert list(zip(found["node"], found["start"], strict=True)) == [("runx", 20), ("znf143", 50)]


def test_motifs_of_another_formula_are_refused():
    with pytest.raises(InputError, match="not those of the formula"):
        collapse(MOTIFS[::-1], FORMULA, 0.8)


def test_sites_come_back_from_the_genome_to_the_bases_they_were_found_at():
    upstream, length = 30, 50
    rng = np.random.default_rng(3)
    codes = rng.integers(0, 4, (40, length)).astype(np.uint8)
    for row, name in zip(codes, list(CONSENSUS) * 10, strict=True):
        place = rng.integers(0, length - 9)
        planted = CONSENSUS[name] if place % 2 else reverse_complement(CONSENSUS[name])
        row[place : place + 9] = encode(planted)
    forward = rng.random(40) < 0.5
    tss = np.arange(40) * 1000 + 500
    genes = pd.DataFrame({"gene_id": [f"g{i}" for i in range(40)], "strand": np.where(forward, "+", "-")})
    start = np.where(forward, tss - upstream, tss - (length - upstream - 1))
    promoters = genes.assign(chrom="chr1", start=start, end=start + length, tss=tss)
    found = find_sites(codes, MOTIFS, 1e-4)
    back = in_windows(on_genome(found, promoters), genes, upstream)
    assert set(back["strand"]) == {1, -1}
    columns = ["gene", "start", "end", "strand", "motif", "p_value"]
    expected = found.rename(columns={"sequence": "gene"})[columns].astype({"motif": str})
    pd.testing.assert_frame_equal(
        back[columns].astype({"motif": str}).sort_values(columns, ignore_index=True),
        expected.sort_values(columns, ignore_index=True),
    )


def test_a_site_of_a_gene_without_promoter_is_refused():
    site = {"start": 1, "end": 5, "strand": "+", "motif": "a", "gene_id": "lost", "from_tss": 0, "p_value": 1e-5}
    with pytest.raises(InputError, match="gene lost"):
        in_windows(pd.DataFrame([site]), pd.DataFrame({"gene_id": ["g"], "strand": ["+"]}), 10)


def test_of_a_palindrome_the_forward_site_stays_and_of_a_run_the_best():
    nodes = nodes_of([("a", "a"), ("b", "a"), ("c", "c")])
    sites = site_rows(
        [
            (0, "a", 10, 18, -1, 1e-5),  # the other strand of the next
            (0, "a", 10, 18, 1, 1e-5),
            (0, "b", 17, 25, 1, 1e-5),  # overlaps by one base
            (0, "b", 18, 26, 1, 1e-4),  # only touches
            (0, "c", 10, 18, 1, 1e-4),  # another node
            (1, "a", 10, 18, 1, 1e-4),  # two that overlap only with a better one between them
            (1, "b", 16, 24, 1, 1e-6),
            (1, "a", 22, 30, 1, 1e-4),
        ]
    )
    kept = node_sites(sites, nodes)
    assert kept.columns.tolist() == SITE_COLUMNS
    rows = list(kept[["gene", "node", "motif", "start", "end", "strand"]].itertuples(index=False, name=None))
    assert rows == [
        (0, "a", "a", 10, 18, 1),
        (0, "c", "c", 10, 18, 1),
        (0, "a", "b", 18, 26, 1),
        (1, "a", "b", 16, 24, 1),
    ]
    assert kept["node"].cat.categories.tolist() == ["a", "c"]
    assert kept["motif"].cat.categories.tolist() == ["a", "b", "c"]
    assert kept.dtypes.astype(str).tolist() == ["int32", "category", "category", "int32", "int32", "int8", "float32"]


def test_no_sites_make_an_empty_table():
    empty = node_sites(site_rows([]), nodes_of([("a", "a")]))
    assert empty.shape == (0, len(SITE_COLUMNS))
    assert empty["node"].cat.categories.tolist() == ["a"]


@pytest.mark.parametrize("seed", range(5))
def test_sites_stay_as_when_taken_one_by_one(seed):
    rng = np.random.default_rng(seed)
    nodes = nodes_of([("a", "a"), ("b", "b"), ("c", "a"), ("d", "a")])
    width = {"a": 8, "b": 12, "c": 6, "d": 15}
    n = 400
    names = rng.choice(list(width), n)
    start = rng.integers(0, 120, n)
    sites = pd.DataFrame({"gene": rng.integers(0, 12, n), "motif": names, "start": start})
    sites["end"] = start + [width[name] for name in names]
    sites["strand"] = rng.choice([1, -1], n)
    sites["p_value"] = rng.choice([1e-6, 1e-5, 1e-4], n)
    node_of = dict(zip(nodes["motif"], nodes["node"], strict=True))
    rows = sorted(
        sites.itertuples(index=False), key=lambda s: (s.p_value, s.start, -s.strand, s.end, "abcd".index(s.motif))
    )
    stayed = []
    for site in rows:
        rivals = [other for other in stayed if other.gene == site.gene and node_of[other.motif] == node_of[site.motif]]
        if not any(other.start < site.end and site.start < other.end for other in rivals):
            stayed.append(site)
    expected = sorted((s.gene, s.start, s.end, -s.strand, "ab".index(node_of[s.motif]), s.motif) for s in stayed)
    kept = node_sites(sites, nodes)
    codes = kept["node"].cat.codes
    found = list(
        zip(kept["gene"], kept["start"], kept["end"], -kept["strand"].astype(int), codes, kept["motif"], strict=True)
    )
    assert found == expected
    assert 0 < len(found) < n


def test_scanned_sequences_give_sites_in_the_nodes_frame():
    # ets1 reads ACCGGAAGT on the forward strand where its node's motif, ets2, reads CACTTCCGC on the other.
    text = ["T" * 10 + "GCGGAAGTG" + "T" * 11, "A" * 10 + CONSENSUS["yy1"] + "A" * 11]
    found = scan(np.stack([encode(line) for line in text]), MOTIFS, collapse(MOTIFS, FORMULA, 0.8), 1e-4)
    assert found.columns.tolist() == SITE_COLUMNS
    where = ["gene", "node", "start", "end", "strand"]
    assert found[where].to_numpy().tolist() == [[0, "ets2", 10, 19, -1], [1, "yy1", 10, 19, 1]]
