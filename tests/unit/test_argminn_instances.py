"""Instances called from attention and activations that are made up."""

import gzip

import numpy as np
import pandas as pd
import pytest

from cisformula.argminn import instances
from cisformula.argminn.reading_parts import Part, read_parts
from cisformula.models.argminn import Reading

WINDOWS, WIDTH = 41, 10
FILTERS = pd.DataFrame(
    {
        "filter": [0, 1, 2],
        "passed": [True, False, True],
        "trim_start": [2, 0, 0],
        "trim_end": [9, 10, 6],
        "mean_positive_activation": [1.0, 0.1, 2.0],
    }
)


class Made:
    """Arrays of some sequences to set calls in."""

    def __init__(self, n_sequences=1):
        self.activations = np.zeros((n_sequences, WINDOWS, 3, 2), dtype=np.float32)
        self.attention = np.zeros((n_sequences, 2, 2, WINDOWS), dtype=np.float32)

    def set(self, sequence, window, number, strand, attention, activation, head=(1, 0)):
        self.activations[sequence, window, number, strand] = activation
        self.attention[(sequence, *head, window)] = attention

    def call(self, threshold=0.9):
        codes = np.zeros((len(self.activations), WINDOWS + WIDTH - 1), dtype=np.uint8)
        part = Part(0, codes, Reading(self.activations, self.attention, np.zeros(len(codes))))
        return instances.call_instances([part], FILTERS, WIDTH, threshold)


def rows(table):
    return list(table.itertuples(index=False, name=None))


def test_coordinates_are_those_of_the_trimmed_motif_on_its_strand():
    made = Made()
    made.set(0, 3, 0, 0, 0.95, 1.5)
    made.set(0, 25, 0, 1, 0.97, 1.25)
    assert rows(made.call()) == [
        (0, 5, 12, "+", 0, pytest.approx(0.95), 1.5),
        (0, 26, 33, "-", 0, pytest.approx(0.97), 1.25),
    ]


def test_both_thresholds_must_be_exceeded_by_a_filter_that_passed():
    made = Made(5)
    made.set(0, 5, 0, 0, 0.90, 2.0)
    made.set(1, 5, 0, 0, 0.95, 1.0)
    made.set(2, 5, 1, 0, 0.95, 9.0)
    made.set(3, 5, 2, 0, 0.95, 1.9)
    made.set(4, 5, 2, 0, 0.95, 2.1)
    called = made.call(0.9001)
    assert called["sequence"].tolist() == [4]
    assert made.call(0.5)["sequence"].tolist() == [0, 4]


def test_the_highest_attention_of_all_layers_and_heads_counts():
    made = Made()
    made.set(0, 5, 0, 0, 0.95, 2.0, head=(0, 1))
    made.attention[0, 1, 1, 5] = 0.3
    assert made.call()["attention"].tolist() == [pytest.approx(0.95)]


def test_calls_of_one_place_become_the_best_one():
    made = Made()
    made.set(0, 10, 0, 0, 0.95, 1.5)  # bases 12 to 19
    made.set(0, 11, 0, 1, 0.97, 1.2)  # bases 12 to 19, more attention
    made.set(0, 13, 2, 0, 0.93, 3.0)  # bases 13 to 19
    made.set(0, 17, 2, 0, 0.92, 3.0)  # bases 17 to 23: shares 2 of 6 bases with the first
    assert [row[1:5] for row in rows(made.call())] == [(12, 19, "-", 0), (17, 23, "+", 2)]


def test_of_equal_attention_the_higher_activation_wins():
    made = Made()
    made.set(0, 10, 0, 0, 0.95, 1.5)
    made.set(0, 10, 2, 1, 0.95, 4.0)  # bases 14 to 20 on the other strand
    (row,) = rows(made.call())
    assert row[1:5] == (14, 20, "-", 2)


def test_calls_above_a_threshold_are_those_called_with_it():
    rng = np.random.default_rng(1)
    made = Made(30)
    made.attention[:] = rng.random(made.attention.shape)
    made.activations[:] = rng.exponential(1.5, made.activations.shape)
    low, high = made.call(0.5), made.call(0.9)
    assert len(low) > len(high) > 30
    pd.testing.assert_frame_equal(low[low["attention"] > 0.9].reset_index(drop=True), high)


def test_parts_are_put_together():
    rng = np.random.default_rng(2)
    made = Made(20)
    made.attention[:] = rng.random(made.attention.shape)
    made.activations[:] = rng.exponential(1.5, made.activations.shape)
    codes = np.arange(20, dtype=np.uint8)[:, None] * np.ones(WINDOWS + WIDTH - 1, dtype=np.uint8)

    def read(some):
        chosen = some[:, 0]
        return Reading(made.activations[chosen], made.attention[chosen], np.zeros(len(chosen)))

    in_parts = instances.call_instances(read_parts(read, codes, 3), FILTERS, WIDTH, 0.8)
    pd.testing.assert_frame_equal(in_parts, made.call(0.8))


def test_nothing_called_gives_an_empty_table():
    called = Made().call()
    assert called.empty
    assert called.columns.tolist() == instances.COLUMNS


@pytest.mark.parametrize(
    ("other", "shared"), [((5, 15), True), ((4, 14), False), ((9, 11), True), ((10, 20), True), ((15, 25), True)]
)
def test_half_of_the_shorter(other, shared):
    assert instances.share_site(10, 20, *other) == shared


def test_bed_has_genome_coordinates_and_scores(tmp_path):
    regions = pd.DataFrame({"chrom": ["chr2", "chr1", "chr2"], "start": [1000, 50, 1005]})
    called = pd.DataFrame(
        [
            (0, 5, 12, "+", 0, 0.9504, 2.0),
            (1, 0, 6, "-", 2, 0.6, 3.0),
            (2, 0, 7, "+", 0, 0.99, 2.0),  # the same bases as the first
        ],
        columns=instances.COLUMNS,
    )
    path = tmp_path / "instances.bed.gz"
    instances.write_bed(path, instances.on_genome(called, regions))
    text = gzip.decompress(path.read_bytes()).decode()
    assert text == "chr1\t50\t56\tF2\t600\t-\nchr2\t1005\t1012\tF0\t990\t+\n"
