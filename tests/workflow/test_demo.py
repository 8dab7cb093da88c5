"""The embedded default recovers what it planted."""

import pandas as pd
import pytest

GOALS = {"verdict.tsv": 9, "grammar_verdict.tsv": 5}


@pytest.mark.slow
def test_demo_reaches_every_goal(checkout):
    result = checkout.run("--configfile", "config/short.yaml")

    assert result.returncode == 0, result.stderr[-3000:]
    for name, goals in GOALS.items():
        verdict = pd.read_csv(checkout.results("demo") / "truth" / name, sep="\t")
        graded = verdict.dropna(subset="passed")
        assert len(graded) == goals
        missed = graded[~graded["passed"].astype(bool)]
        assert missed.empty, missed.to_string()
