"""Whole runs with options that the embedded default does not take."""

import pandas as pd
import pytest

from .conftest import SMALL


@pytest.mark.parametrize(
    "change",
    [
        {
            "formula": {"n_motifs": 20, "feature_mode": "mean_activation"},
            "model": {**SMALL["model"], "variant": "published"},
        },
        {"formula": {"n_motifs": 20, "selection": "rfe"}, "splits": {"scheme": "random", "compare": []}},
    ],
    ids=["published", "rfe on random folds"],
)
def test_the_papers_way_is_an_option(small, change):
    atlas = ["results/small/formula/performance.tsv", "results/small/cell_types/effects.tsv.gz"]
    result = small.run(*atlas, config={**SMALL, "comparison_networks": [], **change})

    assert result.returncode == 0, result.stderr[-3000:]
    performance = pd.read_csv(small.results() / "formula" / "performance.tsv", sep="\t")
    held_out = performance[(performance["fold"] == "all") & (performance["predictor"] == "formula")].set_index("split")
    # Twenty motifs fitted to 400 genes always look better on those genes than on others.
    honest = held_out.drop(index="in_sample")["r2"].max()
    assert held_out.loc["in_sample", "r2"] > honest
