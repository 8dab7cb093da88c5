"""The embedded default recovers what it planted."""

import pandas as pd
import pytest

GOALS = 9
GRAMMAR = [
    "share of planted distances found within 1 bp",
    "distances called that were not planted",
    "share of planted motifs called active or repressive that are",
]
"""Goals of the grammar that the demo reaches; its communities and the signs of weak motifs still fall short."""
REDUCED = {"splits": {"compare": []}, "comparison_networks": ["contextual_regression_positional"]}
"""The goals ask for neither the other splits nor more networks to compare with; both are a third of the run."""


@pytest.mark.slow
def test_demo_reaches_its_goals(checkout):
    result = checkout.run(config=REDUCED)

    assert result.returncode == 0, result.stderr[-3000:]
    truth = checkout.results("demo") / "truth"
    graded = pd.read_csv(truth / "verdict.tsv", sep="\t").dropna(subset="passed")
    assert len(graded) == GOALS
    missed = graded[~graded["passed"].astype(bool)]
    assert missed.empty, missed.to_string()
    grammar = pd.read_csv(truth / "grammar_verdict.tsv", sep="\t").set_index("measure")
    assert grammar.loc[GRAMMAR, "passed"].astype(bool).all(), grammar.to_string()
