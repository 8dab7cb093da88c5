"""Communities: planted ones recovered, none where there are none, modularity and expression against known answers."""

import igraph
import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import adjusted_rand_score

from cisformula.grammar import communities as cm
from cisformula.grammar import community_expression as ce
from cisformula.grammar import cooccurrence as co

GROUPS, MEMBERS, ALONE, PROMOTERS = 4, 4, 24, 6000
NODES = GROUPS * MEMBERS + ALONE
NAMES = [f"n{i:02d}" for i in range(NODES)]
TRUTH = np.r_[np.repeat(np.arange(GROUPS), MEMBERS), GROUPS + np.arange(ALONE)]


def pairs_of(rng, fold):
    """Pairs of nodes of which four communities have ``fold`` times the sites in 15 % of the promoters."""
    rates = np.tile(rng.uniform(0.1, 0.25, NODES), (PROMOTERS, 1))
    for group in range(GROUPS):
        on = rng.random(PROMOTERS) < 0.15
        rates[:, group == TRUTH] *= np.where(on, fold, 1.0)[:, None]
    gene, node = np.nonzero(rng.poisson(rates))
    start = rng.integers(0, 290, len(gene))
    sites = pd.DataFrame({"gene": gene, "start": start, "end": start + 10})
    sites["node"] = pd.Categorical.from_codes(node, NAMES)
    nodes = pd.DataFrame({"node": NAMES, "name": NAMES})
    found = co.count_pairs(sites, np.zeros((PROMOTERS, 1)))
    carriers = np.bincount(node, minlength=NODES)
    return co.pair_table(found, carriers, nodes, np.zeros((NODES, NODES)), 0.7, 0.01), nodes


def two_cliques(bridge=1.0):
    """Two groups of four, all joined within, one edge between, and a node hanging on the second."""
    edges = [(i, j) for group in (range(4), range(4, 8)) for i in group for j in group if i < j]
    network = igraph.Graph(n=9, edges=[*edges, (3, 4), (7, 8)], vertex_attrs={"name": list("abcdefghi")})
    network.es["weight"] = [2.0] * len(edges) + [bridge, 1.5]
    return network


@pytest.mark.parametrize("seed", range(3))
def test_planted_communities_are_recovered_and_other_nodes_stay_alone(seed):
    pairs, nodes = pairs_of(np.random.default_rng(seed), fold=4.0)
    network = cm.graph(pairs)
    scan = cm.scan(network, seed)
    table = cm.node_table(network, scan.community, nodes)
    alone = GROUPS + 1 + np.arange(NODES)
    found = np.where(table["community"].isna(), alone, table["community"].fillna(0).astype(int))
    assert adjusted_rand_score(TRUTH, found) >= 0.9
    assert table["community"].notna().to_numpy()[TRUTH >= GROUPS].sum() <= 1
    chosen = scan.table[scan.table["chosen"]].iloc[0]
    assert chosen["n_communities"] == GROUPS
    assert chosen["p"] == pytest.approx(1 / (cm.REWIRINGS + 1))
    assert chosen["z"] > 5
    assert chosen["stability"] > 0.95


def test_without_communities_hardly_any_edge_appears():
    edges = [pairs_of(np.random.default_rng(100 + seed), fold=1.0)[0]["edge"].sum() for seed in range(4)]
    # Each data set has an edge at all with a probability of about the false discovery rate.
    assert sum(edges) <= 1


def test_modularity_is_that_of_its_definition():
    network = two_cliques()
    community = np.array([0, 0, 0, 0, 1, 1, 1, 1, 1])
    weights = network.get_adjacency_sparse("weight").toarray()
    strength = weights.sum(axis=1)
    same = community[:, None] == community[None, :]
    expected = ((weights - np.outer(strength, strength) / weights.sum()) * same).sum() / weights.sum()
    assert network.modularity(community.tolist(), weights="weight") == pytest.approx(expected)
    scan = cm.scan(network, 1)
    assert scan.table.loc[scan.table["resolution"] == 1.0, "modularity"].item() == pytest.approx(expected)


