"""Whole runs with options that the embedded default does not take."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from cisformula import jaspar, pwm, result_table, simulate

from .conftest import SMALL

NUMBERED = "input/numbered.meme"
NUMBERS = ("0001", "1", "1e5", "100000", "NaN", "NA", "-1", "inf", "007", "7", "1.0", "1.00")
"""Names of motifs that would become others, or the same, if they were read as numbers or as missing."""


def write_numbered_motifs(path: Path) -> None:
    """Write the planted motifs and others of JASPAR, each called by a number."""
    database = jaspar.load_database(simulate.DATABASE).motifs
    motifs = sorted(database, key=lambda motif: motif.name.upper() not in simulate.PLANTED)[:60]
    names = [*NUMBERS, *(f"{number:04}" for number in range(2, 2 + len(motifs) - len(NUMBERS)))]
    pwm.write_meme(path, [replace(motif, id=name, name=name) for motif, name in zip(motifs, names, strict=True)])


@pytest.mark.parametrize(
    "change",
    [
        {
            "formula": {"n_motifs": 20, "feature_mode": "mean_activation"},
            "model": {**SMALL["model"], "variant": "published"},
        },
        {
            "formula": {"n_motifs": 20, "selection": "rfe"},
            "splits": {"scheme": "random", "compare": []},
            "motif_database": NUMBERED,
        },
        {"model": {**SMALL["model"], "name": "argminn"}, "splits": {"compare": []}},
    ],
    ids=["published", "rfe on random folds, motifs named by numbers", "argminn as the main network"],
)
def test_other_options_give_a_formula_that_is_scored_on_held_out_genes(small, change):
    write_numbered_motifs(small.path / NUMBERED)
    atlas = ["results/small/formula/performance.tsv", "results/small/cell_types/effects.tsv.gz"]
    result = small.run(*atlas, config={**SMALL, "comparison_networks": [], **change})

    assert result.returncode == 0, result.stderr[-3000:]
    performance = pd.read_csv(small.results() / "formula" / "performance.tsv", sep="\t")
    held_out = performance[(performance["fold"] == "all") & (performance["predictor"] == "formula")].set_index("split")
    # Twenty motifs fitted to 400 genes always look better on those genes than on others.
    honest = held_out.drop(index="in_sample")["r2"].max()
    assert held_out.loc["in_sample", "r2"] > honest

    in_formula = {motif.id for motif in pwm.read_meme(small.results() / "formula" / "formula.meme")}
    assert set(result_table.read(small.results() / "cell_types" / "effects.tsv.gz")["motif"]) == in_formula
    known = {motif.id for motif in pwm.read_meme(small.results() / "motifs" / "database.meme")}
    selections = [result_table.read(path) for path in (small.results() / "formula").glob("selection_*.tsv")]
    selection = pd.concat(selections)
    assert set(selection["motif"][selection["source"] == "database"]) < known


def test_motifs_of_a_further_network_are_candidates_for_genes_that_it_never_saw(small):
    change = {
        "splits": {"n_folds": 2, "compare": ["random"]},
        "model": {**SMALL["model"], "runs": 3},
        "comparison_networks": ["argminn"],
        "motifs": {"further_networks": ["argminn"]},
        # Enough of them for motifs of either kind of network, trained so shortly, to be among them.
        "formula": {"n_motifs": 80},
    }
    sources = set()
    made = ["formula/performance.tsv", "matches/summary.tsv"]
    result = small.run(*[f"results/small/{table}" for table in made], config=SMALL | change)

    assert result.returncode == 0, result.stderr[-3000:]
    folder = small.results()
    for scheme, motif_set, runs in (("chromosome", "learned", 3), ("random", "learned_random", 2)):
        learned = pd.read_csv(folder / "motifs" / f"{motif_set}.tsv", sep="\t").set_index("motif")
        assert learned.groupby("network")["run"].agg(set).to_dict() == {"main": {*range(runs)}, "argminn": {0, 1}}
        assert (learned["network"] == "argminn").eq(learned.index.str.startswith("A")).all()
        folds = pd.read_csv(folder / "splits" / scheme / "folds.tsv", sep="\t")["fold"]
        for network, run, fold in set(zip(learned["network"], learned["run"], learned["fold"], strict=True)):
            model = folder / "models" / network / scheme / f"run_{run}"
            role = pd.read_csv(model / "predictions.tsv", sep="\t")["role"]
            assert (role == "test").eq(folds == fold).all()
        selection = pd.read_csv(folder / "formula" / f"selection_{scheme}.tsv", sep="\t")
        chosen = selection[selection["source"] != "database"]
        sources |= set(chosen["source"])
        assert chosen["motif"].map(learned["fold"]).eq(chosen["fold"]).all()
    assert sources == {"learned", "ARGMINN"}
    learned = pd.read_csv(folder / "motifs" / "learned.tsv", sep="\t")
    summary = pd.read_csv(folder / "matches" / "summary.tsv", sep="\t").set_index("set")["queries"]
    assert (summary["learned"], summary["ARGMINN"]) == (len(learned), (learned["network"] == "argminn").sum())
    performance = pd.read_csv(folder / "formula" / "performance.tsv", sep="\t")
    assert {"contextual_regression", "argminn"} < set(performance["predictor"])
