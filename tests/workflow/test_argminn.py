"""ARGMINN on one of its tasks, every site the consensus, a short training: all the way from sequences to syntax."""

import pandas as pd
import pytest

TASK = "JUND_TEAD4_sanitised"
REDUCED = {"argminn": {"tasks": [TASK], "restarts": 1, "epochs": 10, "batches": 50}}
MADE = ["networks/argminn/test.tsv", "readouts/filters.tsv", "readouts/syntax.tsv", "readouts/instances_test.tsv.gz"]


@pytest.mark.slow
def test_planted_motifs_and_their_sites_are_read_off_the_network(checkout):
    folder = checkout.results("demo") / "argminn" / TASK
    result = checkout.run(*[f"results/demo/argminn/{TASK}/{made}" for made in MADE], config=REDUCED)

    assert result.returncode == 0, result.stderr[-3000:]
    test = pd.read_csv(folder / "networks" / "argminn" / "test.tsv", sep="\t")
    assert len(test) == 20_000
    assert ((test["logit"] > 0) == (test["label"] == 1)).mean() > 0.97
    filters = pd.read_csv(folder / "readouts" / "filters.tsv", sep="\t")
    matched = filters[filters["passed"] & (filters["match_q"] < 0.05)]
    assert {"JUND_CRE", "TEAD4"} <= set(matched["match"])
    calls = pd.read_csv(folder / "readouts" / "instances_test.tsv.gz", sep="\t")
    planted = pd.read_csv(folder / "examples" / "test_sites.tsv.gz", sep="\t")
    both = calls.merge(planted, on="sequence", suffixes=("", "_planted"))
    shared = both[["end", "end_planted"]].min(axis=1) - both[["start", "start_planted"]].max(axis=1)
    right = both[2 * shared >= both["end"] - both["start"]].drop_duplicates(["sequence", "start"])
    assert len(calls) > 5_000
    assert len(right) > 0.9 * len(calls)