def test_the_chosen_resolution_is_the_most_stable_gain_over_rewired_graphs():
    table = cm.scan(two_cliques(), 2).table
    score = table["stability"] * (table["modularity"] - table["null_mean"].max())
    np.testing.assert_allclose(table["score"], score, atol=1e-9)
    assert table["chosen"].sum() == 1
    assert table["chosen"].idxmax() == np.flatnonzero(table["score"] == table["score"].max())[0]


def test_a_node_that_hangs_by_one_edge_is_no_member():
    network = two_cliques()
    reduced = cm.cores(network, np.array([0, 0, 0, 0, 1, 1, 1, 1, 1]))
    assert reduced.tolist() == [0, 0, 0, 0, 1, 1, 1, 1, 2]
    path = igraph.Graph(n=3, edges=[(0, 1), (1, 2)])
    assert cm.cores(path, np.zeros(3, int)).tolist() == [0, 0, 0]


def test_table_counts_edges_and_their_weights():
    network = two_cliques()
    nodes = pd.DataFrame({"node": ["z", *"ihgfedcba"], "name": ["Z", *"IHGFEDCBA"]})
    table = cm.node_table(network, np.array([0, 0, 0, 0, 1, 1, 1, 1, 2]), nodes).set_index("node")
    assert table.index.tolist() == nodes["node"].tolist()
    assert table["name"].tolist() == nodes["name"].tolist()
    assert table["community"].isna().to_numpy().tolist() == [True, True] + [False] * 8
    assert table.loc["a"].tolist() == ["A", 1, 3, 6.0, 6.0]
    assert table.loc["d"].tolist() == ["D", 1, 4, 7.0, 6.0]
    assert table.loc["h"].tolist() == ["H", 2, 4, 7.5, 6.0]
    assert table.loc["i", ["degree", "strength", "within_strength"]].tolist() == [1, 1.5, 0.0]
    assert table.loc["z", ["degree", "strength"]].tolist() == [0, 0.0]


def test_graph_holds_the_edges_alone_weighted_by_z():
    pairs = pd.DataFrame(
        {"first": ["a", "a", "b"], "second": ["b", "c", "d"], "z": [3.0, 1.0, 4.0], "edge": [True, False, True]}
    )
    network = cm.graph(pairs)
    assert network.vs["name"] == ["a", "b", "d"]
    assert [(edge.source, edge.target, edge["weight"]) for edge in network.es] == [(0, 1, 3.0), (1, 2, 4.0)]
    assert cm.graph(pairs.assign(edge=False)).vcount() == 0


def test_rewired_graphs_keep_degrees_and_weights():
    network = two_cliques()
    for other in cm.rewired(network, 5, 3):
        assert other.degree() == network.degree()
        assert sorted(other.es["weight"]) == sorted(network.es["weight"])
        assert other.get_edgelist() != network.get_edgelist()
    again = [[other.get_edgelist() for other in cm.rewired(network, 5, 3)] for _ in range(2)]
    assert again[0] == again[1]


def test_consensus_is_what_most_runs_agree_on():
    right, wrong = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    joined = cm.consensus([right] * 7 + [wrong] * 3, 1.0, list(range(10)))
    assert joined.tolist() == [0, 0, 0, 1, 1, 1]
    assert cm.consensus([np.array([3, 3, 1, 1, 1, 0])] * 4, 1.0, list(range(4))).tolist() == [1, 1, 0, 0, 0, 2]
    assert cm.stability([right, right, wrong]) == pytest.approx((1 + 2 * adjusted_rand_score(right, wrong)) / 3)


def test_p_value_counts_rewired_graphs_that_do_as_well():
    compared = cm.compare(0.5, np.array([0.1, 0.5, 0.3, 0.2]))
    assert compared["p"] == pytest.approx(2 / 5)
    assert compared["z"] == pytest.approx((0.5 - 0.275) / np.std([0.1, 0.5, 0.3, 0.2], ddof=1))


