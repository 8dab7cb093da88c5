"""Co-occurrence against exact tests, other programs and brute force; planted company found, composition's ignored."""

import itertools

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from cisformula import paralogues
from cisformula.grammar import cooccurrence as co
from cisformula.grammar.cooccurrence_null import error_rates, exchange
from cisformula.grammar.presence_model import composition, probabilities
from cisformula.pwm import Motif


def site_table(rows, n_nodes):
    table = pd.DataFrame(rows, columns=["gene", "node", "start", "end"])
    names = [f"n{i}" for i in range(n_nodes)]
    return table.assign(node=pd.Categorical.from_codes(table["node"], names))


def scattered(presence, rng, width=10, length=300):
    """One site of each node present, anywhere."""
    gene, node = np.nonzero(presence)
    start = rng.integers(0, length - width, len(gene))
    return site_table(np.stack([gene, node, start, start + width], axis=1), presence.shape[1])


def described(n_nodes):
    names = [f"n{i}" for i in range(n_nodes)]
    return pd.DataFrame({"motif": names, "node": names, "name": [name.upper() for name in names]})


def table_of(presence, rng, covariates):
    sites = scattered(presence, rng)
    n = presence.shape[1]
    return co.pair_table(
        co.count_pairs(sites, covariates), presence.sum(axis=0), described(n), np.zeros((n, n)), 0.7, 0.01
    )


def test_probabilities_are_those_of_statsmodels():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(500, 3))
    presence = rng.random((500, 4)) < 1 / (1 + np.exp(-(X @ rng.normal(size=(3, 4)) - [0, 1, 2, 3])))
    ours = probabilities(presence, X, ridge=0.0)
    for column in range(4):
        theirs = sm.Logit(presence[:, column].astype(float), sm.add_constant(X)).fit(disp=0, tol=1e-12).predict()
        np.testing.assert_allclose(ours[:, column], theirs, atol=1e-7)


def test_probabilities_stay_finite_where_presence_is_separated_or_the_same_everywhere():
    X = np.linspace(-2, 2, 50)[:, None]
    presence = np.stack([X[:, 0] > 0, np.zeros(50, bool), np.ones(50, bool)], axis=1)
    p = probabilities(presence, X)
    assert p[0, 0] < 0.01
    assert p[-1, 0] > 0.99
    assert p[:, 0].sum() == pytest.approx(25)
    assert (p[:, 1] == 0).all()
    assert (p[:, 2] == 1).all()


