"""The likelihood ratio is that of every way a sequence can have come about."""

from itertools import product

import numpy as np
import pytest

from cisformula.argminn.oracle import log_likelihood_ratio
from cisformula.argminn.task_sequences import simulate
from cisformula.argminn.tasks import TASKS, Configuration, Task, planted_motifs
from cisformula.pwm import Motif
from cisformula.sequence import UNKNOWN, reverse_complement_codes

RNG = np.random.default_rng(0)
MOTIFS = [Motif("a", "a", RNG.dirichlet(np.ones(4), 2)), Motif("b", "b", RNG.dirichlet(np.ones(4), 3))]
TASK = Task(
    "toy",
    "two motifs",
    positives=(
        Configuration(0.5, ("a", "b"), "+?", ({0: 0.3, 2: 0.7},)),
        Configuration(0.2, ("b",), "-"),
        Configuration(0.3, ("a", "a", "b"), "?-+", ({1: 0.4, 2: 0.6}, {0: 0.1, 1: 0.9})),
    ),
    negatives=(Configuration(0.6, ("b", "a"), "++", ({1: 1.0},)), Configuration(0.4)),
    length=14,
    jitter=1,
)


def probability(codes, task, label, gc):
    """Probability of a sequence: the sum over all that may have happened, each worked out base by base."""
    background = [(1 - gc) / 2, gc / 2, gc / 2, (1 - gc) / 2]
    by_name = {motif.id: motif.pfm for motif in MOTIFS}
    total = 0.0
    for text in (codes, reverse_complement_codes(codes)):
        for configuration in task.configurations(label):
            strand_choices = [["+", "-"] if strand == "?" else [strand] for strand in configuration.strands]
            for strands in product(*strand_choices):
                for gaps in product(*configuration.gaps):
                    for jitter in range(-task.jitter, task.jitter + 1):
                        weight = configuration.weight / 2 / (2 * task.jitter + 1)
                        for choice in strand_choices:
                            weight /= len(choice)
                        for gap, chosen in zip(configuration.gaps, gaps, strict=True):
                            weight *= gap[chosen]
                        span = sum(len(by_name[name]) for name in configuration.motifs) + sum(gaps)
                        place = len(codes) // 2 + jitter - span // 2
                        tables = [background] * len(codes)
                        for name, strand, gap in zip(configuration.motifs, strands, [*gaps, 0], strict=False):
                            pfm = by_name[name]
                            for column in range(len(pfm)):
                                tables[place + column] = (
                                    pfm[column] if strand == "+" else pfm[len(pfm) - 1 - column][::-1]
                                )
                            place += len(pfm) + gap
                        for base, table in zip(text, tables, strict=True):
                            weight *= table[base]
                        total += weight
    return total


@pytest.mark.parametrize("gc", [0.5, 0.3])
def test_ratio_is_the_sum_over_all_that_may_have_happened(gc):
    codes = np.random.default_rng(1).integers(0, 4, (12, 14)).astype(np.uint8)
    expected = [np.log(probability(row, TASK, 1, gc) / probability(row, TASK, 0, gc)) for row in codes]
    np.testing.assert_allclose(log_likelihood_ratio(codes, TASK, MOTIFS, gc), expected, rtol=1e-9)


def test_probabilities_of_all_sequences_sum_to_one():
    configuration = Configuration(1.0, ("a", "b"), "?+", ({0: 0.25, 1: 0.75},))
    task = Task("short", "against background", (configuration,), length=8, jitter=1)
    codes = np.array(list(product(range(4), repeat=8)), dtype=np.uint8)
    ratio = np.exp(log_likelihood_ratio(codes, task, MOTIFS))
    assert ratio.mean() == pytest.approx(1, abs=1e-10)


def test_an_unknown_base_is_the_mean_over_what_it_may_be():
    task = Task(
        "short", "against background", (Configuration(1.0, ("a", "b"), "+?", ({1: 1.0},)),), length=12, jitter=2
    )
    codes = np.random.default_rng(2).integers(0, 4, (5, 12)).astype(np.uint8)
    versions = np.repeat(codes, 4, axis=0)
    versions[:, 6] = np.tile(np.arange(4), 5)
    codes[:, 6] = UNKNOWN
    mean = np.exp(log_likelihood_ratio(versions, task, MOTIFS)).reshape(5, 4).mean(axis=1)
    np.testing.assert_allclose(np.exp(log_likelihood_ratio(codes, task, MOTIFS)), mean, rtol=1e-10)


def test_both_strands_of_a_sequence_say_the_same():
    codes = np.random.default_rng(3).integers(0, 4, (20, 14)).astype(np.uint8)
    forward, reverse = (log_likelihood_ratio(some, TASK, MOTIFS) for some in (codes, reverse_complement_codes(codes)))
    np.testing.assert_allclose(forward, reverse)


PUBLISHED = {
    "SPI1": 0.898,
    "TAL1_GATA1": 0.884,
    "E2F6_MAX": 0.908,
    "JUND_TEAD4": 0.988,
    "REST": 0.883,
    "SPI1_CTCF": 0.909,
    "REST_v2": 0.902,
}


@pytest.mark.parametrize(("name", "published"), PUBLISHED.items())
def test_tasks_can_be_solved_better_than_published(name, published):
    task = TASKS[name]
    motifs = planted_motifs(task)
    simulated = simulate(task, motifs, 600, 600, np.random.default_rng(5))
    accuracy = ((log_likelihood_ratio(simulated.codes, task, motifs) > 0) == (simulated.label == 1)).mean()
    assert accuracy > published


def test_consensus_sites_give_themselves_away():
    task = TASKS["SPI1_sanitised"]
    motifs = planted_motifs(task)
    simulated = simulate(task, motifs, 100, 100, np.random.default_rng(6))
    ratio = log_likelihood_ratio(simulated.codes, task, motifs)
    assert ((ratio > 0) == (simulated.label == 1)).all()
    assert np.isfinite(ratio).all()
