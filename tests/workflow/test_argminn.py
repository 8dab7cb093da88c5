"""ARGMINN on two of its tasks, every site the consensus, a short training.

One goes all the way from sequences to the page, with the networks it is compared with; on the other, where spacing is
all that tells bound from unbound sequences, ARGMINN alone is trained and read.
"""

import html

import pandas as pd
import pytest

TASK, SPACING_TASK = "JUND_TEAD4_sanitised", "REST_v2_sanitised"
REDUCED = {
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
    result = checkout.run("simulated_tasks", config={"argminn": {**REDUCED, "tasks": [TASK]}})

    assert result.returncode == 0, result.stderr[-3000:]
    assert accuracy(folder) > 0.97
    assert {"JUND_CRE", "JUND_TRE", "TEAD4"} <= matched_motifs(folder)
    first = pd.read_csv(folder / "readouts" / "syntax.tsv", sep="\t").iloc[0]
    # ATGACTCAT reads almost alike on both strands.
    assert first["sentence"].startswith("TEAD4 10 bp after JUND_TRE: ")
    calls = pd.read_csv(folder / "readouts" / "instances_test.tsv.gz", sep="\t")
    planted = pd.read_csv(folder / "examples" / "test_sites.tsv.gz", sep="\t")
    both = calls.merge(planted, on="sequence", suffixes=("", "_planted"))
    shared = both[["end", "end_planted"]].min(axis=1) - both[["start", "start_planted"]].max(axis=1)
    right = both[2 * shared >= both["end"] - both["start"]].drop_duplicates(["sequence", "start"])
    assert len(calls) > 5_000
    assert len(right) > 0.9 * len(calls)
    check_page(folder.parent)


@pytest.mark.slow
def test_spacing_alone_is_learnt_and_its_gaps_are_said_in_words(checkout):
    folder = checkout.results("demo") / "argminn" / SPACING_TASK
    made = ["networks/argminn/test.tsv", "readouts/syntax.tsv"]
    targets = [f"results/demo/argminn/{SPACING_TASK}/{table}" for table in made]
    # Wider filters begin across the halves at their short gap, and need a longer training to come apart.
    result = checkout.run(*targets, config={"argminn": {**REDUCED, "width": 10, "tasks": [SPACING_TASK]}})

    assert result.returncode == 0, result.stderr[-3000:]
    assert accuracy(folder) > 0.95
    assert {"REST_left", "REST_right"} <= matched_motifs(folder)
    rules = pd.read_csv(folder / "readouts" / "syntax.tsv", sep="\t")
    of_halves = rules[(rules["first"] == "REST_left") & (rules["second"] == "REST_right")]
    # Planted: a gap of 2 in half of the pairs, gaps of 7 to 10 in the others. Filters may see a base or two less.
    (hard, soft) = of_halves.sort_values("low").itertuples()
    assert hard.low == hard.high
    assert (soft.low - hard.low, soft.high - hard.low) == (5, 8)
    assert [hard.share, soft.share] == pytest.approx([0.5, 0.5], abs=0.06)


def accuracy(folder):
    test = pd.read_csv(folder / "networks" / "argminn" / "test.tsv", sep="\t")
    assert len(test) == 20_000
    return ((test["logit"] > 0) == (test["label"] == 1)).mean()


def matched_motifs(folder):
    filters = pd.read_csv(folder / "readouts" / "filters.tsv", sep="\t")
    return set(filters.loc[filters["passed"] & (filters["match_q"] < 0.05), "match"])


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
