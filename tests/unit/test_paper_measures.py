"""The numbers of a run under the keys of the published ones; on the authors' files they are the same."""

import gzip
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cisformula import match_table, pwm
from cisformula.paper import measures, published
from cisformula.paper.feature_space import FeatureSpace
from cisformula.pwm import Motif

ROOT = Path(__file__).parents[2]
PAPER = Path(os.environ.get("CISFORMULA_DATA", ROOT.parent / "shared/data")) / "paper"
MAIN = measures.PUBLISHED_NETWORK
PUBLISHED = published.values(published.read(ROOT / "resources/published.tsv"))


def word(name, text, nsites=1000.0):
    return Motif(name, name, np.eye(4)[["ACGT".index(base) for base in text]], nsites)


@pytest.fixture
def cards():
    def card(r):
        scores = {"genes": 100, "r2": r**2, "pearson_r": r}
        return {
            "network": "contextual_regression_published",
            "settings": {"filters": 64, "width": 8},
            "trainable_weights": 19033,
            "scores": {"train": scores | {"genes": 801}, "validation": scores, "test": scores},
        }

    return [card(r) for r in (0.5, 0.6, 0.55)]


@pytest.fixture
def performance():
    rows = [
        ("formula", "chromosome", "all", 0.37, 0.36, 0.38),
        ("formula", "chromosome", "0", 0.2, 0.1, 0.3),
        ("contextual_regression", "chromosome", "all", 0.32, 0.31, 0.33),
        ("base_composition", "chromosome", "all", 0.09, 0.08, 0.1),
        ("4mer_ridge", "chromosome", "all", 0.325, 0.31, 0.34),
        ("2to5mer_ridge", "chromosome", "all", 0.34, 0.33, 0.35),
        ("database_only", "chromosome", "all", 0.366, 0.35, 0.38),
        ("formula", "random", "all", 0.99, 0.98, 1.0),
        ("formula", "in_sample", "all", 0.46, 0.45, 0.47),
    ]
    return pd.DataFrame(rows, columns=["predictor", "split", "fold", "r2", "r2_low", "r2_high"])


@pytest.fixture
def in_sample():
    return pd.DataFrame({"predictor": ["formula", "database_only"], "r2": [0.46, 0.44]})


@pytest.fixture
def differences():
    rows = [
        ("contextual_regression", "chromosome", 0.05, 0.04, 0.06),
        ("explainn", "chromosome", 0.03, 0.02, 0.04),
        ("4mer_ridge", "chromosome", 0.01, 0.0, 0.02),
        ("contextual_regression", "random", 0.9, 0.8, 1.0),
    ]
    return pd.DataFrame(rows, columns=["predictor", "split", "difference", "low", "high"])


@pytest.fixture
def effects():
    q = {"expression": [0.01, 0.2, 0.3, 0.04, 0.9, np.nan], "deviation": [0.5, 0.5, 0.04, 0.5, 0.5, np.nan]}
    return pd.concat(
        pd.DataFrame({"target": target, "motif": list("aabbcc"), "cell_type": ["x", "y"] * 3, "q": values})
        for target, values in q.items()
    )


@pytest.fixture
def r2_by_cell_type():
    return pd.DataFrame({"target": ["expression"] * 2 + ["deviation"] * 2, "r2": [0.2, 0.4, 0.01, 0.05]})


def test_runs_are_averaged_with_an_interval(cards):
    numbers = measures.of_training(1000, 400, 841, cards)
    low, high = stats.t.interval(0.95, 2, 0.55, 0.05 / np.sqrt(3))
    assert numbers["network_test_r"][:3] == pytest.approx((0.55, low, high))
    assert (numbers["train_genes"].value, numbers["test_genes"].value) == (801, 100)
    assert (numbers["runs"].value, numbers["filters"].value, numbers["trainable_weights"].value) == (3, 64, 19033)


def test_two_runs_have_no_interval(cards):
    assert np.isnan(measures.of_training(1000, 400, 841, cards[:2])["network_test_r"].low)


def test_r2_is_that_of_all_genes_under_the_main_split(performance, in_sample, differences):
    numbers = measures.of_performance(performance, in_sample, differences, MAIN, ["explainn", "xpresso_cnn"])
    assert numbers["formula_r2"][:3] == (0.37, 0.36, 0.38)
    assert numbers["formula_in_sample_r2"].value == 0.46
    assert numbers["known_300_in_sample_r2"].value == 0.44
    assert numbers["formula_minus_network"][:3] == (0.05, 0.04, 0.06)
    assert (numbers["formula_minus_best"].value, numbers["formula_minus_best"].note) == (0.03, "explainn")
    assert (numbers["xpresso_r2"].value, numbers["xpresso_r2"].note) == (None, measures.NOT_TRAINED)


def test_a_main_network_of_another_kind_is_named(performance, in_sample, differences):
    renamed = (table.replace({"predictor": {MAIN: "argminn"}}) for table in (performance, differences))
    performance, differences = renamed
    numbers = measures.of_performance(performance, in_sample, differences, "argminn", [])
    assert numbers["network_r2"][:3] == (0.32, 0.31, 0.33)
    assert numbers["formula_minus_network"][:3] == (0.05, 0.04, 0.06)
    for key in ("network_r2", "formula_minus_network"):
        assert numbers[key].note == "another kind of network: argminn"


def test_no_other_network_is_said_so(performance, in_sample, differences):
    numbers = measures.of_performance(performance, in_sample, differences, MAIN, [])
    assert (numbers["formula_minus_best"].value, numbers["formula_minus_best"].note) == (None, measures.NOT_TRAINED)


