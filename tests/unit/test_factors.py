"""Factors behind motifs: names, genes, and correlations against SciPy's own and a planted factor."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula import factors

FORMULA = pd.DataFrame(
    {
        "motif": ["R0M1", "MA2", "MA1"],
        "name": ["R0M1", "MAFG::Nfe2l1", "ELK4(var.2)"],
        "source": ["learned", "database", "database"],
    }
)
KNOWN = pd.DataFrame(
    [
        ("MA1", "ELK4(var.2)", "Ets-related"),
        ("MA2", "MAFG::Nfe2l1", "Maf-related::Jun-related"),
        ("MA3", "FLI1", "Ets-related"),
        ("MA4", "Elk4", "Ets-related"),
        ("MA5", "NA", ""),
    ],
    columns=["motif", "name", "family"],
)
MATCHES = pd.DataFrame(
    [
        ("R0M1", "MA4", 0.002, 0.004),
        ("R0M1", "MA3", 0.001, 0.002),
        ("R0M1", "MA1", 0.003, 0.006),
        ("R0M1", "MA5", 0.9, 0.05),
        ("MA1", "MA1", 1e-9, 1e-9),
        ("MA1", "MA4", 1e-8, 1e-8),
        ("MA1", "MA5", 1e-3, 0.049),
        ("MA9", "MA5", 1e-9, 1e-9),
    ],
    columns=["Query_ID", "Target_ID", "E-value", "q-value"],
)
ANNOTATION = pd.DataFrame(
    [("G1.2", "ELK4"), ("G2.1", "FLI1"), ("G2.1", "FLI1"), ("G4", "dup"), ("G5", "DUP"), ("YAL1", "MSN2"), ("G9", "")],
    columns=["gene_id", "gene_name"],
)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ELK4", ["ELK4"]),
        ("MAFG::NFE2L1", ["MAFG", "NFE2L1"]),
        ("RORA(var.2)", ["RORA"]),
        ("JUN::JUNB(VAR.2)", ["JUN", "JUNB"]),
        ("RORA.2", ["RORA"]),
        ("NKX2-5", ["NKX2-5"]),
        ("Pax::Pax", ["Pax"]),
        ("::", []),
    ],
)
def test_a_motif_is_named_after_its_factors(name, expected):
    assert factors.factor_names(name) == expected


def test_candidates_are_a_motifs_own_factors_and_those_it_matches():
    table = factors.links(FORMULA, MATCHES, KNOWN, 0.05)
    assert list(table) == factors.LINKS
    assert table[["motif", "factor", "link", "known_motif"]].to_numpy().tolist() == [
        ["R0M1", "FLI1", "match", "MA3"],
        ["R0M1", "Elk4", "match", "MA4"],
        ["MA2", "MAFG", "itself", "MA2"],
        ["MA2", "Nfe2l1", "itself", "MA2"],
        ["MA1", "ELK4", "itself", "MA1"],
        ["MA1", "NA", "match", "MA5"],
    ]
    assert table["e_value"].fillna(-1).tolist() == [0.001, 0.002, -1, -1, 1e-9, 1e-3]
    assert table["q_match"].fillna(-1).tolist() == [0.002, 0.004, -1, -1, 1e-9, 0.049]
    assert table["family"].tolist()[0] == "Ets-related"
    assert table["name"].tolist()[-1] == "ELK4(var.2)"


def test_genes_are_found_by_name_or_id_in_any_case():
    wanted = pd.Series(["elk4", "Fli1", "dup", "msn2", "g9", "only_measured", "none"], index=range(10, 17))
    matrix = pd.Index(["G2", "G1", "G5", "YAL001W", "ONLY_MEASURED", "second"])
    found = factors.find_genes(wanted, ANNOTATION, matrix, {"YAL001W": "YAL1", "second": "YAL1"})
    assert found.index.tolist() == wanted.index.tolist()
    assert found["gene_id"].tolist() == ["G1.2", "G2.1", "G5", "YAL1", "G9", "ONLY_MEASURED", ""]
    assert found["row"].tolist() == [1, 0, 2, 3, -1, 4, -1], "of two genes of one name the measured one"
    assert found["factor"].tolist() == ["ELK4", "FLI1", "DUP", "MSN2", "g9", "ONLY_MEASURED", "none"]


def test_a_systematic_name_leads_to_the_annotated_gene():
    matrix, gene_ids = pd.Index(["YDR026C", "YAL001W"]), {"YDR026C": "NSI1", "YAL001W": "YAL1"}
    found = factors.find_genes(pd.Series(["YDR026c", "yal001w"]), ANNOTATION, matrix, gene_ids)
    assert found.to_numpy().tolist() == [["NSI1", "NSI1", 0], ["MSN2", "YAL1", 1]]


def test_correlation_interval_and_p_are_scipys():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 5, 30))
    y[1, :9] = np.nan
    x[2, 4] = np.nan
    y[3] = 1.0
    y[4, 3:] = np.nan
    activity = pd.DataFrame(x, index=list("abcde"))
    table = pd.DataFrame({"motif": list("abcde"), "gene_id": "none"})
    found = factors.correlate(table, np.arange(5), activity, y, pd.DataFrame(rng.normal(size=(50, 30))))
    for row in range(3):
        both = np.isfinite(x[row]) & np.isfinite(y[row])
        expected = stats.pearsonr(x[row][both], y[row][both])
        interval = expected.confidence_interval(0.95)
        values = found.loc[row, ["n", "r", "p", "r_low", "r_high"]].tolist()
        np.testing.assert_allclose(values, [both.sum(), *expected, *interval], rtol=1e-9)
    assert found.loc[3:, ["r", "r_low", "r_high", "p", "q", "p_genes", "q_genes", "rank"]].isna().all(axis=None)
    assert found["in_expression"].all()
    np.testing.assert_allclose(found["q"][:3], stats.false_discovery_control(found["p"][:3]))


def test_q_among_genes_is_over_the_candidates_of_a_motif():
    rng = np.random.default_rng(2)
    activity = pd.DataFrame(rng.normal(size=(2, 30)), index=["a", "b"])
    expression = rng.normal(size=(6, 30))
    expression[1] += 2 * activity.loc["a"].to_numpy()
    table = pd.DataFrame({"motif": ["a", "b", "a", "b", "a", "b"], "gene_id": "none"})
    rows = np.array([1, 0, 2, 3, -1, 4])
    found = factors.correlate(table, rows, activity, expression, pd.DataFrame(rng.normal(size=(400, 30))))
    assert found.loc[0, "p_genes"] == 1 / 401
    assert found.loc[0, "q_genes"] == 2 / 401, "two candidates of its motif have expression"
    assert np.isnan(found.loc[4, "q_genes"])
    of_b = found[found["motif"] == "b"]
    np.testing.assert_allclose(of_b["q_genes"], stats.false_discovery_control(of_b["p_genes"]))


def test_a_factor_without_expression_stays_in_the_table():
    activity = pd.DataFrame(np.arange(10.0)[None], index=["a"])
    table = pd.DataFrame({"motif": ["a", "a", "x"], "gene_id": ["g", "", "g"]})
    expression = np.array([[0.0, 2, 1, 3, 4, 5, 6, 7, 8, 9], np.arange(10) ** 2])
    genes = pd.DataFrame(np.eye(10), index=[*"ghijklmnop"])
    found = factors.correlate(table, np.array([0, -1, 0]), activity, expression, genes)
    assert found["in_expression"].tolist() == [True, False, True]
    assert found["n"].tolist() == [10, 0, 0]
    assert found["r"].notna().tolist() == [True, False, False], "the last motif has no activity"


def test_no_factor_has_expression_in_a_simulated_genome():
    activity = pd.DataFrame(np.arange(10.0)[None], index=["a"])
    table = pd.DataFrame({"motif": ["a", "a"], "gene_id": ["", ""]})
    genes = pd.DataFrame(np.eye(10), index=[*"ghijklmnop"])
    found = factors.correlate(table, np.array([-1, -1]), activity, genes.to_numpy(), genes)
    assert not found["in_expression"].any()
    assert found[factors.CORRELATION[1:]].isna().all(axis=None)


def planted(seed):
    """20 cell types of four lineages; the first factor drives the motif, the second is its sister, without effect."""
    rng = np.random.default_rng(seed)
    genes = rng.normal(size=(400, 4))[:, np.repeat(range(4), 5)] + 0.3 * rng.normal(size=(400, 20))
    drive = rng.normal(size=20)
    genes[0] += 3 * drive
    activity = pd.DataFrame([3 * drive + 0.3 * rng.normal(size=20)], index=["m"])
    table = pd.DataFrame({"motif": "m", "gene_id": ["g0", "g1"]})
    genes = pd.DataFrame(genes, index=[f"g{i}" for i in range(400)])
    return factors.correlate(table, np.array([0, 1]), activity, genes.to_numpy(), genes)


def test_the_planted_factor_stands_out_among_its_family():
    for seed in range(10):
        found = planted(seed)
        assert found["rank"].tolist() == [1, 2]
        assert found.loc[0, "r"] > 0.8
        assert found.loc[0, "p_genes"] == pytest.approx(1 / 400), "no other gene is as strong"


def test_related_cell_types_make_p_too_small_but_not_p_genes():
    """Neither factor drives anything, and genes follow the lineages."""
    rng = np.random.default_rng(1)
    lineages = np.repeat(range(4), 10)
    genes = pd.DataFrame(rng.normal(size=(500, 4))[:, lineages] + 0.2 * rng.normal(size=(500, 40)))
    activity = pd.DataFrame(rng.normal(size=(50, 4))[:, lineages] + 0.2 * rng.normal(size=(50, 40)))
    table = pd.DataFrame({"motif": np.repeat(range(50), 20)})
    table["gene_id"] = np.tile(range(20), 50)
    found = factors.correlate(table, table["gene_id"].to_numpy(), activity, genes.to_numpy(), genes)
    assert (found["p"] < 0.05).mean() > 0.5
    assert 0.02 < (found["p_genes"] < 0.05).mean() < 0.08


def test_the_share_of_genes_is_counted_gene_by_gene():
    rng = np.random.default_rng(3)
    genes = pd.DataFrame(rng.normal(size=(30, 12)), index=[f"g{i}" for i in range(30)])
    activity = pd.DataFrame(rng.normal(size=(1, 12)), index=["m"])
    outside = rng.normal(size=12)
    expression = np.vstack([genes.to_numpy(), outside])
    table = pd.DataFrame({"motif": "m", "gene_id": ["g4", "other"]})
    found = factors.correlate(table, np.array([4, 30]), activity, expression, genes)
    strengths = np.array([abs(stats.pearsonr(activity.loc["m"], row).statistic) for row in genes.to_numpy()])
    others = np.delete(strengths, 4)
    assert found.loc[0, "p_genes"] == pytest.approx((1 + (others >= strengths[4]).sum()) / 30)
    own = abs(stats.pearsonr(activity.loc["m"], outside).statistic)
    assert found.loc[1, "p_genes"] == pytest.approx((1 + (strengths >= own).sum()) / 31)
