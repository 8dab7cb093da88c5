"""Pages of a run whose formula holds motifs of main networks, of ARGMINN and of the database."""

from dataclasses import replace

import made_up_run
import pytest
from parsed_page import Page


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    formula = made_up_run.made_up_formula()
    evidence = [replace(formula.evidence[0], source="ARGMINN"), *formula.evidence[1:]]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(made_up_run, "made_up_formula", lambda: replace(formula, evidence=evidence))
        index = made_up_run.MadeUpRun(tmp_path_factory.mktemp("results") / "made_up").build()
    return {str(path.relative_to(index.parent)): Page(path) for path in [index, *index.parent.rglob("site/**/*.html")]}


def test_the_page_of_a_motif_says_which_networks_learned_it(pages):
    assert "Learned by ARGMINN; resembles" in pages["site/motif/1.html"].words
    assert "Learned by the networks." in pages["site/motif/2.html"].words
    assert "A known motif, from the database" in pages["site/motif/3.html"].words


def test_motifs_can_be_listed_by_every_source(pages):
    words = pages["site/motifs.html"].words
    for source in ("learned by ARGMINN", "learned by the networks", "known, from the database"):
        assert source in words


def test_overview_and_methods_count_argminns_motifs_among_the_learned(pages):
    assert "2 from the networks, 1 of them from ARGMINN; of the latter 1 resemble" in pages["index.html"].words
    assert "2 learned (1 by ARGMINN), 1 known" in pages["site/methods.html"].words
