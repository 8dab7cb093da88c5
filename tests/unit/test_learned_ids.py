"""Ids of learned motifs, and the networks that they name."""

import numpy as np
import pytest

from cisformula import config, learned_ids
from cisformula.learned_ids import LearnedId
from cisformula.models import registry
from cisformula.pwm import Motif


@pytest.mark.parametrize(
    ("text", "learned"),
    [
        ("R3M17", LearnedId("main", 3, 17)),
        ("A0M0", LearnedId("argminn", 0, 0)),
        ("R10M240", LearnedId("main", 10, 240)),
    ],
)
def test_an_id_names_network_run_and_filter(text, learned):
    assert learned_ids.parse(text) == learned
    assert str(learned) == text


@pytest.mark.parametrize("text", ["MA0079.5", "R3", "R3M", "RM1", "R3M1b", "B3M1", "F12", "xR3M1", "R-1M2", ""])
def test_other_ids_are_of_no_network(text):
    assert learned_ids.parse(text) is None


def test_motifs_are_told_apart_by_network():
    motifs = [Motif(name, name, np.full((5, 4), 0.25)) for name in ("R0M0", "A0M0", "R1M3", "A2M1")]
    assert [motif.id for motif in learned_ids.of_network("main", motifs)] == ["R0M0", "R1M3"]
    assert [motif.id for motif in learned_ids.of_network("argminn", motifs)] == ["A0M0", "A2M1"]


def test_letters_and_sources_are_unambiguous():
    origins = learned_ids.ORIGINS.values()
    assert len({origin.letter for origin in origins}) == len(origins)
    assert len({*learned_ids.SOURCES, "database"}) == len(origins) + 1


def test_every_network_that_may_have_motifs_can_be_trained_and_has_ids():
    allowed = config.schema()["properties"]["motifs"]["properties"]["further_networks"]["items"]["enum"]
    assert set(allowed) == set(learned_ids.ORIGINS) - {learned_ids.MAIN}
    assert set(allowed) <= set(registry.NETWORKS)
    assert all(registry.NETWORKS[name].penalties for name in allowed), "their filters are sparsened"


@pytest.mark.parametrize(
    ("name", "variant", "network"),
    [
        ("contextual_regression", "best_site", "contextual_regression_best_site"),
        ("contextual_regression", "published", "contextual_regression_published"),
        ("argminn", "best_site", "argminn"),
    ],
)
def test_the_main_network_is_the_one_configured(name, variant, network):
    assert registry.main_network(name, variant) == network
    assert name in config.schema()["properties"]["model"]["properties"]["name"]["enum"]
