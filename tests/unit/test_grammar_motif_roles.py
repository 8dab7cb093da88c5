"""Roles of motifs: contributions against a brute-force mean, partial correlations against least squares, signs."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cisformula.grammar import motif_roles

GENES, LENGTH, WIDTH = 300, 60, 6


@pytest.fixture(scope="module")
def made_up():
    """A track that depends on position and GC, and 4 motifs: one adds 0.5 to its sites, one takes 0.3, two nothing."""
    rng = np.random.default_rng(1)
    gc = rng.uniform(0.3, 0.8, GENES)
    track = 0.05 * rng.normal(size=(GENES, LENGTH)) + gc[:, None] * np.sin(np.arange(LENGTH) / 9)
    n_sites = 400
    sites = pd.DataFrame({"gene": rng.integers(0, GENES, n_sites), "motif": rng.integers(0, 4, n_sites)})
    sites["start"] = rng.integers(0, LENGTH - WIDTH, n_sites)
    sites["end"] = sites["start"] + WIDTH
    for site in sites.itertuples():
        track[site.gene, site.start : site.end] += (0.5, -0.3, 0, 0)[site.motif] / WIDTH
    return track.astype("float32"), gc, sites


def brute_force(track, classes, sites, motif):
    """Contribution of all sites of a motif in each promoter, base by base."""
    own = sites[sites["motif"] == motif]
    without = ~np.isin(np.arange(len(track)), own["gene"])
    values = []
    for gene, of_gene in own.groupby("gene"):
        excess = track[gene] - track[without & (classes == classes[gene])].mean(axis=0)
        covered = np.zeros(track.shape[1])
        for site in of_gene.itertuples():
            covered[site.start : site.end] += 1
        ratio = covered.sum() / (track.shape[1] - covered.sum())
        values.append((covered * excess).sum() - ratio * ((1 - covered) * excess).sum())
    return np.array(values), len(own)


def test_contribution_is_that_of_a_brute_force_mean(made_up):
    track, gc, sites = made_up
    classes = motif_roles.gc_classes(gc)
    assert np.bincount(classes).tolist() == [GENES // 10] * 10
    found = motif_roles.contributions(track, classes, sites, 4)
    for motif in range(4):
        values, n_sites = brute_force(track.astype(float), classes, sites, motif)
        assert found.loc[motif, "contribution"] == pytest.approx(values.sum() / n_sites, rel=1e-6, abs=1e-9)
        assert found.loc[motif, ["n_genes", "n_sites"]].tolist() == [len(values), n_sites]
    assert found["contribution"].tolist() == pytest.approx([0.5, -0.3, 0, 0], abs=0.1)
    assert (found["q"] < 0.001).tolist() == [True, True, False, False]


def test_standard_error_is_the_spread_of_repeated_estimates():
    rng = np.random.default_rng(2)
    classes, estimates, errors = np.repeat([0, 1], 40), [], []
    # Half the promoters of a class carry the motif, so that the controls matter; two sites share a promoter's level.
    gene = np.repeat([*range(20), *range(40, 60)], 2)
    for _ in range(400):
        track = 0.1 * rng.normal(size=(80, LENGTH)) + 0.2 * rng.normal(size=(80, 1))
        start = np.tile([5, 30], 40)
        sites = pd.DataFrame({"gene": gene, "motif": 0, "start": start, "end": start + WIDTH})
        found = motif_roles.contributions(track, classes, sites, 1)
        estimates.append(found["contribution"].item())
        errors.append(found["standard_error"].item())
    assert np.std(estimates) == pytest.approx(np.mean(errors), rel=0.1)
    assert abs(np.mean(estimates)) < 3 * np.std(estimates) / 20


def test_sites_that_add_nothing_are_significant_at_the_nominal_rate():
    rng = np.random.default_rng(3)
    gc = rng.uniform(size=GENES)
    track = 0.1 * rng.normal(size=(GENES, LENGTH)) + gc[:, None]
    n_sites, n_motifs = 20_000, 250
    sites = pd.DataFrame({"gene": rng.integers(0, GENES, n_sites), "motif": rng.integers(0, n_motifs, n_sites)})
    sites["start"] = rng.integers(0, LENGTH - WIDTH, n_sites)
    sites["end"] = sites["start"] + WIDTH
    p = motif_roles.contributions(track, motif_roles.gc_classes(gc), sites, n_motifs)["p"]
    assert 0.02 < (p < 0.05).mean() < 0.09


def test_what_a_promoter_adds_all_along_is_not_its_motif_s():
    rng = np.random.default_rng(5)
    gene = np.arange(0, GENES, 3)
    track = 0.01 * rng.normal(size=(GENES, LENGTH)) + np.cos(np.arange(LENGTH))
    track[gene] += 0.3  # promoters with the motif hold others, which nothing else tells
    start = rng.integers(0, LENGTH - WIDTH, len(gene))
    track[gene[:, None], start[:, None] + np.arange(WIDTH)] += 0.5 / WIDTH
    sites = pd.DataFrame({"gene": gene, "motif": 0, "start": start, "end": start + WIDTH})
    found = motif_roles.contributions(track, np.zeros(GENES, dtype=int), sites, 1)
    assert found["contribution"].item() == pytest.approx(0.5, abs=0.01)


def test_promoters_full_of_sites_are_left_out():
    track = np.random.default_rng(6).normal(size=(6, 10))
    sites = pd.DataFrame({"gene": [0, 0, 1, 2], "motif": 0, "start": [0, 4, 0, 0], "end": [4, 8, 5, 2]})
    found = motif_roles.contributions(track, np.zeros(6, dtype=int), sites, 1)
    assert found[["n_genes", "n_sites"]].iloc[0].tolist() == [2, 2]


def test_sites_without_controls_or_alone_are_not_tested():
    track, classes = np.ones((6, 10)), np.array([0, 0, 0, 1, 1, 1])
    # All promoters of class 1 have motif 0; motif 1 has one site; motif 2 none.
    gene, motif = np.array([0, 3, 4, 5, 1]), np.array([0, 0, 0, 0, 1])
    sites = pd.DataFrame({"gene": gene, "motif": motif, "start": 2, "end": 5})
    found = motif_roles.contributions(track, classes, sites, 3)
    assert found["n_sites"].tolist() == [1, 1, 0]
    assert found["n_genes"].tolist() == [1, 1, 0]
    assert found["p"].isna().all()
    assert found["q"].isna().all()
    assert found["contribution"].tolist() == pytest.approx([0, 0, np.nan], nan_ok=True)


def test_partial_correlation_is_that_of_least_squares():
    rng = np.random.default_rng(4)
    covariates = rng.normal(size=(GENES, 2))
    present = rng.uniform(size=(GENES, 3)) < 0.4
    target = covariates @ [1, -1] + 0.4 * present[:, 0] + rng.normal(size=GENES)
    present = np.column_stack([present, np.zeros(GENES, dtype=bool)])
    found = motif_roles.partial_correlations(present, target, covariates)
    for column in range(3):
        fit = sm.OLS(target, sm.add_constant(np.column_stack([covariates, present[:, column]]))).fit()
        t = fit.tvalues[-1]
        assert found.loc[column, "partial_p"] == pytest.approx(fit.pvalues[-1])
        assert found.loc[column, "partial_r"] == pytest.approx(t / np.sqrt(t**2 + fit.df_resid))
        z = np.arctanh(found.loc[column, ["partial_low", "partial_r", "partial_high"]].to_numpy())
        np.testing.assert_allclose(np.diff(z), 1.959964 / np.sqrt(GENES - 2 - 3), rtol=1e-6)
    assert found.loc[3].isna().all()


def test_roles_need_contribution_enrichment_and_expression_of_the_same_sign():
    motifs = pd.DataFrame({"motif": list("ABCDEFGH"), "name": list("abcdefgh")})
    contributed = pd.DataFrame(0.0, index=range(8), columns=motif_roles.CONTRIBUTION_COLUMNS)
    contributed["contribution"] = [1, -1, 1, -1, 1, 1, 1, -1]
    contributed["q"] = [0.01, 0.01, 0.01, 0.01, 0.5, np.nan, 0.01, 0.01]
    partial = pd.DataFrame(0.0, index=range(8), columns=motif_roles.PARTIAL_COLUMNS)
    partial["partial_r"] = [0.1, -0.1, 0.1, -0.1, 0.1, 0.1, -0.1, np.nan]
    labels, target = np.array([1, 1, 2, 3]), np.array([-1.0, -2.0, 0.5, 3.0])
    rows = [(3, "A"), (2, "A"), (1, "B"), (1, "C"), (3, "E"), (3, "F"), (3, "G"), (1, "H")]
    enrichment = pd.DataFrame(rows, columns=["group", "motif"]).assign(call="enriched")
    enrichment.loc[len(enrichment)] = [1, "D", "depleted"]
    found = motif_roles.roles(motifs, contributed, partial, enrichment, labels, target, 0.05)
    assert list(found.columns) == motif_roles.COLUMNS
    assert found["role"].tolist() == ["active", "repressive", *["unclear"] * 6]
    assert found["enriched_in"].tolist() == ["2,3", "1", "1", "", "3", "3", "3", "1"]
    expression = [1.75, -1.5, -1.5, np.nan, 3, 3, 3, -1.5]
    assert found["group_expression"].tolist() == pytest.approx(expression, nan_ok=True)