def test_composition_is_the_same_on_both_strands():
    codes = np.random.default_rng(1).integers(0, 5, (30, 80)).astype(np.uint8)
    other = np.where(codes == 4, 4, 3 - np.minimum(codes, 3))[:, ::-1].astype(np.uint8)
    described = composition(codes)
    np.testing.assert_allclose(described, composition(other), atol=1e-12)
    np.testing.assert_allclose(described.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(described.std(axis=0), 1)
    assert (composition(np.zeros((4, 10), np.uint8)) == 0).all()


@pytest.mark.parametrize("skewness", [-0.8, 0.0, 0.3, 2.0])
def test_tail_is_that_of_scipys_pearson3(skewness):
    z = np.linspace(-1, 6, 15)
    np.testing.assert_allclose(co.pearson3_tail(z, skewness), stats.pearson3.sf(z, skewness), rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize(("n_first", "n_second", "most"), [(40, 60, 1.5), (300, 500, 1.5), (20, 900, 5)])
def test_without_composition_p_values_are_those_of_fishers_exact_test_or_larger(n_first, n_second, most):
    n, expected = 3000, n_first * n_second / 3000
    for both in np.unique(np.round(expected + np.sqrt(expected) * np.array([1, 2, 3, 4])).astype(int)):
        variance = n_first * n_second * (n - n_first) * (n - n_second) / n**3
        skewness = (n - 2 * n_first) * (n - 2 * n_second) / n**2 / np.sqrt(variance)
        pairs = co.Pairs(*(np.array([value]) for value in (both, 0, both - expected, variance, skewness)))
        exact = stats.hypergeom.sf(both - 1, n, n_first, n_second)
        assert 0.85 < pairs.tail(1)[0] / exact < most
        below = max(0, int(2 * expected - both))
        lower = co.Pairs(*(np.array([value]) for value in (below, 0, below - expected, variance, skewness)))
        assert 0.85 < lower.tail(-1)[0] / stats.hypergeom.cdf(below, n, n_first, n_second) < 2.5


def test_moments_are_the_sums_over_promoters():
    rng = np.random.default_rng(2)
    presence = rng.random((200, 3)) < [0.2, 0.5, 0.7]
    X = rng.normal(size=(200, 2))
    sites = scattered(presence, rng)
    found = co.count_pairs(sites, X)
    p = probabilities(presence, X)
    overlapping = dict.fromkeys(itertools.combinations(range(3), 2), 0)
    both = dict(overlapping)
    by_gene = {
        gene: dict(zip(rows["node"].cat.codes, rows["start"], strict=True)) for gene, rows in sites.groupby("gene")
    }
    for (i, j), place in itertools.product(overlapping, by_gene.values()):
        if i in place and j in place:
            apart = abs(place[i] - place[j]) >= 10
            both[i, j] += apart
            overlapping[i, j] += not apart
    chance = co.chance_overlap(sites, co.counts(sites, 200))
    for i, j in overlapping:
        assert found.both[i, j] == both[i, j]
        assert found.overlapping[i, j] == overlapping[i, j]
        residual = ((presence[:, i] - p[:, i]) * (presence[:, j] - p[:, j])).sum()
        excess = residual - overlapping[i, j] + chance[i, j] * (p[:, i] * p[:, j]).sum()
        assert found.excess[i, j] == pytest.approx(excess)
        spread = p[:, i] * (1 - p[:, i]) * p[:, j] * (1 - p[:, j])
        third = spread * (1 - 2 * p[:, i]) * (1 - 2 * p[:, j])
        assert found.variance[i, j] == pytest.approx(spread.sum())
        assert found.skewness[i, j] == pytest.approx(third.sum() / spread.sum() ** 1.5)


def test_only_promoters_whose_sites_all_overlap_are_left_out():
    sites = site_table(
        [
            *[(0, 0, 10, 20), (0, 1, 19, 30)],  # by one base
            *[(1, 0, 10, 20), (1, 1, 20, 30)],  # side by side
            *[(2, 0, 10, 20), (2, 1, 15, 25), (2, 1, 40, 50)],  # one more elsewhere
            *[(3, 0, 10, 20), (3, 0, 22, 32), (3, 1, 15, 25)],  # across both
            *[(4, 0, 10, 40), (4, 2, 12, 18), (4, 1, 30, 45)],  # a long one around
        ],
        3,
    )
    overlapping = co.only_overlapping(sites, co.counts(sites, 5))
    assert overlapping.tolist() == [[0, 3, 1], [3, 0, 0], [1, 0, 0]]


def test_chance_overlap_is_that_of_all_pairs_of_positions():
    rng = np.random.default_rng(3)
    start = rng.integers(0, 60, 80)
    node = rng.integers(0, 2, 80)
    end = start + np.where(node == 0, 8, 15)
    sites = site_table(np.stack([np.arange(80), node, start, end], axis=1), 2)
    pairs = [
        (start[i] < end[j]) & (start[j] < end[i]) for i in np.flatnonzero(node == 0) for j in np.flatnonzero(node == 1)
    ]
    overlap = co.chance_overlap(sites, co.counts(sites, 80))
    np.testing.assert_allclose([overlap[0, 1], overlap[1, 0]], np.mean(pairs))
    assert 0.2 < overlap[0, 1] < 0.5


def test_nodes_that_company_brings_together_make_an_edge_and_no_others():
    rng = np.random.default_rng(4)
    presence = rng.random((3000, 6)) < 0.15
    on = rng.random(3000) < 0.1
    presence[:, :2] |= (rng.random((3000, 2)) < 0.5) & on[:, None]
    table = table_of(presence, rng, np.zeros((3000, 1)))
    edges = table.loc[table["edge"], ["first", "second"]].to_numpy().tolist()
    assert edges == [["n0", "n1"]]
    row = table.iloc[0]
    overlap_free = row["n_both"] + row["n_overlapping"]
    assert overlap_free == (presence[:, 0] & presence[:, 1]).sum()
    assert row["ratio"] == pytest.approx(row["n_both"] / row["expected"])
    assert 1.15 < row["ratio"] < 2.5
    assert (row["first_name"], row["n_first"]) == ("N0", presence[:, 0].sum())


def test_what_composition_brings_together_makes_no_edge():
    rng = np.random.default_rng(5)
    gc = rng.normal(size=(4000, 1))
    presence = rng.random((4000, 8)) < 1 / (1 + np.exp(1.5 - gc * np.repeat([1, -1], 4)))
    naive = table_of(presence, rng, np.zeros((4000, 1)))
    adjusted = table_of(presence, rng, gc)
    assert naive["edge"].sum() == 12
    assert (naive["q_repulsion"] < 0.01).sum() == 16
    assert adjusted["edge"].sum() == 0
    assert (adjusted["q_repulsion"] < 0.01).sum() == 0


def test_motifs_that_match_one_site_make_no_edge():
    rng = np.random.default_rng(6)
    gene = np.flatnonzero(rng.random(3000) < 0.2)
    start = rng.integers(0, 280, len(gene))
    shared = [(g, node, s + node * 2, s + node * 2 + 10) for g, s in zip(gene, start, strict=True) for node in (0, 1)]
    own = [(g, 2, s, s + 10) for g, s in zip(gene, (start + 100) % 280, strict=True)]
    sites = site_table(shared + own, 3)
    pairs = co.count_pairs(sites, np.zeros((3000, 1)))
    assert pairs.overlapping[0, 1] == len(gene)
    assert pairs.tail(1)[0, 1] > 0.5
    assert pairs.tail(1)[0, 2] < 1e-20


def test_similar_nodes_are_not_tested():
    rng = np.random.default_rng(7)
    presence = np.repeat(rng.random((1000, 1)) < 0.3, 3, axis=1)
    similarity = np.array([[1, 0.8, 0.1], [0.8, 1, 0.2], [0.1, 0.2, 1]])
    sites = scattered(presence, rng)
    pairs = co.count_pairs(sites, np.zeros((1000, 1)))
    table = co.pair_table(pairs, presence.sum(axis=0), described(3), similarity, 0.7, 0.01)
    assert table["edge"].tolist() == [False, True, True]
    assert table["q"].isna().tolist() == [True, False, False]
    two = stats.false_discovery_control(table["p"].to_numpy()[1:])
    np.testing.assert_allclose(table["q"].to_numpy()[1:], two)


def test_similarity_of_nodes_is_that_of_their_closest_motifs():
    def motif(name, consensus):
        return Motif(name, name, 0.96 * np.eye(4)[["ACGT".index(base) for base in consensus]] + 0.01)

    motifs = [motif("a", "ACCGGAAG"), motif("b", "TTTTATAA"), motif("c", "CTTCCGGT"), motif("d", "GGGGCGGG")]
    nodes = pd.DataFrame({"motif": list("abcd"), "node": ["b", "b", "c", "d"]})
    similarity = co.node_similarity(motifs, nodes)
    assert similarity.shape == (3, 3)
    assert similarity[0, 1] == similarity[1, 0] == pytest.approx(1)
    assert similarity[0, 2] < 0.7


def test_motifs_that_share_but_an_end_are_not_alike():
    rng = np.random.default_rng(1)
    left, shared, right = (np.eye(4)[rng.integers(0, 4, width)] for width in (8, 6, 8))
    motifs = [
        Motif(name, name, 0.96 * np.concatenate(parts) + 0.01)
        for name, parts in {"a": (left, shared), "b": (shared, right)}.items()
    ]
    similarity = co.node_similarity(motifs, pd.DataFrame({"motif": list("ab"), "node": list("ab")}))
    assert similarity[0, 1] < 0.7


def test_one_promoter_of_each_family_counts():
    families = pd.DataFrame({"gene_id": list("abcde"), "family": [2, 1, 2, 3, 1]})
    rows = paralogues.one_per_family(families["family"])
    assert rows.tolist() == [0, 1, 3]
    sites = site_table([(0, 0, 1, 5), (1, 0, 2, 6), (2, 0, 3, 7), (3, 0, 4, 8), (4, 0, 5, 9)], 1)
    kept = co.restrict(sites, rows)
    assert kept["gene"].tolist() == [0, 1, 2]
    assert kept["start"].tolist() == [1, 2, 4]


def test_sites_count_up_to_where_they_exceed_shuffled_promoters_most():
    rng = np.random.default_rng(8)

    def sites(weak, strong):
        parts = []
        for node, (n_weak, n_strong) in enumerate(zip(weak, strong, strict=True)):
            p = np.r_[rng.uniform(5.1e-5, 1e-4, n_weak), rng.uniform(1e-6, 1.2e-5, n_strong)]
            genes = rng.choice(1000, n_weak + n_strong, replace=False)
            parts += [(gene, node, 0, 8, value) for gene, value in zip(genes, p, strict=True)]
        table = pd.DataFrame(parts, columns=["gene", "node", "start", "end", "p_value"])
        table["p_value"] = table["p_value"].astype("float32")
        return table.assign(node=pd.Categorical.from_codes(table["node"], ["strong", "weak", "none"]))

    shuffled = [sites([300, 80, 200], [0, 0, 0]), sites([300, 120, 200], [0, 0, 0])]
    chosen = co.thresholds(sites([300, 300, 100], [100, 0, 0]), shuffled, 1000, 1e-4)
    assert chosen["node"].tolist() == ["strong", "weak", "none"]
    np.testing.assert_allclose(chosen["p_value"], [5e-5, 1e-4, 1e-4])
    assert chosen["carriers"].tolist() == [100, 300, 100]
    assert chosen["shuffled_carriers"].tolist() == [0, 100, 200]
    kept = co.up_to(sites([50, 50, 50], [5, 5, 5]), chosen["p_value"].to_numpy())
    assert kept["node"].value_counts(sort=False).tolist() == [5, 55, 55]


def test_a_site_at_the_limit_counts_although_single_precision_rounds_up():
    limit = 7e-5
    in_single = np.array([limit, 1.001 * limit], dtype="float32")
    assert float(in_single[0]) > limit
    table = site_table([(0, 0, 1, 5), (1, 0, 1, 5)], 1).assign(p_value=in_single)
    assert co.up_to(table, limit)["gene"].tolist() == [0]
    assert co.up_to(table, np.array([limit]))["gene"].tolist() == [0]


def test_exchanged_sites_keep_their_node_and_lose_their_company():
    rng = np.random.default_rng(9)
    gc = rng.normal(size=(3000, 1))
    on = rng.random(3000) < 0.2
    presence = rng.random((3000, 30)) < 1 / (1 + np.exp(1.5 - gc))
    presence[:, :10] |= on[:, None] & (rng.random((3000, 10)) < 0.5)
    sites = scattered(presence, rng)
    zeros = np.zeros((30, 30))
    assert error_rates(co.count_pairs(sites, gc), zeros, 0.7)["attraction_0.01"] > 0.09
    moved = exchange(sites, gc, np.random.default_rng(10))
    assert moved["node"].equals(sites["node"])
    np.testing.assert_array_equal(co.counts(moved, 3000).sum(axis=0), co.counts(sites, 3000).sum(axis=0))
    correlation = [np.corrcoef(gc[:, 0], (co.counts(table, 3000) > 0).sum(axis=1))[0, 1] for table in (sites, moved)]
    assert correlation[1] > 0.8 * correlation[0]
    rates = error_rates(co.count_pairs(moved, gc), zeros, 0.7)
    assert rates["pairs"] == 435
    assert abs(rates["z_mean"]) < 0.2
    assert 0.85 < rates["z_sd"] < 1.15
    assert rates["attraction_0.05"] < 0.08
    assert rates["repulsion_0.05"] < 0.08