def test_carriers_have_half_of_the_members_side_by_side():
    rows = [
        *[(0, "a", 0, 8), (0, "b", 8, 16)],
        *[(1, "a", 0, 8), (1, "b", 7, 15)],
        *[(2, "a", 0, 8), (2, "a", 20, 28)],
        *[(3, "a", 0, 30), (3, "b", 5, 12), (3, "c", 14, 22)],
        *[(4, "a", 0, 8), (4, "x", 20, 28)],
    ]
    sites = pd.DataFrame(rows, columns=["gene", "node", "start", "end"]).astype({"node": "category"})
    assert ce.needed(2) == ce.needed(4) == 2
    assert ce.needed(5) == 3
    assert ce.carriers(sites, 6, ["a", "b", "c"]).tolist() == [True, False, False, True, False, False]
    assert ce.carriers(sites, 6, ["a", "b", "c", "d", "e"]).tolist() == [False] * 6


def test_carriers_are_matched_by_propensity_without_replacement():
    treated = np.array([True, True, True, False, False, False, False])
    propensity = np.array([0.9, 0.5, 0.48, 0.49, 0.7, 0.1, 0.52])
    with_it, without = ce.match(treated, propensity)
    assert with_it.tolist() == [0, 1, 2]
    assert without.tolist() == [4, 3, 6]
    few = ce.match(~treated, propensity)
    assert len(few[0]) == len(few[1]) == 3


def test_mean_differences_are_those_of_scipy():
    rng = np.random.default_rng(4)
    first, second = rng.normal(0.3, 1, 80), rng.normal(0, 1, 80)
    effect = ce.mean_difference(first, second)
    interval = stats.ttest_rel(first, second).confidence_interval()
    np.testing.assert_allclose(effect[:3], [np.mean(first - second), interval.low, interval.high])
    assert effect.p == stats.mannwhitneyu(first, second).pvalue


def test_what_members_do_singly_is_not_done_together():
    rng = np.random.default_rng(5)
    n = 4000
    gc = rng.normal(size=(n, 1))
    presence = rng.random((n, 4)) < 1 / (1 + np.exp(0.5 - gc))
    gene, node = np.nonzero(presence)
    sites = pd.DataFrame({"gene": gene, "start": node * 20, "end": node * 20 + 8})
    sites["node"] = pd.Categorical.from_codes(node, list("abcd"))
    target = gc[:, 0] + presence[:, :2].sum(axis=1) + 0.8 * presence[:, 2:].all(axis=1) + rng.normal(size=n)
    table = pd.DataFrame(
        {"node": list("abcd"), "name": list("ABCD"), "community": pd.array([1, 1, 2, 2], dtype="Int64")}
    )
    pairs = pd.DataFrame({"first": ["a", "c"], "second": ["b", "d"], "edge": True})
    sums, synergy = ce.summarise(table, pairs, sites, gc, target).to_dict("records")
    assert sums["members"] == "A B"
    assert sums["n_carriers"] == presence[:, :2].all(axis=1).sum()
    assert sums["density"] == 1
    assert sums["low"] < sums["difference"] < sums["high"]
    assert sums["difference"] > 1
    assert sums["together_low"] < 0 < sums["together_high"]
    assert synergy["together_low"] < 0.8 < synergy["together_high"]
    assert synergy["together_q"] < 1e-6
    assert sums["n_matched"] <= n - sums["n_carriers"]


def test_without_communities_there_is_nothing_to_summarise():
    table = pd.DataFrame({"node": ["a"], "name": ["A"], "community": pd.array([pd.NA], dtype="Int64")})
    sites = pd.DataFrame({"gene": [0], "start": [1], "end": [5], "node": pd.Categorical(["a"])})
    pairs = pd.DataFrame({"first": [], "second": [], "edge": np.array([], dtype=bool)})
    summary = ce.summarise(table, pairs, sites, np.zeros((3, 1)), np.zeros(3))
    assert summary.shape == (0, len(ce.COLUMNS))