def test_learned_motifs_are_counted():
    mixed = Motif("R1M1", "R1M1", np.array([[0.5, 0.5, 0, 0], [0, 0, 0, 1.0]]), 1201)
    motifs = [word("R0M0", "CCGG"), word("R0M1", "AATG", 1200.0), word("R1M0", "CATT"), mixed]
    numbers = measures.of_learned(motifs, 3)
    # Twelve columns of one base have three zeros each; the fourth motif has five zeros in eight entries.
    assert numbers["zero_entries"].value == pytest.approx((12 * 3 + 5) / 56)
    assert numbers["one_base_columns"].value == pytest.approx(13 / 14)
    assert numbers["information"].value == pytest.approx((3 * 8 + 3) / 4)
    assert (numbers["single_words"].value, numbers["words"].value, numbers["words_either_strand"].value) == (3, 4, 3)
    assert (numbers["most_repeated"].value, numbers["most_repeated"].note) == (2, "AATG")
    assert (numbers["nsites_near_1000"].value, numbers["nsites_median"].value) == (3, 1100)


def test_chosen_motifs_are_counted_by_run():
    motifs = [word("R0M0", "CCGG"), word("R0M1", "AATG"), word("R1M0", "CATT"), word("R10M0", "AAAA")]
    numbers = measures.of_chosen(motifs, {"R0M0", "R0M1", "MA1"}, 11)
    assert (numbers["formula_learned"].value, numbers["chosen_learned"].value) == (2, 0.5)
    assert (numbers["chosen_per_run_least"].value, numbers["chosen_per_run_most"].value) == (0, 2)
    assert (numbers["gc_chosen"].value, numbers["gc_other"].value) == (0.625, 0.125)
    assert measures.of_chosen(motifs, set(), 11)["gc_chosen"].value is None


def test_significant_effects_are_counted(effects, r2_by_cell_type):
    numbers = measures.of_cell_types(effects, r2_by_cell_type, 0.05)
    assert (numbers["cell_types"].value, numbers["acting_expression"].value, numbers["acting_deviation"].value) == (
        2,
        2,
        1,
    )
    assert (numbers["share_expression"].value, numbers["share_deviation"].value) == (2 / 5, 1 / 5)
    assert numbers["cell_type_r2_deviation"].value == pytest.approx(0.03)


def test_one_cell_type_has_no_deviations(effects, r2_by_cell_type):
    numbers = measures.of_cell_types(effects[effects["target"] == "expression"], r2_by_cell_type, 0.05)
    assert numbers["acting_deviation"].value is None


def test_every_published_number_has_one_of_the_run(
    cards, performance, in_sample, differences, effects, r2_by_cell_type
):
    motifs = [word("R0M0", "CCGG"), word("R0M1", "AATG")]
    counts = match_table.summarise(
        pd.DataFrame(columns=match_table.COLUMNS), {"learned": motifs, "formula": motifs[:1]}
    )
    measured = {
        **measures.of_training(1000, 400, 841, cards),
        **measures.of_performance(performance, in_sample, differences, MAIN, []),
        **measures.of_learned(motifs, 2),
        **measures.of_matches(counts, 841, "JASPAR"),
        **measures.of_chosen(motifs, {"R0M0"}, 3),
        **measures.of_formula(1, 0, 841, pd.Series({"rank": 1, "condition_number": 1.0})),
        **measures.of_features(FeatureSpace(2, 2, 2, 1.5, 0.5)),
        **measures.of_cell_types(effects, r2_by_cell_type, 0.05),
    }
    table = published.compare(published.read(ROOT / "resources/published.tsv"), measured)
    ours = table.set_index("quantity")["ours"]
    assert ours["learned motifs"] == "2"
    assert ours["R2 of 4-mers, held-out genes"] == "0.325"
    assert table.loc[table["ours"] == "", "note"].ne("").all(), "what is missing is explained"


@pytest.fixture(scope="module")
def authors_motifs():
    if not PAPER.exists():
        pytest.skip(f"no development data at {PAPER} (set CISFORMULA_DATA)")
    return pwm.read_meme(PAPER / "cr_motifs_640.meme"), pwm.read_meme(PAPER / "cr_motifs_194.meme")


def test_the_authors_motifs_give_the_published_numbers(authors_motifs):
    learned, chosen = authors_motifs
    numbers = measures.of_learned(learned, 0) | measures.of_chosen(learned, {motif.id for motif in chosen}, 10)
    for key in (
        "learned_motifs",
        "single_words",
        "words",
        "words_either_strand",
        "most_repeated",
        "formula_learned",
        "chosen_per_run_least",
        "chosen_per_run_most",
    ):
        assert numbers[key].value == PUBLISHED[key], key
    for key in ("zero_entries", "one_base_columns", "chosen_learned", "gc_chosen", "gc_other"):
        assert numbers[key].value == pytest.approx(PUBLISHED[key], abs=5e-4), key
    for key in ("information", "information_chosen", "information_other"):
        assert numbers[key].value == pytest.approx(PUBLISHED[key], abs=5e-3), key


def test_the_authors_matches_give_the_published_counts(authors_motifs, tmp_path):
    for name, file, queries in zip(("learned", "formula"), ("640", "194"), authors_motifs, strict=True):
        packed = gzip.decompress((PAPER / f"tomtom_5.5.5_cr{file}_vs_jaspar2022.tsv.gz").read_bytes())
        (tmp_path / "tomtom.tsv").write_bytes(packed)
        counts = match_table.summarise(match_table.read(tmp_path / "tomtom.tsv"), {name: queries})
        numbers = measures.of_matches(counts, 791, "JASPAR")
        keys = [key for key in numbers if key.startswith(f"{name}_jaspar_")]
        assert len(keys) == 6
        for key in keys:
            assert numbers[key].value == PUBLISHED[key], key
