"""Pairs of sites against all pairs looked at one by one, and their expectation against exchanged promoters."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from cisformula.grammar.node_sites import in_node_frame, node_sites
from cisformula.grammar.site_pairs import (
    CLASSES,
    HOMOTYPIC_CLASSES,
    add_matched,
    count_promoters,
    find_pairs,
    in_one_per_family,
    node_pairs,
    pair_number,
)
from cisformula.grammar.spacing_null import exchange, expected_pairs, gc_strata, pairs_between_promoters
from cisformula.pwm import Motif

NODES = ["a", "b", "c"]
WIDTHS = np.array([5, 7, 4])
LENGTH = 60


def site_table(rows):
    table = pd.DataFrame(rows, columns=["gene", "node", "start", "strand"])
    code = table["node"].map(NODES.index).to_numpy(int)
    table["end"] = table["start"] + WIDTHS[code]
    table["node"] = pd.Categorical.from_codes(code, NODES)
    rng = np.random.default_rng(len(table))
    # Some motifs match bases beside the frame of their node.
    table["matched_start"] = table["start"] - rng.choice([-1, 0, 0, 2], len(table))
    table["matched_end"] = table["end"] + rng.choice([-1, 0, 0, 3], len(table))
    return table.sort_values(["gene", "start", "end"], ignore_index=True)


def random_sites(n_genes, per_gene, seed):
    rng = np.random.default_rng(seed)
    n = n_genes * per_gene
    rows = {
        "gene": rng.integers(0, n_genes, n),
        "node": rng.choice(NODES, n, p=[0.5, 0.3, 0.2]),
        "start": rng.integers(0, LENGTH - 7, n),
        "strand": rng.choice([1, -1], n, p=[0.7, 0.3]),
    }
    return site_table(rows)


def described(one, other):
    """Nodes, class and distance of two sites, read off as a person would; None if they overlap."""
    left, right = sorted((one, other), key=lambda site: site.start)
    distance = right.start - left.end
    bases = [{*range(site.start, site.end), *range(site.matched_start, site.matched_end)} for site in (left, right)]
    if distance < 0 or bases[0] & bases[1]:
        return None
    if left.node == right.node:
        strands = (left.strand, right.strand)
        kind = {(1, -1): "convergent", (-1, 1): "divergent"}.get(strands, "tandem")
        return left.node, right.node, (kind, "either"), distance
    first, second = sorted((one, other), key=lambda site: site.node)
    before = first.start < second.start if first.strand > 0 else first.start > second.start
    order = "first_second" if before else "second_first"
    return first.node, second.node, ("same" if first.strand == second.strand else "opposite", order), distance


def brute_force(sites, max_distance):
    found = []
    for gene, group in sites.groupby("gene"):
        for one, other in combinations(group.itertuples(), 2):
            pair = described(one, other)
            if pair and pair[3] <= max_distance:
                found.append((gene, *pair))
    return sorted(found)


def read_off(pairs, sites):
    first, second = (sites["node"].iloc[rows].tolist() for rows in (pairs.first, pairs.second))
    names = [
        (HOMOTYPIC_CLASSES if one == other else CLASSES)[kind]
        for one, other, kind in zip(first, second, pairs.kind, strict=True)
    ]
    return sorted(zip(pairs.gene.tolist(), first, second, names, pairs.distance.tolist(), strict=True))


@pytest.mark.parametrize("max_distance", [0, 20, 100])
def test_pairs_are_those_found_one_by_one(max_distance):
    sites = random_sites(30, 6, seed=1)
    found = brute_force(sites, max_distance)
    assert len(found) > (3 if max_distance == 0 else 100)
    assert read_off(find_pairs(sites, max_distance), sites) == found


def test_a_pair_reads_the_same_on_the_other_strand():
    sites = random_sites(30, 6, seed=2)
    flipped = sites.assign(
        start=LENGTH - sites["end"],
        end=LENGTH - sites["start"],
        matched_start=LENGTH - sites["matched_end"],
        matched_end=LENGTH - sites["matched_start"],
        strand=-sites["strand"],
    ).sort_values(["gene", "start", "end"], ignore_index=True)
    assert read_off(find_pairs(sites, 40), sites) == read_off(find_pairs(flipped, 40), flipped)


@pytest.mark.parametrize("strand", [1, -1])
@pytest.mark.parametrize(("reverse", "offset"), [(False, 3), (False, -2), (True, 3), (True, -2)])
def test_the_bases_a_motif_matched_are_traced_back(strand, reverse, offset):
    about = {"motif": ["m"], "node": ["n"], "width": [10], "offset": [offset], "reverse": [reverse], "resembles": [""]}
    nodes = pd.DataFrame(about)
    found = pd.DataFrame(
        [(0, "m", 20, 26, strand, 1e-5)], columns=["gene", "motif", "start", "end", "strand", "p_value"]
    )
    framed = node_sites(in_node_frame(found, nodes, 60), nodes)
    matched = add_matched(framed, nodes, [Motif("m", "m", np.full((6, 4), 0.25))])
    assert matched[["matched_start", "matched_end"]].to_numpy().tolist() == [[20, 26]]


def test_pairs_of_nodes_are_numbered_in_order():
    first, second = node_pairs(5)
    np.testing.assert_array_equal(pair_number(first, second, 5), np.arange(15))


def test_a_promoter_counts_once_per_bin():
    # The second a-b pair lies at distance 3 as the first, the third at 8.
    sites = site_table(
        [(0, "a", 0, 1), (0, "b", 8, 1), (0, "a", 30, 1), (0, "b", 38, 1), (1, "a", 0, 1), (1, "b", 13, 1)]
    )
    sites[["matched_start", "matched_end"]] = sites[["start", "end"]]
    pairs = find_pairs(sites, 10)
    fine = count_promoters(pairs, 6, np.arange(11))
    assert fine[pair_number(0, 1, 3), 0, [3, 8]].tolist() == [1, 1]
    assert count_promoters(pairs, 6, np.repeat([0, 1], [10, 1]))[pair_number(0, 1, 3), 0].tolist() == [2, 0]


def test_of_a_family_only_the_first_promoter_counts():
    sites = random_sites(6, 4, seed=3)
    kept = in_one_per_family(sites, np.array([7, 3, 7, 3, 3, 1]))
    assert kept["gene"].unique().tolist() == [gene for gene in (0, 1, 5) if gene in set(sites["gene"])]
    assert len(kept) == sites["gene"].isin([0, 1, 5]).sum()


def test_the_expectation_is_the_mean_over_exchanged_promoters():
    """All cyclic shifts of the promoters but none: every two promoters meet equally often."""
    n_genes, max_distance = 12, 25
    sites = random_sites(n_genes, 5, seed=4)
    pairs = find_pairs(sites, max_distance)
    closed = pairs_between_promoters(sites, pairs, max_distance, LENGTH) / (n_genes - 1)
    by_nodes = {node: sites[sites["node"] == node] for node in NODES}
    for number, (i, j) in enumerate(zip(*node_pairs(3), strict=True)):
        total = np.zeros((4, max_distance + 1))
        for shift in range(1, n_genes):
            moved = by_nodes[NODES[j]]
            moved = moved.assign(gene=(moved["gene"] + shift) % n_genes)
            for gene, mine in by_nodes[NODES[i]].groupby("gene"):
                for one in mine.itertuples():
                    for other in moved[moved["gene"] == gene].itertuples():
                        found = described(one, other)
                        if found and found[3] <= max_distance:
                            names = HOMOTYPIC_CLASSES if i == j else CLASSES
                            total[names.index(found[2]), found[3]] += 1
        # Two sites of one node meet twice, once in the promoter of either.
        np.testing.assert_allclose(closed[number], total / (n_genes - 1) / (1 + (i == j)), atol=1e-9)


def test_the_expectation_keeps_the_number_of_pairs_and_ignores_other_strata():
    sites = random_sites(200, 5, seed=5)
    strata = np.arange(200) % 2
    # In the odd promoters all sites of b lie at the end, where no site of the even ones does.
    away = (sites["gene"] % 2 == 1) & (sites["node"] == "b")
    sites.loc[away, "start"] = 50
    sites["end"] = sites["start"] + WIDTHS[sites["node"].cat.codes]
    sites[["matched_start", "matched_end"]] = sites[["start", "end"]]
    sites = sites.sort_values(["gene", "start"], ignore_index=True)
    pairs = find_pairs(sites, 60)
    expected = expected_pairs(sites, pairs, strata, 60, LENGTH)
    np.testing.assert_allclose(expected.sum(axis=(1, 2)), np.bincount(pairs.pair, minlength=6))
    alone = []
    for stratum in (0, 1):
        half = sites[sites["gene"] % 2 == stratum].reset_index(drop=True)
        alone.append(expected_pairs(half, find_pairs(half, 60), np.zeros(200, int), 60, LENGTH))
    np.testing.assert_allclose(expected, sum(alone))


def test_exchanged_sites_have_the_expected_distances():
    sites = random_sites(300, 5, seed=6)
    strata = gc_strata(np.random.default_rng(7).random(300), 3)
    pairs = find_pairs(sites, 30)
    expected = expected_pairs(sites, pairs, strata, 30, LENGTH)
    rng = np.random.default_rng(8)
    counts = np.zeros(expected.shape)
    for _ in range(60):
        moved = exchange(sites, strata, rng)
        for table in (moved, sites):
            table["stratum"] = strata[table["gene"]]
        for kept in (["gene", "node"], ["stratum", "node", "start", "strand"]):
            assert moved.value_counts(kept).sort_index().equals(sites.value_counts(kept).sort_index())
        found = find_pairs(moved, 30)
        np.add.at(counts, (found.pair, found.kind, found.distance), 1)
    share = counts / counts.sum(axis=(1, 2), keepdims=True)
    wanted = expected / expected.sum(axis=(1, 2), keepdims=True)
    assert np.corrcoef(share.ravel(), wanted.ravel())[0, 1] > 0.97


def test_strata_are_equally_large_and_ordered():
    gc = np.random.default_rng(9).random(100)
    strata = gc_strata(gc, 5)
    assert np.bincount(strata).tolist() == [20] * 5
    assert all(gc[strata == i].max() < gc[strata == i + 1].min() for i in range(4))
