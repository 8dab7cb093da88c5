"""What pages show, as numbers: known answers from a made-up run, and honest words for every outcome."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from made_up_run import CELL_TYPES, EDGES, GENES, KNOWN, MOTIFS, N_GENES, MadeUpRun
from test_site_packing import unpack

from cisformula import config as configuration
from cisformula.site import (
    cell_pages,
    citations,
    gene_data,
    grammar_page,
    grammar_tables,
    grammar_verdict,
    methods,
    motif_pages,
    run_tables,
    verdict,
)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory) -> MadeUpRun:
    return MadeUpRun(tmp_path_factory.mktemp("results"))


@pytest.fixture(scope="module")
def run(made_up):
    return run_tables.read(made_up.files)


def test_effects_come_back_at_their_motif_and_cell_type(run, made_up):
    data = cell_pages.effects_data(run, 0.05)
    for target in ("expression", "deviation"):
        found = unpack(data["targets"][target]["coefficient"])
        np.testing.assert_allclose(found, made_up.effect, atol=1e-5)
    called = unpack(data["targets"]["expression"]["log_q"]) > -np.log10(data["fdr"])
    np.testing.assert_array_equal(called, np.abs(made_up.effect) > 0.08)


def test_a_p_value_of_zero_stays_finite(run):
    zero = dataclasses.replace(run, effects=run.effects.assign(q=0.0, p=0.0))
    log_q = unpack(cell_pages.effects_data(zero, 0.05)["targets"]["expression"]["log_q"])
    assert (log_q == cell_pages.LARGEST_LOG).all()


def test_cell_types_count_motifs_up_and_down(run, made_up):
    for column, row in enumerate(cell_pages.rows(run, 0.05)):
        effects = made_up.effect[:, column]
        assert row.n_up["expression"] == (effects > 0.08).sum()
        assert row.n_down["deviation"] == (effects < -0.08).sum()
        assert set(row.sheet) == {"group"}  # all share the source, which therefore tells nothing


def test_contributions_of_a_gene_add_up_and_the_largest_are_kept(run, made_up, monkeypatch):
    monkeypatch.setattr(gene_data, "N_TERMS", 2)
    monkeypatch.setattr(gene_data, "PART", 16)
    parts = gene_data.parts(run)
    assert len(parts) == 3
    number = np.concatenate([unpack(part["motif"]) for part in parts])
    value = np.concatenate([unpack(part["value"]) for part in parts])
    others = np.concatenate([unpack(part["others"]) for part in parts])
    np.testing.assert_allclose(value.sum(axis=1) + others, made_up.contributions.sum(axis=1), atol=1e-3)
    assert (number[:, 0] == 0).all()  # base composition, whatever its size
    np.testing.assert_array_equal(number[:, 1], np.abs(made_up.contributions[:, : len(MOTIFS)]).argmax(axis=1) + 1)


def test_expression_over_cell_types_is_standardised_as_in_the_fits(run, made_up):
    observed = np.concatenate([unpack(part["observed"]) for part in gene_data.parts(run)])
    expected = (made_up.values - made_up.values.mean()) / made_up.values.std(ddof=0)
    np.testing.assert_allclose(observed, expected, atol=0.02)


def test_sites_are_counted_by_strand_and_bin(run):
    row = motif_pages.rows(run)[0]
    position = motif_pages.Pages(run).position(row)
    per_site = 1000 / N_GENES
    assert position["edges"] == [-20, -10, 0, 10, 20]
    assert position["sites"] == [[per_site, 0, per_site, 0], [per_site, 0, 0, 0]]
    assert position["bins"] == list(EDGES)
    assert position["effects"] == [0.1, 0.2]


def test_targets_are_grouped_by_cell_type_with_the_formula_first(run):
    packed = motif_pages.Pages(run).packed_targets("R0M0")
    assert packed["count"] == [3] * (1 + len(CELL_TYPES))
    assert [GENES[gene] for gene in unpack(packed["gene"])[:3]] == [GENES[N_GENES - 2], GENES[0], GENES[3]]
    np.testing.assert_allclose(unpack(packed["contribution"])[:3], [0.5, 0.4, 0.3], atol=1e-3)


def test_the_match_is_drawn_as_tomtom_aligned_it(run):
    row = motif_pages.rows(run)[0]
    assert row.match.reverse
    assert row.match.name == KNOWN.name
    # The target's ten columns lie beneath the query's eight, which begin at the second.
    assert 'viewBox="0 0 120 94"' in row.match.drawing
    assert '<rect class="shared" x="12" y="0" width="96"' in row.match.drawing


def test_a_motif_is_called_by_its_match_only_below_the_significance_level(run):
    (motif,) = [motif for motif in run.formula.motifs if motif.id == "R0M0"]
    match = motif_pages.best_match(run, motif)
    assert match.significant
    assert not match._replace(q_value=0.05).significant


def test_a_motif_without_cell_type_numbers_has_none(run):
    row = motif_pages.rows(run)[2]
    assert np.isnan(row.z)
    assert row.match is None
    assert (row.low, row.high) == pytest.approx((0.1 - 1.959964 * 0.1, 0.1 + 1.959964 * 0.1))


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(0.01, 0.02, "explains 1.5 points more than"), (-0.02, -0.01, "explains 1.5 points less than"),
     (-0.01, 0.02, "cannot be told apart")],
)  # fmt: skip
def test_the_lead_is_told_as_its_interval_allows(run, low, high, words):
    row = {"reference": "formula", "split": "chromosome", "predictor": verdict.REFERENCE}
    lead = pd.DataFrame([{**row, "difference": np.sign(low) * 0.015, "low": low, "high": high}])
    found = verdict.findings(dataclasses.replace(run, differences=lead), 0.05)
    assert words in found[1].text


def test_without_other_predictors_no_lead_is_claimed(run):
    found = verdict.findings(dataclasses.replace(run, differences=run.differences[:0]), 0.05)
    assert found[1].text == "No other predictor was scored in this run."


@pytest.fixture(scope="module")
def grammar(made_up, run):
    return grammar_tables.read(made_up.files, run)


def page_of(run, grammar):
    return grammar_page.Page(grammar, motif_pages.rows(run), fdr=0.05, min_fold=2)


def test_a_site_moved_in_the_network_is_read_at_the_nearest_distance_and_elsewhere(run, grammar):
    first, second = page_of(run, grammar).spacing
    # Tried at 4, 7 and 20 bp; the rule is at 6.
    assert first.moved == grammar_page.Moved(
        7, 0.08, pytest.approx(0.075), pytest.approx(0.085), pytest.approx(0.02), 200
    )
    assert second.moved is None


def test_a_rule_tried_at_its_own_distances_only_has_nothing_elsewhere(run, grammar):
    within = grammar.relocation[grammar.relocation["distance"] == 7]
    moved = page_of(run, dataclasses.replace(grammar, relocation=within)).spacing[0].moved
    assert moved.effect == 0.08
    assert np.isnan(moved.elsewhere)


def test_distances_that_are_no_rules_say_why(run, grammar):
    statuses = ["rule", "one_site", "a status of later days"]
    spacing = grammar.spacing.assign(status=statuses, shadow_of=["", "R0M0", ""])
    page = page_of(run, dataclasses.replace(grammar, spacing=spacing))
    assert [rule.status for rule in page.spacing] == ["a rule"]
    expected = ["both lie in one site of " + page.motif["R0M0"].label, "a status of later days"]
    assert [rule.status for rule in page.shadows] == expected


def test_motifs_of_a_group_come_by_q_and_the_rest_is_counted(run, grammar, monkeypatch):
    monkeypatch.setattr(grammar_page, "N_MOTIFS", 1)
    tests = grammar.motifs.assign(group="1", call="enriched")
    first, second = page_of(run, dataclasses.replace(grammar, motifs=tests)).groups
    assert [(item.motif.id, item.role) for item in first.motifs] == [("R0M0", "active")]
    assert (first.n_enriched, first.n_depleted) == (6, 0)
    assert (second.motifs, second.n_enriched) == ([], 0)


def test_several_communities_are_told_with_their_modularity(run, grammar):
    members = grammar.communities.assign(community=[1.0, 2.0])
    page = page_of(run, dataclasses.replace(grammar, communities=members))
    found = grammar_verdict.findings(page)[2]
    assert found.number == "2"
    assert (
        "Modularity 0.40, against 0.10 in networks rewired at random (p = 0.01); agreement over seeds 1.00."
        in found.text
    )
    assert page.communities[1].row is None
    assert page.of_motif("MA0003").community.number == 2  # through the motif that stands for it


def test_an_edge_leads_from_either_node_to_the_other(run, grammar):
    page = page_of(run, grammar)
    assert [partner.id for partner, _ in page.of_motif("R0M0").partners] == [MOTIFS[1]]
    assert [partner.id for partner, _ in page.of_motif("MA0003").partners] == ["R0M0"]


def test_places_of_like_motifs_are_named_once(run, grammar):
    positions = grammar.positions.assign(bin_q=1e-9, bin_p=[1e-30, 1e-20, 1e-25, 1, 1, 1])
    page = page_of(run, dataclasses.replace(grammar, positions=positions))
    text = grammar_verdict.findings(page)[4].text
    assert [place.motif.id for place in page.places] == ["R0M0", "MA0003", MOTIFS[1]]
    assert page.motif["MA0003"].label in text
    assert page.motif[MOTIFS[1]].label not in text


def test_only_papers_of_methods_that_were_used_are_cited():
    config = {"motif_database": "known.meme", "comparison_networks": []}
    configuration.fill_defaults(config)
    texts = " ".join(citation.text for citation in citations.of_run(config))
    assert "Stability selection" in texts
    for absent in ("JASPAR", "ExplaiNN", "Agarwal", "lasso", "Guyon"):
        assert absent not in texts, absent
    config |= {"motif_database": "JASPAR2022", "comparison_networks": ["explainn"]}
    config["formula"]["selection"] = "rfe"
    texts = " ".join(citation.text for citation in citations.of_run(config))
    for present in ("JASPAR", "ExplaiNN", "Guyon"):
        assert present in texts, present
    assert "Stability selection" not in texts


def test_software_names_what_trained_the_networks_and_what_is_absent(made_up, monkeypatch):
    monkeypatch.setattr(methods, "PACKAGES", {"numpy": "arrays", "no-such-package": "nothing"})
    versions = {item.name: item.version for item in methods.software(made_up.cards, [("D3", "7.9.2")])}
    assert versions["keras"] == "3.15.1"
    assert versions["numpy"] == np.__version__
    assert versions["no-such-package"] == methods.NOT_HERE
    assert versions["D3"] == "7.9.2"


def test_parameters_are_all_keys_with_their_values():
    config = {"dataset": "x", "splits": {"n_folds": 5, "compare": ["random"]}, "seed": None}
    expected = [("dataset", "x"), ("splits.n_folds", "5"), ("splits.compare", '["random"]'), ("seed", "null")]
    assert methods.parameters(config) == expected
