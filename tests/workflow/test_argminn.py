"""ARGMINN on one of its tasks, every site the consensus, a short training: all the way from sequences to the page."""

import html

import pandas as pd
import pytest

TASK = "JUND_TEAD4_sanitised"
REDUCED = {
    "tasks": [TASK],
    "restarts": 1,
    "epochs": 10,
    "batches": 50,
    "variant_sequences": 100,
    "attribution": {"sequences": 200, "references": 2, "steps": 4},
    "design": {"sequences": 40, "optimised": 4, "edits": 4},
}


@pytest.mark.slow
def test_planted_motifs_and_their_sites_are_read_off_the_network(checkout):
    folder = checkout.results("demo") / "argminn" / TASK
    result = checkout.run("simulated_tasks", config={"argminn": REDUCED})

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
    check_page(folder.parent)


def check_page(folder):
    """Its numbers are those of the tables; of the goals only that on motifs concerns a task that is not the paper's."""
    page = html.unescape((folder / "simulated_tasks.html").read_text()).replace("\u00a0", " ")
    performance = pd.read_csv(folder / TASK / "evaluation/performance.tsv", sep="\t").set_index("network")
    assert f"{100 * performance.at['argminn', 'accuracy']:.1f} %" in page
    assert f"{performance.at['oracle', 'auroc']:.3f}" in page
    for sentence in pd.read_csv(folder / TASK / "readouts/syntax.tsv", sep="\t")["sentence"]:
        assert sentence in page
    verdict = pd.read_csv(folder / "verdict.tsv", sep="\t")
    assert set(verdict["aim"]) == {"motifs"}
    assert f'<p class="big">{int(verdict["passed"].all())} of 1</p>\n<p>goals reached' in page
    # Six figures of the task, and four of all tasks.
    assert page.count("data:image/png;base64,") == 10
