"""Controls keep silent where there is nothing to find, and do not where there is: else their silence meant nothing."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula.grammar import controls
from cisformula.grammar import cooccurrence as co
from cisformula.grammar.find_spacing import find_spacing
from cisformula.grammar.node_sites import collapse, scan
from cisformula.grammar.site_pairs import add_matched, find_pairs
from cisformula.grammar.spacing import Limits
from cisformula.grammar.spacing_expression import Setting, describe
from cisformula.grammar.spacing_null import exchange, gc_strata
from cisformula.pwm import Motif
from cisformula.sequence import encode

LIMITS = Limits(fdr=0.05, min_fold=2, min_promoters=20)
N_GENES, N_MOTIFS = 1500, 40


def by_measure(rows):
    return {measure: (value, nominal, n) for measure, value, nominal, n in rows}


def within_chance(share, n, level=0.05):
    """Whether a share of independent tests is no larger than 999 of 1,000 would be by chance."""
    return share * n <= stats.binom.ppf(0.999, n, level)


def genes_of(rng):
    return pd.DataFrame({"gc": rng.normal(0.55, 0.08, N_GENES), "cpg_oe": rng.normal(0.6, 0.2, N_GENES)})


def test_share_below_leaves_out_unknown_values():
    assert controls.share_below([0.01, 0.04, 0.05, 0.5, np.nan], 0.05) == (0.5, 0.05, 4)
    value, _, n = controls.share_below([], 0.05)
    assert np.isnan(value)
    assert n == 0


def test_motifs_of_groups_vanish_with_the_labels():
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, N_GENES)
    present = rng.random((N_GENES, N_MOTIFS)) < np.where(labels[:, None] == 0, 0.6, 0.2)
    names = [f"m{i}" for i in range(N_MOTIFS)]
    motifs = pd.DataFrame({"motif": names, "name": names})
    found = by_measure(controls.permuted_groups(present, motifs, labels, genes_of(rng), 0.05, seed=2))
    assert found["motifs in groups, called"] == (0, 0, 3 * N_MOTIFS)
    for test in ("Fisher's", "logistic"):
        share, nominal, n = found[f"motifs in groups, {test} p < 0.05"]
        assert (nominal, n) == (0.05, 3 * N_MOTIFS)
        assert within_chance(share, n)


def test_expression_differs_nowhere_once_the_target_is_permuted():
    rng = np.random.default_rng(3)
    labels = rng.integers(0, 4, N_GENES)
    target = labels + rng.normal(size=N_GENES)
    setting = Setting(None, None, None, None)
    found = by_measure(controls.permuted_target(labels, pd.DataFrame(), setting, target, seed=4))
    share, _, n = found["expression of groups, Kruskal-Wallis p < 0.05"]
    assert n == controls.PERMUTATIONS
    assert within_chance(share, n)
    eta2, expected, _ = found["expression of groups, share of variance"]
    assert expected == pytest.approx(3 / 1499)
    # The mean of 100 beta variables whose standard deviation is about 0.8 of their mean.
    assert eta2 == pytest.approx(expected, rel=0.35)
    assert found["expression at distances, p < 0.05"][2] == 0


def test_company_is_counted_where_there_is_some_and_nowhere_else():
    rng = np.random.default_rng(5)
    nodes = pd.DataFrame({"motif": [f"n{i}" for i in range(20)]}).assign(node=lambda t: t["motif"], name="")
    gc = rng.normal(size=(N_GENES, 1))
    for together, edges in ((0.0, 0), (0.5, 10)):
        present = rng.random((N_GENES, 20)) < 0.15
        present[:, :5] |= (rng.random((N_GENES, 1)) < 0.2) & (rng.random((N_GENES, 5)) < together)
        gene, node = np.nonzero(present)
        start = rng.integers(0, 290, len(gene))
        sites = pd.DataFrame({"gene": gene, "start": start, "end": start + 10})
        sites["node"] = pd.Categorical.from_codes(node, nodes["node"])
        pairs = co.count_pairs(sites, gc)
        found = by_measure(controls.company(pairs, nodes, np.zeros((20, 20)), 0.7, 0.01))
        assert found["company, edges"] == (edges, 0, 190)
        share, nominal, n = found["company, p < 0.01"]
        assert (nominal, n) == (0.01, 190)
        assert within_chance(share, n, 0.01) == (edges == 0)


def promoters_with_a_distance(rng):
    """Two words nine bases apart in 100 promoters, and each alone in others."""
    codes = rng.integers(0, 4, (N_GENES, 200)).astype(np.uint8)
    one, other = encode("CAAGATGGCGGC"), encode("ACTACAATTCCC")
    for gene in range(300):
        at = int(rng.integers(0, 160))
        codes[gene, at : at + 12] = one if gene < 200 else other
        if gene < 100:
            codes[gene, at + 21 : at + 33] = other
    motifs = [Motif(name, name, 0.92 * np.eye(4)[word] + 0.02) for name, word in (("one", one), ("other", other))]
    table = pd.DataFrame({"motif": ["one", "other"], "name": ["one", "other"], "source": "", "coefficient": 1.0})
    nodes = collapse(motifs, table, 0.8)
    return codes, motifs, nodes, scan(codes, motifs, nodes, 1e-5)


def test_distances_are_counted_until_sites_change_promoters():
    rng = np.random.default_rng(6)
    codes, motifs, nodes, sites = promoters_with_a_distance(rng)
    strata = gc_strata(np.isin(codes, [1, 2]).mean(axis=1), 2)

    def measured(table):
        found = find_spacing(table, nodes, motifs, np.arange(N_GENES), strata, 200, 60, LIMITS)
        nothing = find_spacing(exchanged, nodes, motifs, np.arange(N_GENES), strata, 200, 60, LIMITS)
        return by_measure(controls.distances(found, nothing, LIMITS))

    exchanged = exchange(sites, strata, rng)
    assert measured(sites)["distances, rules"][:2] == (1, 0)
    assert measured(exchanged)["distances, rules"][:2] == (0, 0)


def test_expression_at_a_distance_is_that_of_any_once_the_target_is_permuted():
    codes, motifs, nodes, sites = promoters_with_a_distance(np.random.default_rng(7))
    sites = add_matched(sites, nodes, motifs)
    setting = describe(sites, codes)
    assert setting.hits.sum(axis=0).tolist() == sites["node"].value_counts()[["one", "other"]].tolist()
    assert len(setting.pairs.gene) == len(find_pairs(sites, 200).gene)
    # Some promoters get the second word at other distances, else there is nothing to compare with.
    for gene in range(100, 160):
        codes[gene, 170:182] = encode("ACTACAATTCCC")
    setting = describe(add_matched(scan(codes, motifs, nodes, 1e-5), nodes, motifs), codes)
    named = {"first": "one", "second": "other", "first_name": "one", "second_name": "other"}
    rule = {"rule": 1, **named, "orientation": "same", "order": "first_second", "low": 9, "high": 9}
    target = np.random.default_rng(8).normal(size=N_GENES) + 3 * (np.arange(N_GENES) < 100)
    rows = controls.permuted_target(np.zeros(N_GENES, int), pd.DataFrame([rule]), setting, target, seed=9)
    for measure in ("expression at distances, p < 0.05", "expression at distances, adjusted p < 0.05"):
        share, _, n = by_measure(rows)[measure]
        assert n == controls.PERMUTATIONS
        assert within_chance(share, n)


def test_places_are_called_by_significance_and_size():
    table = pd.DataFrame({"bin_q": [0.01, 0.01, 0.2], "bin_fold": [3.0, 1.5, 3.0]})
    assert controls.places(table, 0.05, 2) == [("places, called", 1, 0, 3)]
