"""The simulated tasks are what they are said to be."""

from dataclasses import replace

import numpy as np
import pytest
from pyjaspar import jaspardb

from cisformula.argminn.tasks import (
    PUBLISHED_TASKS,
    SHARPENED,
    TASKS,
    describe_gap,
    evenly,
    exactly,
    find_task,
    mixed,
    planted_motifs,
)
from cisformula.errors import InputError

PUBLISHED_SITES = [1000, 1264, 1921, 1482, 2000, 1000]


@pytest.fixture(scope="module")
def widths():
    return {motif.id: motif.width for task in TASKS.values() for motif in planted_motifs(task)}


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_shares_sum_to_one_and_configurations_are_complete(task):
    for label in (0, 1):
        assert sum(configuration.weight for configuration in task.configurations(label)) == pytest.approx(1)
    for configuration in (*task.positives, *task.negatives):
        assert len(configuration.strands) == len(configuration.motifs)
        assert set(configuration.strands) <= set("+-?")
        assert len(configuration.gaps) == max(len(configuration.motifs) - 1, 0)
        for gap in configuration.gaps:
            assert sum(gap.values()) == pytest.approx(1)
            assert min(gap) >= 0


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_configurations_fit_into_the_sequence_wherever_the_jitter_puts_them(task, widths):
    for configuration in (*task.positives, *task.negatives):
        longest = sum(widths[motif] for motif in configuration.motifs) + sum(max(gap) for gap in configuration.gaps)
        assert longest / 2 + 1 + task.jitter <= task.length // 2


def test_bound_sequences_have_as_many_sites_as_published():
    assert [TASKS[name].sites_per_thousand for name in PUBLISHED_TASKS] == PUBLISHED_SITES
    assert [TASKS[f"{name}_sanitised"].sites_per_thousand for name in PUBLISHED_TASKS] == PUBLISHED_SITES


def test_the_presence_of_both_halves_of_rest_says_nothing_in_its_second_version():
    task = TASKS["REST_v2"]
    (bound,), (unbound,) = task.positives, task.negatives
    assert (bound.motifs, bound.strands) == (unbound.motifs, unbound.strands)
    assert len(bound.motifs) == 2
    assert not set(bound.gaps[0]) & set(unbound.gaps[0])


def test_planted_frequencies_follow_from_the_counts_of_jaspar():
    task = TASKS["E2F6_MAX"]
    counts = jaspardb(release="JASPAR2022").fetch_motif_by_id("MA0058.3").counts
    columns = np.array([counts[base] for base in "ACGT"]).T[1:8]
    (found,) = (motif for motif in planted_motifs(task) if motif.id == "MAX")
    # 0.1 sites of uniform background; the number of sites is that of the first column of the whole matrix.
    total = sum(counts[base][0] for base in "ACGT")
    smoothed = (total * columns / columns.sum(axis=1, keepdims=True) + 0.025) / (total + 0.1)
    expected = smoothed**1.5 / (smoothed**1.5).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found.pfm, expected, rtol=1e-12)
    assert found.consensus == "CCACGTG"


def test_the_halves_of_rest_are_its_matrix_but_for_two_columns():
    left, right = planted_motifs(TASKS["REST"])
    whole = jaspardb(release="JASPAR2022").fetch_motif_by_id("MA0138.2").consensus
    assert f"{left.consensus}{whole[9:11]}{right.consensus}" == str(whole)
    assert TASKS["REST"].positives[0].gaps[0][2] == 0.5


@pytest.mark.parametrize("name", PUBLISHED_TASKS)
def test_sanitised_sites_are_the_consensus(name):
    plain, sanitised = planted_motifs(TASKS[name]), planted_motifs(TASKS[f"{name}_sanitised"])
    for motif, consensus in zip(plain, sanitised, strict=True):
        assert motif.consensus == consensus.consensus
        np.testing.assert_array_equal(consensus.pfm.max(axis=1), 1)
        np.testing.assert_allclose(consensus.pfm.sum(axis=1), 1)


def test_gaps_mix_and_read_well():
    gap = mixed((0.5, exactly(2)), (0.5, evenly((7, 8), (10, 11))))
    assert gap == {2: 0.5, 7: 0.125, 8: 0.125, 10: 0.125, 11: 0.125}
    assert describe_gap(gap) == "2 or 7 to 8 or 10 to 11 bp"
    assert TASKS["REST"].positives[0].describe() == "REST_left(+) 2 or 7 to 10 bp REST_right(+)"
    assert TASKS["SPI1"].negatives[0].describe() == "background"


def test_an_unknown_task_is_refused_with_the_known_ones():
    with pytest.raises(InputError, match=r"SPI2.*SPI1, TAL1_GATA1"):
        find_task("SPI2")


def test_tasks_of_weak_motifs_are_sharpened():
    for task in TASKS.values():
        if not task.sanitised:
            bits = [motif.information for motif in planted_motifs(replace(task, sharpness=1.0))]
            assert (task.sharpness == SHARPENED) == (min(bits) < 12)
